/** Fees of a month that a person types in, in the place of the fee lines of files (spec section 6). */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { count, run } from '../../../src/database/statement.ts'
import { closeMonths } from '../../../src/review/close/close.ts'
import { recordRepairs } from '../../../src/review/repairs.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Nights, openNights } from '../../support/nights.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const AT = '2026-11-20T09:00:00Z'
const ACT = { by: 'Ada', at: AT, note: 'invoice 77' }

const refund = {
  ...{ id: 'refund-1', refunded_amount: 4500, status: 'PAID', completed_at: '2026-10-10T12:00:00Z' },
  payments: [
    { id: 'leg-1', external_id: 're_1', refunded_amount: 4500, fee: 30, method: 'CREDIT_CARD', processor: 'STRIPE' },
  ],
}
const LINES = [
  't1,Refund,re_1,ch_1,,-45.00,0.00,USD,2026-10-10 12:00:00',
  'f1,Billing,,,,-0.50,0.00,USD,2026-10-31 12:00:00',
]

/** October under `fees: month`: the ledger has fees of 0.30, the file a line of 0.50. */
const october = async (): Promise<Nights> => {
  const nights = await openNights(database, {
    fees: { STRIPE: [{ from: '2026-10-01', tie: 'month', categories: ['Billing'] }] },
  })
  expect(await nights.night({ customer: [refund], stripe: LINES, billpay: [] })).toEqual(['FEE_TOTAL_MISMATCH'])
  return nights
}

const set = async ({ business: { id } }: Nights, amount: bigint | null, month = '2026-10'): Promise<void> =>
  await database.transaction(async (db) => {
    await count(db, 'fees/set', [id, month, 'STRIPE', '', 'USD', amount, ACT.by, ACT.at, ACT.note])
    await recordRepairs(db, id, ACT, [
      {
        ...{ kind: 'fees_set', subject: `fees ${month} STRIPE USD`, from_state: null },
        ...{ to_state: amount === null ? null : String(amount), months: [month], details: {} },
      },
    ])
  })

test('0.30 typed in stands for the line of 0.50, and taken back the line counts again', async () => {
  const nights = await october()
  const customer = [refund]
  await set(nights, 30n)
  expect(await nights.night({ customer })).toEqual([])
  expect(await run(database, 'fees/list', [nights.business.id])).toMatchObject([
    { month: '2026-10', processor: 'STRIPE', amount: 30n, by: 'Ada', note: 'invoice 77' },
  ])
  await set(nights, 45n)
  expect(await nights.night({ customer })).toEqual(['FEE_TOTAL_MISMATCH'])
  await set(nights, null)
  expect(await nights.night({ customer })).toEqual(['FEE_TOTAL_MISMATCH'])
})

test('a month without lines is compared once an amount is typed in', async () => {
  const nights = await openNights(database, {
    fees: { STRIPE: [{ from: '2026-10-01', tie: 'month', categories: [] }] },
  })
  const customer = [refund]
  expect(await nights.night({ customer, stripe: LINES, billpay: [] })).toEqual(['FEES_NOT_COMPARED'])
  await set(nights, 50n)
  expect(await nights.night({ customer })).toEqual(['FEE_TOTAL_MISMATCH'])
})

test('a difference shows the lines it sums, by category and file, or what was typed in', async () => {
  const nights = await october()
  const sums = async () => {
    const [found] = await database.query<{ discrepancy_id: string }>(
      `select discrepancy_id from discrepancy where business_id = $1 and status = 'open'`,
      [nights.business.id],
    )
    return await run(database, 'fees/sums', [nights.business.id, found?.discrepancy_id ?? ''])
  }
  expect(await sums()).toEqual([
    {
      rank: 2,
      kind: 'fee lines',
      category: 'Billing',
      file: 'stripe.csv',
      lines: 1n,
      refund_fee: 50n,
      returned_fee: 0n,
    },
  ])
  await set(nights, 45n)
  await nights.night({ customer: [refund] })
  expect(await sums()).toEqual([
    { rank: 3, kind: 'typed in', category: null, file: null, lines: 1n, refund_fee: 45n, returned_fee: 0n },
  ])
})

test('of a closed month nothing is typed in, until it is opened again', async () => {
  const nights = await october()
  await database.transaction((db) =>
    closeMonths(
      db,
      nights.business.id,
      { month: '2026-10', accept_open: 'the invoice is awaited', as_of: null, four_eyes: false },
      ACT,
    ),
  )
  await expect(set(nights, 30n)).rejects.toThrow('it would change figures of 2026-10, which is closed')
  expect(await run(database, 'fees/list', [nights.business.id])).toEqual([])
  await set(nights, 30n, '2026-11')
})
