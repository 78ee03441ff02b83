/** Nights on which nothing came and nothing was changed are matched until one has changed no match; any change has the next one matched. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { VERSION } from '../../../src/core/product.ts'
import { run } from '../../../src/database/statement.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { listFindings } from '../../../src/review/list-findings.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const NOON = '2026-11-15T12:00:00Z'
const NEXT_NOON = '2026-11-16T12:00:00Z'

/** A business with Stripe and a file of it. */
async function withFile(): Promise<StoredBusiness & { file_id: number }> {
  const own = await storeBusiness(database)
  await own.processor('STRIPE')
  const file_id = await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-14' })
  return { ...own, file_id }
}

/** 10.00 booked and paid, and 20.00 paid alone; two nights. */
async function reconciled(): Promise<StoredBusiness & { file_id: number }> {
  const { file_id, ...own } = await withFile()
  await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-14', state: 'withdrawn' })
  await own.leg({ amount: 1000, completed_on: '2026-10-05', identity_keys: ['re_1'] })
  await own.row({ refund_id: 're_1', amount: 1000, occurred_on: '2026-10-05', file_id })
  await own.row({ refund_id: 're_2', amount: 2000, occurred_on: '2026-10-05', file_id })
  for (const _ of [1, 2]) await reconcile(database, own.business_id, { as_of: NOON, now: NOON, log: quiet })
  return { ...own, file_id }
}

const isSame = async ({ business_id }: StoredBusiness, version = VERSION, full = false): Promise<boolean | null> => {
  // undone: only a whole run leaves what it began
  const told: (boolean | null)[] = []
  await database
    .transaction(async (db) => {
      const [state] = await run(db, 'reconcile/begin', [business_id, NEXT_NOON, NEXT_NOON, full, version])
      told.push(state?.is_same ?? null)
      throw new Error('undo')
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'undo') throw error
    })
  return told[0] ?? null
}

test('where nothing changed it is the same night after night', async () => {
  const own = await reconciled()
  expect(await isSame(own)).toBe(true)
  await reconcile(database, own.business_id, { as_of: NEXT_NOON, now: NEXT_NOON, log: quiet })
  expect(await isSame(own)).toBe(true)
})

test('everything anew is not the same, nor is another version of Tieout', async () => {
  const own = await reconciled()
  expect(await isSame(own, VERSION, true)).toBe(false)
  expect(await isSame(own, '9.9.9')).toBe(false)
})

const RULING = `
  insert into ruling (business_id, ruling_id, kind, leg_nos, row_nos, by_name, at)
  values ($1, 'r', 'unmatch', array[1], array[2], 'Ada', now())`

test.each([
  ['a changed item', `insert into touched_item values ($1, 1, '2026-10-01')`],
  ['the days between both sides', 'update processor_setting set date_window_days = 9 where business_id = $1'],
  ['the tie of fees', `insert into fee_policy values ($1, 'STRIPE', '2026-10-01', 'none', '{}')`],
  ['any setting', `update business set settings_hash = 'another' where business_id = $1`],
  ['a file without lines', `update processor_file set state = 'imported' where business_id = $1`],
  ['a file that left', `update processor_file set state = 'withdrawn' where business_id = $1`],
  ['a ruling', RULING],
])('%s is a change', async (_, change) => {
  const own = await reconciled()
  await database.query(change, [own.business_id])
  expect(await isSame(own)).toBe(false)
})

test('a new leg is a change, and a new row', async () => {
  const [with_leg, with_row] = [await reconciled(), await reconciled()]
  await with_leg.leg({ amount: 700, completed_on: '2026-10-06', identity_keys: [] })
  expect(await isSame(with_leg)).toBe(false)
  await with_row.row({ type: 'payment', amount: 700, occurred_on: '2026-10-06', file_id: with_row.file_id })
  expect(await isSame(with_row)).toBe(false)
})

test('a ruling that is taken back is a change too', async () => {
  const own = await reconciled()
  await database.query(RULING, [own.business_id])
  for (const _ of [1, 2]) await reconcile(database, own.business_id, { as_of: NOON, now: NOON, log: quiet })
  expect(await isSame(own)).toBe(true)
  await database.query('update ruling set forgotten_at = now() where business_id = $1', [own.business_id])
  expect(await isSame(own)).toBe(false)
})

test('seven days apart: unmatched, matched once a setting allows it, and apart while a ruling says so', async () => {
  const { file_id, ...own } = await withFile()
  const leg_no = await own.leg({ amount: 4500, completed_on: '2026-11-03' })
  const row_no = await own.row({ refund_id: 're_1', amount: 4500, occurred_on: '2026-11-10', file_id })
  let day = 15
  const night = async (): Promise<string[]> => {
    const as_of = `2026-11-${day}T12:00:00Z`
    day += 1
    await reconcile(database, own.business_id, { as_of, now: as_of, log: quiet })
    const found = await database.query<{ pass: string }>(
      'select pass from match_item where business_id = $1 and leg_no = $2 and row_no = $3',
      [own.business_id, leg_no, row_no],
    )
    return found.map(({ pass }) => pass)
  }
  expect(await night()).toEqual([])
  expect(await night()).toEqual([])
  await database.query('update processor_setting set date_window_days = 9 where business_id = $1', [own.business_id])
  expect(await night()).toEqual(['amount_and_date'])
  await database.query(
    `insert into ruling (business_id, ruling_id, kind, leg_nos, row_nos, by_name, at)
     values ($1, 'r', 'unmatch', array[$2::bigint], array[$3::bigint], 'Ada', now())`,
    [own.business_id, leg_no, row_no],
  )
  expect(await night()).toEqual([])
  expect(await night()).toEqual([])
  await database.query('update ruling set forgotten_at = now() where business_id = $1', [own.business_id])
  expect(await night()).toEqual(['amount_and_date'])
})

test('a match that another made possible is made a night later, and after that it is the same', async () => {
  const { file_id, ...own } = await withFile()
  const by_date = await own.leg({ amount: 1000, completed_on: '2026-10-05' })
  await own.add('ledger_refund', {
    ...{ direction: 'customer', refund_id: 'ref-2', content_hash: '', refunded_amount: 3000, payment_keys: ['ch_1'] },
    ...{ reference_keys: ['ch_1'], first_pull_id: 1, changed_pull_id: 1, last_pull_id: 1 },
    ...{ content_pull_id: 1, content_page: 0, content_place: 0 },
  })
  const of_payment = await own.leg({ amount: 3000, completed_on: '2026-10-05', refund_id: 'ref-2' })
  const same_amount = await own.row({ amount: 1000, occurred_on: '2026-10-05', payment_ids: ['ch_1'], file_id })
  const other_amount = await own.row({ amount: 500, occurred_on: '2026-10-05', payment_ids: ['ch_1'], file_id })
  const night = async (): Promise<unknown[]> => {
    await reconcile(database, own.business_id, { as_of: NOON, now: NOON, log: quiet })
    return await database.query(
      `select pass, leg_no::int, row_no::int from match_item where business_id = $1 order by leg_no`,
      [own.business_id],
    )
  }
  const first = { pass: 'amount_and_date', leg_no: Number(by_date), row_no: Number(same_amount) }
  const second = { pass: 'payment_reference_only', leg_no: Number(of_payment), row_no: Number(other_amount) }
  // two rows of the payment: pass 4 takes neither
  expect(await night()).toEqual([first])
  expect(await isSame(own)).toBe(false)
  // one of them is left
  expect(await night()).toEqual([first, second])
  expect(await night()).toEqual([first, second])
  expect(await isSame(own)).toBe(true)
})

test.each<[string, number, boolean]>([
  ['nothing open: it is the same at once', 1000, true],
  ['something open: it is the same when a run changed nothing', 1100, false],
])('after a first run with %s', async (_, amount, at_once) => {
  const { file_id, ...own } = await withFile()
  await own.leg({ amount: 1000, completed_on: '2026-10-05', identity_keys: ['re_1'] })
  await own.row({ refund_id: 're_1', amount: 1000, occurred_on: '2026-10-05', file_id })
  if (amount !== 1000) await own.row({ refund_id: 're_2', amount, occurred_on: '2026-10-09', file_id })
  await reconcile(database, own.business_id, { as_of: NOON, now: NOON, log: quiet })
  expect(await isSame(own)).toBe(at_once)
  await reconcile(database, own.business_id, { as_of: NEXT_NOON, now: NEXT_NOON, log: quiet })
  expect(await isSame(own)).toBe(true)
})

test('after a run that carried out a ruling, one more matches, though nothing is open', async () => {
  const { file_id, ...own } = await withFile()
  const leg_no = await own.leg({ amount: 1000, completed_on: '2026-10-05' })
  const row_no = await own.row({ amount: 1500, occurred_on: '2026-10-05', file_id })
  await database.query(
    `insert into ruling (business_id, ruling_id, kind, leg_nos, row_nos, by_name, at)
     values ($1, 'r', 'match', array[$2::bigint], array[$3::bigint], 'Ada', now())`,
    [own.business_id, leg_no, row_no],
  )
  await reconcile(database, own.business_id, { as_of: NOON, now: NOON, log: quiet })
  expect(await database.query('select from open_item where business_id = $1', [own.business_id])).toEqual([])
  expect(await isSame(own)).toBe(false)
  await reconcile(database, own.business_id, { as_of: NEXT_NOON, now: NEXT_NOON, log: quiet })
  expect(await isSame(own)).toBe(true)
})

test('a run says whether a finding has to be noted for the worklist: new, or about what changed', async () => {
  const { file_id, ...own } = await withFile()
  const row_no = await own.row({ refund_id: 're_1', amount: 4500, occurred_on: '2026-10-05', file_id })
  const has_unlisted = async (): Promise<boolean> =>
    (await reconcile(database, own.business_id, { as_of: NOON, now: NOON, log: quiet })).has_unlisted
  expect(await has_unlisted()).toBe(true)
  // not noted yet
  expect(await has_unlisted()).toBe(true)
  await listFindings(database, own.business_id)
  expect(await has_unlisted()).toBe(false)
  await database.query(`insert into touched_item values ($1, $2, '2026-10-01')`, [own.business_id, row_no])
  expect(await has_unlisted()).toBe(true)
})
