/** Small random worlds of legs and rows, in which everything meets everything. */

import fc from 'fast-check'
import type { PlainLeg, PlainRow, PlainWorld } from './plain-matching.ts'

// Few ids, amounts and days, so that everything meets everything.
const date = fc.integer({ min: 1, max: 14 }).map((day) => `2026-10-${String(day).padStart(2, '0')}`)
const refund_id = fc.constantFrom('re_1', 're_2', 're_3', 're_4', 'own-1')
const amount = fc.constantFrom(100, 200, 300)
const payment_ids = fc.uniqueArray(fc.constantFrom('ch_1', 'ch_2', 'ch_3'), { maxLength: 2 })
const references = fc.uniqueArray(fc.constantFrom('order-1', 'order-2', 'ch_1'), { maxLength: 2 })

const leg: fc.Arbitrary<Omit<PlainLeg, 'id'>> = fc.record({
  direction: fc.constantFrom('customer', 'customer', 'customer', 'vendor'),
  processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY', 'SQUARE', 'UNASSIGNED'),
  date,
  amount,
  identity: fc.uniqueArray(fc.oneof(refund_id, fc.constantFrom('t0', 't1')), { maxLength: 2 }),
  references: fc.uniqueArray(fc.constantFrom('ch_1', 'ch_2', 'ch_3', 'order-1', 'order-2'), { maxLength: 2 }),
})

const row: fc.Arbitrary<Omit<PlainRow, 'id'>> = fc
  .record({
    type: fc.constantFrom('refund', 'refund', 'refund', 'refund', 'vendor_refund', 'refund_reversal'),
    processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY'),
    date,
    amount,
    currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'CAD'),
    refund_id: fc.option(refund_id, { freq: 3 }),
    payment_ids,
    references,
  })
  .map((one) => ({
    ...one,
    type: one.type as PlainRow['type'],
    amount: one.type === 'refund_reversal' ? -one.amount : one.amount,
  }))

/** Up to eight legs and nine rows of two processors. */
export const smallWorld: fc.Arbitrary<PlainWorld> = fc
  .record({
    legs: fc.array(leg, { maxLength: 8 }),
    rows: fc.array(row, { maxLength: 9 }),
    window: fc.constantFrom(0, 1, 3),
  })
  .map(({ legs, rows, window }) => ({
    currency: 'USD',
    window,
    shapes: new Map([
      ['STRIPE', /^re_[0-9]$/],
      ['BILLPAY', /^own-[0-9]$/],
    ]),
    legs: legs.map((one, place) => ({ ...one, id: `l${place}` }) as PlainLeg),
    rows: rows.map((one, place) => ({ ...one, id: `t${place}` })),
  }))
