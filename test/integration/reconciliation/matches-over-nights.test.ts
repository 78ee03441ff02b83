/** What is matched stays matched, but for the reasons that spec section 4, "From night to night", names. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { openNights } from '../../support/nights.ts'
import { rowsWritten } from '../../support/tables.ts'

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

test('60.00 matched by the payment stays so when another 60.00 of that payment comes, which is missing in the ledger', async () => {
  const { night, open, matches, business } = await openNights(database)
  const first = booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1' })
  const stripe = ['t1,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [first], stripe })).toEqual([])
  expect(await open()).toEqual([])
  expect(await passesOf(business.id)).toEqual(['payment_reference 1 1 6000 1'])
  // another payment has nothing to do with it
  const other = booking({ number: 2, cents: 6000, on: '2026-11-03', payment: 'ch_2' })
  const line = ['t2,Refund,,ch_2,,-60.00,0.00,USD,2026-11-03 12:00:00']
  expect(await night({ customer: [first, other], stripe: line })).toEqual([])
  expect(await passesOf(business.id)).toEqual(['payment_reference 2 2 12000 2'])
  // the same money once more, and a day nearer to nothing that the books have
  const again = ['t3,Refund,,ch_1,,-60.00,0.00,USD,2026-11-04 12:00:00']
  expect(await night({ customer: [first, other], stripe: again })).toEqual(['MISSING_IN_LEDGER t3'])
  expect(await matches()).toEqual(['payment_reference leg-1 t1', 'payment_reference leg-2 t2'])
  expect(await passesOf(business.id)).toEqual(['payment_reference 2 2 12000 2'])
})

test('60.00 matched by amount and date stays so when another 60.00 comes three days later', async () => {
  const { night, open, matches } = await openNights(database)
  const customer = [booking({ number: 1, cents: 6000, on: '2026-11-03' })]
  await night({ customer, stripe: ['t1,Refund,,,,-60.00,0.00,USD,2026-11-04 12:00:00'] })
  expect(await matches()).toEqual(['amount_and_date leg-1 t1'])
  const found = await night({ customer, stripe: ['t2,Refund,,,,-60.00,0.00,USD,2026-11-07 12:00:00'] })
  expect(found).toEqual(['MISSING_IN_LEDGER t2'])
  expect(await matches()).toEqual(['amount_and_date leg-1 t1'])
  expect(await open()).toEqual(['t2'])
})

test('60.00 that came in one night with two lines of 60.00 is ambiguous', async () => {
  const { night, open } = await openNights(database)
  const customer = [booking({ number: 1, cents: 6000, on: '2026-11-03' })]
  const stripe = [
    't1,Refund,,,,-60.00,0.00,USD,2026-11-04 12:00:00',
    't2,Refund,,,,-60.00,0.00,USD,2026-11-07 12:00:00',
  ]
  expect(await night({ customer, stripe })).toEqual(['AMBIGUOUS_MATCH leg-1 t1 t2'])
  expect(await open()).toEqual(['leg-1', 't1', 't2'])
})

test('60.00 matched by the payment gives its line to the refund whose id comes later', async () => {
  const { night, open, business } = await openNights(database)
  const unnamed = booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1' })
  await night({ customer: [unnamed], stripe: ['t1,Refund,re_1,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'] })
  expect(await open()).toEqual([])
  const named = booking({ number: 2, cents: 6000, on: '2026-11-03', payment: 'ch_9', external_id: 're_1' })
  const line = ['t2,Refund,re_2,ch_2,,-10.00,0.00,USD,2026-11-03 12:00:00']
  await night({ customer: [unnamed, named], stripe: line })
  expect(await passesOf(business.id)).toEqual(['refund_id 1 1 6000 1'])
  expect(await open()).toEqual(['leg-1', 't2'])
})

test('60.00 matched by the payment leaves its line for the line of its own id, whenever that comes', async () => {
  const { night, open, business } = await openNights(database)
  const customer = [booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1', external_id: 're_7' })]
  await night({ customer, stripe: ['t1,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'] })
  expect(await passesOf(business.id)).toEqual(['payment_reference 1 1 6000 1'])
  expect(await open()).toEqual([])
  const found = await night({ customer, stripe: ['t2,Refund,re_7,,,-60.00,0.00,USD,2026-11-03 12:00:00'] })
  expect(found).toEqual(['MISSING_IN_LEDGER t1'])
  expect(await passesOf(business.id)).toEqual(['refund_id 1 1 6000 1'])
})

test('60.00 matched by the payment is matched again when the books say 50.00, and when its line is reversed', async () => {
  const { night, open } = await openNights(database)
  const [sixty, fifty] = [6000, 5000].map((cents) => booking({ number: 1, cents, on: '2026-11-03', payment: 'ch_1' }))
  await night({ customer: [sixty], stripe: ['t1,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00'] })
  expect(await open()).toEqual([])
  expect(await night({ customer: [fifty] })).toEqual(['AMOUNT_MISMATCH leg-1 t1'])
  expect(await night({ customer: [sixty] })).toEqual([])
  expect(await open()).toEqual([])
  const back = ['t2,Refund failed,,ch_1,,60.00,0.00,USD,2026-11-08 12:00:00']
  expect(await night({ customer: [sixty], stripe: back })).toEqual(['REFUND_FAILED leg-1 t1 t2'])
})

test('a night that brings nothing writes no match, no open item and no finding again', async () => {
  const { night, business } = await openNights(database)
  const customer = [1, 2, 3].map((number) =>
    booking({ number, cents: 1000 * number, on: '2026-11-03', payment: `ch_${number}` }),
  )
  const line = (number: number): string =>
    `t${number},Refund,,ch_${number},,-${number}0.00,0.00,USD,2026-11-03 12:00:00`
  await night({ customer, stripe: [line(1), line(2), line(4)] })
  const tables = ['match_item', 'open_item', 'discrepancy', 'discrepancy_effect', 'tie_out_line']
  const written = async (): Promise<unknown[]> =>
    (await Promise.all(tables.map((table) => rowsWritten(database, table, business.id)))).flat()
  const before = await written()
  // two matches, two open items with a finding and an effect each, three measures of a month
  expect(before.length).toBe(2 + 2 + 2 + 2 + 3)
  await night({ customer })
  expect(await written()).toEqual(before)
})

test('60.00 stays matched though more was given back than the 50.00 that were paid, which is found every night', async () => {
  const { night, open } = await openNights(database)
  const customer = [booking({ number: 1, cents: 6000, on: '2026-11-03', payment: 'ch_1' })]
  const stripe = [
    't1,Payment,,ch_1,,50.00,0.00,USD,2026-11-02 12:00:00',
    't2,Refund,,ch_1,,-60.00,0.00,USD,2026-11-03 12:00:00',
  ]
  expect(await night({ customer, stripe })).toEqual(['OVER_REFUND t1 t2'])
  expect(await open()).toEqual([])
  expect(await night({ customer })).toEqual(['OVER_REFUND t1 t2'])
  expect(await open()).toEqual([])
})
