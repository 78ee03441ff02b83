import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { quiet } from '../support/quiet.ts'
import { AS_OF, liveThrough } from '../support/small-night.ts'
import { LIES, sorted, toldHistory } from '../support/told-history.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test.each([1, 2, 3, 4, 5, 6])(
  'the lies told about a history of 250 refunds are found, and nothing else (seed %i)',
  async (seed) => {
    const night = toldHistory(seed, 250)
    expect(night.finds.length).toBeGreaterThan(8)
    const { finds, unexplained_lines } = await liveThrough(database, night)
    expect(sorted(finds)).toEqual(sorted(night.finds))
    expect(unexplained_lines).toBe(0)
  },
)

test('over the seeds every lie is told', () => {
  const told = new Set([1, 2, 3, 4, 5, 6].flatMap((seed) => toldHistory(seed, 250).finds.map(({ code }) => code)))
  expect([...told].sort()).toEqual([
    'ALLOCATION_IMBALANCE',
    'AMOUNT_MISMATCH',
    'CUTOFF_MISMATCH',
    'DUPLICATE_IN_LEDGER',
    'MISSING_AT_PROCESSOR',
    'MISSING_IN_LEDGER',
    'REFUND_FAILED',
    'REFUND_FEE_MISMATCH',
  ])
  expect(told.size).toBe(Object.keys(LIES).length)
})

/** Where every row of matches and findings lies and which transaction wrote it: equal when no row was written again. */
const WRITTEN = `
  select string_agg(place, ' ' order by place) as places from (
    select concat('discrepancy ', ctid, xmin) as place from discrepancy where business_id = $1
    union all select concat('effect ', ctid, xmin) from discrepancy_effect where business_id = $1
    union all select concat('event ', ctid, xmin) from event where business_id = $1 and kind <> 'run'
    union all select concat('match ', ctid, xmin) from match_item where business_id = $1
    union all select concat('open ', ctid, xmin) from open_item where business_id = $1
    union all select concat('line ', ctid, xmin) from tie_out_line where business_id = $1
    union all select concat('verdict ', ctid, xmin) from month_verdict where business_id = $1
  ) written`

test('a second run on the same items and as of the same instant writes no finding and no match again', async () => {
  const { business_id } = await liveThrough(database, toldHistory(7, 250))
  const [first] = await database.query<{ places: string }>(WRITTEN, [business_id])
  await reconcile(database, business_id, { as_of: AS_OF, now: '2026-11-21T01:00:00Z', log: quiet })
  const [second] = await database.query<{ places: string }>(WRITTEN, [business_id])
  expect(first?.places.length).toBeGreaterThan(1000)
  expect(second).toEqual(first)
})
