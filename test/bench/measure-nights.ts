/** A night of new refunds on a long history beside the same night on a shorter one. */

import type { Bench } from './bench.ts'
import { book, bookedOf, type History, invent, reconciled } from './history.ts'
import { type Desk, openDesk, tieout } from './job.ts'
import { isAtProcessor, type Span, writeStripe } from './refunds.ts'
import type { BenchDatabase } from './server.ts'
import { countStatements } from './statements.ts'
import type { Run } from './timing.ts'

const NIGHTS = 3

/** What is open of the history is the same on both: old findings are seen to, however long a business has existed. */
const MOST_OPEN = 1_000

interface Past {
  desk: Desk
  world: BenchDatabase
  history: History
  nights: Run[]
}

async function openPast(bench: Bench, refunds: number, open: number): Promise<Past> {
  const history = { refunds, missing_every: Math.floor((2 * refunds) / open) }
  const [desk, world] = [await openDesk(bench), await bench.server.fresh('migrated')]
  await invent(bench, desk, world, history)
  bench.say(`  a history of ${refunds}`)
  reconciled((await tieout(bench.places, bench.server, desk, ['reconcile'])).document)
  return { desk, world, history, nights: [] }
}

/** Writes the night's file and books its refunds. */
async function arrive({ desk, world }: Past, count: number, number: number): Promise<string> {
  const span: Span = { first: 100_000_001 + number * count, count, from: '2026-11-28', days: 1 }
  const file = `night-${number}.csv`
  await writeStripe(desk.path(file), span, isAtProcessor)
  await book(world.database, bookedOf(span))
  return file
}

/** Import of the night's file and reconciliation. The pull is left out: Layer lists everything, every night. */
async function night(bench: Bench, past: Past, number: number): Promise<void> {
  const { places, server, asked } = bench
  const file = await arrive(past, asked.night, number)
  const taken = await tieout(places, server, past.desk, ['import', '--processor', 'STRIPE', file])
  const run = await tieout(places, server, past.desk, ['reconcile'])
  reconciled(run.document)
  past.nights.push({
    seconds: taken.seconds + run.seconds,
    cpu_seconds: taken.cpu_seconds === null || run.cpu_seconds === null ? null : taken.cpu_seconds + run.cpu_seconds,
    peak_mb: Math.max(taken.peak_mb ?? 0, run.peak_mb ?? 0),
  })
}

export async function measureNights(bench: Bench): Promise<void> {
  const { asked } = bench
  const shorter = Math.ceil(asked.history / 4)
  const open = Math.min(MOST_OPEN, shorter / 10)
  const short = await openPast(bench, shorter, open)
  const long = await openPast(bench, asked.history, open)
  for (let number = 0; number < NIGHTS; number += 1) {
    await night(bench, short, number)
    await night(bench, long, number)
  }
  bench.note({
    ...{ measure: `a night of ${asked.night.toLocaleString('en')} new refunds`, size: asked.history },
    ...{ jobs: long.nights, bases: short.nights, at_most: 1.2 },
    against: `the same night on a history of ${shorter.toLocaleString('en')}`,
  })
  const { places, server } = bench
  const file = await arrive(long, asked.night, NIGHTS)
  await tieout(places, server, long.desk, ['import', '--processor', 'STRIPE', file])
  await countStatements(bench, 'reconcile, a night', long)
  await countStatements(bench, 'reconcile, nothing new', long)
  for (const { world } of [short, long]) await world.drop()
}
