import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { quiet } from '../support/quiet.ts'
import { storeWorld } from '../support/stored-world.ts'
import { note, seconds, tell } from './measure.ts'

const REFUNDS = Number(process.env['TIEOUT_BENCH'] ?? 200_000)
const NIGHT = 10_000
const AT = '2026-11-30T12:00:00Z'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await database.close()
  tell('reconcile')
})

/** Refunds number $2 to $3 on both sides, spread over three years of days; every two hundredth is missing on one of them. */
const ROWS = `
  insert into processor_row (business_id, processor, account, transaction_id, type, refund_id, payment_ids, reference_ids, amount,
    refund_fee, returned_fee, currency, occurred_on, file_id, line)
  select $1, 'STRIPE', '', 'txn_' || md5('t' || number), 'refund', 're_' || md5('r' || number),
    array['ch_' || md5('c' || number), 'pi_' || md5('p' || number)], array['order-' || number], 500 + number % 9973, 0, 0, 'USD',
    date '2024-01-01' + (number / ($4::int / 1000 + 1))::int, 1, number
  from generate_series($2::int, $3::int) number where number % 200 <> 1`
const REFUND_ROWS = `
  insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, status, reference_keys, payment_keys,
    allocation_amounts, allocation_line_sums, payments_sum, first_pull_id, changed_pull_id, last_pull_id)
  select $1, 'customer', md5('l' || number), md5(number::text), 500 + number % 9973, 'PAID', array['ch_' || md5('c' || number)],
    array['ch_' || md5('c' || number)], array[500 + number % 9973], array[null::bigint], 500 + number % 9973, 1, 1, 1
  from generate_series($2::int, $3::int) number where number % 200 <> 2 and $4::int > 0`
const LEGS = `
  insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, external_id, processor_named, method, amount,
    refund_fee, returned_fee, completed_on, identity_keys)
  select $1, 'customer', md5('l' || number), md5('g' || number), 0, 're_' || md5('r' || number), 'STRIPE', 'CREDIT_CARD',
    500 + number % 9973, 0, 0, date '2024-01-01' + (number / ($4::int / 1000 + 1))::int, array['re_' || md5('r' || number)]
  from generate_series($2::int, $3::int) number where number % 200 <> 2`

async function invent(business_id: string, from: number, to: number): Promise<void> {
  for (const statement of [ROWS, REFUND_ROWS, LEGS]) await database.query(statement, [business_id, from, to, REFUNDS])
  await database.query('vacuum analyze')
}

/** The same matches and findings by hand: one full outer join, written with its keys. */
const BY_HAND = `
  create table by_hand_match (business_id uuid, leg_no bigint, row_no bigint, primary key (business_id, leg_no), unique (business_id, row_no));
  create table by_hand_finding (business_id uuid, code text, item_no bigint, amount bigint, primary key (business_id, code, item_no));
  with joined as (
    select leg.leg_no, line.row_no, leg.amount as booked, line.amount as paid
    from ledger_leg leg
    full join processor_row line on line.business_id = leg.business_id and line.processor = leg.processor_named and line.refund_id = leg.external_id
  ),
  matches as (
    insert into by_hand_match select '00000000-0000-4000-8000-000000000001', leg_no, row_no
    from joined where leg_no is not null and row_no is not null order by leg_no
  )
  insert into by_hand_finding
  select '00000000-0000-4000-8000-000000000001', case when leg_no is null then 'MISSING_IN_LEDGER' else 'MISSING_AT_PROCESSOR' end,
    coalesce(leg_no, row_no), coalesce(booked, -paid)
  from joined where leg_no is null or row_no is null order by 2, 3`

test('reconciliation', async () => {
  const business_id = await storeWorld(database, {
    currency: 'USD',
    window: 3,
    shapes: new Map([['STRIPE', /^re_[a-z0-9]+$/]]),
    legs: [],
    rows: [],
  })
  await database.query(
    `
    insert into pull (business_id, direction, as_of, started_at, finished_at, complete, maybe_cut, refunds, quarantined, pages, bytes, sha256)
    select $1, direction, $2, $2, $2, true, false, 0, 0, 1, 0, '' from unnest(array['customer', 'vendor']) as direction`,
    [business_id, AT],
  )
  await invent(business_id, 1, REFUNDS)
  const by_hand = await seconds(async () => await database.query(BY_HAND))
  const night = async (full: boolean): Promise<number> =>
    await seconds(async () => {
      const { unexplained_lines, looked_at_everything } = await reconcile(database, business_id, {
        as_of: AT,
        now: AT,
        full,
        log: quiet,
      })
      expect(unexplained_lines).toBe(0)
      expect(looked_at_everything).toBe(full)
    })
  const first = await night(true)
  note({
    measure: 'full run, 1 % findings',
    size: REFUNDS,
    seconds: first,
    against: 'a full outer join by hand',
    against_seconds: by_hand,
    at_most: 3,
  })
  await invent(business_id, REFUNDS + 1, REFUNDS + NIGHT)
  const new_refunds = await night(false)
  note({
    measure: `a night of ${NIGHT} new refunds`,
    size: REFUNDS,
    seconds: new_refunds,
    against: 'the full run',
    against_seconds: first,
    at_most: null,
  })
  const nothing_new = await night(false)
  note({
    measure: 'a night without anything new',
    size: REFUNDS,
    seconds: nothing_new,
    against: 'the full run',
    against_seconds: first,
    at_most: null,
  })
})
