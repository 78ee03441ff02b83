/** Puts a small world of legs and rows straight into the tables, as intake would have left it, and reads matches back. */

import { randomUUID } from 'node:crypto'
import type { Db } from '../../src/database/connect.ts'
import type { PlainMatch, PlainResult, PlainWorld } from './plain-matching.ts'

const SETTINGS = `
  with own as (
    insert into business (business_id, name, currency, time_zone, ledger_lag_days) values ($1, 'A test business', $2, 'UTC', 2)
  )
  insert into processor_setting (business_id, processor, accounts, settlement_lag_days, coverage_hole_days, date_window_days, amount_tolerance, fee_tolerance)
  select $1, processor, array[''], 5, 3, $3, 0, 0 from unnest($4::text[]) as processor`

const FILES = `
  insert into processor_file (business_id, processor, account, name, sha256, bytes, format, refund_id_pattern, imported_at,
    records, accepted, known, quarantined, covers_from, covers_to, coverage_source, totals, totals_hold, categories, brought)
  select $1, processor, '', lower(processor) || '.csv', processor, 0, 'test', pattern, now(), 0, 0, 0, 0,
    '2026-10-01', '2026-11-30', 'dates', '[]', true, '[]', '[]'
  from unnest($2::text[], $3::text[]) as file (processor, pattern)`

const LEGS = `
  with leg as (
    select * from json_to_recordset($2::json)
      as leg (id text, direction text, processor text, date date, amount bigint, identity json, "references" json)
  ),
  refund as (
    insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, status, reference_keys,
      payment_keys, payments_sum, content_pull_id, content_place, first_pull_id, changed_pull_id, last_pull_id)
    select $1, direction, 'refund of ' || id, id, amount, 'PAID',
      array(select json_array_elements_text("references")), '{}', amount, 1, 1, 1, 1, 1
    from leg
  )
  insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, processor_named, method, amount, refund_fee,
    returned_fee, completed_on, identity_keys)
  select $1, direction, 'refund of ' || id, id, 0, nullif(processor, 'UNASSIGNED'), 'CREDIT_CARD', amount, 0, 0, date,
    array(select json_array_elements_text(identity))
  from leg`

const ROWS = `
  insert into processor_row (business_id, processor, account, transaction_id, type, refund_id, payment_ids, reference_ids,
    amount, refund_fee, returned_fee, currency, occurred_on, file_id, line)
  select $1, processor, '', id, type, refund_id, array(select json_array_elements_text(payment_ids)),
    array(select json_array_elements_text("references")), amount, 0, 0, currency, date, 1, 1
  from json_to_recordset($2::json)
    as line (id text, type text, processor text, date date, amount bigint, currency text, refund_id text, payment_ids json, "references" json)`

/** Stores the world as a business of its own; returns its id. */
export async function storeWorld(db: Db, world: PlainWorld): Promise<string> {
  const business_id = randomUUID()
  const processors = [...world.shapes.keys()]
  await db.query(SETTINGS, [business_id, world.currency, world.window, processors])
  await db.query(FILES, [business_id, processors, [...world.shapes.values()].map(({ source }) => source)])
  await db.query(LEGS, [business_id, JSON.stringify(world.legs)])
  await db.query(ROWS, [business_id, JSON.stringify(world.rows)])
  return business_id
}

const MATCHES = `
  select coalesce(legs.pass, lines.pass) as pass, coalesce(legs.ids, '{}') as legs, coalesce(lines.ids, '{}') as rows
  from (
    select match_no, min(pass) as pass, array_agg(leg_id) as ids
    from match_leg join ledger_leg using (business_id, leg_no) where business_id = $1 group by match_no
  ) legs
  full join (
    select match_no, min(pass) as pass, array_agg(transaction_id) as ids
    from match_row join processor_row using (business_id, row_no) where business_id = $1 group by match_no
  ) lines using (match_no)`

const FOUND = `
  select stored.discrepancy_id,
    array(select leg_id from discrepancy_leg listed join ledger_leg using (business_id, leg_no)
          where listed.business_id = $1 and listed.discrepancy_id = stored.discrepancy_id) as legs,
    array(select transaction_id from discrepancy_row listed join processor_row using (business_id, row_no)
          where listed.business_id = $1 and listed.discrepancy_id = stored.discrepancy_id) as rows
  from discrepancy stored
  where business_id = $1 and code = $2 and status <> 'cleared'`

/** What the stored tables say of the matching, in the form of the plain rules. */
export async function storedResult(db: Db, business_id: string): Promise<PlainResult> {
  const found = async (code: string): Promise<{ legs: string[]; rows: string[] }[]> =>
    await db.query<{ legs: string[]; rows: string[] }>(FOUND, [business_id, code])
  return {
    matches: await db.query<PlainMatch>(MATCHES, [business_id]),
    duplicates: (await found('DUPLICATE_IN_LEDGER')).flatMap(({ legs }) => legs),
    ambiguous: await found('AMBIGUOUS_MATCH'),
  }
}

/** One text per match, duplicate and ambiguous group, sorted: two results are the same when their texts are. */
export function describe(result: PlainResult): string[] {
  const items = (ids: readonly string[]): string => [...ids].sort().join('+') || 'none'
  return [
    ...result.matches.map(({ pass, legs, rows }) => `${pass}: ${items(legs)} = ${items(rows)}`),
    ...result.duplicates.map((id) => `duplicate: ${id}`),
    ...result.ambiguous.map(({ legs, rows }) => `ambiguous: ${items(legs)} ? ${items(rows)}`),
  ].sort()
}
