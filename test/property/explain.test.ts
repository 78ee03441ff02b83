import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Explanation } from '../../src/command/explain/explanation.ts'
import { explained } from '../../src/command/explain.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type Besides, besides, NOTHING } from '../support/besides.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { PLAIN_BUSINESS } from '../support/plain-config.ts'
import type { PlainLeg, PlainRow, PlainWorld } from '../support/plain-matching.ts'
import { quiet } from '../support/quiet.ts'
import { smallWorld } from '../support/random-worlds.ts'
import { runs } from '../support/runs.ts'
import { storeNight } from '../support/stored-world.ts'

const AS_OF = '2026-11-20T12:00:00Z'

const HANDLES = `
  select refund_id || '/' || leg_id as handle from ledger_leg where business_id = $1
  union all
  select concat_ws('/', processor, nullif(account, ''), transaction_id) from processor_row where business_id = $1`

/** What an explanation says wrongly after a run over everything; nothing where it is right. */
const wrongIn = ({ differences, stored, passes, subject }: Explanation): string[] => [
  ...differences.map(({ item, stored: is, recomputed }) => `${item}: ${is}; anew ${recomputed}`),
  ...stored.matches
    .filter(({ pass }) => passes.find((story) => story.pass === pass)?.outcome !== 'matched')
    .map(({ pass }) => `${subject.asked}: stored as matched by ${pass}, which says otherwise`),
]

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** What is said wrongly of any item after the first run over a world. */
async function wrongAbout(world: PlainWorld, beside: Besides): Promise<string[]> {
  const id = await storeNight(database, { world, besides: beside, night: 0, as_of: AS_OF }, null)
  await reconcile(database, id, { as_of: AS_OF, now: AS_OF, log: quiet })
  return await database.transaction(async (db) => {
    const handles = await db.query<{ handle: string }>(HANDLES, [id])
    const found: string[] = []
    for (const { handle } of handles) {
      found.push(...wrongIn(await explained(db, [{ ...PLAIN_BUSINESS, id }], handle, AS_OF)))
    }
    return found
  })
}

test('after a run over everything, what is near an item decides of it alone as the run did', {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(smallWorld, besides, async (world, beside) => {
      expect(await wrongAbout(world, beside)).toEqual([])
    }),
    runs('TIEOUT_EXPLAINED', 6),
  )
})

const leg = (id: string, date: string, more: Partial<PlainLeg> = {}): PlainLeg => ({
  ...{ id, refund: `refund of ${id}`, direction: 'customer', processor: 'STRIPE', date, amount: 100 },
  ...{ refund_fee: 0, returned_fee: 0, identity: [], references: [], payment_keys: [] },
  ...more,
})

const row = (id: string, date: string, more: Partial<PlainRow> = {}): PlainRow => ({
  ...{ id, account: '', type: 'refund', processor: 'STRIPE', date, amount: 100, refund_fee: 0, returned_fee: 0 },
  ...{ currency: 'USD', refund_id: null, payment_ids: [], references: [], payout_id: null },
  ...more,
})

const worldOf = (match_payouts: boolean, legs: PlainLeg[], rows: PlainRow[]): PlainWorld => ({
  ...{ currency: 'USD', starts_on: null, legs, rows, others: [], rulings: { match: [], unmatch: [] } },
  processors: new Map([
    [
      'STRIPE',
      {
        ...{ window: 3, lag: 0, match_payouts },
        ...{ refund_id_shapes: [/^re_[0-9]+$/], payment_id_shapes: [/^ch_[0-9]+$/] },
      },
    ],
  ]),
})

test.each([
  [
    'a row that was reversed holds the items of its amount together until it is a cancelled match',
    worldOf(
      false,
      [leg('l1', '2026-10-01'), leg('l2', '2026-10-05')],
      [
        ...[row('t1', '2026-10-01'), row('t2', '2026-10-01')],
        // four days lie between the legs, and this row between them
        row('t3', '2026-10-03', { payment_ids: ['ch_1'] }),
        row('v3', '2026-10-03', { type: 'refund_reversal', payment_ids: ['ch_1'], amount: -100 }),
      ],
    ),
  ],
  [
    'a row that only the payout joins to another belongs to its sum',
    worldOf(
      true,
      // l1 would be the payout if it were of the one row of 2.00 alone
      [leg('l1', '2026-10-01', { amount: 200, references: ['po_1'] }), leg('l2', '2026-10-01', { amount: 200 })],
      [row('t1', '2026-10-01', { amount: 200, payout_id: 'po_1' }), row('t2', '2026-10-01', { payout_id: 'po_1' })],
    ),
  ],
])('%s', async (_, world) => {
  expect(await wrongAbout(world, NOTHING)).toEqual([])
})
