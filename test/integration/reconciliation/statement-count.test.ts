/** A run of one business sends at most 40 statements, begin and commit included: counted at the server's side of the wire. */

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../src/database/connect.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { isCitus } from '../../support/citus.ts'
import { type CountingProxy, countingProxy } from '../../support/counting-proxy.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Brought, openNights } from '../../support/nights.ts'
import { quiet } from '../../support/quiet.ts'
import { storeBusiness } from '../../support/stored-business.ts'

const MOST = 40
/** Of them on a night that brought nothing. */
const QUIET = 12

let database: FreshDatabase
let proxy: CountingProxy
let counted: Database
beforeAll(async () => {
  database = await freshDatabase()
  proxy = await countingProxy(database.node_url)
})
afterAll(async () => {
  await proxy.close()
  await database.close()
})
beforeEach(async () => {
  const url = new URL(proxy.url)
  // what begins each transaction on a shard is not of the run
  if (isCitus)
    url.searchParams.set('options', `-c search_path=${database.schema} -c citus.override_table_visibility=off`)
  counted = await openDatabase({ url: url.href, data_dir: '' }, quiet)
  // the settings of a connection are not of the run; on Citus a second one asks where the business lies
  await Promise.all([counted.query('select 1'), counted.query('select 1')])
  proxy.taken()
})
afterEach(async () => await counted.close())

/** How many statements were sent since it was last asked: those of one run, from its first to its commit. */
function statementsOfRun(): number {
  const taken = proxy.taken()
  expect(taken).toContain('BEGIN')
  expect(taken.at(-1)).toBe('COMMIT')
  expect(taken.length).toBeLessThanOrEqual(MOST)
  return taken.length
}

test('the proxy counts each statement once, several in one text too', async () => {
  await counted.query('select 1; select 2; set local work_mem = 1024')
  await counted.query('select $1::int', [1])
  await counted.transaction(async (db) => await db.query('select 1'))
  expect(proxy.taken()).toEqual(['SELECT 1', 'SELECT 1', 'SET', 'SELECT 1', 'BEGIN', 'SELECT 1', 'COMMIT'])
})

const booked = (number: number, more: Record<string, unknown> = {}): unknown => ({
  ...{ id: `refund-${number}`, refunded_amount: 1000 * number, status: 'PAID', completed_at: '2026-11-03T12:00:00Z' },
  payments: [
    {
      ...{ id: `leg-${number}`, external_id: `re_${number}`, refunded_amount: 1000 * number },
      ...{ method: 'CREDIT_CARD', processor: 'STRIPE', ...more },
    },
  ],
})
const line = (number: number, kind = 'Refund', amount = `-${number}0.00`): string =>
  `t${number}${kind === 'Refund' ? '' : kind},${kind},re_${number},ch_${number},,${amount},0.00,USD,2026-11-03 12:00:00`
const numbers = [1, 2, 3, 4, 5, 6, 7, 8]

test('a first night, a quiet night, nights with changes, and one over everything', async () => {
  const { business, night } = await openNights(database, {}, counted)
  const measured: Record<string, number> = {}
  const live = async (what: string, brought: Brought): Promise<void> => {
    await night(brought)
    measured[what] = statementsOfRun()
  }
  const customer = numbers.map((number) => booked(number))
  await live('a first night', { customer, stripe: numbers.map((number) => line(number)) })
  await live('a night with a file of known lines', { customer })
  const as_of = '2026-11-17T18:00:00Z'
  await reconcile(counted, business.id, { as_of, now: as_of, log: quiet })
  measured['a quiet night'] = statementsOfRun()
  // new on both sides, one changed, one gone, one recorded twice, one reversed, more given back than was paid
  const changed = [
    ...[3, 4, 5, 6, 7, 8, 9].map((number) => booked(number)),
    booked(2, { refunded_amount: 1999 }),
    { ...(booked(4) as object), id: 'refund-again' },
  ]
  const stripe = [
    ...[line(9), line(10), line(3, 'Refund failed', '30.00')],
    ...['p5,Payment,,ch_5,,20.00,0.00,USD,2026-11-02 12:00:00', 't11,Refund,,ch_5,,-5.00,0.00,USD,2026-11-04 12:00:00'],
  ]
  await live('a night with changes', { customer: changed, stripe })
  await live('a night with one line', { customer: changed, stripe: [line(4, 'Refund failed', '40.00')] })
  // whatever a night can bring at once: other settings, a ruling, and changes
  await database.query('update business set outside_methods = $2, settings_hash = null where business_id = $1', [
    ...[business.id, ['CASH', 'CARD']],
  ])
  await database.query(
    `insert into ruling (business_id, ruling_id, kind, leg_nos, row_nos, by_name, at)
     select business_id, 'r', 'unmatch', array[leg_no], array[row_no], 'Ada', now() from match_item
     where business_id = $1 and leg_no is not null and row_no is not null order by match_no desc limit 1`,
    [business.id],
  )
  await live('a night with other settings, a ruling and changes', {
    customer: customer.slice(4),
    stripe: [line(6, 'Refund failed', '60.00'), 't12,Refund,,ch_5,,-6.00,0.00,USD,2026-11-04 12:00:00'],
  })
  await live('a night over everything', { customer: changed, full: true })
  // nothing happened: nothing is matched
  expect(measured['a quiet night']).toBeLessThanOrEqual(QUIET)
})

/** A first night, the one after it, and one over everything. */
const NIGHTS = [
  ['2026-11-15T12:00:00Z', false],
  ['2026-11-16T12:00:00Z', false],
  ['2026-11-16T12:00:00Z', true],
] as const

test('a first night of 20,500 refunds that are paired in bulk, the night after, and one over everything', async () => {
  const own = await storeBusiness(database)
  await own.processor('STRIPE')
  const file_id = await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-14' })
  await database.query('delete from reconciliation where business_id = $1', [own.business_id])
  await database.query(
    `insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, status, reference_keys, payment_keys,
       payments_sum, content_pull_id, content_page, content_place, first_pull_id, changed_pull_id, last_pull_id)
     select $1, 'customer', 'refund-' || n, '', n, 'PAID', '{}', '{}', n, 1, n, 0, 1, 1, 1 from generate_series(1, 20500) n`,
    [own.business_id],
  )
  await database.query(
    `insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, processor_named, method, amount, refund_fee,
       returned_fee, completed_on, identity_keys)
     select $1, 'customer', 'refund-' || n, 'leg-' || n, 0, 'STRIPE', 'CARD', n, 0, 0, '2026-10-05', array['re_' || n]
     from generate_series(1, 20500) n`,
    [own.business_id],
  )
  await database.query(
    `insert into processor_row (business_id, processor, account, transaction_id, type, refund_id, payment_ids, reference_ids, amount,
       refund_fee, returned_fee, currency, occurred_on, file_id, line)
     select $1, 'STRIPE', '', 'txn-' || n, 'refund', 're_' || n, array['ch_' || n], '{}', n, 0, 0, 'USD', '2026-10-05', $2, n
     from generate_series(1, 20500) n`,
    [own.business_id, file_id],
  )
  for (const [as_of, full] of NIGHTS) {
    await reconcile(counted, own.business_id, { as_of, now: as_of, full, log: quiet })
    statementsOfRun()
  }
  const [matched] = await database.query<{ count: bigint }>(
    'select count(*) as count from match_item where business_id = $1',
    [own.business_id],
  )
  expect(matched?.count).toBe(20_500n)
})
