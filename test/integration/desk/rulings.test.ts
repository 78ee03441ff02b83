/** Two people at two browsers: of what changed since the second looked at it, the second rules nothing. */

import { afterAll, beforeEach, expect, it } from 'vitest'
import { verifyChain } from '../../../src/review/events.ts'
import { freshDatabase } from '../../support/database.ts'
import { type OpenDesk, openDesk } from '../../support/desk.ts'
import { type Nights, openNights } from '../../support/nights.ts'

const database = await freshDatabase()
afterAll(() => database.close())

let nights: Nights
let desk: OpenDesk
let ada: string
let bob: string

const booked = (number: number, amount: number, external_id: string): object => ({
  ...{ id: `refund-${number}`, refunded_amount: amount, status: 'PAID', completed_at: '2026-10-10T12:00:00Z' },
  payments: [
    {
      ...{ id: `leg-${number}`, external_id, refunded_amount: amount },
      ...{ method: 'CREDIT_CARD', processor: 'STRIPE' },
    },
  ],
})

/** 45.00 on each side that no id joins, and a match of 20.00 with 18.00. */
const CUSTOMER = [booked(1, 4500, 'unknown'), booked(2, 2000, 're_2')]
const STRIPE = [
  't1,Refund,re_1,,,-45.00,0.00,USD,2026-10-20 12:00:00',
  't2,Refund,re_2,,,-18.00,0.00,USD,2026-10-10 12:00:00',
]

beforeEach(async () => {
  nights = await openNights(database)
  await nights.night({ customer: CUSTOMER, stripe: STRIPE })
  desk = await openDesk(database, [nights.business])
  ada = await desk.signIn('Ada')
  bob = await desk.signIn('Bob')
  return () => desk.close()
})

const at = (path: string): string => `/b/${nights.business.id}/${path}`
const itemOf = async (code: string): Promise<string> => {
  const [found] = await database.query<{ id: string }>(
    'select discrepancy_id as id from discrepancy where business_id = $1 and code = $2',
    [nights.business.id, code],
  )
  return found?.id ?? ''
}

type Form = Record<string, string>

/** The fields that a browser which shows the item sends with any of its forms. */
const opened = async (cookie: string, id: string): Promise<Form> => {
  const { text } = await desk.send({ path: at(`item/${id}`), headers: { cookie } })
  const field = (name: string): string => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? ''
  return { csrf: field('csrf'), taken: field('taken'), ruling: field('ruling') }
}

const sent = async (cookie: string, path: string, form: Form): Promise<[number, string]> => {
  const { status, text } = await desk.send({ path: at(path), headers: { cookie }, form })
  return [status, /role="alert">([^<]*)/.exec(text)?.[1] ?? '']
}

const rulings = async (): Promise<unknown[]> =>
  (
    await database.query<{ by: string; kind: string }>(
      'select by_name as by, kind from ruling where business_id = $1 order by made_no',
      [nights.business.id],
    )
  ).map(({ by, kind }) => `${by} ${kind}`)

it('a pair that one ruled on is not ruled on by the other, who saw it before', async () => {
  const leg = await itemOf('MISSING_AT_PROCESSOR')
  const row = await itemOf('MISSING_IN_LEDGER')
  const [of_ada, of_bob] = [await opened(ada, leg), await opened(bob, leg)]
  expect(await sent(ada, `item/${leg}/match`, { ...of_ada, with: row })).toEqual([303, ''])
  const refused = await sent(bob, `item/${leg}/match`, { ...of_bob, with: row })
  expect(refused).toEqual([
    409,
    expect.stringMatching(/^nothing was written: Ada ruled match about it on .* after you looked/),
  ])
  // the other side of the pair is ruled on too
  const [, seen_before] = [await opened(ada, row), { ...(await opened(bob, row)), ruling: '0' }]
  expect(await sent(bob, `item/${row}/match`, { ...seen_before, with: leg })).toEqual([
    409,
    expect.stringContaining('Ada ruled match about it'),
  ])
  expect(await rulings()).toEqual(['Ada match'])
})

it('a match that one undid is not undone again by the other; who looks again may', async () => {
  const id = await itemOf('AMOUNT_MISMATCH')
  const [of_ada, of_bob] = [await opened(ada, id), await opened(bob, id)]
  expect(await sent(ada, `item/${id}/unmatch`, of_ada)).toEqual([303, ''])
  expect(await sent(bob, `item/${id}/unmatch`, of_bob)).toEqual([
    409,
    expect.stringContaining('Ada ruled unmatch about it'),
  ])
  expect(await rulings()).toEqual(['Ada unmatch'])
  expect(await sent(bob, `item/${id}/unmatch`, await opened(bob, id))).toEqual([303, ''])
  expect((await database.transaction((db) => verifyChain(db, nights.business.id))).broken).toBeNull()
})

it('a decision or a run in between is told, and nothing is ruled', async () => {
  const id = await itemOf('AMOUNT_MISMATCH')
  const [of_ada, of_bob] = [await opened(ada, id), await opened(bob, id)]
  expect(await sent(ada, `item/${id}`, { ...of_ada, action: 'acknowledge' })).toEqual([303, ''])
  expect(await sent(bob, `item/${id}/unmatch`, of_bob)).toEqual([
    409,
    expect.stringContaining('changed since you looked at it: Ada acknowledged it'),
  ])
  const later = await opened(bob, id)
  await nights.night({ customer: [booked(1, 4500, 'unknown'), booked(2, 1900, 're_2')], stripe: [] })
  expect(await sent(bob, `item/${id}/unmatch`, later)).toEqual([
    409,
    expect.stringContaining('changed since you looked at it'),
  ])
  const missing = await itemOf('MISSING_IN_LEDGER')
  const before = await opened(bob, missing)
  // the ledger books it: nothing is missing any more
  await nights.night({ customer: [...CUSTOMER, booked(3, 4500, 're_1')], stripe: [] })
  expect(await sent(bob, `item/${missing}/propose`, before)).toEqual([
    409,
    expect.stringContaining('nothing was written'),
  ])
  expect(await rulings()).toEqual([])
  expect(await database.query('select from correction where business_id = $1', [nights.business.id])).toEqual([])
})

it('a ruling that one took back is not taken back by the other', async () => {
  const id = await itemOf('AMOUNT_MISMATCH')
  await sent(ada, `item/${id}/unmatch`, await opened(ada, id))
  const [ruling] = await database.query<{ id: string }>('select ruling_id as id from ruling where business_id = $1', [
    nights.business.id,
  ])
  const before = await opened(bob, id)
  const forget = async (cookie: string): Promise<[number, string]> =>
    await sent(cookie, `rulings/${ruling?.id}/forget`, { csrf: await desk.csrf(cookie) })
  expect((await forget(ada))[0]).toBe(303)
  expect((await forget(bob))[0]).toBe(303)
  const { text } = await desk.send({ path: at('rulings'), headers: { cookie: bob } })
  expect(text).toContain('Nothing was written: this ruling does not stand any more.')
  // taken back is a change too
  expect(await sent(bob, `item/${id}/unmatch`, before)).toEqual([
    409,
    expect.stringContaining('Ada took a ruling about it back'),
  ])
  const events = await database.query(`select from event where business_id = $1 and kind = 'ruling_forgotten'`, [
    nights.business.id,
  ])
  expect(events).toHaveLength(1)
})
