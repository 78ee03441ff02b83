/** Small random worlds of legs and rows, in which everything meets everything. */

import fc from 'fast-check'
import type { PlainLeg, PlainRow, PlainWorld } from './plain-matching.ts'

// Few ids, amounts and days, so that everything meets everything.
const date = fc.integer({ min: 1, max: 14 }).map((day) => `2026-10-${String(day).padStart(2, '0')}`)
const refund_id = fc.constantFrom('re_1', 're_2', 're_3', 're_4', 'own-1')
const amount = fc.constantFrom(100, 200, 300)
const payment_ids = fc.uniqueArray(fc.constantFrom('ch_1', 'ch_2', 'ch_3'), { maxLength: 2 })
/** Of the pairs below: their refund ids, and the ids of their rows, which come first. */
const paired_id = fc.constantFrom('re_5', 're_6', 'own-2')
const paired_row = fc.constantFrom('t0', 't1', 't2')
const references = fc.uniqueArray(fc.constantFrom('order-1', 'order-2', 'ch_1'), { maxLength: 2 })

const leg: fc.Arbitrary<Omit<PlainLeg, 'id'>> = fc.record({
  direction: fc.constantFrom<PlainLeg['direction']>('customer', 'customer', 'customer', 'vendor'),
  processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY', 'SQUARE', 'UNASSIGNED'),
  date,
  amount,
  identity: fc.uniqueArray(fc.oneof(refund_id, paired_id, paired_row), { maxLength: 2 }),
  references: fc.uniqueArray(fc.constantFrom('ch_1', 'ch_2', 'ch_3', 'order-1', 'order-2'), { maxLength: 2 }),
})

const row: fc.Arbitrary<Omit<PlainRow, 'id'>> = fc
  .record({
    type: fc.constantFrom('refund', 'refund', 'refund', 'refund', 'vendor_refund', 'refund_reversal'),
    processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY'),
    date,
    amount,
    currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'CAD'),
    refund_id: fc.option(fc.oneof({ weight: 4, arbitrary: refund_id }, { weight: 1, arbitrary: paired_id }), {
      freq: 3,
    }),
    payment_ids,
    references,
  })
  .map((one) => ({
    ...one,
    type: one.type as PlainRow['type'],
    amount: one.type === 'refund_reversal' ? -one.amount : one.amount,
  }))

interface Pair {
  leg: Omit<PlainLeg, 'id'>
  row: Omit<PlainRow, 'id'>
  /** who has a claim to the row beside the leg */
  claims: Omit<PlainLeg, 'id'>[]
  reversals: Omit<PlainRow, 'id'>[]
}

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: arbitrary.map((one) => [one]) })

/**
 * A leg and a row that agree and are nobody else's: settled at once, as nearly all refunds are, unless a leg with two ids
 * has a claim to the row, or it is reversed.
 */
const pair: fc.Arbitrary<Pair> = fc
  .record({
    vendor: fc.constantFrom(false, false, false, true),
    processor: fc.constantFrom('STRIPE', 'STRIPE', 'BILLPAY'),
    refund_id: paired_id,
    booked_on: date,
    paid_on: date,
    amount,
    payment_ids,
    references,
    claims: sometimes(
      fc.record({ date, amount, also: fc.oneof(refund_id, paired_id, paired_row), first: fc.boolean() }),
    ),
    reversals: sometimes(fc.record({ date, names_refund: fc.boolean() })),
  })
  .map(({ vendor, processor, refund_id, booked_on, paid_on, amount, payment_ids, references, claims, reversals }) => {
    const side = { direction: vendor ? 'vendor' : 'customer', processor } as const
    const paid = { processor, currency: 'USD', payment_ids, references } as const
    return {
      leg: { ...side, date: booked_on, amount, identity: [refund_id], references: payment_ids },
      row: { ...paid, type: vendor ? 'vendor_refund' : 'refund', date: paid_on, amount, refund_id },
      claims: claims.map(({ date, amount, also, first }) => {
        const identity = [...new Set(first ? [refund_id, also] : [also, refund_id])]
        return { ...side, date, amount, identity, references: payment_ids }
      }),
      reversals: reversals.map(({ date, names_refund }) => {
        const named = names_refund ? refund_id : null
        return { ...paid, type: 'refund_reversal', date, amount: -amount, refund_id: named }
      }),
    }
  })

/**
 * Up to three such pairs, and up to eight other legs and nine other rows of two processors. `chained`: the second pair's
 * transaction id is the first one's refund id, as where a processor has one number for both.
 */
export const smallWorld: fc.Arbitrary<PlainWorld> = fc
  .record({
    pairs: fc.uniqueArray(pair, {
      maxLength: 3,
      selector: ({ row: { processor, refund_id } }) => `${processor} ${refund_id}`,
    }),
    chained: fc.boolean(),
    legs: fc.array(leg, { maxLength: 8 }),
    rows: fc.array(row, { maxLength: 9 }),
    window: fc.constantFrom(0, 1, 3),
  })
  .map(({ pairs, chained, legs, rows, window }) => ({
    currency: 'USD',
    window,
    shapes: new Map([
      ['STRIPE', /^re_[0-9]$/],
      ['BILLPAY', /^own-[0-9]$/],
    ]),
    legs: [...pairs.map((pair) => pair.leg), ...pairs.flatMap((pair) => pair.claims), ...legs].map((one, place) => ({
      ...one,
      id: `l${place}`,
    })),
    rows: [...pairs.map((pair) => pair.row), ...pairs.flatMap((pair) => pair.reversals), ...rows].map((one, place) => ({
      ...one,
      id: chained && place === 1 ? (pairs[0]?.row.refund_id ?? 't1') : `t${place}`,
    })),
  }))
