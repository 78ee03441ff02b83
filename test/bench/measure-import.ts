/** Import of a report of Stripe's, beside a bare COPY of the same rows. */

import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { openSession, type Session } from '../../src/database/connect.ts'
import type { Bench } from './bench.ts'
import { configure, type Desk, openDesk, tieout, timed } from './job.ts'
import { writeStripe, yearOf } from './refunds.ts'
import type { Run } from './timing.ts'
import { byTurns } from './timing.ts'

const ROWS = 'copy (select * from processor_row order by line) to stdout'
const TABLE = 'drop table if exists copied; create table copied (like processor_row including all)'

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
  const bare = await server.fresh('migrated')
  const inSession = async (work: (session: Session) => Promise<unknown>): Promise<void> => {
    const session = await openSession(bare.url)
    await work(session)
    await session.close()
  }
  await configure(desk, bare.url)
  await take(bench, desk, 'report.csv', size)
  await inSession((session) => pipeline(session.copyTo(ROWS), createWriteStream(desk.path('rows'))))
  const copy = async (): Promise<Run> => {
    await inSession((session) => session.query(TABLE))
    return await timed(server, () =>
      inSession((session) => pipeline(createReadStream(desk.path('rows')), session.copyFrom('copy copied from stdin'))),
    )
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
    against: 'COPY of the same rows into a table with the same indexes',
  })
  bench.note({ measure: 'the same file again', size, jobs: again, ...the_import, at_most: 0.08 })
  bench.note({ measure: 'a copy of it, by its bytes', size, jobs: copied, ...the_import, at_most: null })
  bench.note({ measure: 'an overlapping file, 1 % new', size, jobs: overlapping, ...the_import, at_most: 1.1 })
  await bare.drop()
}
