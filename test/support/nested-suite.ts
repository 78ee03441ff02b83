/** Tests of the suite once more, as a process of their own with another environment. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')

/** Runs vitest with these words and expects it to pass. It ends before the test around it does, so that its own end is what fails. */
export async function runVitest(
  words: readonly string[],
  environment: Record<string, string>,
  most_seconds = 590,
): Promise<void> {
  const suite = spawn(process.execPath, [VITEST, ...words, '--reporter=dot'], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: most_seconds * 1000,
  })
  let said = ''
  for (const stream of [suite.stdout, suite.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const code = await new Promise<number | null>((resolve) => suite.once('close', resolve))
  expect(code, said.slice(-20_000)).toBe(0)
}
