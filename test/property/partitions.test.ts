/** What the suite shows of plain tables, in short on tables in partitions; all of it: TIEOUT_TEST_PARTITIONS=8 npm test. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { partitionTables } from '../../src/database/partitions.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { openDesk, STRIPE_HEADER } from '../support/import.ts'
import { matchPlainly } from '../support/plain-matching.ts'
import { quiet } from '../support/quiet.ts'
import { smallWorld } from '../support/random-worlds.ts'
import { liveThrough, type SmallNight } from '../support/small-night.ts'
import { describe, storedResult, storeWorld } from '../support/stored-world.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'discrepancy')

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await partitionTables(database, 3)
})
afterAll(async () => await database.close())

test('random worlds match as the rules say, in whatever partition they lie', async () => {
  const at = '2026-11-20T12:00:00Z'
  await fc.assert(
    fc.asyncProperty(smallWorld, async (world) => {
      const business_id = await storeWorld(database, world)
      await reconcile(database, business_id, { as_of: at, now: at, log: quiet })
      expect(describe(await storedResult(database, business_id))).toEqual(describe(matchPlainly(world)))
    }),
    { numRuns: 12 },
  )
})

test.each(readdirSync(FIXTURES))('%s is found where it is and is not found where it is not', async (code) => {
  for (const name of ['provokes', 'near-miss']) {
    const night = JSON.parse(readFileSync(join(FIXTURES, code, `${name}.json`), 'utf8')) as SmallNight
    const { finds, unexplained_lines } = await liveThrough(database, night)
    expect(finds).toEqual(night.finds)
    expect(unexplained_lines).toBe(0)
  }
})

test('an overlapping file adds what is new, brings payouts up to date and sets a contradiction aside', async () => {
  const desk = await openDesk(database)
  const line = (id: string, gross: string, payout: string): string =>
    `${id},2026-10-05 14:00:00,2026-10-07 00:00:00,usd,${gross},0.00,refund,re_${id},ch_${id},${payout}`
  const october = desk.file('october.csv', [STRIPE_HEADER, line('txn_1', '-12.50', ''), line('txn_2', '-7.00', '')])
  const later = desk.file('later.csv', [
    STRIPE_HEADER,
    line('txn_1', '-12.50', 'po_1'),
    line('txn_2', '-8.00', ''),
    line('txn_3', '-3.00', ''),
  ])
  await desk.take(october)
  await desk.take(later)
  const own = (texts: string[]): string[] => texts.filter((text) => /october|later/.test(text))
  expect(own(await desk.rows())).toEqual([
    'txn_1 refund 1250 0/0 USD 2026-10-05 2026-10-07 po_1 october.csv:2',
    'txn_2 refund 700 0/0 USD 2026-10-05 2026-10-07 - october.csv:3',
    'txn_3 refund 300 0/0 USD 2026-10-05 2026-10-07 - later.csv:4',
  ])
  expect(own(await desk.aside())).toEqual([
    'later.csv:3 conflict txn_2 is known from october.csv, line 3, with amount 7.00, here 8.00. The line that came first stands.',
  ])
})
