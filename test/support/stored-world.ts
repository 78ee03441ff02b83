/** Puts a small world of legs and rows straight into the tables, as intake would have left it, night by night, and reads matches back. */

import { randomUUID } from 'node:crypto'
import type { Db } from '../../src/database/connect.ts'
import {
  nameOf,
  type PlainLeg,
  type PlainMatch,
  type PlainResult,
  type PlainRow,
  type PlainWorld,
} from './plain-matching.ts'

const BUSINESS = `
  insert into business (business_id, name, currency, time_zone, ledger_lag_days, starts_on)
  values ($1, 'A test business', $2, 'UTC', 2, $3)`

const SETTING = `
  insert into processor_setting (business_id, processor, settlement_lag_days, date_window_days, usual_lag_days, match_payouts,
    amount_tolerance, fee_tolerance)
  values ($1, $2, 5, $3, $4, $5, 0, 0)`

const ACCOUNT = `
  insert into processor_account (business_id, processor, account, coverage_hole_days) values ($1, $2, $3, 3)`

const FILE = `
  insert into processor_file (business_id, processor, account, name, path, sha256, bytes, format, refund_id_pattern,
    payment_id_patterns, as_of, imported_at, records, accepted, known, quarantined, covers_from, covers_to, coverage_source,
    totals, totals_hold, categories, brought)
  values ($1, $2, $3, lower($2) || '.csv', lower($2) || '.csv', $4, 0, 'test', $5, $6, now(), now(), 0, 0, 0, 0, '2026-09-01', '2026-11-30', 'dates',
    '[]', true, '[]', '[]')`

/** Stores a new business with the world's settings; no leg and no row yet. */
async function storeBusiness(db: Db, world: PlainWorld): Promise<string> {
  const business_id = randomUUID()
  await db.query(BUSINESS, [business_id, world.currency, world.starts_on])
  for (const [processor, rules] of world.processors) {
    const { window, lag, match_payouts, refund_id_shapes, payment_id_shapes } = rules
    await db.query(SETTING, [business_id, processor, window, lag, match_payouts])
    const accounts = new Set(world.rows.filter((row) => row.processor === processor).map((row) => row.account))
    for (const account of accounts.add('')) await db.query(ACCOUNT, [business_id, processor, account])
    const payments = payment_id_shapes.map(({ source }) => source)
    for (const [place, shape] of [null, ...refund_id_shapes].entries()) {
      await db.query(FILE, [business_id, processor, '', `${processor} ${place}`, shape?.source ?? null, payments])
    }
  }
  return business_id
}

const REFUND = `
  insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, status, reference_keys,
    payment_keys, payments_sum, content_pull_id, content_place, first_pull_id, changed_pull_id, last_pull_id)
  values ($1, $2, $3, $3, $4, null, $5, $6, $4, 1, 1, 1, 1, 1)
  on conflict (business_id, direction, refund_id) do update
  set reference_keys = excluded.reference_keys, payment_keys = excluded.payment_keys, refunded_amount = excluded.refunded_amount,
    payments_sum = excluded.payments_sum`

const LEG = `
  insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, processor_named, method, amount, refund_fee,
    returned_fee, completed_on, identity_keys, payment_keys)
  values ($1, $2, $3, $4, 0, nullif($5, 'UNASSIGNED'), 'CREDIT_CARD', $6, 0, 0, $7, $8, $9)
  on conflict (business_id, direction, refund_id, leg_id, ordinal) do update
  set processor_named = excluded.processor_named, amount = excluded.amount, completed_on = excluded.completed_on,
    identity_keys = excluded.identity_keys, payment_keys = excluded.payment_keys, active = true`

const ROW = `
  insert into processor_row (business_id, processor, account, transaction_id, type, refund_id, payment_ids, reference_ids,
    amount, refund_fee, returned_fee, currency, occurred_on, payout_id, direction, file_id, line)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, case when $5 = 'vendor_refund' then 'vendor' else 'customer' end, 1, 1)
  on conflict (business_id, transaction_id, processor, account) do update
  set type = excluded.type, refund_id = excluded.refund_id, payment_ids = excluded.payment_ids,
    reference_ids = excluded.reference_ids, amount = excluded.amount, refund_fee = excluded.refund_fee,
    returned_fee = excluded.returned_fee, currency = excluded.currency, occurred_on = excluded.occurred_on,
    payout_id = excluded.payout_id, active = true,
    direction = case when excluded.type = 'refund_reversal' then processor_row.direction else excluded.direction end`

const TOUCH_LEG = `
  insert into touched_item (business_id, item_no, month_before)
  select business_id, leg_no, date_trunc('month', completed_on)::date from ledger_leg where business_id = $1 and leg_id = $2
  on conflict do nothing`
const TOUCH_ROW = `
  insert into touched_item (business_id, item_no, month_before)
  select business_id, row_no, date_trunc('month', occurred_on)::date from processor_row
  where business_id = $1 and processor = $2 and account = $3 and transaction_id = $4
  on conflict do nothing`

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

async function storeLeg(db: Db, business_id: string, leg: PlainLeg, world: PlainWorld): Promise<void> {
  const whole = world.legs.filter((other) => other.refund === leg.refund).reduce((sum, { amount }) => sum + amount, 0)
  await db.query(REFUND, [business_id, leg.direction, leg.refund, whole, leg.references, leg.payment_keys])
  await db.query(LEG, [
    ...[business_id, leg.direction, leg.refund, leg.id, leg.processor, leg.amount, leg.date],
    ...[leg.identity, leg.payment_keys],
  ])
}

async function storeRow(db: Db, business_id: string, row: PlainRow): Promise<void> {
  await db.query(ROW, [
    ...[business_id, row.processor, row.account, row.id, row.type, row.refund_id, row.payment_ids, row.references],
    ...[row.amount, row.refund_fee, row.returned_fee, row.currency, row.date, row.payout_id],
  ])
}

const REMOVE_LEG = 'update ledger_leg set active = false where business_id = $1 and leg_id = $2'
const WITHDRAW_ROW = `
  update processor_row set active = false where business_id = $1 and processor = $2 and account = $3 and transaction_id = $4`

/** Brings the tables from one night's world to the next one's, noting what is touched, as intake does. */
async function storeItems(db: Db, business_id: string, before: PlainWorld | null, world: PlainWorld): Promise<void> {
  for (const leg of before?.legs ?? []) {
    const now = world.legs.find(({ id }) => id === leg.id)
    if (same(leg, now)) continue
    await db.query(TOUCH_LEG, [business_id, leg.id])
    if (now === undefined) await db.query(REMOVE_LEG, [business_id, leg.id])
  }
  for (const row of before?.rows ?? []) {
    const now = world.rows.find((other) => nameOf(other) === nameOf(row) && other.processor === row.processor)
    const key = [business_id, row.processor, row.account, row.id]
    if (same(row, now)) continue
    await db.query(TOUCH_ROW, key)
    if (now === undefined) await db.query(WITHDRAW_ROW, key)
  }
  for (const leg of world.legs) {
    if (
      same(
        leg,
        before?.legs.find(({ id }) => id === leg.id),
      )
    )
      continue
    const returns = before !== null && !before.legs.some(({ id }) => id === leg.id)
    if (returns) await db.query(TOUCH_LEG, [business_id, leg.id])
    await storeLeg(db, business_id, leg, world)
  }
  for (const row of world.rows) {
    const known = before?.rows.find((other) => nameOf(other) === nameOf(row) && other.processor === row.processor)
    if (same(row, known)) continue
    if (before !== null && known === undefined)
      await db.query(TOUCH_ROW, [business_id, row.processor, row.account, row.id])
    await storeRow(db, business_id, row)
  }
}

const RULING = `
  insert into ruling (business_id, ruling_id, kind, leg_nos, row_nos, by_name, at)
  select $1, $2, $3,
    array(select coalesce(leg.leg_no, -1) from unnest($4::text[]) with ordinality as asked (id, place)
          left join ledger_leg leg on leg.business_id = $1 and leg.leg_id = asked.id order by asked.place),
    array(select coalesce(line.row_no, -1) from unnest($5::text[]) with ordinality as asked (name, place)
          left join processor_row line on line.business_id = $1
            and case line.account when '' then line.transaction_id else line.account || '/' || line.transaction_id end = asked.name
          order by asked.place),
    'a person', now() + $6 * interval '1 second'
  on conflict (business_id, ruling_id) do update set forgotten_at = null`

async function storeRulings(db: Db, business_id: string, { rulings }: PlainWorld): Promise<void> {
  await db.query('update ruling set forgotten_at = now() where business_id = $1', [business_id])
  const all = [
    ...rulings.match.map((one) => ({ kind: 'match', ...one })),
    ...rulings.unmatch.map(({ leg, row }) => ({ kind: 'unmatch', legs: [leg], rows: [row] })),
  ]
  for (const [place, { kind, legs, rows }] of all.entries()) {
    await db.query(RULING, [business_id, JSON.stringify([kind, legs, rows]), kind, legs, rows, place])
  }
}

/** Stores the world as a business of its own, or as the next night of one; returns its id. */
export async function storeWorld(
  db: Db,
  world: PlainWorld,
  earlier?: { business_id: string; world: PlainWorld },
): Promise<string> {
  const business_id = earlier?.business_id ?? (await storeBusiness(db, world))
  await storeItems(db, business_id, earlier?.world ?? null, world)
  await storeRulings(db, business_id, world)
  return business_id
}

const NAME = `case line.account when '' then line.transaction_id else line.account || '/' || line.transaction_id end`

const MATCHES = `
  select min(matched.pass) as pass, coalesce(array_agg(leg.leg_id) filter (where leg.leg_id is not null), '{}') as legs,
    coalesce(array_agg(${NAME}) filter (where line.row_no is not null), '{}') as rows
  from match_item matched
  left join ledger_leg leg on leg.business_id = matched.business_id and leg.leg_no = matched.leg_no
  left join processor_row line on line.business_id = matched.business_id and line.row_no = matched.row_no
  where matched.business_id = $1
  group by matched.match_no`

const FOUND = `
  select array(select leg_id from unnest(stored.leg_nos) as leg_no join ledger_leg leg using (leg_no) where leg.business_id = $1) as legs,
    array(select ${NAME} from unnest(stored.row_nos) as row_no join processor_row line using (row_no) where line.business_id = $1) as rows
  from discrepancy stored
  where stored.business_id = $1 and stored.code = $2 and stored.status <> 'cleared'`

const DUPLICATES = `
  select leg.leg_id from open_item open join ledger_leg leg on leg.business_id = open.business_id and leg.leg_no = open.item_no
  where open.business_id = $1 and open.state = 'duplicate'`

const AMBIGUOUS = `
  select coalesce(array_agg(leg.leg_id) filter (where leg.leg_id is not null), '{}') as legs,
    coalesce(array_agg(${NAME}) filter (where line.row_no is not null), '{}') as rows
  from open_item open
  left join ledger_leg leg on leg.business_id = open.business_id and leg.leg_no = open.item_no
  left join processor_row line on line.business_id = open.business_id and line.row_no = open.item_no
  where open.business_id = $1 and open.state = 'ambiguous'
  group by open.island_no`

/** What the stored tables say of the matching, in the form of the plain rules. */
export async function storedResult(db: Db, business_id: string): Promise<PlainResult> {
  return {
    matches: await db.query<PlainMatch>(MATCHES, [business_id]),
    duplicates: (await db.query<{ leg_id: string }>(DUPLICATES, [business_id])).map(({ leg_id }) => leg_id),
    ambiguous: await db.query<{ legs: string[]; rows: string[] }>(AMBIGUOUS, [business_id]),
  }
}

/** The legs and rows of the findings of a code. */
export const found = async (db: Db, business_id: string, code: string): Promise<{ legs: string[]; rows: string[] }[]> =>
  await db.query<{ legs: string[]; rows: string[] }>(FOUND, [business_id, code])
