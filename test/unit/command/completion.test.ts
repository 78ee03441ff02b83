import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { program } from '../../../src/cli.ts'
import { completionScript } from '../../../src/command/completion.ts'

/** What bash offers for a line, of which the last word is being typed. */
const offered = (...words: string[]): string[] => {
  const line = `COMP_WORDS=(${words.map((word) => `"${word}"`).join(' ')}); COMP_CWORD=${words.length - 1}`
  const script = `${completionScript(program, 'bash')}\n${line}; _tieout; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n')
}

test('bash completes commands, their actions, and the flags of each', () => {
  expect(offered('tieout', 'ni')).toEqual(['nightly'])
  expect(offered('tieout', 'review', 're').sort()).toEqual(['reopen', 'resolve'])
  expect(offered('tieout', 'review', 'resolve', '--a')).toEqual(['--age', '--amount', '--as'])
  expect(offered('tieout', 'report', '--format', 'text', '--ou')).toEqual(['--output'])
  expect(offered('tieout', 'status', '--queue')).toEqual([''])
})

test('zsh and fish are told each command and flag with what it means', () => {
  const zsh = completionScript(program, 'zsh')
  expect(zsh).toContain("'nightly:Migrate, pull, import, reconcile, report\\: what cron runs.'")
  expect(zsh).toContain("'review resolve') found=(")
  const fish = completionScript(program, 'fish').split('\n')
  expect(fish).toContain(
    "complete -c tieout -n '__fish_use_subcommand' -f -a nightly -d 'Migrate, pull, import, reconcile, report: what cron runs.'",
  )
  expect(
    fish.filter((line) =>
      line.includes("'__fish_seen_subcommand_from review; and __fish_seen_subcommand_from resolve' -l as "),
    ),
  ).toHaveLength(1)
})
