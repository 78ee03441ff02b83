import { expect, test } from 'vitest'
import { type BroughtRow, openBrought } from '../../../src/intake/brought.ts'

const row = (transaction_id: string, amount: bigint, type = 'refund', currency = 'USD'): BroughtRow => ({
  ...{ transaction_id, amount, type, currency },
})

test('rows of a currency are counted, their first and last id kept, and the money of refunds and reversals summed', () => {
  const brought = openBrought()
  const rows = [row('txn_2', 2500n), row('txn_1', -300n, 'refund_reversal'), row('txn_3', 9900n, 'payment')]
  for (const each of [...rows, row('txn_5', 700n, 'vendor_refund', 'EUR')]) brought.add(each)
  expect(brought.all()).toEqual([
    { currency: 'EUR', rows: 1n, first_id: 'txn_5', last_id: 'txn_5', amount: 700n },
    { currency: 'USD', rows: 3n, first_id: 'txn_1', last_id: 'txn_3', amount: 2200n },
  ])
})

test('what was summed before is added, and cleared sums begin anew', () => {
  const [one, other] = [openBrought(), openBrought()]
  one.add(row('b', 1n))
  other.add(row('a', 10n))
  other.add(row('c', 100n))
  one.addAll(other.all())
  expect(one.all()).toEqual([{ currency: 'USD', rows: 3n, first_id: 'a', last_id: 'c', amount: 111n }])
  one.clear()
  expect(one.all()).toEqual([])
})

test('the least and the greatest id are so by their bytes in UTF-8, as in the database', () => {
  const brought = openBrought()
  for (const id of ['é', 'z', '\uff5e', '\u{1f600}', 'Z']) brought.add(row(id, 1n))
  expect(brought.all()).toMatchObject([{ first_id: 'Z', last_id: '\u{1f600}' }])
})
