/** Refunds that no refund id joins to their line are settled too, and looked at again when somebody comes who has to do with them. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { life, standOf } from '../../support/life.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

interface Booking {
  number: number
  cents: number
  on: string
  payment?: string
  external_id?: string
}

const booking = ({ number, cents, on, payment, external_id }: Booking): unknown => ({
  id: `refund-${number}`,
  refunded_amount: cents,
  status: 'PAID',
  completed_at: `${on}T12:00:00Z`,
  allocations: [{ id: `allocation-${number}`, amount: cents, invoice_payment_external_id: payment ?? null }],
  payments: [
    {
      id: `leg-${number}`,
      external_id: external_id ?? null,
      refunded_amount: cents,
      method: 'CREDIT_CARD',
      processor: 'STRIPE',
    },
  ],
})

const passesOf = async (business_id: string): Promise<string[]> => {
  const rows = await database.query<{ text: string }>(
    `select concat_ws(' ', pass, legs, rows, amount, count) as text from match_total where business_id = $1 order by text`,
    [business_id],
  )
  return rows.map(({ text }) => text)
}

test('60.00 joined to its line by the payment is settled and counted, and a second 60.00 of that payment brings it back', async () => {
  const one = await life(database, 'AMBIGUOUS_MATCH', 'MISSING_IN_LEDGER', 'MISSING_AT_PROCESSOR')
  const first = booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1' })
  expect(await one.night(['t1,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [first])).toEqual([])
  expect((await standOf(database, one)).open).toEqual([])
  expect(await passesOf(one.business.id)).toEqual(['payment_reference 1 1 6000 1'])
  // another payment has nothing to do with it
  const other = booking({ number: 2, cents: 6000, on: '2026-11-03', payment: 'ch_2' })
  await one.night(['t2,Refund,,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00'], [first, other])
  expect((await standOf(database, one)).open).toEqual([])
  expect(await passesOf(one.business.id)).toEqual(['payment_reference 2 2 12000 2'])
  // the same money once more, which the books do not have: one of the two lines is missing there
  const found = await one.night(['t3,Refund,,ch_1,,-60.00,0.00,USD,2026-11-04 12:00:00'], [first, other])
  expect(found).toEqual(['MISSING_IN_LEDGER t3'])
  expect(await passesOf(one.business.id)).toEqual(['payment_reference 2 2 12000 2'])
})

test('60.00 joined by amount and date waits for nobody but 60.00 within the three days that the pass allows', async () => {
  const one = await life(database, 'AMBIGUOUS_MATCH')
  const first = booking({ number: 1, cents: 6000, on: '2026-11-03' })
  await one.night(['t1,Refund,,,,-60.00,0.00,USD,2026-11-04 12:00:00'], [first])
  expect((await standOf(database, one)).open).toEqual([])
  expect(await passesOf(one.business.id)).toEqual(['amount_and_date 1 1 6000 1'])
  // four days after the later of the two
  const found = await one.night(['t2,Refund,,,,-60.00,0.00,USD,2026-11-08 12:00:00'], [first])
  expect(found).toEqual([])
  expect((await standOf(database, one)).open).toEqual(['t2'])
  // three days: now it cannot be said which of the two lines the refund is
  const near = await one.night(['t3,Refund,,,,-60.00,0.00,USD,2026-11-07 12:00:00'], [first])
  expect(near).toEqual(['AMBIGUOUS_MATCH t1 t2 t3'])
  expect((await standOf(database, one)).open).toEqual(['leg-1', 't1', 't2', 't3'])
})

test('60.00 joined by the payment gives its line to the refund whose id comes later', async () => {
  const one = await life(database, 'MISSING_AT_PROCESSOR', 'MISSING_IN_LEDGER')
  const unnamed = booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1' })
  await one.night(['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [unnamed])
  expect((await standOf(database, one)).open).toEqual([])
  const named = booking({ number: 2, cents: 6000, on: '2026-11-03', payment: 'ch_9', external_id: 're_1' })
  await one.night(['t2,Refund,re_2,ch_2,,-10.00,0.00,USD,2026-11-03 12:00:00'], [unnamed, named])
  expect(await passesOf(one.business.id)).toEqual(['refund_id 1 1 6000 1'])
  expect((await standOf(database, one)).open).toEqual(['leg-1', 't2'])
})

test('60.00 joined by the payment leaves its line for the line of its own id, whenever that comes', async () => {
  const one = await life(database, 'MISSING_IN_LEDGER')
  const own = booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1', external_id: 're_7' })
  await one.night(['t1,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [own])
  expect(await passesOf(one.business.id)).toEqual(['payment_reference 1 1 6000 1'])
  expect((await standOf(database, one)).open).toEqual([])
  const found = await one.night(['t2,Refund,re_7,,,-60.00,0.00,USD,2026-11-03 12:00:00'], [own])
  expect(found).toEqual(['MISSING_IN_LEDGER t1'])
  expect(await passesOf(one.business.id)).toEqual(['refund_id 1 1 6000 1'])
})

test('60.00 joined by the payment is looked at again when the books say 50.00, and when its line is reversed', async () => {
  const one = await life(database, 'AMOUNT_MISMATCH', 'REFUND_FAILED', 'MISSING_IN_LEDGER')
  const [sixty, fifty] = [6000, 5000].map((cents) => booking({ number: 1, cents, on: '2026-11-03', payment: 'ch_1' }))
  await one.night(['t1,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'], [sixty])
  expect((await standOf(database, one)).open).toEqual([])
  const changed = await one.night([], [fifty])
  expect(changed).toEqual(['AMOUNT_MISMATCH t1'])
  expect(await one.night([], [sixty])).toEqual([])
  expect((await standOf(database, one)).open).toEqual([])
  expect(await one.night(['t2,Refund failed,,ch_1,,60.00,0.00,USD,2026-11-08 12:00:00'], [sixty])).toEqual([
    'REFUND_FAILED t1 t2',
  ])
})

test('a night that brings nothing leaves settled matches alone', async () => {
  const one = await life(database)
  const all = [1, 2, 3].map((number) =>
    booking({ number, cents: 1000 * number, on: '2026-11-03', payment: `ch_${number}` }),
  )
  await one.night(
    [1, 2, 3].map((number) => `t${number},Refund,,ch_${number},,-${number}0.00,0.00,USD,2026-11-03 12:00:00`),
    all,
  )
  const written = async () =>
    await database.query(
      `select ctid::text, xmin::text from settled_match where business_id = $1
       union all select ctid::text, xmin::text from settled_key where business_id = $1 order by 1, 2`,
      [one.business.id],
    )
  const before = await written()
  expect(before.length).toBeGreaterThan(6)
  await one.night([], all)
  expect(await written()).toEqual(before)
})

test('60.00 joined by the payment is settled though more was given back than the 50.00 that were paid, which is found every night', async () => {
  const one = await life(database, 'OVER_REFUND')
  const first = booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1' })
  const lines = [
    't1,Payment,,ch_1,,50.00,0.00,USD,2026-11-02 12:00:00',
    't2,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
  ]
  expect(await one.night(lines, [first])).toEqual(['OVER_REFUND t1 t2'])
  expect((await standOf(database, one)).open).toEqual([])
  expect(await one.night([], [first])).toEqual(['OVER_REFUND t1 t2'])
  expect((await standOf(database, one)).open).toEqual([])
})
