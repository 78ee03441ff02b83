import { expect, test } from 'vitest'
import { CODES, type Code } from '../../../src/core/discrepancy.ts'
import type { BusinessLine, LegLine, RowLine } from '../../../src/report/lines.ts'
import { suggestionOf } from '../../../src/report/messages/advice.ts'
import type { Context, Found, RefundFacts } from '../../../src/report/messages/message-facts.ts'
import { messageOf } from '../../../src/report/messages/messages.ts'

const business: BusinessLine = {
  business_id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01',
  name: 'Harbor Coffee',
  currency: 'USD',
  time_zone: 'America/New_York',
  materiality_item: null,
  materiality_month: null,
  processors: ['STRIPE', 'PAYPAL'],
  reconciled_as_of: null,
}

const leg = (changes: Partial<LegLine> = {}): LegLine => ({
  leg_id: 'pay_1',
  refund_id: 'ref_1',
  external_id: null,
  refund_external_id: null,
  processor: 'STRIPE',
  amount: 4500n,
  refund_fee: 0n,
  returned_fee: 0n,
  completed_at: '2026-10-14',
  references: [],
  payment_keys: [],
  method: 'CREDIT_CARD',
  completed_on: '2026-10-14',
  pulled_at: '2026-10-15T16:00:00Z',
  ...changes,
})

const row = (changes: Partial<RowLine> = {}): RowLine => ({
  transaction_id: 'txn_1',
  processor: 'STRIPE',
  account: 'main',
  refund_id: 're_1',
  payment_id: ['ch_1'],
  type: 'refund',
  amount: 4500n,
  refund_fee: 0n,
  returned_fee: 0n,
  currency: 'USD',
  presented_amount: null,
  presented_currency: null,
  occurred_on: '2026-10-14',
  file: 'stripe-october.csv',
  line: 37n,
  references: [],
  reverses: null,
  ...changes,
})

const refund: RefundFacts = {
  refund_id: 'ref_1',
  external_id: null,
  refunded_amount: 4500n,
  status: 'PAID',
  completed_on: '2026-10-14',
  payment_keys: ['ch_9'],
  payments_sum: 5000n,
  allocations_sum: 4000n,
  allocations: 2,
  line_items_off: [2],
  pulled_at: '2026-10-15T16:00:00Z',
  last_pulled_at: '2026-10-20T16:00:00Z',
  removed_at: '2026-10-21T16:00:00Z',
}

const found = (code: Code, legs: LegLine[], rows: RowLine[], changes: Partial<Found> = {}): Found => ({
  id: 'd1',
  code,
  class: CODES[code].class,
  status: 'open',
  late: false,
  business_id: business.business_id,
  direction: 'customer',
  processor: rows[0]?.processor ?? legs[0]?.processor ?? null,
  currency: 'USD',
  age_days: 3,
  age_bucket: '2-7',
  due_on: null,
  material: null,
  first_seen_at: '2026-11-02T16:00:00Z',
  last_seen_at: '2026-11-02T16:00:00Z',
  refund_id: null,
  legs,
  rows,
  effects: [],
  related: [],
  decision: null,
  owner: null,
  owner_due_on: null,
  comments: [],
  history: [],
  month: null,
  measure: null,
  dated_on: null,
  of_code: 1n,
  ...changes,
})

const nothing: Context = { refunds: [], rates: [], fee_totals: [], missing: null }

const said = (
  code: Code,
  legs: LegLine[],
  rows: RowLine[],
  changes: Partial<Found> = {},
  context: Partial<Context> = {},
): string => messageOf(found(code, legs, rows, changes), { ...nothing, refunds: [refund], ...context }, business)

const LEG = '45.00 USD on 2026-10-14'
const ROW = '45.00 USD on 2026-10-14'

test('a refund is named with its amount, date and order; payments and other ids are fields beside the sentence', () => {
  expect(said('MISSING_IN_LEDGER', [], [row({ references: ['order-1001', 'inv-7'] })])).toBe(
    `Stripe refunded ${ROW} for order-1001, but the ledger has no refund for it.`,
  )
  expect(said('MISSING_IN_LEDGER', [], [row({ references: ['#42920818553813', 'CK-1066'] })])).toContain(
    ' for CK-1066,',
  )
  const booked = leg({ references: ['ch_1', 'INV-7'], payment_keys: ['ch_1'] })
  expect(said('AWAITING_PROCESSOR', [booked], [])).toContain(
    `The ledger has a customer refund of ${LEG} for INV-7 through`,
  )
})

test('a refund the ledger does not have is named with its amount and date', () => {
  expect(said('MISSING_IN_LEDGER', [], [row()])).toBe(`Stripe refunded ${ROW}, but the ledger has no refund for it.`)
})

test('a vendor refund was received, not made', () => {
  const line = row({ processor: 'BILLPAY', type: 'vendor_refund' })
  expect(said('MISSING_IN_LEDGER', [], [line], { direction: 'vendor' })).toBe(
    `BILLPAY received a vendor refund of ${ROW}, but the ledger has no refund for it.`,
  )
})

test('a reversal of an unknown refund says no more than that the refund is in no imported file', () => {
  const back = row({ type: 'refund_reversal', amount: -4500n })
  const taken =
    'Stripe took back a refund of 45.00 USD on 2026-10-14; the line of the refund itself is not in the imported files'
  expect(said('MISSING_IN_LEDGER', [], [back])).toBe(`${taken}.`)
  expect(said('AWAITING_LEDGER', [], [back], { due_on: '2026-10-16' })).toBe(
    `${taken}; the ledger has no refund for it yet; it is due there by 2026-10-16.`,
  )
})

test('a reversal of an unknown refund asks to reverse the refund that the ledger may have, not to record one', () => {
  const back = row({ type: 'refund_reversal', amount: -4500n })
  expect(suggestionOf(found('MISSING_IN_LEDGER', [], [back]), business)).toBe(
    'Check whether the ledger has the refund that was taken back: if so, reverse it there. Record no new refund for this line.',
  )
  expect(suggestionOf(found('MISSING_IN_LEDGER', [], [row()]), business)).toContain('record the refund in Layer')
})

test('a reversal of a known refund says that it had been made', () => {
  const back = row({ type: 'refund_reversal', amount: -4500n, transaction_id: 'txn_2', reverses: 'txn_1' })
  expect(said('MISSING_IN_LEDGER', [], [back])).toContain(
    'which it had made before; neither of the two is matched with the ledger.',
  )
})

test('after a listing that may be cut off nothing is said of what the ledger has', () => {
  expect(said('AWAITING_LEDGER', [], [row()])).toBe(
    `Stripe refunded ${ROW}, and the ledger's last listing may be cut off, so it cannot be said whether it is there.`,
  )
})

test('what is awaited says until when', () => {
  expect(said('AWAITING_LEDGER', [], [row()], { due_on: '2026-10-16' })).toContain('it is due there by 2026-10-16.')
})

test('a refund of no processor is looked for in all files', () => {
  const text = said('MISSING_AT_PROCESSOR', [leg({ processor: 'UNASSIGNED' })], [])
  expect(text).toBe(
    `The ledger has a customer refund of ${LEG} without a processor, but the processors' files have no line for it, although they cover its date.`,
  )
})

test('a ledger that refunded less than the processor is too low', () => {
  expect(said('AMOUNT_MISMATCH', [leg({ amount: 4000n })], [row()])).toContain(
    'The ledger refunded 40.00 USD where Stripe refunded 45.00 USD: 5.00 USD too little. Ledger: 40.00 USD',
  )
})

test('a fee that differs is named with both figures', () => {
  expect(said('REFUND_FEE_MISMATCH', [leg({ refund_fee: 25n })], [row({ refund_fee: 30n })])).toContain(
    'The ledger has a refund fee of 0.25 USD where Stripe has 0.30 USD: 0.05 USD too little.',
  )
})

test('a cancelled refund whose fees do not cancel has no ledger side', () => {
  const rows = [row({ returned_fee: 130n }), row({ transaction_id: 'txn_2', type: 'refund_reversal', amount: -4500n })]
  expect(said('RETURNED_FEE_MISMATCH', [], rows)).toContain(
    'Stripe made and took back a refund, but of its returned fees 1.30 USD remain',
  )
})

test('another currency is named on both sides', () => {
  expect(said('CURRENCY_MISMATCH', [leg()], [row({ currency: 'EUR' })])).toContain(
    'The ledger has the refund in USD, Stripe in EUR.',
  )
})

test('100.00 EUR at 1.085 are 108.50 USD, 0.50 USD less than the ledger has', () => {
  const text = said(
    'CURRENCY_CONVERTED',
    [leg({ amount: 10_900n })],
    [row({ amount: 10_000n, currency: 'EUR' })],
    {},
    {
      rates: [
        {
          transaction_id: 'txn_1',
          dated_on: '2026-10-12',
          from_currency: 'EUR',
          to_currency: 'USD',
          rate: '1.085',
          amount: 10_850n,
        },
      ],
    },
  )
  expect(text).toContain(
    'The ledger has the refund as 109.00 USD, Stripe settled 100.00 EUR. At 1 EUR = 1.085 USD on 2026-10-12 that is 108.50 USD: the ledger has 0.50 USD more.',
  )
})

test('refund fees of 13.45 USD in a month where the ledger has 12.00 USD are 1.45 USD too little', () => {
  const about = { processor: 'MOLLIE', month: '2026-10', measure: 'refund_fee' } as const
  const total = { measure: 'refund_fee', tied: 'month', ledger: 1200n, processor_total: 1345n } as const
  expect(said('FEE_TOTAL_MISMATCH', [], [], about, { fee_totals: [total] })).toBe(
    'Mollie charged refund fees of 13.45 USD in October 2026, and the ledger has 12.00 USD: 1.45 USD too little.',
  )
})

test('fees that are not compared say why, and what the tie-out has for them', () => {
  const effects = [
    { month: '2026-10', processor: 'MOLLIE', currency: 'USD', amount: 0n, refund_fee: 300n, returned_fee: -145n },
  ]
  const total = { measure: 'refund_fee', tied: 'none', ledger: 300n, processor_total: 0n } as const
  expect(
    said('FEES_NOT_COMPARED', [], [], { processor: 'MOLLIE', month: '2026-10', effects }, { fee_totals: [total] }),
  ).toBe(
    "The fees of Mollie for October 2026 are not compared: the configuration leaves them out, or the processor's files have none. " +
      'The ledger has 3.00 USD more in refund fees and 1.45 USD less in returned fees than Mollie.',
  )
})

test('another processor is named on both sides', () => {
  expect(said('PROCESSOR_MISMATCH', [leg({ processor: 'BILLPAY' })], [row()])).toContain(
    'The ledger has the refund through BILLPAY, but it was made by Stripe.',
  )
})

test('a refund that failed is named with when it was made and when it came back', () => {
  const back = row({
    transaction_id: 'txn_2',
    type: 'refund_reversal',
    amount: -4500n,
    occurred_on: '2026-10-17',
    line: 41n,
  })
  expect(said('REFUND_FAILED', [leg()], [row(), back])).toBe(
    `The ledger has a customer refund of ${LEG}, but Stripe took back 45.00 USD on 2026-10-17, which it had made as ${ROW}.`,
  )
})

test('money in two months names both months', () => {
  expect(
    said('CUTOFF_MISMATCH', [leg({ completed_on: '2026-09-30' })], [row({ occurred_on: '2026-10-01' })]),
  ).toContain('the ledger dates it in September 2026 and Stripe in October 2026.')
})

test('a refund booked against another payment names both payments', () => {
  expect(said('ALLOCATION_TARGET_MISMATCH', [leg()], [row()])).toContain(
    'The ledger books the refund against payment ch_9, but Stripe refunded payment ch_1.',
  )
})

test('a payment of 100.00 refunded by 120.00 was refunded by 20.00 too much', () => {
  const rows = [
    row({ amount: 12_000n }),
    row({ transaction_id: 'txn_0', type: 'payment', refund_id: null, amount: 10_000n }),
  ]
  expect(said('OVER_REFUND', [], rows)).toContain(
    'Stripe refunded 120.00 USD of 100.00 USD paid, 20.00 USD more than there was',
  )
})

test('a payment of 100.00 EUR that was refunded and charged back is compared as the customer saw it', () => {
  const presented = { presented_amount: 10_000n, presented_currency: 'EUR' }
  const rows = [
    row({ type: 'payment', refund_id: null, amount: 10_900n, ...presented }),
    row({ transaction_id: 'txn_2', amount: 10_700n, ...presented }),
    row({ transaction_id: 'txn_3', type: 'chargeback', refund_id: null, amount: 10_800n, ...presented }),
  ]
  expect(said('OVER_REFUND', [], rows)).toContain(
    'Stripe refunded 200.00 EUR of 100.00 EUR paid, chargebacks included, 100.00 EUR more than there was: payment 100.00 EUR on',
  )
})

test('a refund whose parts do not add up names the sums', () => {
  expect(said('ALLOCATION_IMBALANCE', [], [], { refund_id: 'ref_1' })).toBe(
    "The ledger's customer refund of 45.00 USD on 2026-10-14: its 2 allocations come to 40.00 USD, 5.00 USD too little.",
  )
  expect(said('PAYMENT_IMBALANCE', [], [], { refund_id: 'ref_1' })).toContain(
    'its payments come to 50.00 USD, 5.00 USD too much. It has the status PAID.',
  )
  expect(said('LINE_ITEM_IMBALANCE', [], [], { refund_id: 'ref_1' })).toContain(
    'the line items of its allocation 2 do not come to the allocation.',
  )
})

test('a refund gone from the ledger says when it was last there', () => {
  expect(said('LEDGER_REFUND_REMOVED', [], [], { refund_id: 'ref_1' })).toBe(
    "The ledger's customer refund of 45.00 USD on 2026-10-14 was last there on 2026-10-20 and is gone since 2026-10-21.",
  )
})

test('every code has a sentence that ends in a full stop, whatever it is given', () => {
  for (const code of Object.keys(CODES) as Code[]) {
    const text = said(code, [leg()], [row()])
    expect(text, code).toMatch(/\.$/)
    expect(text, code).not.toMatch(/undefined|null|NaN| {2}/)
    expect(messageOf(found(code, [], []), nothing, business), code).toMatch(/\.$/)
  }
})
