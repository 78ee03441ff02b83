/** CURRENCY_CONVERTED or CURRENCY_MISMATCH: which rate explains a refund that was settled in another currency (section 5). */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { liveThrough } from '../../support/small-night.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

interface Settled {
  rates: string[]
  /** lines of refund re_1, as 'amount currency' */
  paid?: string[]
  /** minor units of USD */
  booked?: number
  rate_tolerance_bp?: number
}

/** What is found of 45.00 USD booked on 14 October, of which the processor settled 60.00 CAD unless told otherwise. */
async function found({ rates, paid = ['60.00 CAD'], booked = 4500, ...settings }: Settled): Promise<string> {
  const refund = {
    ...{ id: 'refund-1', refunded_amount: booked, status: 'PAID', completed_at: '2026-10-14T12:00:00Z' },
    payments: [
      { id: 'leg-1', external_id: 're_1', refunded_amount: booked, method: 'CREDIT_CARD', processor: 'STRIPE' },
    ],
  }
  const lines = paid.map((money, place) => {
    const [amount, currency] = money.split(' ')
    return `t${place},Refund,re_1,ch_1,,-${amount},0.00,${currency},2026-10-14 12:00:00`
  })
  const night = { says: '', customer: [refund], vendor: [], files: { STRIPE: lines }, finds: [], rates, ...settings }
  const { finds, unexplained_lines } = await liveThrough(database, night)
  expect(unexplained_lines).toBe(0)
  return finds.map(({ code }) => code).join()
}

test.each<[string, Settled]>([
  ['0.75 of the day', { rates: ['2026-10-14,CAD,USD,0.75'] }],
  ['0.75 of seven days before', { rates: ['2026-10-07,CAD,USD,0.75'] }],
  ['the latest of several', { rates: ['2026-10-10,CAD,USD,0.50', '2026-10-12,CAD,USD,0.75'] }],
  ['the inverse, 1.3333', { rates: ['2026-10-14,USD,CAD,1.3333'] }],
  ['of one date the direct one', { rates: ['2026-10-14,CAD,USD,0.75', '2026-10-14,USD,CAD,2'] }],
  ['an inverse that is later than the direct one', { rates: ['2026-10-10,CAD,USD,0.50', '2026-10-12,USD,CAD,1.3333'] }],
  ['of yen, which have no cents', { rates: ['2026-10-14,JPY,USD,0.0067'], paid: ['6716 JPY'] }],
  ['of dinars, which have three digits', { rates: ['2026-10-14,KWD,USD,3.25'], paid: ['13.846 KWD'] }],
  [
    'of one of two lines, the other in dollars',
    { rates: ['2026-10-14,CAD,USD,0.75'], paid: ['15.00 USD', '40.00 CAD'] },
  ],
  [
    'half a cent is rounded away from zero, and nothing is tolerated',
    { rates: ['2026-10-14,CAD,USD,0.75'], paid: ['59.98 CAD'], booked: 4499, rate_tolerance_bp: 0 },
  ],
])('a rate explains it: %s', async (_what, settled) => {
  expect(await found(settled)).toBe('CURRENCY_CONVERTED')
})

test.each<[string, Settled]>([
  ['there is none', { rates: [] }],
  ['of eight days before', { rates: ['2026-10-06,CAD,USD,0.75'] }],
  ['of the day after', { rates: ['2026-10-15,CAD,USD,0.75'] }],
  ['an earlier one would, the latest does not', { rates: ['2026-10-10,CAD,USD,0.75', '2026-10-12,CAD,USD,0.50'] }],
  [
    'the inverse of its date would, the direct one does not',
    { rates: ['2026-10-14,CAD,USD,0.50', '2026-10-14,USD,CAD,1.3333'] },
  ],
  ['of another currency', { rates: ['2026-10-14,AUD,USD,0.75'] }],
  ['of one of two lines only', { rates: ['2026-10-14,CAD,USD,0.75'], paid: ['40.00 CAD', '15.00 EUR'] }],
  [
    'a cent off, and nothing is tolerated',
    { rates: ['2026-10-14,CAD,USD,0.75'], paid: ['59.98 CAD'], booked: 4498, rate_tolerance_bp: 0 },
  ],
])('no rate explains it: %s', async (_what, settled) => {
  expect(await found(settled)).toBe('CURRENCY_MISMATCH')
})
