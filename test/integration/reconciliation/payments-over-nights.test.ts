/** What a night learns of payments of nights before: it looks them up by their ids. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { openNights } from '../../support/nights.ts'
import { quiet } from '../../support/quiet.ts'
import { storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const of = (code: string, found: readonly string[]): string[] => found.filter((finding) => finding.startsWith(code))

test('100.00 paid, 60.00 refunded and nights later 60.00 again: too much, until one of them comes back', async () => {
  const { night } = await openNights(database)
  const over = async (...stripe: string[]): Promise<string[]> => of('OVER_REFUND', await night({ stripe }))
  expect(await over('t1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00')).toEqual([])
  expect(await over('t2,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00')).toEqual([])
  expect(await over()).toEqual([])
  expect(await over('t3,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-06 12:00:00')).toEqual(['OVER_REFUND t1 t2 t3'])
  expect(await over('t4,Payment,,ch_2,,100.00,0.00,USD,2026-11-06 12:00:00')).toEqual(['OVER_REFUND t1 t2 t3'])
  // it names the refund, not the payment
  expect(await over('t5,Refund failed,re_2,,,60.00,0.00,USD,2026-11-08 12:00:00')).toEqual([])
})

test('a reversal that names only the payment finds the refund of an earlier night', async () => {
  const { night } = await openNights(database)
  const over = async (...stripe: string[]): Promise<string[]> => of('OVER_REFUND', await night({ stripe }))
  const first = await over(
    't1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00',
    't2,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
    't3,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
  )
  expect(first).toEqual(['OVER_REFUND t1 t2 t3'])
  expect(await over()).toEqual(['OVER_REFUND t1 t2 t3'])
  expect(await over('t4,Refund failed,,ch_1,,60.00,0.00,USD,2026-11-08 12:00:00')).toEqual([])
})

test('a payment of 100.00 that is imported after its refunds of 120.00 shows that they were too much', async () => {
  const { night } = await openNights(database)
  const over = async (...stripe: string[]): Promise<string[]> => of('OVER_REFUND', await night({ stripe }))
  await over('t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00')
  expect(await over('t2,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00')).toEqual([])
  expect(await over('t3,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00')).toEqual(['OVER_REFUND t3 t1 t2'])
})

test('two payments of 100.00 that one refund of 150.00 joins are one group, also when the refund comes last', async () => {
  const { night } = await openNights(database)
  const over = async (...stripe: string[]): Promise<string[]> => of('OVER_REFUND', await night({ stripe }))
  await over('t1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00')
  await over('t2,Payment,,ch_2,,100.00,0.00,USD,2026-11-02 12:00:00')
  expect(await over('t3,Refund,re_1,ch_1,,-150.00,0.00,USD,2026-11-03 12:00:00')).toEqual(['OVER_REFUND t1 t3'])
  expect(await over('t4,Refund,re_2,ch_2,,-50.00,0.00,USD,2026-11-03 12:00:00')).toEqual(['OVER_REFUND t1 t3'])
})

test('a reversal that names its refund alone moves to another payment with a row of its own amount', async () => {
  const { night } = await openNights(database)
  const over = async (...stripe: string[]): Promise<string[]> => of('OVER_REFUND', await night({ stripe }))
  await over(
    't1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00',
    't2,Payment,,ch_2,,50.00,0.00,USD,2026-11-02 12:00:00',
    't3,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
    't4,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
  )
  // of re_1 the first row, though of another amount
  expect(await over('t5,Refund failed,re_1,,,50.00,0.00,USD,2026-11-08 12:00:00')).toEqual([])
  // of re_1 the row of its amount: 50.00 less are given back of ch_1
  expect(await over('t6,Refund,re_1,ch_2,,-50.00,0.00,USD,2026-11-04 12:00:00')).toEqual(['OVER_REFUND t1 t3 t4'])
})

test('a reversal that is withdrawn leaves 120.00 given back of 100.00, though it names its refund alone', async () => {
  const { night, business } = await openNights(database)
  const stripe = [
    't1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00',
    't2,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
    't3,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
    't4,Refund failed,re_2,,,60.00,0.00,USD,2026-11-04 12:00:00',
  ]
  expect(of('OVER_REFUND', await night({ stripe }))).toEqual([])
  await database.query(
    `with withdrawn as (
       update processor_row set active = false where business_id = $1 and transaction_id = 't4' returning business_id, row_no
     )
     insert into touched_item select business_id, row_no, '2026-11-01' from withdrawn`,
    [business.id],
  )
  expect(of('OVER_REFUND', await night({}))).toEqual(['OVER_REFUND t1 t2 t3'])
})

test('a chain of 20 refunds that share 21 payments is one group, though only its first payment shows that 50.00 was too much', async () => {
  const own = await storeBusiness(database)
  await database.query('delete from reconciliation where business_id = $1', [own.business_id])
  await own.processor('STRIPE')
  const day = {
    occurred_on: '2026-11-02',
    file_id: await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-14' }),
  }
  for (let n = 0; n <= 20; n += 1) await own.row({ ...day, type: 'payment', amount: 100, payment_ids: [`ch_${n}`] })
  const refund = async (n: number, amount: number): Promise<unknown> =>
    await own.row({ ...day, amount, payment_ids: [`ch_${n}`, `ch_${n + 1}`] })
  await refund(0, 5000)
  for (let n = 1; n < 20; n += 1) await refund(n, 100)
  const as_of = '2026-11-15T12:00:00Z'
  await reconcile(database, own.business_id, { as_of, now: as_of, log: quiet })
  const groups = await database.query<{ rows: number }>(
    `select cardinality(row_nos) as rows from discrepancy where business_id = $1 and code = 'OVER_REFUND'`,
    [own.business_id],
  )
  expect(groups).toEqual([{ rows: 41 }])
})

const booked = {
  id: 'refund-1',
  refunded_amount: 6000,
  status: 'PAID',
  completed_at: '2026-11-03T12:00:00Z',
  allocations: [{ id: 'allocation-1', amount: 6000, invoice_payment_external_id: 'ch_1' }],
  payments: [{ id: 'leg-1', external_id: 're_1', refunded_amount: 6000, method: 'CREDIT_CARD', processor: 'STRIPE' }],
}

test('a refund of 60.00 matched nights ago has failed when a reversal comes that names only its payment', async () => {
  const { night } = await openNights(database)
  const customer = [booked]
  const stripe = ['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer, stripe })).toEqual([])
  expect(await night({ customer })).toEqual([])
  const back = ['t2,Refund failed,,ch_1,,60.00,0.00,USD,2026-11-08 12:00:00']
  expect(await night({ customer, stripe: back })).toEqual(['REFUND_FAILED leg-1 t1 t2'])
})

const bookedAgainst = (key: string, number = 1): unknown => ({
  ...booked,
  id: `refund-${number}`,
  allocations: [{ ...booked.allocations[0], invoice_payment_external_id: key }],
  payments: [{ ...booked.payments[0], id: `leg-${number}`, external_id: `re_${number}` }],
})

test('a refund booked against ch_9 is found to be so when a line of ch_9 arrives, nights later', async () => {
  const { night } = await openNights(database)
  const customer = [bookedAgainst('ch_9')]
  const stripe = ['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer, stripe })).toEqual([])
  expect(await night({ customer })).toEqual([])
  const line = ['t2,Refund,re_9,ch_9,,-10.00,0.00,USD,2026-11-05 12:00:00']
  const found = await night({ customer, stripe: line })
  expect(found).toEqual(['ALLOCATION_TARGET_MISMATCH leg-1 t1', 'MISSING_IN_LEDGER t2'])
})

test('a refund that names the processor’s id and a number of the books stays matched when a line bears that number', async () => {
  const { night, matches } = await openNights(database)
  const numbered = { ...booked, external_id: 'R-1' }
  const stripe = ['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [numbered], stripe })).toEqual([])
  // a refund of the processor that happens to have the books' number
  const other = ['t2,Refund,R-1,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [numbered], stripe: other })).toEqual(['MISSING_IN_LEDGER t2'])
  expect(await matches()).toEqual(['refund_id leg-1 t1'])
  // booked again under the same id of the processor: the second one is the duplicate
  const again = { ...booked, id: 'refund-2', external_id: 'R-2', payments: [{ ...booked.payments[0], id: 'leg-2' }] }
  const found = await night({ customer: [numbered, again] })
  expect(found).toEqual(['DUPLICATE_IN_LEDGER leg-2', 'MISSING_IN_LEDGER t2'])
  expect(await matches()).toEqual(['refund_id leg-1 t1'])
})

test('a refund booked against a number of the books is misbooked once a payment bears that number, until it is mended', async () => {
  const { night } = await openNights(database)
  const [first, second] = [bookedAgainst('inv-1'), bookedAgainst('inv-2', 2)]
  const stripe = ['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [first], stripe })).toEqual([])
  const line = ['t2,Refund,re_2,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [first, second], stripe: line })).toEqual([])
  const charge = ['t3,Payment,,inv-1,,80.00,0.00,USD,2026-11-02 12:00:00']
  expect(await night({ customer: [first, second], stripe: charge })).toEqual(['ALLOCATION_TARGET_MISMATCH leg-1 t1'])
  // booked against the payment that it gives back, in the end
  expect(await night({ customer: [booked, second] })).toEqual([])
})

test('a refund booked against another number by now is not misbooked when a payment bears the earlier one', async () => {
  const { night } = await openNights(database)
  const stripe = ['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00']
  await night({ customer: [bookedAgainst('inv-1')], stripe })
  const customer = [bookedAgainst('inv-2')]
  expect(await night({ customer })).toEqual([])
  expect(await night({ customer, stripe: ['t2,Payment,,inv-1,,80.00,0.00,USD,2026-11-02 12:00:00'] })).toEqual([])
  expect(await night({})).toEqual(['LEDGER_REFUND_REMOVED refund-1', 'MISSING_IN_LEDGER t1'])
})

test('a payment of another processor that bears the number makes no refund misbooked, before or after', async () => {
  const { night } = await openNights(database)
  const [first, second] = [bookedAgainst('inv-1'), bookedAgainst('inv-2', 2)]
  const charge = (number: number): string[] => [`b${number},Payment,,inv-${number},,80.00,0.00,USD,2026-11-02 12:00:00`]
  const stripe = ['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [first], stripe, billpay: charge(2) })).toEqual([])
  const line = ['t2,Refund,re_2,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [first, second], stripe: line, billpay: charge(1) })).toEqual([])
})
