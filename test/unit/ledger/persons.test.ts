import { expect, test } from 'vitest'
import { personsIn, withoutDetails } from '../../../src/ledger/layer-api/persons.ts'

const REFUND = {
  id: 'r1',
  external_id: null,
  refunded_amount: 4200,
  status: 'PAID',
  memo: 'for Ada',
  customer: { id: 'c1', external_id: 'shop-1', email: 'ada@example.com', national_id: '7' },
  transaction_tags: [{ key: 'who', value: 'Ada' }],
  payments: [
    { id: 'p1', refunded_amount: 4200, processor: 'STRIPE', card: { name: 'Ada' }, payer_email: 'ada@example.com' },
  ],
  allocations: [
    {
      id: 'a1',
      amount: 4200,
      invoice_id: 'i1',
      invoice_payment_external_id: 'ch_1',
      vendor: { id: 9 },
      customer_id: 'c2',
    },
  ],
}

test('the people of a refund are those it names as customer or vendor, in its allocations too', () => {
  expect(personsIn(REFUND).sort()).toEqual(['9', 'c1', 'c2', 'shop-1'])
  expect(personsIn({ customer: 'c1', vendor: null, payments: [{ id: 'c1' }] })).toEqual([])
})

test('without details a refund has its figures, its keys and nothing of a person', () => {
  expect(withoutDetails(REFUND)).toEqual({
    ...{ id: 'r1', external_id: null, refunded_amount: 4200, status: 'PAID' },
    payments: [{ id: 'p1', refunded_amount: 4200, processor: 'STRIPE' }],
    allocations: [{ id: 'a1', amount: 4200, invoice_id: 'i1', invoice_payment_external_id: 'ch_1' }],
  })
})
