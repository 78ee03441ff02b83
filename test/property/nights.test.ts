import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { besides, NOTHING } from '../support/besides.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { whatIsWrong } from '../support/lived-history.ts'
import type { PlainLeg, PlainRow, PlainWorld } from '../support/plain-matching.ts'
import { smallHistory, spreadHistory } from '../support/random-worlds.ts'
import { runs } from '../support/runs.ts'
import { smallestHistory, textOf } from '../support/smallest-history.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const worlds = fc.oneof({ weight: 3, arbitrary: smallHistory }, { weight: 1, arbitrary: spreadHistory })

/** Each try takes as long as a history: so many have to do. */
const TRIES = 150

test('nights match what the contract, read item by item, keeps, undoes and matches, and everything ties out', {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.noShrink(fc.record({ worlds, besides })), async (history) => {
      if ((await whatIsWrong(database, history)) === null) return
      const isWrong = async (smaller: readonly PlainWorld[]): Promise<boolean> =>
        (await whatIsWrong(database, { ...history, worlds: smaller })) !== null
      const smallest = { ...history, worlds: await smallestHistory(history.worlds, isWrong, TRIES) }
      const wrong = await whatIsWrong(database, smallest)
      expect.fail(`${wrong}\n${textOf(smallest.worlds)}\n${JSON.stringify(smallest.besides)}`)
    }),
    // test:scale tries 200
    runs('TIEOUT_HISTORIES', 15),
  )
})

/** One processor, no window: what stands in an example stands there for its keys. */
const stripe: PlainWorld['processors'] = new Map([
  [
    'STRIPE',
    {
      ...{ window: 0, lag: 0, match_payouts: false },
      ...{ refund_id_shapes: [/^re_[0-9]+$/], payment_id_shapes: [/^ch_[0-9]+$/] },
    },
  ],
])

const leg = (id: string, day: number, payment: string, more: Partial<PlainLeg> = {}): PlainLeg => ({
  ...{ id, refund: `refund of ${id}`, direction: 'customer', processor: 'STRIPE', date: dateOf(day), amount: 100 },
  ...{ refund_fee: 0, returned_fee: 0, identity: [], references: [payment], payment_keys: [payment] },
  ...more,
})

const row = (id: string, day: number, payment: string, more: Partial<PlainRow> = {}): PlainRow => ({
  ...{
    id,
    account: '',
    type: 'refund',
    processor: 'STRIPE',
    date: dateOf(day),
    amount: 100,
    refund_fee: 0,
    returned_fee: 0,
  },
  ...{ currency: 'USD', refund_id: null, payment_ids: [payment], references: [], payout_id: null },
  ...more,
})

const dateOf = (day: number): string => `2026-10-${String(day).padStart(2, '0')}`

const worldOf = (legs: PlainLeg[], rows: PlainRow[]): PlainWorld => ({
  ...{ currency: 'USD', starts_on: null, processors: stripe, legs, rows, others: [] },
  rulings: { match: [], unmatch: [] },
})

test.each<[string, PlainWorld[]]>([
  [
    'a leg of a match that comes undone is nearer to the new row than the new leg',
    [
      worldOf([leg('l1', 1, 'ch_1')], [row('t1', 1, 'ch_1')]),
      worldOf(
        [leg('l1', 1, 'ch_1'), leg('l2', 5, 'ch_1')],
        [row('t1', 1, 'ch_1', { amount: 300 }), row('t2', 2, 'ch_1')],
      ),
    ],
  ],
  [
    'a new leg names its own row, and that of another match too',
    [
      worldOf([leg('l1', 1, 'ch_1')], [row('t1', 2, 'ch_1')]),
      worldOf(
        [leg('l1', 1, 'ch_1'), leg('l2', 2, 'ch_2', { identity: ['re_2', 't1'] })],
        [row('t1', 2, 'ch_1'), row('t2', 2, 'ch_2', { refund_id: 're_2' }), row('t3', 1, 'ch_1')],
      ),
    ],
  ],
  [
    'the id of the row that a new leg names is that of a matched line too',
    [
      worldOf([leg('l1', 1, 'ch_1')], [row('re_2', 2, 'ch_1')]),
      worldOf(
        [leg('l1', 1, 'ch_1'), leg('l2', 2, 'ch_2', { identity: ['re_2'] })],
        [row('re_2', 2, 'ch_1'), row('t2', 2, 'ch_2', { refund_id: 're_2' }), row('t3', 1, 'ch_1')],
      ),
    ],
  ],
  [
    'a payment arrives late for a refund that only a fee of the same payment leads to',
    [
      worldOf(
        [],
        [row('t1', 1, 'pi_1'), row('t2', 1, 'pi_1', { amount: 0, refund_fee: 30, payment_ids: ['pi_1', 'ch_1'] })],
      ),
      {
        ...worldOf(
          [],
          [row('t1', 1, 'pi_1'), row('t2', 1, 'pi_1', { amount: 0, refund_fee: 30, payment_ids: ['pi_1', 'ch_1'] })],
        ),
        others: [
          {
            ...{
              id: 'o1',
              type: 'payment',
              processor: 'STRIPE',
              date: dateOf(1),
              amount: 50,
              refund_fee: 0,
              presented: null,
            },
            ...{ currency: 'USD', refund_id: null, payment_ids: ['ch_1'] },
          },
        ],
      },
    ],
  ],
  [
    'a reversal that a changed row sets free belongs to the row of another match',
    [
      worldOf(
        [leg('l1', 1, 'ch_1'), leg('l2', 2, 'ch_1')],
        [row('t1', 1, 'ch_1'), row('t2', 2, 'ch_1'), row('v1', 5, 'ch_1', { type: 'refund_reversal', amount: -100 })],
      ),
      worldOf(
        [leg('l1', 1, 'ch_1'), leg('l2', 2, 'ch_1')],
        [
          row('t1', 1, 'ch_1', { amount: 300 }),
          row('t2', 2, 'ch_1'),
          row('v1', 5, 'ch_1', { type: 'refund_reversal', amount: -100 }),
        ],
      ),
    ],
  ],
  [
    'of two rows of a payment one goes by amount and date, and the other is the leg’s a night later',
    // pass 4 comes before pass 5, and finds two rows of the payment on the first night
    Array.from({ length: 3 }, () =>
      worldOf(
        [leg('l1', 1, 'order-1', { payment_keys: [] }), leg('l2', 1, 'ch_1', { amount: 300 })],
        [row('t1', 1, 'ch_1'), row('t2', 1, 'ch_1', { amount: 50 })],
      ),
    ),
  ],
])('%s', { timeout: 120_000 }, async (_, worlds) => {
  expect(await whatIsWrong(database, { worlds, besides: NOTHING })).toBeNull()
})
