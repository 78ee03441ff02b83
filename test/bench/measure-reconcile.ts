/** The first reconciliation, and everything anew, beside a join by hand; then the reports of its 1 % findings beside the query that reads them. */

import { openSession } from '../../src/database/connect.ts'
import { statement } from '../../src/database/statement.ts'
import type { Bench } from './bench.ts'
import { invent, reconciled } from './history.ts'
import { BUSINESS, type Desk, openDesk, tieout, timed } from './job.ts'
import type { BenchDatabase } from './server.ts'
import { countStatements } from './statements.ts'
import { byTurns } from './timing.ts'

/** The same matches and findings by hand: one full outer join, written into a table of matches with the indexes of the product's. */
const BY_HAND_TABLES = `
  drop table if exists by_hand_match, by_hand_finding;
  create table by_hand_match (like match_item including all);
  create table by_hand_finding (business_id uuid, code text, item_no bigint, amount bigint, primary key (business_id, code, item_no))`
const BY_HAND = `
  with joined as (
    select leg.leg_no, line.row_no, leg.amount as booked, line.amount as paid
    from ledger_leg leg
    full join processor_row line on line.business_id = leg.business_id and line.processor = leg.processor_named and line.refund_id = leg.external_id
  ),
  matches as (
    insert into by_hand_match select '${BUSINESS}', leg_no, 'refund_id', leg_no, row_no, booked, booked = paid
    from joined where leg_no is not null and row_no is not null order by leg_no
  )
  insert into by_hand_finding
  select '${BUSINESS}', case when leg_no is null then 'MISSING_IN_LEDGER' else 'MISSING_AT_PROCESSOR' end,
    coalesce(leg_no, row_no), coalesce(booked, -paid)
  from joined where leg_no is null or row_no is null or booked <> paid order by 2, 3`

export async function measureReconcile(bench: Bench): Promise<void> {
  const { asked, server } = bench
  const desk = await openDesk(bench)
  const world = await server.fresh('migrated')
  await invent(bench, desk, world, { refunds: asked.size, missing_every: 200 })
  if (asked.only.has('reconcile')) await firstAndAnew(bench, desk, world)
  else await tieout(bench.places, server, desk, ['reconcile'])
  if (asked.only.has('report')) await reports(bench, desk, world)
  await world.drop()
}

async function firstAndAnew(bench: Bench, desk: Desk, world: BenchDatabase): Promise<void> {
  const { server, asked } = bench
  const { url, database } = world
  const by_hand = async () => {
    await database.query(BY_HAND_TABLES)
    return await timed(server, async () => {
      const session = await openSession(url)
      await session.query(BY_HAND)
      await session.close()
    })
  }
  const job = async (words: string[]) => {
    const run = await tieout(bench.places, server, desk, ['reconcile', ...words])
    const { matched, open } = reconciled(run.document)
    const [counted] = await database.query<{ matches: bigint; findings: bigint }>(
      'select (select count(*) from by_hand_match) as matches, (select count(*) from by_hand_finding) as findings',
    )
    if (BigInt(matched) !== counted?.matches || BigInt(open) !== counted.findings)
      throw new Error(`${matched} matched, ${open} findings; by hand ${counted?.matches} and ${counted?.findings}`)
    return run
  }
  const [first, anew] = [
    { measure: 'reconcile, first run, 1 % findings', ...(await byTurns(1, by_hand, async () => await job([]))) },
    { measure: 'reconcile --full', ...(await byTurns(1, by_hand, async () => await job(['--full']))) },
  ]
  const against = 'a full outer join by hand that writes matches and findings'
  for (const line of [first, anew]) bench.note({ ...line, size: asked.size, at_most: 3, against })
  await countStatements(bench, 'reconcile --full', { world }, { full: true })
}

const CODES = 'select array_agg(distinct code) as codes from discrepancy'

/** All four formats at once; the JSON holds every match too. */
async function reports(bench: Bench, desk: Desk, { url, database }: BenchDatabase): Promise<void> {
  const { server } = bench
  const [{ codes } = { codes: [] }] = await database.query<{ codes: string[] }>(CODES)
  let size = 0
  const read = async () =>
    await timed(server, async () => {
      const session = await openSession(url)
      const params = [BUSINESS, null, null, codes, ['open', 'acknowledged', 'resolved']]
      size = (await session.query(statement('report/discrepancies'), params)).length
      await session.close()
    })
  const words = ['report', '--format', 'json,csv,xlsx,html', '--output', 'reports']
  const { bases, jobs } = await byTurns(2, read, async () => await tieout(bench.places, server, desk, words))
  bench.note({
    ...{ measure: 'report json + csv + xlsx + html', size, jobs, bases, at_most: null },
    against: 'the query that reads the discrepancies',
  })
}
