/** Each figure of a roll-forward opens the items that it is made of, with what each adds. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BusinessConfig } from '../../../src/config/config.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { closeMonths } from '../../../src/review/close/close.ts'
import { reopenMonth } from '../../../src/review/close/reopen.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type OpenDesk, openDesk } from '../../support/desk.ts'
import { quiet } from '../../support/quiet.ts'
import { unfooted } from '../../support/roll-forward-items.ts'
import { openBusiness, takeIn } from '../../support/small-night.ts'
import { toldHistory } from '../../support/told-history.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

/** A refund in the ledger that no processor made, until a line of Stripe's says so. */
const booked = (number: number, amount: number, on: string): object => ({
  ...{ id: `refund-${number}`, refunded_amount: amount, status: 'PAID', completed_at: `${on}T12:00:00Z` },
  payments: [
    {
      ...{ id: `leg-${number}`, external_id: `re_${number}`, refunded_amount: amount },
      ...{ method: 'CREDIT_CARD', processor: 'STRIPE' },
    },
  ],
})

const night = async (business: BusinessConfig, as_of: string, customer: object[], stripe: string[]): Promise<void> => {
  await takeIn(database, business, { as_of, customer, vendor: [], files: { STRIPE: stripe } })
  await reconcile(database, business.id, { as_of, now: as_of, full: false, log: quiet })
}

const close = async ({ id }: BusinessConfig, month: string, at: string): Promise<void> => {
  const request = { month, accept_open: 'it is known', as_of: null, four_eyes: false }
  await database.transaction((db) => closeMonths(db, id, request, { by: 'Bob', at, note: null }))
}

/** The ledger from the night of 15 November on. */
const listing: object[] = [
  ...[booked(4, 1000, '2026-09-20'), booked(1, 3000, '2026-10-05'), booked(2, 2000, '2026-10-06')],
  ...[booked(3, 4500, '2026-10-07'), booked(5, 700, '2026-11-02'), booked(6, 300, '2026-10-08')],
]

describe('a month after a close', () => {
  let business: BusinessConfig
  let desk: OpenDesk
  let cookie: string
  beforeAll(async () => {
    business = await openBusiness(database)
    // 100.00 is open at the end of October: 10.00 of September, 30.00, 20.00 and 40.00 of October
    const before = [
      booked(4, 1000, '2026-09-20'),
      ...[booked(1, 3000, '2026-10-05'), booked(2, 2000, '2026-10-06'), booked(3, 4000, '2026-10-07')],
    ]
    await night(business, '2026-11-05T12:00:00Z', before, [])
    await close(business, '2026-10', '2026-11-05T13:00:00Z')
    desk = await openDesk(database, [business])
    cookie = await desk.signIn('Bob')
    // then Stripe's line of 30.00 comes, the 40.00 are 45.00, and 7.00 of November and 3.00 of October are booked
    await night(business, '2026-11-15T12:00:00Z', listing, ['t1,Refund,re_1,,,-30.00,0.00,USD,2026-10-06 12:00:00'])
    // and a person resolves the 20.00
    const [found] = await database.query<{ id: string }>(
      `select discrepancy_id as id from discrepancy_effect where business_id = $1 and amount = 2000`,
      [business.id],
    )
    const path = `/b/${business.id}/item/${found?.id}`
    const { text } = await desk.send({ path, headers: { cookie } })
    const field = (name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? ''
    const form = { csrf: field('csrf'), taken: field('taken'), action: 'resolve', as: 'explained', note: 'a gift' }
    expect((await desk.send({ path, headers: { cookie }, form })).status).toBe(303)
  })
  afterAll(() => desk.close())

  const rows = (text: string): string[][] =>
    (/<tbody>([\s\S]*?)<\/tbody>/.exec(text)?.[1]?.split('</tr>') ?? []).flatMap((row) => {
      const cells = [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) =>
        cell.replaceAll(/<[^>]+>/g, ''),
      )
      return cells.length === 0 ? [] : [cells]
    })

  /** The amounts of refunds that a step's page shows, without its last row; and that row. */
  const step = async (name: string, month: string): Promise<{ adds: string[]; sum: string; head: string }> => {
    const path = `/b/${business.id}/${month}/roll-forward?step=${name}&processor=STRIPE&direction=customer&currency=USD`
    const { status, text } = await desk.send({ path, headers: { cookie } })
    expect([name, status]).toEqual([name, 200])
    expect(text).not.toContain('cannot be split')
    const amounts = rows(text).map(([, amount = '']) => amount)
    const head = (/class="sums"><strong>([^<]+)<\/strong>([^.]*)\./.exec(text) ?? []).slice(1).join('')
    return { adds: amounts.slice(0, -1).sort(), sum: amounts.at(-1) ?? '', head }
  }

  /** Opening 100.00, of which 30.00 cleared, 20.00 resolved, 40.00 changed by 5.00; 7.00 and 3.00 are new: 65.00 is left. */
  const november = async (): Promise<void> => {
    expect(await step('opening', '2026-11')).toEqual({
      ...{ adds: ['+10.00', '+20.00', '+30.00', '+40.00'], sum: '+100.00', head: '+100.00 USD of 4 items' },
    })
    expect(await step('cleared', '2026-11')).toEqual({ adds: ['+30.00'], sum: '+30.00', head: '+30.00 USD of 1 item' })
    expect(await step('resolved', '2026-11')).toEqual({ adds: ['+20.00'], sum: '+20.00', head: '+20.00 USD of 1 item' })
    expect(await step('changed', '2026-11')).toEqual({ adds: ['+5.00'], sum: '+5.00', head: '+5.00 USD of 1 item' })
    expect(await step('new', '2026-11')).toEqual({
      ...{ adds: ['+3.00', '+7.00'], sum: '+10.00', head: '+10.00 USD of 2 items' },
    })
    expect(await step('closing', '2026-11')).toEqual({
      ...{ adds: ['+10.00', '+3.00', '+45.00', '+7.00'], sum: '+65.00', head: '+65.00 USD of 4 items' },
    })
  }

  it('opens each figure as the findings that were signed, and what became of them', november)

  it('says of the closed month what was signed, by what was open at the end of the month before it', async () => {
    expect(await step('opening', '2026-10')).toMatchObject({ adds: ['+10.00'], sum: '+10.00' })
    expect(await step('new', '2026-10')).toMatchObject({ adds: ['+20.00', '+30.00', '+40.00'], sum: '+90.00' })
    expect(await step('closing', '2026-10')).toMatchObject({ sum: '+100.00' })
    expect(await unfooted(database, business.id)).toEqual([])
  })

  it('is linked from the tie-out, and opens no figure that is none', async () => {
    const { text } = await desk.send({ path: `/b/${business.id}/2026-11/tie-out`, headers: { cookie } })
    const links = [...text.matchAll(/href="([^"]+\/roll-forward\?[^"]+)"/g)].map(([, to = '']) =>
      to.replaceAll('&amp;', '&'),
    )
    // of the roll-forward six figures and the count of the last, of the tie-out what 7.00 explain: the difference, its sum and its gross
    expect(links).toHaveLength(10)
    expect(links.filter((path) => path.includes('step=explained'))).toHaveLength(3)
    expect(await step('explained', '2026-11')).toMatchObject({ adds: ['+7.00'], sum: '+7.00', head: '+7.00 USD' })
    // October was signed with 90.00 of its own
    expect(await step('explained', '2026-10')).toMatchObject({ adds: ['+20.00', '+30.00', '+40.00'], sum: '+90.00' })
    for (const path of links) expect((await desk.send({ path, headers: { cookie } })).status).toBe(200)
    const month = `/b/${business.id}/2026-11/roll-forward`
    for (const query of [
      '',
      '?step=opening',
      '?step=gone&processor=STRIPE&currency=USD',
      '?step=new&processor=X&currency=USD',
    ])
      expect([query, (await desk.send({ path: month + query, headers: { cookie } })).status]).toEqual([query, 404])
  })

  it("says the same of it once it is closed too: what is decided afterwards is the next month's", async () => {
    await night(business, '2026-12-05T12:00:00Z', listing, [])
    await november()
    await close(business, '2026-11', '2026-12-05T13:00:00Z')
    await november()
    expect(await step('opening', '2026-12')).toMatchObject({ sum: '+65.00', head: '+65.00 USD of 4 items' })
    // the 45.00 are found at last
    await night(business, '2026-12-06T12:00:00Z', listing, ['t3,Refund,re_3,,,-45.00,0.00,USD,2026-10-08 12:00:00'])
    await november()
    expect(await step('cleared', '2026-12')).toMatchObject({ adds: ['+45.00'], sum: '+45.00' })
    expect(await unfooted(database, business.id)).toEqual([])
  })
})

it('comes to the figure of every line, step and measure of a history, before a close and after it', async () => {
  const business = await openBusiness(database)
  const history = toldHistory(3, 300)
  await takeIn(database, business, {
    ...history,
    as_of: '2026-11-20T12:00:00Z',
    customer: history.customer as object[],
  })
  const run = (as_of: string) => reconcile(database, business.id, { as_of, now: as_of, full: false, log: quiet })
  await run('2026-11-20T12:00:00Z')
  expect(await unfooted(database, business.id)).toEqual([])
  await close(business, '2026-10', '2026-11-20T13:00:00Z')
  expect(await unfooted(database, business.id)).toEqual([])
  // half of what the books lacked is booked, and some of what they had is gone
  const customer = (toldHistory(3, 300).customer as object[]).slice(20)
  await takeIn(database, business, { as_of: '2026-11-21T12:00:00Z', customer, vendor: [], files: {} })
  await run('2026-11-21T12:00:00Z')
  expect(await unfooted(database, business.id)).toEqual([])
  await database.transaction((db) =>
    reopenMonth(db, business.id, '2026-10', { by: 'Bob', at: '2026-11-21T13:00:00Z', note: 'x' }),
  )
  expect(await unfooted(database, business.id)).toEqual([])
}, 60_000)
