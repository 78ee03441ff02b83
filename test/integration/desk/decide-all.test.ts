/** One decision about all that a filter means: with its count and sum, in one piece, and only while it means the same. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyChain } from '../../../src/review/events.ts'
import { listFindings } from '../../../src/review/list-findings.ts'
import { freshDatabase } from '../../support/database.ts'
import { type OpenDesk, openDesk } from '../../support/desk.ts'
import { MANY, storeMany } from '../../support/many-findings.ts'
import { type Nights, openNights } from '../../support/nights.ts'
import { PLAIN_BUSINESS } from '../../support/plain-config.ts'

const database = await freshDatabase()
let nights: Nights
let desk: OpenDesk
let ada: string
let bob: string

/** Sixty refunds of 1.00 to 60.00 that the ledger does not have: 1,830.00. */
const LINES = Array.from(
  { length: 60 },
  (_, at) => `t${at},Refund,re_${at},,,-${at + 1}.00,0.00,USD,2026-10-10 12:00:00`,
)

beforeAll(async () => {
  nights = await openNights(database)
  await nights.night({ stripe: LINES })
  await listFindings(database, nights.business.id)
  await storeMany(database, 5001)
  await listFindings(database, MANY)
  desk = await openDesk(database, [nights.business, { ...PLAIN_BUSINESS, id: MANY, name: 'Many Refunds' }])
  ada = await desk.signIn('Ada')
  bob = await desk.signIn('Bob')
})
afterAll(async () => {
  await desk.close()
  await database.close()
})

const list = (): string => `/b/${nights.business.id}/2026-10`

/** What the page of all that a filter means says, and the fields that its forms send. */
const meant = async (cookie: string, filter: string) => {
  const form = { csrf: await desk.csrf(cookie, list()), month: '2026-10', filter }
  const { status, text } = await desk.send({ path: `/b/${nights.business.id}/decide`, headers: { cookie }, form })
  const field = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
  return { status, text, form: { ...form, seen: field('seen') } }
}

const decided = async (cookie: string, form: Record<string, string>): Promise<[number, string]> => {
  const { status, text } = await desk.send({ path: `/b/${nights.business.id}/decide`, headers: { cookie }, form })
  if (status !== 303) return [status, /role="alert">([^<]*)/.exec(text)?.[1] ?? '']
  const page = await desk.send({ path: list(), headers: { cookie } })
  return [status, /class="notice"[^>]*>([^<]*)/.exec(page.text)?.[1] ?? '']
}

const decisions = async (): Promise<number> =>
  (await database.query(`select from event where business_id = $1 and actor <> 'run'`, [nights.business.id])).length

it('is refused as a whole where one of them passes a limit', async () => {
  const limited = await openDesk(database, [{ ...nights.business, waive_limit: 1_000n }])
  const cookie = await limited.signIn('Ada')
  const path = `/b/${nights.business.id}/decide`
  const form = { csrf: await limited.csrf(cookie, list()), month: '2026-10', filter: '' }
  const shown = await limited.send({ path, headers: { cookie }, form })
  const seen = /name="seen" value="([^"]*)"/.exec(shown.text)?.[1] ?? ''
  const deed = { ...form, seen, action: 'resolve', as: 'waived', note: 'too small' }
  const { status, text } = await limited.send({ path, headers: { cookie }, form: deed })
  expect([status, text]).toEqual([409, expect.stringContaining('and 45 more')])
  expect(await decisions()).toBe(0)
  await limited.close()
})

it('shows how many they are and what they come to, is refused once the list is another, and else decided as one', async () => {
  const page = await desk.send({ path: list(), headers: { cookie: ada } })
  expect(page.text).toContain('<button class="quiet" name="filter" value="">Decide about all 60 items</button>')
  const first = await meant(ada, '')
  expect(first.status).toBe(200)
  expect(first.text).toContain('Decide about 60 items, 1,830.00 USD')
  expect(first.text).toContain('And 10 more. ')
  expect(first.text).toContain('Acknowledge 60 items, 1,830.00 USD')
  expect(await decisions()).toBe(0)

  // Bob acknowledges those of 60.00 while Ada reads
  const found = await meant(bob, 'q=60.00')
  expect(found.text).toContain('Decide about 1 item, 60.00 USD')
  expect(await decided(bob, { ...found.form, action: 'acknowledge' })).toEqual([303, '1 item acknowledged by Bob.'])
  const refused = await decided(ada, { ...first.form, action: 'acknowledge' })
  expect(refused).toEqual([
    409,
    'nothing was written: what this list means changed since you looked at it; it is 60 items, 1,830.00 USD now',
  ])
  expect(await decisions()).toBe(1)

  // what is acknowledged already is not acknowledged again; a resolution is of all
  const second = await meant(ada, '')
  expect(second.text).toContain('Acknowledge 59 items, 1,770.00 USD')
  expect(second.text).toContain('Resolve 60 items, 1,830.00 USD')
  expect(await decided(ada, { ...second.form, action: 'acknowledge' })).toEqual([303, '59 items acknowledged by Ada.'])
  expect(await decisions()).toBe(60)
  const third = await meant(ada, 'state=acknowledged')
  expect(third.text).not.toContain('Acknowledge')
  expect(await decided(ada, { ...third.form, action: 'acknowledge' })).toEqual([
    409,
    'nothing was written: each of them is so already',
  ])
  expect((await decided(ada, { ...third.form, action: 'resolve', as: 'explained' }))[1]).toContain('say why')
  expect(await decided(ada, { ...third.form, action: 'resolve', as: 'explained', note: 'a test of the shop' })).toEqual(
    [303, '60 items resolved as explained by Ada.'],
  )
  expect(await decisions()).toBe(120)
  expect((await database.transaction((db) => verifyChain(db, nights.business.id))).broken).toBeNull()
  const statuses = await database.query(`select from discrepancy where business_id = $1 and status <> 'resolved'`, [
    nights.business.id,
  ])
  expect(statuses).toEqual([])
})

it('is offered for no more than 5,000, and refused for more', async () => {
  const many = `/b/${MANY}/2026-10`
  const [{ count } = { count: 0n }] = await database.query<{ count: bigint }>(
    `select count(*) as count from discrepancy where business_id = $1`,
    [MANY],
  )
  expect(count).toBe(5001n)
  await database.query(`update discrepancy set months = null where business_id = $1`, [MANY])
  const page = await desk.send({ path: many, headers: { cookie: ada } })
  expect(page.text).toContain('5001 items')
  expect(page.text).not.toContain('Decide about all')
  const form = { csrf: await desk.csrf(ada, many), month: '2026-10', filter: '' }
  const { status, text } = await desk.send({ path: `/b/${MANY}/decide`, headers: { cookie: ada }, form })
  expect([status, text]).toEqual([409, expect.stringContaining('more than 5000 items')])
})
