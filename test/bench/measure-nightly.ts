/** A whole `tieout nightly`, into an empty database, beside the same job as a pandas script and as a DuckDB script. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from './bench.ts'
import { reconciled } from './history.ts'
import { BUSINESS, configure, type Desk, openDesk, runProgram, TOKEN, tieout } from './job.ts'
import { type Layer, startLayer } from './layer.ts'
import { countOn, isAtProcessor, isInLedger, writeListing, writeStripe, yearOf } from './refunds.ts'
import type { Run } from './timing.ts'

const ROUNDS = 2

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

/** Runs a script over a listing and the same report; it writes matches and findings as CSV and says how many. */
async function script(
  { bench, desk, expected }: { bench: Bench; desk: Desk; expected: Expected },
  words: readonly string[],
  listing: string,
): Promise<Run> {
  const [program = '', ...rest] = words
  await mkdir(desk.path('out'), { recursive: true })
  await bench.server.settle()
  const sources = [listing, ...['inbox/stripe.csv', 'out'].map(desk.path)]
  const { seconds, stdout } = await runProgram(program, [...rest, ...sources], desk.folder, {
    environment: { LAYER_TOKEN: TOKEN },
  })
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
  const layer = await startLayer(bench, [{ business_id: BUSINESS, listing: desk.path('listing.jsonl') }])

  const python = await pythonWithPandas()
  const duckdb = folderWithDuckdb(places.root)
  const context = { bench, desk, expected }
  const [file, address] = [desk.path('listing.jsonl'), `${layer.url}/v1/businesses/${BUSINESS}/invoices/refunds`]
  const pandas = async (listing: string): Promise<Run[]> => {
    if (python === null) return []
    return [await script(context, [python, join(places.sources, 'pandas_refunds.py')], listing)]
  }
  const pulling = await pandas(address)
  const reading = await pandas(file)
  const jobs: Run[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    jobs.push(await night(bench, desk, layer, expected))
    pulling.push(...(await pandas(address)))
    reading.push(...(await pandas(file)))
  }
  await layer.stop()

  const measure = 'nightly: pull, import, reconcile, report'
  const skip = (name: string): void => bench.skip({ measure, size, skipped: `${name} is not installed` })
  if (python === null) skip('python3-pandas')
  else {
    const whole = 'the same job as a pandas script'
    bench.note({ measure, size, jobs, against: whole, bases: pulling, at_most: 2 })
    const given = 'the script without the pull: given the listing as a file'
    bench.note({ measure, size, jobs, against: given, bases: reading, at_most: null })
  }
  if (duckdb === null) skip('@duckdb/node-api')
  else {
    const words = [process.execPath, join(places.sources, 'duckdb_refunds.mjs'), duckdb]
    const runs = [await script(context, words, file), await script(context, words, file)]
    const against = 'a DuckDB script, given the listing as a file'
    bench.note({ measure, size, jobs, against, bases: runs, at_most: null })
  }
}
