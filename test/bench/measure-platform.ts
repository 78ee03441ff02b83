/**
 * Many small businesses, in one `tieout nightly` and by the queue and one worker: CPU seconds of the jobs and the server for
 * each, on the first night and on quiet ones.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../src/database/connect.ts'
import { jobsLeft } from '../support/workers.ts'
import type { Bench } from './bench.ts'
import { type Desk, type JobRun, openDesk, TOKEN, tieout } from './job.ts'
import { startLayer } from './layer.ts'
import { isAtProcessor, isInLedger, type Span, writeListing, writeStripe } from './refunds.ts'
import type { Run } from './timing.ts'

/** of November */
const FIRST_DAY = 28
const QUIET_NIGHTS = 2

/** Both sides, indexes and findings. */
const MOST_KILOBYTES = 3

interface Platform {
  by: 'nightly' | 'queue'
  businesses: number
  /** of each */
  refunds: number
  /** CPU seconds a business; null: stated only */
  first_at_most: number | null
  quiet_at_most: number
}

/** Of 1,000,000: 1,000 businesses of 50 refunds, 200 of 5,000, and 2,000 of 50 by the queue. */
const platformsOf = (size: number): Platform[] => [
  { by: 'nightly', businesses: Math.ceil(size / 1_000), refunds: 50, first_at_most: 0.25, quiet_at_most: 0.08 },
  { by: 'nightly', businesses: Math.ceil(size / 5_000), refunds: 5_000, first_at_most: null, quiet_at_most: 0.2 },
  { by: 'queue', businesses: Math.ceil(size / 500), refunds: 50, first_at_most: 0.1, quiet_at_most: 0.04 },
]

/** How often the queue is looked at. */
const LOOK_MILLIS = 500

const idOf = (number: number): string => `5b0c8f4e-3f0a-4a55-9d0e-${String(number).padStart(12, '0')}`

/** The refunds of a business, each its own. */
const spanOf = (number: number, refunds: number): Span => ({
  ...{ first: number * refunds + 1, count: refunds, from: '2026-06-01', days: 180 },
})

async function configureAll(desk: Desk, { by, businesses }: Platform, database: string, layer: string): Promise<void> {
  const one = (number: number): string =>
    [
      `  - id: ${idOf(number)}`,
      `    name: Shop ${number}`,
      '    currency: USD',
      '    time_zone: UTC',
      `    processors: [{name: STRIPE, inbox: ["inbox/${number}/*.csv"], reference_columns: ["payment_metadata[order_id]"]}]`,
    ].join('\n')
  const text = [
    `database: {url: "${database}"}`,
    `layer: {base_url: "${layer}", token: ${TOKEN}}`,
    ...(by === 'queue' ? ['reports: {per_business: true}'] : []),
    'businesses:',
    ...Array.from({ length: businesses }, (_, number) => one(number)),
  ]
  await writeFile(desk.path('tieout.yaml'), `${text.join('\n')}\n`)
}

/** The night of a day of November, and the CPU seconds of its processes. */
type Night = (day: number) => Promise<JobRun[]>

const asOf = (day: number): string => `2026-11-${day}T12:00:00Z`

const nightly =
  ({ places, server }: Bench, desk: Desk): Night =>
  async (day) => [await tieout(places, server, desk, ['nightly'], { as_of: asOf(day) })]

/** A night is over when the queue is empty. */
const byQueue =
  ({ places, server }: Bench, desk: Desk, database: Db): Night =>
  async (day) => {
    const queueing = await tieout(places, server, desk, ['nightly', '--queue'], { as_of: asOf(day) })
    const until = async (): Promise<void> => {
      do await sleep(LOOK_MILLIS)
      while ((await jobsLeft(database)) > 0)
    }
    return [queueing, await tieout(places, server, desk, ['worker'], { as_of: null, until })]
  }

/** CPU seconds a business; of the clock where the server's processes cannot be seen. The peak is that of the last process. */
const perBusiness = (runs: readonly JobRun[], businesses: number): Run => ({
  ...{ cpu_seconds: null, peak_mb: null, ...runs.at(-1) },
  seconds: runs.reduce((sum, run) => sum + (run.cpu_seconds ?? run.seconds), 0) / businesses,
})

async function measureOne(bench: Bench, platform: Platform): Promise<void> {
  const { by, businesses, refunds } = platform
  const desk = await openDesk(bench)
  const numbers = Array.from({ length: businesses }, (_, number) => number)
  for (const number of numbers) {
    await mkdir(desk.path(`inbox/${number}`))
    await writeStripe(desk.path(`inbox/${number}/stripe.csv`), spanOf(number, refunds), isAtProcessor)
    await writeListing(desk.path(`listing-${number}.jsonl`), spanOf(number, refunds), isInLedger)
  }
  const layer = await startLayer(
    bench,
    numbers.map((number) => ({ business_id: idOf(number), listing: desk.path(`listing-${number}.jsonl`) })),
  )
  const { url, database, drop } = await bench.server.fresh('bare')
  await configureAll(desk, platform, url, layer.url)
  const night = by === 'queue' ? byQueue(bench, desk, database) : nightly(bench, desk)
  const first = perBusiness(await night(FIRST_DAY), businesses)
  const quiet: Run[] = []
  for (let day = FIRST_DAY + 1; day <= FIRST_DAY + QUIET_NIGHTS; day += 1)
    quiet.push(perBusiness(await night(day), businesses))
  await layer.stop()
  const [room] = await database.query<{ kilobytes: number }>(
    'select (pg_database_size(current_database()) / 1024.0 / $1::bigint)::float8 as kilobytes',
    [businesses * refunds],
  )
  await drop()
  const size = businesses * refunds
  const each = `${businesses.toLocaleString('en')} businesses of ${refunds.toLocaleString('en')} refunds${by === 'queue' ? ' by the queue' : ''}, CPU s each`
  const against = (seconds: number) => ({
    against: 'the most it may take',
    bases: [{ seconds, cpu_seconds: null, peak_mb: null }],
    at_most: 1,
  })
  if (platform.first_at_most === null) bench.say(`  first night: ${first.seconds.toFixed(3)} CPU s a business`)
  else bench.note({ measure: `first night: ${each}`, size, jobs: [first], ...against(platform.first_at_most) })
  bench.note({ measure: `quiet night: ${each}`, size, jobs: quiet, ...against(platform.quiet_at_most) })
  if (refunds < 1_000) return
  const kilobytes = { seconds: room?.kilobytes ?? 0, cpu_seconds: null, peak_mb: null }
  bench.note({ measure: 'room after three nights, KB a refund', size, jobs: [kilobytes], ...against(MOST_KILOBYTES) })
}

export async function measurePlatform(bench: Bench): Promise<void> {
  for (const platform of platformsOf(bench.asked.size)) await measureOne(bench, platform)
}
