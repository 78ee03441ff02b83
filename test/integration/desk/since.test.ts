/** What the desk says of the night before is what the reports say of it. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { rowHash } from '../../../src/core/row-hash.ts'
import { run } from '../../../src/database/statement.ts'
import type { BusinessLine } from '../../../src/report/lines.ts'
import { CHANGES, readSince } from '../../../src/report/since.ts'
import { decide } from '../../../src/review/decide.ts'
import type { Decision } from '../../../src/review/deeds.ts'
import { standingOf } from '../../../src/review/judge.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Nights, openNights } from '../../support/nights.ts'

let database: FreshDatabase
let nights: Nights
beforeAll(async () => {
  database = await freshDatabase()
  nights = await openNights(database)
})
afterAll(() => database.close())

/** A refund that Stripe made and the ledger does not have. */
const paid = (number: number, on = '2026-11-10'): string =>
  `t${number},Refund,re_${number},,,-${number}.00,0.00,USD,${on} 12:00:00`
const booked = (number: number, on = '2026-11-10'): object => ({
  ...{ id: `refund-${number}`, refunded_amount: number * 100, status: 'PAID', completed_at: `${on}T12:00:00Z` },
  payments: [
    {
      ...{ id: `leg-${number}`, external_id: `re_${number}`, refunded_amount: number * 100 },
      ...{ method: 'CREDIT_CARD', processor: 'STRIPE' },
    },
  ],
})

/** Decides about the finding of so many dollars, at an instant of the person's clock. */
const decided = async (dollars: number, at: string, decision: Decision): Promise<void> => {
  const { id } = nights.business
  const [found] = await database.query<{ discrepancy_id: string }>(
    `select discrepancy_id from discrepancy
     join discrepancy_effect using (business_id, discrepancy_id) where business_id = $1 and abs(amount) = $2 and status <> 'cleared'`,
    [id, dollars * 100],
  )
  const discrepancy_id = found?.discrepancy_id ?? ''
  const standing = (await standingOf(database, id, [discrepancy_id])).get(discrepancy_id)
  if (standing === undefined) throw new Error(`no finding of ${dollars}`)
  const { event_number } = standing
  const taken = { discrepancy_id, event_number, row_hash: rowHash({ id: discrepancy_id, ...standing }) }
  const limits = { id, currency: 'USD', waive_limit: null, waive_limit_month: null }
  await database.transaction((db) => decide(db, limits, { by: 'Ada', at }, [{ decision, note: 'why', taken }]))
}

/** '2 new, 1 cleared, 1 decided': by the desk and by the reports. */
const said = async (): Promise<string[]> => {
  const { id } = nights.business
  const [stored] = await run<BusinessLine>(database, 'report/businesses', [[id]])
  if (stored === undefined) throw new Error('the business is not stored')
  const [desk] = await run(database, 'desk/since', [id])
  const reported = await database.transaction((db) => readSince(db, stored, stored.reconciled_as_of ?? ''))
  expect(desk?.before_at ?? null).toBe(reported.before_at)
  return [
    CHANGES.map((change) => `${desk?.[change] ?? 0n} ${change}`).join(', '),
    CHANGES.map((change) => `${reported[change].count} ${change}`).join(', '),
  ]
}

it('counts what is new, cleared and decided as the reports do, night after night', async () => {
  // 16 November: three refunds that the ledger lacks, and one that Stripe may still bring
  await nights.night({ stripe: [paid(1), paid(2), paid(3)], customer: [booked(9, '2026-11-15')] })
  expect(await said()).toEqual(['0 new, 0 cleared, 0 decided', '0 new, 0 cleared, 0 decided'])
  // 17 November: 1.00 is booked, 4.00 and 5.00 are new
  await nights.night({ stripe: [paid(4), paid(5)], customer: [booked(9, '2026-11-15'), booked(1)] })
  expect(await said()).toEqual(['2 new, 1 cleared, 0 decided', '2 new, 1 cleared, 0 decided'])
  // whatever the clock says, a decision after the night of the 16th is one since then: this one bears an instant before it
  await decided(2, '2026-11-16T08:00:00Z', { action: 'resolve', as: 'explained' })
  expect(await said()).toEqual(['2 new, 1 cleared, 1 decided', '2 new, 1 cleared, 1 decided'])
  // what is new and acknowledged is new no more
  await decided(4, '2026-11-17T13:00:00Z', { action: 'acknowledge' })
  expect(await said()).toEqual(['1 new, 1 cleared, 2 decided', '1 new, 1 cleared, 2 decided'])
  // a comment, and whose it is, decide nothing
  await decided(3, '2026-11-17T13:00:00Z', { action: 'comment' })
  await decided(3, '2026-11-17T13:00:00Z', { action: 'assign', owner: 'Ben', due_on: null })
  expect(await said()).toEqual(['1 new, 1 cleared, 2 decided', '1 new, 1 cleared, 2 decided'])
  // 18 November: decisions of before the night of the 17th are told no more, those after it still
  await nights.night({ stripe: [], customer: [booked(9, '2026-11-15'), booked(1)] })
  expect(await said()).toEqual(['0 new, 0 cleared, 2 decided', '0 new, 0 cleared, 2 decided'])
  // the 19th and 20th: the time to wait for the 9.00 is over, and the resolved 2.00 is booked at another amount
  await nights.night({ stripe: [], customer: [booked(9, '2026-11-15'), booked(1)] })
  expect(await said()).toEqual(['0 new, 0 cleared, 0 decided', '0 new, 0 cleared, 0 decided'])
  await nights.night({
    ...{ stripe: [], covers_to: '2026-11-20' },
    customer: [booked(9, '2026-11-15'), booked(1), { ...booked(2), refunded_amount: 200 }],
  })
  const [overdue] = await database.query(`select from event where kind = 'overdue' and business_id = $1`, [
    nights.business.id,
  ])
  expect(overdue).toBeDefined()
  expect(await said()).toEqual(['1 new, 1 cleared, 0 decided', '1 new, 1 cleared, 0 decided'])
})
