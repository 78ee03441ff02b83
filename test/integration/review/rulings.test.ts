/** What persons rule about matching: it stands above the passes, outlives every run, and can be taken back (spec section 7). */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../../src/database/connect.ts'
import { firstBrokenEvent } from '../../../src/review/events.ts'
import { forgetRuling, type Items, readRulings, ruleMatch, ruleUnmatch } from '../../../src/review/rulings.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Nights, openNights } from '../../support/nights.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const booked = (id: string, amount: number, external_id: string | null = null, processor = 'STRIPE'): unknown => ({
  ...{ id: `refund-${id}`, refunded_amount: amount, status: 'PAID', completed_at: '2026-11-10T12:00:00Z' },
  payments: [{ id: `leg-${id}`, external_id, refunded_amount: amount, method: 'CREDIT_CARD', processor }],
})
const paid = (id: string, amount: string, kind = 'Refund'): string =>
  `t${id},${kind},re_${id},ch_${id},,${amount},0.00,USD,2026-11-12 12:00:00`

const ACT = { by: 'Ada', at: '2026-11-20T09:00:00Z', note: 'the customer says so' }

const itemsOf = async ({ business }: Nights, ...names: string[]): Promise<Items> => {
  const numbers = async (sql: string): Promise<bigint[]> =>
    (await database.query<{ number: bigint }>(sql, [business.id, names])).map(({ number }) => number)
  return {
    leg_nos: await numbers(`select leg_no as number from ledger_leg where business_id = $1 and leg_id = any ($2)`),
    row_nos: await numbers(
      `select row_no as number from processor_row where business_id = $1 and transaction_id = any ($2)`,
    ),
  }
}
const within = async <T>(work: (db: Db) => Promise<T>): Promise<T> => await database.transaction(work)
const match = async (nights: Nights, ...names: string[]): Promise<unknown> => {
  const items = await itemsOf(nights, ...names)
  return await within((db) => ruleMatch(db, nights.business.id, items, ACT))
}
const unmatch = async (nights: Nights, ...names: string[]): Promise<unknown> => {
  const items = await itemsOf(nights, ...names)
  return await within((db) => ruleUnmatch(db, nights.business.id, items, ACT))
}
const forget = async (nights: Nights, place = 0): Promise<void> => {
  const ruling = (await readRulings(database, nights.business.id))[place]
  if (ruling === undefined) throw new Error('there is no such ruling')
  await within((db) => forgetRuling(db, nights.business.id, ruling, { ...ACT, by: 'Ben', note: null }))
}

test('45.00 in the books and 50.00 at Stripe are one match because a person says so, every night and when all is matched anew', async () => {
  const nights = await openNights(database)
  const customer = [booked('1', 4500)]
  const apart = ['MISSING_AT_PROCESSOR leg-1', 'MISSING_IN_LEDGER t1']
  expect(await nights.night({ customer, stripe: [paid('1', '-50.00')] })).toEqual(apart)
  expect(await match(nights, 'leg-1', 't1')).toMatchObject({
    ...{ kind: 'match', legs: ['leg-1'], rows: ['t1'], by: 'Ada', note: 'the customer says so' },
  })
  for (const full of [false, false, true, false]) {
    expect(await nights.night({ customer, full })).toEqual(['AMOUNT_MISMATCH leg-1 t1'])
    expect(await nights.matches()).toEqual(['manual leg-1 t1'])
  }
  await forget(nights)
  expect(await nights.night({ customer })).toEqual(apart)
  expect(await readRulings(database, nights.business.id)).toEqual([])
  const told = await database.query(
    `select actor, kind, from_state, to_state, note, details from event where business_id = $1 and subject like 'ruling %' order by event_number`,
    [nights.business.id],
  )
  const details = '{"legs":["leg-1"],"rows":["t1"]}'
  expect(told).toEqual([
    { actor: 'Ada', kind: 'ruled', from_state: null, to_state: 'match', note: 'the customer says so', details },
    { actor: 'Ben', kind: 'ruling_forgotten', from_state: 'match', to_state: null, note: null, details },
  ])
  expect(await within((db) => firstBrokenEvent(db, nights.business.id))).toBeNull()
})

test('a leg that names re_1 belongs to t2 by ruling, and t1 is missing in the ledger then', async () => {
  const nights = await openNights(database)
  const customer = [booked('1', 4500, 're_1')]
  await nights.night({ customer, stripe: [paid('1', '-45.00'), paid('2', '-45.00')] })
  expect(await nights.matches()).toEqual(['refund_id leg-1 t1'])
  await match(nights, 'leg-1', 't2')
  for (const full of [false, true]) {
    expect(await nights.night({ customer, full })).toEqual(['MISSING_IN_LEDGER t1'])
    expect(await nights.matches()).toEqual(['manual leg-1 t2'])
  }
})

test('what is unmatched is not matched again by any pass, until the ruling is taken back', async () => {
  const nights = await openNights(database)
  const customer = [booked('1', 4500, 're_1')]
  await nights.night({ customer, stripe: [paid('1', '-45.00')] })
  expect(await unmatch(nights, 'leg-1')).toMatchObject({ kind: 'unmatch', legs: ['leg-1'], rows: ['t1'] })
  for (const full of [false, false, true]) {
    expect(await nights.night({ customer, full })).toEqual(['MISSING_AT_PROCESSOR leg-1', 'MISSING_IN_LEDGER t1'])
    expect(await nights.matches()).toEqual([])
  }
  await expect(unmatch(nights, 'leg-1')).rejects.toThrow('are in no match')
  await forget(nights)
  expect(await nights.night({ customer })).toEqual([])
  expect(await nights.matches()).toEqual(['refund_id leg-1 t1'])
})

test('of two rulings about one pair the later one holds', async () => {
  const nights = await openNights(database)
  const customer = [booked('1', 4500, 're_1')]
  await nights.night({ customer, stripe: [paid('1', '-45.00')] })
  await unmatch(nights, 't1')
  await nights.night({ customer })
  expect(await nights.matches()).toEqual([])
  await match(nights, 'leg-1', 't1')
  await nights.night({ customer })
  expect(await nights.matches()).toEqual(['manual leg-1 t1'])
  await unmatch(nights, 'leg-1')
  await nights.night({ customer, full: true })
  expect(await nights.matches()).toEqual([])
})

test('two legs and a row are one match of 60.00', async () => {
  const nights = await openNights(database)
  const customer = [booked('1', 4500), booked('2', 1500)]
  await nights.night({ customer, stripe: [paid('1', '-60.00')] })
  await match(nights, 'leg-1', 'leg-2', 't1')
  expect(await nights.night({ customer })).toEqual([])
  expect(await nights.matches()).toEqual(['manual leg-1 leg-2 t1'])
})

test.each([
  ['without a row', ['leg-1', 'leg-2'], 'at least one of each'],
  ['without a leg', ['t1', 't2'], 'at least one of each'],
  ['of a payment', ['leg-1', 't3'], 'row t3 is no refund but of type payment: it cannot be matched'],
  [
    'of two processors',
    ['leg-9', 't1'],
    'leg leg-9 is a customer refund of BILLPAY, and row t1 is a customer refund of STRIPE',
  ],
  ['of two directions', ['leg-1', 't4'], 'a match is of one direction and processor'],
  ['of a leg that went through no processor', ['leg-8', 't1'], 'leg leg-8 went through no processor'],
  ['with what is in another ruling', ['leg-2', 't1'], 'row t1 is in ruling'],
])('a match %s is refused, and nothing is written', async (_what, names, why) => {
  const nights = await openNights(database)
  const cash = booked('8', 800) as { payments: { method: string; processor: string | null }[] }
  cash.payments = cash.payments.map((payment) => ({ ...payment, method: 'CASH', processor: null }))
  const customer = [booked('1', 4500), booked('2', 1500), booked('9', 900, null, 'BILLPAY'), cash]
  const stripe = [
    ...[paid('1', '-50.00'), paid('2', '-60.00'), paid('3', '70.00', 'Payment'), paid('4', '-10.00', 'Vendor credit')],
  ]
  await nights.night({ customer, stripe })
  if (why.endsWith('in ruling')) await match(nights, 'leg-1', 't1')
  const before = await readRulings(database, nights.business.id)
  await expect(match(nights, ...names)).rejects.toThrow(why)
  expect(await readRulings(database, nights.business.id)).toEqual(before)
})

test('a ruling outlives that the refund leaves the ledger and comes back', async () => {
  const nights = await openNights(database)
  const customer = [booked('1', 4500)]
  await nights.night({ customer, stripe: [paid('1', '-50.00')] })
  await match(nights, 'leg-1', 't1')
  await nights.night({ customer })
  expect(await nights.night({})).toContain('MISSING_IN_LEDGER t1')
  expect(await nights.night({ customer })).toEqual(['AMOUNT_MISMATCH leg-1 t1'])
})
