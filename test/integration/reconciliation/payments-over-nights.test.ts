/** What a night learns of payments of nights before: it looks them up by their ids, and reads nothing else of them. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Life, life, standOf } from '../../support/life.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const keysOf = async ({ business }: Life): Promise<string[]> => {
  const rows = await database.query<{ key: string; transaction_id: string }>(
    `select stored.key, line.transaction_id from payment_key stored join processor_row line using (business_id, row_no)
     where stored.business_id = $1 order by stored.key, line.transaction_id`,
    [business.id],
  )
  return rows.map(({ key, transaction_id }) => `${key} ${transaction_id}`)
}

test('100.00 paid, 60.00 refunded and nights later 60.00 again: too much, until one of them comes back', async () => {
  const { night } = await life(database, 'OVER_REFUND')
  expect(await night(['t1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00'])).toEqual([])
  expect(await night(['t2,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'])).toEqual([])
  expect(await night([])).toEqual([])
  expect(await night(['t3,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-06 12:00:00'])).toEqual(['OVER_REFUND t1 t2 t3'])
  expect(await night(['t4,Payment,,ch_2,,100.00,0.00,USD,2026-11-06 12:00:00'])).toEqual(['OVER_REFUND t1 t2 t3'])
  // it names the refund, not the payment
  expect(await night(['t5,Refund failed,re_2,,,60.00,0.00,USD,2026-11-08 12:00:00'])).toEqual([])
})

test('a reversal that names only the payment finds the refund of an earlier night', async () => {
  const { night } = await life(database, 'OVER_REFUND')
  await night([
    't1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00',
    't2,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
    't3,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
  ])
  expect(await night([])).toEqual(['OVER_REFUND t1 t2 t3'])
  expect(await night(['t4,Refund failed,,ch_1,,60.00,0.00,USD,2026-11-08 12:00:00'])).toEqual([])
})

test('a payment that is imported after its refunds of 120.00 and is of 100.00 shows that they were too much', async () => {
  const { night } = await life(database, 'OVER_REFUND')
  await night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'])
  expect(await night(['t2,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'])).toEqual([])
  expect(await night(['t3,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00'])).toEqual(['OVER_REFUND t1 t2 t3'])
})

test('a reversal that names its refund alone moves to another payment with a row of its own amount', async () => {
  const { night } = await life(database, 'OVER_REFUND')
  await night([
    't1,Payment,,ch_1,,100.00,0.00,USD,2026-11-02 12:00:00',
    't2,Payment,,ch_2,,50.00,0.00,USD,2026-11-02 12:00:00',
    't3,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
    't4,Refund,re_2,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
  ])
  // of re_1 the first row, though of another amount
  expect(await night(['t5,Refund failed,re_1,,,50.00,0.00,USD,2026-11-08 12:00:00'])).toEqual([])
  // of re_1 the row of its amount: 50.00 less are given back of ch_1
  expect(await night(['t6,Refund,re_1,ch_2,,-50.00,0.00,USD,2026-11-04 12:00:00'])).toEqual(['OVER_REFUND t1 t3 t4'])
})

const booked = {
  id: 'refund-1',
  refunded_amount: 6000,
  status: 'PAID',
  completed_at: '2026-11-03T12:00:00Z',
  allocations: [{ id: 'allocation-1', amount: 6000, invoice_payment_external_id: 'ch_1' }],
  payments: [{ id: 'leg-1', external_id: 're_1', refunded_amount: 6000, method: 'CREDIT_CARD', processor: 'STRIPE' }],
}

test('a refund of 60.00 that was settled nights ago has failed when a reversal comes that names only its payment', async () => {
  const { night } = await life(database, 'REFUND_FAILED')
  await night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [booked])
  expect(await night([], [booked])).toEqual([])
  const later = await night(['t2,Refund failed,,ch_1,,60.00,0.00,USD,2026-11-08 12:00:00'], [booked])
  expect(later).toEqual(['REFUND_FAILED t1 t2'])
})

test('a refund booked against ch_9 is found to be so when a line of ch_9 arrives, nights later', async () => {
  const { night } = await life(database, 'ALLOCATION_TARGET_MISMATCH')
  const elsewhere = { ...booked, allocations: [{ ...booked.allocations[0], invoice_payment_external_id: 'ch_9' }] }
  const first = await night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [elsewhere])
  expect(first).toEqual([])
  expect(await night([], [elsewhere])).toEqual([])
  const later = await night(['t2,Refund,re_9,ch_9,,-10.00,0.00,USD,2026-11-05 12:00:00'], [elsewhere])
  expect(later).toEqual(['ALLOCATION_TARGET_MISMATCH t1'])
})

const bookedAgainst = (key: string, number = 1): unknown => ({
  ...booked,
  id: `refund-${number}`,
  allocations: [{ ...booked.allocations[0], invoice_payment_external_id: key }],
  payments: [{ ...booked.payments[0], id: `leg-${number}`, external_id: `re_${number}` }],
})

test('a refund of 60.00 with a number of the books beside its refund id is settled, and opens for who has that id too', async () => {
  const one = await life(database, 'DUPLICATE_IN_LEDGER', 'AWAITING_LEDGER', 'MISSING_IN_LEDGER')
  const numbered = { ...booked, external_id: 'R-1' }
  await one.night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [numbered])
  expect(await standOf(database, one)).toEqual({ open: [], awaited: [] })
  // a refund of the processor that happens to have the books' number is none of this one's
  const found = await one.night(['t2,Refund,R-1,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00'], [numbered])
  expect(found).toEqual(['MISSING_IN_LEDGER t2'])
  expect(await standOf(database, one)).toEqual({ open: ['t2'], awaited: [] })
  const twice = { ...booked, id: 'refund-2', external_id: 'R-2', payments: [{ ...booked.payments[0], id: 'leg-2' }] }
  expect(await one.night([], [numbered, twice])).toEqual(['DUPLICATE_IN_LEDGER', 'MISSING_IN_LEDGER t2'])
  expect(await standOf(database, one)).toEqual({ open: ['leg-2', 't2'], awaited: [] })
})

test('a refund of 60.00 booked against a number of the business itself is settled, and opens when a line bears the number', async () => {
  const one = await life(database, 'ALLOCATION_TARGET_MISMATCH')
  const [first, second] = [bookedAgainst('inv-1'), bookedAgainst('inv-2', 2)]
  await one.night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [first])
  expect(await standOf(database, one)).toEqual({ open: [], awaited: ['leg-1 inv-1'] })
  await one.night(['t2,Refund,re_2,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00'], [first, second])
  expect(await standOf(database, one)).toEqual({ open: [], awaited: ['leg-1 inv-1', 'leg-2 inv-2'] })
  // a charge of that number
  const found = await one.night(['t3,Payment,,inv-1,,80.00,0.00,USD,2026-11-02 12:00:00'], [first, second])
  expect(found).toEqual(['ALLOCATION_TARGET_MISMATCH t1'])
  expect(await standOf(database, one)).toEqual({ open: ['leg-1', 't1'], awaited: ['leg-2 inv-2'] })
  // booked against the payment that it gives back, in the end
  expect(await one.night([], [booked, second])).toEqual([])
  expect(await standOf(database, one)).toEqual({ open: [], awaited: ['leg-2 inv-2'] })
})

test('a refund that is booked against another number waits for that one alone, and for none when it leaves the ledger', async () => {
  const one = await life(database, 'ALLOCATION_TARGET_MISMATCH')
  await one.night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [bookedAgainst('inv-1')])
  await one.night([], [bookedAgainst('inv-2')])
  expect(await standOf(database, one)).toEqual({ open: [], awaited: ['leg-1 inv-2'] })
  expect(await one.night(['t2,Payment,,inv-1,,80.00,0.00,USD,2026-11-02 12:00:00'], [bookedAgainst('inv-2')])).toEqual(
    [],
  )
  expect((await standOf(database, one)).open).toEqual([])
  await one.night([], [])
  expect(await standOf(database, one)).toEqual({ open: ['t1'], awaited: [] })
})

test('what another processor calls by the number is not the payment, before or after', async () => {
  const one = await life(database, 'ALLOCATION_TARGET_MISMATCH')
  const [first, second] = [bookedAgainst('inv-1'), bookedAgainst('inv-2', 2)]
  const charge = (number: number): string => `b${number},Payment,,inv-${number},,80.00,0.00,USD,2026-11-02 12:00:00`
  await one.night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [first], [charge(2)])
  const line = 't2,Refund,re_2,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00'
  expect(await one.night([line], [first, second], [charge(1)])).toEqual([])
  expect(await standOf(database, one)).toEqual({ open: [], awaited: ['leg-1 inv-1', 'leg-2 inv-2'] })
})

test('payment ids are written down from the first night on that asks for one, those of earlier nights with them', async () => {
  const one = await life(database)
  await one.night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'])
  await one.night(['t2,Refund,re_2,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00'])
  expect(await keysOf(one)).toEqual([])
  await one.night(['t3,Refund failed,,ch_1,,60.00,0.00,USD,2026-11-08 12:00:00'])
  expect(await keysOf(one)).toEqual(['ch_1 t1', 'ch_1 t3', 'ch_2 t2'])
  await one.night(['t4,Refund,re_4,ch_2,,-10.00,0.00,USD,2026-11-09 12:00:00'])
  expect(await keysOf(one)).toEqual(['ch_1 t1', 'ch_1 t3', 'ch_2 t2', 'ch_2 t4'])
})
