/** Every `tieout ...` that a page tells its reader to type is a command that there is, with flags and arguments that it takes. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { beforeAll, expect, test } from 'vitest'
import { program } from '../../src/cli.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs/guide')).map((name) => `docs/guide/${name}`),
  ...readdirSync(join(ROOT, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
].filter((path) => path.endsWith('.md'))

/** The words of a line as a shell splits them, up to a comment, a pipe or a redirection. */
const wordsOf = (line: string): string[] => {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
  const end = words.findIndex((word) => /^(?:#|\||>|2>|&|&&|;)/.test(word))
  return end < 0 ? words : words.slice(0, end)
}

/** The commands in the code blocks of a page: lines that begin with tieout, $ tieout or npx tieout. */
const commandsIn = (path: string): string[] =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^```(?:sh|text)\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    [...block.matchAll(/^(?:\$ )?(?:npx )?tieout (.*)$/gm)].map(([, rest = '']) => rest),
  )

const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)]

beforeAll(() => {
  for (const command of everyCommand(program)) {
    command
      .exitOverride((ended) => {
        throw ended
      })
      .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    if (command.commands.length === 0) command.action(() => undefined)
  }
})

test.each(PAGES.flatMap((path) => commandsIn(path).map((line) => [path, line] as const)))(
  '%s: tieout %s',
  async (_, line) => {
    await expect(program.parseAsync(wordsOf(line), { from: 'user' }).then(() => 'understood')).resolves.toBe(
      'understood',
    )
  },
)

test('the pages name most of what there is', () => {
  const named = new Set(PAGES.flatMap(commandsIn).map((line) => wordsOf(line)[0]))
  expect(named.size).toBeGreaterThan(12)
})
