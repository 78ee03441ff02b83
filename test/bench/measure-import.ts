/** Import of a report of Stripe's, beside a bare COPY of the same file. */

import { createReadStream } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { openSession } from '../../src/database/connect.ts'
import type { Bench } from './bench.ts'
import { configure, type Desk, openDesk, tieout, timed } from './job.ts'
import { writeStripe, yearOf } from './refunds.ts'
import type { Run } from './timing.ts'
import { byTurns } from './timing.ts'

const TYPED = `
  drop table if exists typed;
  create table typed (
    balance_transaction_id text collate "C" unique, created_utc timestamp, available_on_utc timestamp, currency text,
    gross numeric, fee numeric, net numeric, reporting_category text, source_id text, description text,
    customer_facing_amount numeric, customer_facing_currency text, charge_id text, payment_intent_id text, order_id text)`

const ROUNDS = 2
const AGAIN = 3

interface Imported {
  businesses: { files: { outcome: string; accepted: number }[] }[]
}

/** Imports a file and checks that so many of its lines were new. */
async function take(bench: Bench, desk: Desk, file: string, accepted: number): Promise<Run> {
  const run = await tieout(bench.places, bench.server, desk, ['import', '--processor', 'STRIPE', file])
  const { businesses } = run.document as Imported
  const found = businesses[0]?.files[0]?.accepted
  if (Number(found ?? 0) !== accepted) throw new Error(`${file}: ${found} lines accepted, expected ${accepted}`)
  return run
}

export async function measureImport(bench: Bench): Promise<void> {
  const { asked, server } = bench
  const { size } = asked
  const desk = await openDesk(bench)
  const fresh = Math.floor(size / 100)
  const span = yearOf(size + fresh)
  await writeStripe(desk.path('report.csv'), span, (number) => number <= size)
  await writeStripe(desk.path('overlapping.csv'), span, (number) => number > fresh)
  const bare = await server.fresh('bare')
  const copy = async (): Promise<Run> => {
    const session = await openSession(bare.url)
    await session.query(TYPED)
    await session.close()
    return await timed(server, async () => {
      const copying = await openSession(bare.url)
      const target = copying.copyFrom('copy typed from stdin with (format csv, header)')
      await pipeline(createReadStream(desk.path('report.csv')), target)
      await copying.close()
    })
  }
  const again: Run[] = []
  const copied: Run[] = []
  const overlapping: Run[] = []
  const { bases, jobs } = await byTurns(ROUNDS, copy, async () => {
    const { url, drop } = await server.fresh('migrated')
    await configure(desk, url)
    const first = await take(bench, desk, 'report.csv', size)
    for (let time = 0; time < AGAIN; time += 1) again.push(await take(bench, desk, 'report.csv', 0))
    await copyFile(desk.path('report.csv'), desk.path('copy.csv'))
    copied.push(await take(bench, desk, 'copy.csv', 0))
    overlapping.push(await take(bench, desk, 'overlapping.csv', fresh))
    await drop()
    return first
  })
  const the_import = { against: 'the first import', bases: jobs }
  bench.note({
    ...{ measure: 'import of a Stripe report', size, jobs, at_most: 2, bases },
    against: 'COPY of the file into a typed table with the unique index',
  })
  bench.note({ measure: 'the same file again', size, jobs: again, ...the_import, at_most: 0.05 })
  bench.note({ measure: 'a copy of it, by its bytes', size, jobs: copied, ...the_import, at_most: null })
  bench.note({ measure: 'an overlapping file, 1 % new', size, jobs: overlapping, ...the_import, at_most: 0.6 })
  await bare.drop()
}
