import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { liveThrough } from '../../support/small-night.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** A refund of 45.00 in cash, with these allocations. */
const refund = (id: string, allocations: unknown[]): unknown => {
  const whole = { refunded_amount: 4500, status: 'PAID', completed_at: '2026-11-02T12:00:00Z' }
  return { id, ...whole, allocations, payments: [{ id: `leg of ${id}`, refunded_amount: 4500, method: 'CASH' }] }
}

test('several allocations, or none, are summed like one', async () => {
  const customer = [
    refund('30.00 and 15.00', [{ amount: 3000 }, { amount: 1500 }]),
    refund('45.00 and 0.01', [{ amount: 4500 }, { amount: 1 }]),
    refund('an empty list', []),
    refund('45.00 of lines and 1.00 more', [
      { amount: 4500, line_items: [{ amount: 4500 }] },
      { amount: 0, line_items: [{ amount: 100 }] },
    ]),
  ]
  const { finds } = await liveThrough(database, { says: '', customer, vendor: [], files: {}, finds: [] })
  expect(finds.map(({ code, refund_id }) => `${code}: ${refund_id}`).sort()).toEqual([
    'ALLOCATION_IMBALANCE: 45.00 and 0.01',
    'ALLOCATION_IMBALANCE: an empty list',
    'LINE_ITEM_IMBALANCE: 45.00 of lines and 1.00 more',
  ])
})
