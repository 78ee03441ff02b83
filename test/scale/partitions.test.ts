import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')

/** Ends before the test does, so that its own end is what fails. */
const MOST_MILLIS = 590_000

test('the whole suite passes with the big tables in eight partitions', async () => {
  const suite = spawn(process.execPath, [VITEST, 'run', '--reporter=dot'], {
    cwd: ROOT,
    env: { ...process.env, TIEOUT_TEST_PARTITIONS: '8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: MOST_MILLIS,
  })
  let said = ''
  for (const stream of [suite.stdout, suite.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const code = await new Promise<number | null>((resolve) => suite.once('close', resolve))
  expect(code, said.slice(-20_000)).toBe(0)
})
