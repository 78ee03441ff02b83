/** A whole `tieout nightly`, into an empty database, beside the same job as a pandas script and as a DuckDB script. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from './bench.ts'
import { reconciled } from './history.ts'
import { configure, type Desk, openDesk, runProgram, tieout } from './job.ts'
import { type Layer, startLayer } from './layer.ts'
import { countOn, isAtProcessor, isInLedger, writeListing, writeStripe, yearOf } from './refunds.ts'
import type { Run } from './timing.ts'

interface Expected {
  matches: number
  findings: number
}

/** The first Python here that has pandas: Debian's package belongs to Debian's Python. */
async function pythonWithPandas(): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await promisify(execFile)(python, ['-c', 'import pandas']).then(
      () => true,
      () => false,
    )
    if (found) return python
  }
  return null
}

/** A folder under whose node_modules DuckDB's package lies. */
function folderWithDuckdb(root: string): string | null {
  const folders = [process.env['TIEOUT_BENCH_DUCKDB'] ?? '', root].filter((folder) => folder !== '')
  return folders.find((folder) => existsSync(join(folder, 'node_modules/@duckdb/node-api'))) ?? null
}

/** Runs a script over the same two files; it writes matches and findings as CSV and says how many. */
async function script(bench: Bench, desk: Desk, words: readonly string[], expected: Expected): Promise<Run> {
  const [program = '', ...rest] = words
  await mkdir(desk.path('out'), { recursive: true })
  await bench.server.settle()
  const files = ['listing.jsonl', 'inbox/stripe.csv', 'out'].map(desk.path)
  const { seconds, stdout } = await runProgram(program, [...rest, ...files], desk.folder)
  const found: Expected = JSON.parse(stdout)
  if (found.matches !== expected.matches || found.findings !== expected.findings)
    throw new Error(`${rest[0]}: ${stdout.trim()}, expected ${JSON.stringify(expected)}`)
  return { seconds, cpu_seconds: null, peak_mb: null }
}

async function night(bench: Bench, desk: Desk, layer: Layer, expected: Expected): Promise<Run> {
  const { url, drop } = await bench.server.fresh('bare')
  await configure(desk, url, layer.url)
  const run = await tieout(bench.places, bench.server, desk, ['nightly'])
  const { matched, open } = reconciled(run.document)
  if (matched !== expected.matches || open !== expected.findings)
    throw new Error(`nightly: ${matched} matched, ${open} open, expected ${JSON.stringify(expected)}`)
  await drop()
  return run
}

export async function measureNightly(bench: Bench): Promise<void> {
  const { asked, places } = bench
  const { size } = asked
  const span = yearOf(size)
  const desk = await openDesk(bench)
  const listed = await writeListing(desk.path('listing.jsonl'), span, isInLedger)
  const imported = await writeStripe(desk.path('inbox/stripe.csv'), span, isAtProcessor)
  const matches = countOn(span, (number) => isInLedger(number) && isAtProcessor(number))
  const expected = { matches, findings: listed + imported - 2 * matches }
  const layer = await startLayer(bench, desk.path('listing.jsonl'))

  const python = await pythonWithPandas()
  const duckdb = folderWithDuckdb(places.root)
  const pandas = async (): Promise<Run[]> =>
    python === null ? [] : [await script(bench, desk, [python, join(places.sources, 'pandas_refunds.py')], expected)]
  const bases = await pandas()
  const jobs = [await night(bench, desk, layer, expected)]
  bases.push(...(await pandas()))
  await layer.stop()

  const measure = 'nightly: pull, import, reconcile, report'
  const skip = (name: string): void => bench.skip({ measure, size, skipped: `${name} is not installed` })
  if (python === null) skip('python3-pandas')
  else bench.note({ measure, size, jobs, against: 'the same from files as a pandas script', bases, at_most: 1.5 })
  if (duckdb === null) skip('@duckdb/node-api')
  else {
    const words = [process.execPath, join(places.sources, 'duckdb_refunds.mjs'), duckdb]
    const runs = [await script(bench, desk, words, expected), await script(bench, desk, words, expected)]
    const against = 'the same from files as a DuckDB script'
    bench.note({ measure, size, jobs, against, bases: runs, at_most: null })
  }
}
