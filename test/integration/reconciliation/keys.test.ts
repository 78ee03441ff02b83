import { expect, test } from 'vitest'
import { freshDatabase } from '../../support/database.ts'
import { liveThrough } from '../../support/small-night.ts'

test('a payment of a vendor refund makes no key of a customer refund one of the first: order ids go after payments', async () => {
  const database = await freshDatabase()
  const refund = (id: string, payment: string): unknown => ({
    id,
    refunded_amount: 1000,
    status: 'PAID',
    completed_at: '2026-11-02T12:00:00Z',
    allocations: [{ id: `allocation of ${id}`, amount: 1000, invoice_payment_external_id: payment }],
    payments: [{ id: `leg of ${id}`, refunded_amount: 1000, method: 'CREDIT_CARD', processor: 'STRIPE' }],
  })
  const { finds } = await liveThrough(database, {
    says: '',
    customer: [refund('a', 'pay_1'), refund('b', 'pay_2')],
    vendor: [],
    files: {
      STRIPE: [
        // of payment pay_2; pay_1 is but an order id here
        't1,Refund,,pay_2,pay_1,-20.00,0.00,USD,2026-11-02 12:00:00',
        't2,Vendor credit,,pay_1,,-10.00,0.00,USD,2026-11-02 12:00:00',
      ],
    },
    finds: [],
  })
  const pairs = finds.map(({ code, legs, rows }) => `${code}: ${legs.join()} = ${rows.join()}`)
  expect(pairs).toContain('AMOUNT_MISMATCH: leg of b = t1')
  expect(pairs.filter((pair) => pair.includes('leg of a'))).toEqual([expect.stringMatching(/_PROCESSOR: leg of a = $/)])
  await database.close()
})
