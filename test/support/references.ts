/** The pages of docs/reference/ that say what code says: commands, configuration, discrepancies, errors, database. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Option } from 'commander'
import { program } from '../../src/cli.ts'
import { configSchema, type JsonSchema, mappingSchema, partsOf } from '../../src/command/json-schemas.ts'
import { CODES } from '../../src/core/discrepancy.ts'
import * as errors from '../../src/core/errors.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const GENERATED = '(`npm run generate` renews this page).'

/** A cell of a table: one line, no bar that would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')
const code = (text: string): string => `\`${text}\``
const page = (...parts: readonly string[]): string => `${parts.join('\n\n')}\n`

// -- commands

const usageOf = (command: Command): string =>
  command.registeredArguments
    .map((each) => {
      const name = `${each.name()}${each.variadic ? '...' : ''}`.toUpperCase()
      return each.required ? name : `[${name}]`
    })
    .join(' ')

const meaningOf = ({ description, argChoices, defaultValue, envVar, mandatory }: Option): string => {
  const more = [
    ...(argChoices ? [`one of ${argChoices.join(', ')}`] : []),
    ...(typeof defaultValue === 'string' ? [`default ${code(defaultValue)}`] : []),
    ...(envVar === undefined ? [] : [`else ${code(envVar)} of the environment`]),
    ...(mandatory ? ['must be given'] : []),
  ]
  return more.length === 0 ? description : `${description} (${more.join('; ')})`
}

const flagRows = (options: readonly Option[]): string[][] => options.map((each) => [code(each.flags), meaningOf(each)])

const ofAll = (command: Command): readonly Option[] => command.options.filter(({ long }) => isOfAll(long))
const isOfAll = (long: string | undefined): boolean => long === '--quiet' || long === '--verbose'

/** A command, or an action of one, under a heading: what it does, its arguments, its flags. */
const commandSection = (command: Command, above: string, level: string): string[] => {
  const name = `${above}${command.name()}`
  const args = usageOf(command)
  const own = command.options.filter(({ long }) => !isOfAll(long))
  return [
    `${level} ${name}`,
    command.description(),
    `\`\`\`sh\ntieout ${`${name} ${args}`.trim()}\n\`\`\``,
    ...(own.length === 0 ? [] : [table(['flag', 'meaning'], flagRows(own))]),
    ...command.commands.flatMap((action) => commandSection(action, `${name} `, '####')),
  ]
}

export const commandReference = (): string => {
  const groups = [...new Set(program.commands.map((each) => each.helpGroup()))]
  const list = groups.flatMap((group) => [
    `**${group.replace(/:$/, '')}**`,
    table(
      ['command', 'does'],
      program.commands
        .filter((each) => each.helpGroup() === group)
        .map((each) => [`[${code(each.name())}](#${each.name()})`, each.description()]),
    ),
  ])
  const [first] = program.commands
  return page(
    '# Commands',
    `Generated from \`src/cli.ts\` ${GENERATED} \`tieout --help\` and \`tieout COMMAND --help\` say the same.`,
    ...list,
    'A command refuses flags that make no difference to it. A mistyped command, flag, business, format, processor or key of' +
      ' `tieout.yaml` is answered with the one that was probably meant. The result goes to stdout; log lines go to stderr as' +
      ' JSON, or one line of progress where stderr is a terminal. With `--json` stdout is one document whose `schema` says what' +
      ' it is, such as `tieout.status/1`, also where the command fails: [errors](errors.md) has its form and the exit codes.',
    '## Flags of all commands',
    table(
      ['flag', 'meaning'],
      [
        ...flagRows(first ? ofAll(first) : []),
        [code('-V, --version'), 'print the version'],
        [code('-h, --help'), 'print the help of a command'],
      ],
    ),
    '## Each command',
    ...program.commands.flatMap((command) => commandSection(command, '', '###')),
  )
}

// -- configuration

const kindOf = (part: JsonSchema): string => {
  if (part.enum) return part.enum.map(String).join(', ')
  if (part.properties) return 'section'
  if (part.items) return part.items.enum ? `list of ${kindOf(part.items)}` : 'list'
  const kinds = (part.anyOf ?? []).filter(({ type }) => type !== 'null').map(kindOf)
  if (kinds.length > 0) return kinds.includes('number') || kinds.includes('integer') ? 'number' : (kinds[0] ?? '')
  return (
    { string: 'text', boolean: 'true, false', integer: 'number', number: 'number', object: 'section' }[
      String([part.type ?? 'string'].flat()[0])
    ] ?? 'text'
  )
}

const keyRows = (schema: JsonSchema, prefix: string): string[][] =>
  partsOf(schema, prefix)
    .filter(({ path, part }) => !/\[\]$|\{\}$/.test(path) && part.description !== undefined)
    .map(({ path, part, required }) => {
      const isLong = JSON.stringify(part.default ?? '').length > 60
      const standard = part.default === undefined || part.default === '' || isLong ? '' : JSON.stringify(part.default)
      return [code(path), kindOf(part), required ? 'must be given' : standard && code(standard), part.description ?? '']
    })

const HEAD = ['key', 'value', 'default', 'meaning']

export const configurationReference = (): string => {
  const rows = keyRows(configSchema(), '').filter(([key]) => !key?.startsWith('`mapping'))
  const under = (prefix: RegExp): string[][] => rows.filter(([key = '']) => prefix.test(key))
  const whole = rows.filter(([key = '']) => !/^`businesses\[\]/.test(key))
  return page(
    '# tieout.yaml',
    `Generated from \`src/config/shape.ts\` and \`src/config/meanings.ts\` ${GENERATED} \`tieout init\` writes a commented` +
      ' file to start from, and `tieout schema config` prints the JSON Schema by which an editor checks and completes it.',
    'Paths are relative to the file. `${NAME}` is taken from the environment; no `.env` file is read: what a job sees is what' +
      ' its environment says. A wrong configuration is refused with every fault at once, each with its line, its column and' +
      ' what was expected. `[]` stands for an entry of a list. Amounts are whole numbers of the smallest unit of the' +
      ' currency: cents, or yen.',
    '## The whole',
    table(HEAD, whole),
    '## A business',
    table(HEAD, under(/^`businesses\[\]\.(?!processors\[\])/)),
    '## A processor',
    table(HEAD, under(/^`businesses\[\]\.processors\[\]/)),
    'Entries of one processor name must agree in everything but account, first_day, last_day, time_zone, inbox, format,' +
      ' files_cover, lines, coverage_hole_days and reference_columns.',
    '## A mapping of columns',
    'What `format` may be instead of a name: any CSV with one line for each movement. [Read any CSV](../guide/read-any-csv.md)' +
      ' has an example.',
    table(
      HEAD,
      keyRows(mappingSchema(), 'mapping').map(([key = '', ...rest]) => [key.replace('mapping.', ''), ...rest]),
    ),
  )
}

// -- discrepancies

/** What a check says of itself, above its statement. */
const checkHeader = (name: string): string =>
  (/^(?:--.*\n)+/.exec(read(`sql/check/${name}.sql`))?.[0] ?? '')
    .replaceAll(/^-- ?/gm, '')
    .replace(/^[A-Z_]+: /, '')
    .replace(/\s*Grain:[\s\S]*$/, '')
    .trim()

/** Found when a closed month is compared with what was signed, by no check of its own. */
const hasCheck = (name: string): boolean => name !== 'CHANGED_AFTER_CLOSE'

export const discrepancyReference = (): string =>
  page(
    '# Discrepancies',
    `Generated from \`src/core/discrepancy.ts\` and \`sql/check/\` ${GENERATED}`,
    '`error`: somebody must act. `timing`: time should cure it, and it has a due date. `info`: for information. A finding keeps' +
      ' its id from night to night, and is cleared by itself when it is no longer found. Each check is one SELECT that' +
      ' [runs in psql by itself](../developing/run-the-checks-by-hand.md).',
    table(
      ['code', 'class', 'what it means', 'what to do'],
      Object.entries(CODES).map(([name, text]) => [code(name), text.class, text.meaning, text.suggestion]),
    ),
    '## What each check finds',
    ...Object.entries(CODES)
      .filter(([name]) => hasCheck(name))
      .map(([name, text]) => {
        const file = name.toLowerCase()
        return `### ${name}\n\n${text.title}: [\`${file}.sql\`](../../sql/check/${file}.sql)\n\n> ${checkHeader(file).replaceAll('\n', '\n> ')}`
      }),
  )

// -- errors

type ErrorCode = Parameters<typeof errors.errorDocument>[0]['code']

/** Of what is no class of its own; what a class says of itself stands above it. */
const OTHER: Partial<Record<ErrorCode, string>> = {
  STOPPED: 'A signal ended the command.',
  UNEXPECTED: 'Something that Tieout did not expect; each step that was done before it stands whole.',
}

export const errorReference = (): string => {
  const source = read('src/core/errors.ts')
  const classes = [...source.matchAll(/\/\*\* (.+?) \*\/\nexport class (\w+) extends Fault/g)].map(
    ([, meaning = '', name = '']) => {
      const [, Fault] = Object.entries(errors).find(([exported]) => exported === name) as [
        string,
        typeof errors.UsageFault,
      ]
      const { code: own, exit } = new Fault('')
      return { own: own as ErrorCode, exit: exit as number, meaning }
    },
  )
  const others = Object.entries(OTHER).map(([own, meaning]) => ({ own: own as ErrorCode, exit: 1, meaning }))
  const adviceOf = (own: ErrorCode): string =>
    errors.errorDocument({ code: own, message: '', hint: null }, 'COMMAND').error.hint
  return page(
    '# Errors and exit codes',
    `Generated from \`src/core/errors.ts\` ${GENERATED}`,
    table(
      ['exit code', 'meaning'],
      Object.entries(errors.EXITS).map(([exit, meaning]) => [exit, meaning]),
    ),
    'A command that fails says where, what was found, what was expected and what to do, on stderr. With `--json`, stdout is' +
      ' one document:',
    '```json\n{"schema": "tieout.error/1", "error": {"code": "USAGE", "message": "unknown command \'reconsile\'", "hint": "did' +
      ' you mean reconcile?"}}\n```',
    table(
      ['code', 'exit code', 'meaning', 'the hint, where nothing better is known'],
      [...classes, ...others].map(({ own, exit, meaning }) => [code(own), String(exit), meaning, adviceOf(own)]),
    ),
    'Secrets of the configuration are replaced by `[secret]` in all of this; one of fewer than 4 characters only as a word of' +
      ' its own. [When something is wrong](../guide/troubleshooting.md) has messages with their causes.',
  )
}

// -- database

export const databaseReference = (): string => {
  const schema = read('sql/schema.sql')
  const unquoted = (text: string): string => text.replaceAll("''", "'")
  const tables = [...schema.matchAll(/^create table (\w+) \(\n([\s\S]*?)\n\);$/gm)].map(([, name = '', body = '']) => {
    const said = (of: string): string =>
      unquoted(new RegExp(`^comment on ${of} is '((?:[^']|'')*)';$`, 'm').exec(schema)?.[1] ?? '')
    const columns = body.split('\n').flatMap((line) => {
      const [, column = '', type = ''] = /^ {2}(?!constraint )(\w+) (.+?),?$/.exec(line) ?? []
      return column === '' ? [] : [[code(column), type.replace(' collate "C"', ''), said(`column ${name}\\.${column}`)]]
    })
    return { name, text: [`## ${name}`, said(`table ${name}`), table(['column', 'type', 'meaning'], columns)] }
  })
  const views = read('sql/views/ORDER').trim().split('\n')
  const sentence = (view: string): string =>
    (/^(?:--.*\n)+/.exec(read(`sql/views/${view}.sql`))?.[0] ?? '')
      .replaceAll(/^-- ?/gm, '')
      .replace(/(?!^)\s*Grain:[\s\S]*$/, '')
      .replace(/^Grain: /, '')
      .trim()
  return page(
    '# Database',
    `Generated from \`sql/schema.sql\` and \`sql/views/\` ${GENERATED} Every key begins with the business; amounts are whole` +
      ' numbers of the smallest unit of their currency.',
    '## Views',
    'What every rule reads, and what you may read too.',
    table(
      ['view', 'has'],
      views.map((view) => [code(view), sentence(view)]),
    ),
    ...tables.flatMap(({ text }) => text),
  )
}
