import { expect, test } from 'vitest'
import { outOfBounds } from '../../../src/processor/fields/row-bounds.ts'
import type { CanonicalRow } from '../../../src/processor/formats/format.ts'

const refund = (changed: Partial<CanonicalRow> = {}): CanonicalRow => ({
  transaction_id: 'txn_1',
  type: 'refund',
  category: 'refund',
  refund_id: 're_1',
  payment_ids: ['ch_1'],
  reference_ids: ['1001'],
  amount: 2500n,
  refund_fee: 0n,
  returned_fee: 0n,
  currency: 'USD',
  presented_amount: null,
  presented_currency: null,
  occurred_at: null,
  occurred_on: '2026-10-31',
  available_on: null,
  payout_id: null,
  line: 2,
  ...changed,
})

test.each<[string, Partial<CanonicalRow>]>([
  ['10,000,000,000,000.00 USD', { amount: 10n ** 15n }],
  ['-10,000,000,000,000.00 USD', { amount: -(10n ** 15n) }],
  ['an id of 1,000 characters', { refund_id: 'r'.repeat(1000) }],
  ['an id of 1,000 two-byte characters', { payment_ids: ['é'.repeat(1000)] }],
  ['a long reference, which no index holds', { reference_ids: ['x'.repeat(5000)] }],
  ['a date of 1900', { occurred_on: '1900-01-01' }],
  ['a date of 2999', { available_on: '2999-12-31' }],
])('%s can be kept', (_, changed) => {
  expect(outOfBounds(refund(changed))).toBeNull()
})

test.each<[string, Partial<CanonicalRow>, string]>([
  ['a cent more than 10^15', { amount: 10n ** 15n + 1n }, 'the amount is 1000000000000001 minor units'],
  ['a fee beyond 10^15', { refund_fee: 10n ** 16n }, 'the refund fee is 10000000000000000 minor units'],
  ['a returned fee below -10^15', { returned_fee: -(10n ** 16n) }, 'the returned fee is'],
  ['a presented amount beyond 10^15', { presented_amount: 10n ** 16n }, 'the presented amount is'],
  [
    'an id of 1,001 characters',
    { refund_id: 'r'.repeat(1001) },
    'the refund id has 1001 characters, expected at most 1000',
  ],
  ['an id of 3,000 bytes', { payment_ids: ['ch_1', '漢'.repeat(1000)] }, 'the payment id has 1000 characters'],
  ['a long transaction id', { transaction_id: 't'.repeat(3000) }, 'the transaction id has 3000 characters'],
  ['a transaction id of # alone', { transaction_id: ' # ' }, "the transaction id is nothing but '#'"],
  ['a date of 1899', { occurred_on: '1899-12-31' }, 'the date is 1899-12-31, expected one from 1900-01-01'],
  ['a date behind the last year', { occurred_on: '+010000-01' }, 'the date is +010000-01'],
  ['an availability in 3000', { available_on: '3000-01-01' }, 'the date of availability is 3000-01-01'],
])('%s cannot be kept', (_, changed, reason) => {
  expect(outOfBounds(refund(changed))).toContain(reason)
})
