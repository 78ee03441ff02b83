/** A night of new refunds on a long history beside the same night on a shorter one. */

import type { Bench } from './bench.ts'
import { book, bookedOf, type History, invent, reconciled } from './history.ts'
import { type Desk, openDesk, tieout } from './job.ts'
import { isAtProcessor, type Span, writeStripe } from './refunds.ts'
import type { BenchDatabase } from './server.ts'
import type { Run } from './timing.ts'

const NIGHTS = 3

/** What is open of the history is the same on both: old findings are seen to, however long a business has existed. */
const OPEN = 1_000

interface Past {
  desk: Desk
  world: BenchDatabase
  history: History
  nights: Run[]
}

async function openPast(bench: Bench, refunds: number): Promise<Past> {
  const history = { refunds, missing_every: Math.floor((2 * refunds) / OPEN) }
  const [desk, world] = [await openDesk(bench), await bench.server.fresh('migrated')]
  await invent(bench, desk, world, history)
  bench.say(`  a history of ${refunds}`)
  const { everything } = reconciled((await tieout(bench.places, bench.server, desk, ['reconcile'])).document)
  if (!everything) throw new Error('the first reconciliation looks at everything')
  return { desk, world, history, nights: [] }
}

/** Import of the night's file and reconciliation. The pull is left out: Layer lists everything, every night. */
async function night(bench: Bench, past: Past, number: number): Promise<void> {
  const { places, server, asked } = bench
  const first = 100_000_001 + number * asked.night
  const span: Span = { first, count: asked.night, from: '2026-11-28', days: 1 }
  const file = `night-${number}.csv`
  await writeStripe(past.desk.path(file), span, isAtProcessor)
  await book(past.world.database, bookedOf(span))
  const taken = await tieout(places, server, past.desk, ['import', '--processor', 'STRIPE', file])
  const run = await tieout(places, server, past.desk, ['reconcile'])
  const { everything } = reconciled(run.document)
  if (everything) throw new Error('a night looks at what is new or open, not at everything')
  past.nights.push({
    seconds: taken.seconds + run.seconds,
    cpu_seconds: taken.cpu_seconds === null || run.cpu_seconds === null ? null : taken.cpu_seconds + run.cpu_seconds,
    peak_mb: Math.max(taken.peak_mb ?? 0, run.peak_mb ?? 0),
  })
}

export async function measureNights(bench: Bench): Promise<void> {
  const { asked } = bench
  const short = await openPast(bench, asked.size)
  const long = await openPast(bench, asked.history)
  for (let number = 0; number < NIGHTS; number += 1) {
    await night(bench, short, number)
    await night(bench, long, number)
  }
  bench.note({
    ...{ measure: `a night of ${asked.night.toLocaleString('en')} new refunds`, size: asked.history },
    ...{ jobs: long.nights, bases: short.nights, at_most: 1.2 },
    against: `the same night on a history of ${asked.size.toLocaleString('en')}`,
  })
  for (const { world } of [short, long]) await world.drop()
}
