import { expect, test } from 'vitest'
import { freshDatabase } from '../../support/database.ts'
import { liveThrough } from '../../support/small-night.ts'

test('a leg with two ids, one of them of a refund that a plain pair holds, is booked twice, not missing', async () => {
  const database = await freshDatabase()
  const refund = (id: string, external_id: string | null): unknown => {
    const paid = { external_id: 're_1', refunded_amount: 4500, method: 'CREDIT_CARD', processor: 'STRIPE' }
    const whole = { refunded_amount: 4500, status: 'PAID', completed_at: '2026-11-02T12:00:00Z' }
    return { id, external_id, ...whole, payments: [{ id: `leg of ${id}`, ...paid }] }
  }
  const { finds } = await liveThrough(database, {
    says: '',
    customer: [refund('a', null), refund('b', 'own-9')],
    vendor: [],
    files: { STRIPE: ['t1,Refund,re_1,,,-45.00,0.00,USD,2026-11-02 12:00:00'] },
    finds: [],
  })
  expect(finds.map(({ code, legs }) => `${code}: ${legs.join()}`)).toEqual(['DUPLICATE_IN_LEDGER: leg of b'])
  await database.close()
})

test('a leg that claims by transaction id frees another leg, which claims the row of a third: the third is booked twice', async () => {
  const database = await freshDatabase()
  const refund = (day: number, amount: number, external_id: string): unknown => {
    const paid = { external_id, refunded_amount: amount, method: 'CREDIT_CARD', processor: 'STRIPE' }
    const whole = { refunded_amount: amount, status: 'PAID', completed_at: `2026-11-0${day}T12:00:00Z` }
    return { id: external_id, ...whole, payments: [{ id: `leg of ${external_id}`, ...paid }] }
  }
  const { finds } = await liveThrough(database, {
    says: '',
    customer: [refund(2, 4500, 't1'), refund(3, 4500, 're_1'), refund(4, 3000, 're_2')],
    vendor: [],
    // the second line's own id is the refund id of the first
    files: {
      STRIPE: [
        't1,Refund,re_1,,,-45.00,0.00,USD,2026-11-03 12:00:00',
        're_1,Refund,re_2,,,-30.00,0.00,USD,2026-11-04 12:00:00',
      ],
    },
    finds: [],
  })
  expect(finds.map(({ code, legs, rows }) => `${code}: ${legs.join()} = ${rows.join()}`)).toEqual([
    'AMOUNT_MISMATCH: leg of re_1 = re_1',
    'DUPLICATE_IN_LEDGER: leg of re_2 = ',
  ])
  await database.close()
})
