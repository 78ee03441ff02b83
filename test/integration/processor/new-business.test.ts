/** The first file of a business in a database that knows others: how much of the tables its import reads. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ImportDesk, openDesk, STRIPE_HEADER } from '../../support/import.ts'
import { storedTable } from '../../support/tables.ts'
import { until } from '../../support/until.ts'

let desk: ImportDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(async () => {
  await desk.close()
})

const LINES = 3_000

/** Six businesses of 3,000 rows each, of which the planner knows: of any other it expects a single row. */
const OTHERS = `
  insert into processor_row (business_id, processor, account, transaction_id, type, payment_ids, reference_ids, amount,
    refund_fee, returned_fee, currency, occurred_on, file_id, line)
  select md5('business ' || business)::uuid, 'STRIPE', '', 'txn_1' || left(md5(business || ' ' || line), 22), 'refund', '{}', '{}', 100, 0, 0, 'USD',
    '2026-10-01', 1, line
  from generate_series(1, 6) as business cross join generate_series(1, 3000) as line`

/** Look-ups in the indexes of processor_row, and entries read by them: a session tells of them a second later. */
const lookedUp = async (): Promise<{ lookups: number; entries: number }> => {
  const [read] = await desk.database.query<{ lookups: number; entries: number }>(
    `select sum(idx_scan)::float8 as lookups, sum(idx_tup_read)::float8 as entries
     from pg_stat_user_indexes where relid = $1::regclass`,
    [await storedTable(desk.database, 'processor_row')],
  )
  return read ?? { lookups: 0, entries: 0 }
}

test('3,000 lines of a new business are not compared with each other', async () => {
  await desk.database.query(OTHERS)
  await desk.database.query(`analyze ${await storedTable(desk.database, 'processor_row')}`)
  const lines = Array.from(
    { length: LINES },
    (_, number) => `txn_${number},2026-10-20 12:00:00,2026-10-22,usd,-12.50,0.00,refund,re_${number},ch_${number},`,
  )
  expect(await desk.take(desk.file('first.csv', [STRIPE_HEADER, ...lines]))).toMatchObject({ accepted: 3_000n })
  await until(async () => (await lookedUp()).lookups >= LINES)
  // an entry for each line, not for each pair of lines: 4,498,500
  expect((await lookedUp()).entries).toBeLessThan(10 * LINES)
})
