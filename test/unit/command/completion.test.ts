import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { program } from '../../../src/cli.ts'
import { completionScript } from '../../../src/command/completion.ts'

/** What bash offers for a line, of which the last word is being typed. */
const offered = (...words: string[]): string[] => {
  const line = `COMP_WORDS=(${words.map((word) => `"${word}"`).join(' ')}); COMP_CWORD=${words.length - 1}`
  const known = `tieout() { [ "$*" = 'completion businesses' ] && printf 'Harbor Coffee\\nMill Street\\n'; }`
  const script = `${completionScript(program, 'bash')}\n${known}\n${line}; _tieout; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n')
}

test('bash completes commands, their actions, and the flags of each', () => {
  expect(offered('tieout', 'ni')).toEqual(['nightly'])
  expect(offered('tieout', 'review', 're').sort()).toEqual(['reopen', 'resolve'])
  expect(offered('tieout', 'review', 'resolve', '--a')).toEqual(['--age', '--amount', '--as'])
  expect(offered('tieout', 'report', '--format', 'text', '--ou')).toEqual(['--output'])
  expect(offered('tieout', 'status', '--queue')).toEqual([''])
})

test('bash completes the value of a flag: a business by its name, else a file', () => {
  expect(offered('tieout', 'nightly', '--business', '')).toEqual(['Harbor\\ Coffee', 'Mill\\ Street'])
  expect(offered('tieout', 'nightly', '--business', 'Ha')).toEqual(['Harbor\\ Coffee'])
  expect(offered('tieout', 'nightly', '--business', 'x')).toEqual([''])
  expect(offered('tieout', 'report', '--output', '--')).toEqual([''])
  expect(offered('tieout', 'nightly', '--json', '--q')).toEqual(['--quiet', '--queue'])
})

test('zsh and fish are told each command and flag with what it means', () => {
  const zsh = completionScript(program, 'zsh')
  expect(zsh).toContain("'nightly:Migrate, pull, import, reconcile, report\\: what cron runs.'")
  expect(zsh).toContain("'review resolve') found=(")
  expect(zsh).toContain('found=("${(@f)$(tieout completion businesses 2> /dev/null)}"); compadd -a found; return ;;')
  const fish = completionScript(program, 'fish').split('\n')
  expect(fish).toContain(
    "complete -c tieout -n '__fish_use_subcommand' -f -a nightly -d 'Migrate, pull, import, reconcile, report: what cron runs.'",
  )
  expect(
    fish.filter((line) => line.includes("-l business -x -a '(tieout completion businesses 2> /dev/null)'")),
  ).not.toEqual([])
  expect(
    fish.filter((line) =>
      line.includes("'__fish_seen_subcommand_from review; and __fish_seen_subcommand_from resolve' -l as "),
    ),
  ).toHaveLength(1)
})
