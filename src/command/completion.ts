/** Scripts by which a shell completes commands, their actions, their flags and businesses. Made from the commands themselves. */

export type Shell = 'bash' | 'zsh' | 'fish'

/** As commander has a command. */
export interface Completed {
  name(): string
  description(): string
  readonly commands: readonly Completed[]
  readonly options: readonly {
    readonly long?: string | undefined
    readonly description: string
    readonly required: boolean
  }[]
}

/** A command, or an action of one, and what may follow it: what is typed, and what it means. */
interface Place {
  /** 'review resolve'; '' is `tieout` itself */
  words: string
  follow: readonly (readonly [word: string, meaning: string])[]
  /** those of the flags that take a value */
  valued: readonly string[]
}

/** What says the businesses, a line each; where it cannot, nothing is offered. */
const BUSINESSES = 'tieout completion businesses 2> /dev/null'

const placesOf = (command: Completed, above: readonly Completed[] = []): Place[] => {
  const way = [...above, command]
  const flags = way.slice(1).flatMap(({ options }) => options)
  const follow = [
    ...command.commands.map((each) => [each.name(), each.description()] as const),
    ...flags.flatMap(({ long, description }) => (long === undefined ? [] : [[long, description] as const])),
  ]
  const words = way
    .slice(1)
    .map((each) => each.name())
    .join(' ')
  const valued = flags.flatMap(({ long, required }) => (required && long !== undefined ? [long] : []))
  return [{ words, follow, valued }, ...command.commands.flatMap((each) => placesOf(each, way))]
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The flags whose value may be a file, as alternatives of a shell's case. */
const fileFlags = (places: readonly Place[]): string =>
  [...new Set(places.flatMap(({ valued }) => valued))].filter((flag) => flag !== '--business').join('|')

/** Files are completed where no word fits. */
const bash = (places: readonly Place[]): string => `# Completes tieout in bash: source <(tieout completion bash)
_tieout() {
  local word=\${COMP_WORDS[COMP_CWORD]} place= each words IFS=$' \\n'
  COMPREPLY=()
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    --business)
      while IFS= read -r each; do
        [[ $each == "$word"* || $(printf %q "$each") == "$word"* ]] && COMPREPLY+=("$(printf %q "$each")")
      done < <(${BUSINESSES})
      return ;;
    ${fileFlags(places)}) return ;;
  esac
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${place:+$place }$each" in
${places.flatMap(({ words }) => (words === '' ? [] : [`      ${quoted(words)}) place=${quoted(words)} ;;`])).join('\n')}
    esac
  done
  case "$place" in
${places.map(({ words, follow }) => `    ${quoted(words)}) words=${quoted(follow.map(([word]) => word).join(' '))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _tieout tieout`

const zshWord = ([word, meaning]: readonly [string, string]): string =>
  quoted(`${word.replaceAll(':', '\\:')}:${meaning.replaceAll(':', '\\:')}`)

const zsh = (places: readonly Place[]): string => `#compdef tieout
# Completes tieout in zsh: source <(tieout completion zsh)
_tieout() {
  local place= each
  local -a found
  case "\${words[CURRENT-1]}" in
    --business) found=("\${(@f)$(${BUSINESSES})}"); compadd -a found; return ;;
    ${fileFlags(places)}) _files; return ;;
  esac
  for each in "\${(@)words[2,CURRENT-1]}"; do
    case "\${place:+$place }$each" in
${places.flatMap(({ words }) => (words === '' ? [] : [`      ${quoted(words)}) place=${quoted(words)} ;;`])).join('\n')}
    esac
  done
  case "$place" in
${places.map(({ words, follow }) => `    ${quoted(words)}) found=(${follow.map(zshWord).join(' ')}) ;;`).join('\n')}
  esac
  _describe tieout found || _files
}
compdef _tieout tieout`

/** A condition of fish: these words were typed, and no action after them. */
const fishCondition = (words: string, places: readonly Place[]): string => {
  if (words === '') return '__fish_use_subcommand'
  const [command = '', action] = words.split(' ')
  const typed = `__fish_seen_subcommand_from ${command}`
  if (action !== undefined) return `${typed}; and __fish_seen_subcommand_from ${action}`
  const actions = places
    .filter((place) => place.words.startsWith(`${command} `))
    .map((place) => place.words.split(' ')[1])
  return actions.length === 0 ? typed : `${typed}; and not __fish_seen_subcommand_from ${actions.join(' ')}`
}

const fish = (places: readonly Place[]): string =>
  [
    '# Completes tieout in fish: tieout completion fish | source',
    ...places.flatMap(({ words, follow, valued }) =>
      follow.map(([word, meaning]) => {
        const value = word === '--business' ? ` -x -a '(${BUSINESSES})'` : valued.includes(word) ? ' -r' : ''
        const what = word.startsWith('--') ? `-l ${word.slice(2)}${value}` : `-f -a ${word}`
        return `complete -c tieout -n ${quoted(fishCondition(words, places))} ${what} -d ${quoted(meaning)}`
      }),
    ),
  ].join('\n')

const SCRIPTS = { bash, zsh, fish }

/** The script for a shell. */
export const completionScript = (program: Completed, shell: Shell): string => SCRIPTS[shell](placesOf(program))
