/** A business with a history on both sides, put straight into the tables as imports and pulls leave it. */

import { writeFile } from 'node:fs/promises'
import type { Database } from '../../src/database/connect.ts'
import type { Bench } from './bench.ts'
import { copyRows } from './copy-text.ts'
import { AS_OF, BUSINESS, configure, type Desk, tieout } from './job.ts'
import { isInLedger, type Refund, refundOf, type Span, STRIPE_COLUMNS, stripeLine } from './refunds.ts'
import type { BenchDatabase } from './server.ts'

export interface History {
  refunds: number
  /** one of so many is missing in the ledger, and one at the processor */
  missing_every: number
}

/** Ids look like Stripe's: a time, the account, chance. Expected volume: four million. */
const REFUNDS = `
  create temp table refund as
  select number, 500 + number % 89977 as amount, moment.at,
    'txn_1' || lpad(to_hex(extract(epoch from moment.at)::bigint), 8, '0') || 'LkdIwHu7ix' || left(md5('t' || number), 8) as transaction_id,
    paid.head || left(md5('r' || number), 8) as refund_tail, paid.head || left(md5('c' || number), 8) as charge_tail,
    paid.head || left(md5('p' || number), 8) as intent_tail
  from generate_series(1, $1::bigint) as number
  cross join lateral (select timestamptz '2023-12-01 00:00Z' + number * (interval '1092 days' / $1)) as moment (at)
  cross join lateral (
    select '3' || lpad(to_hex((extract(epoch from moment.at) - number * 7919 % 5184000)::bigint), 8, '0') || 'LkdIwHu7ix'
  ) as paid (head)`
const ROWS = `
  insert into processor_row (business_id, processor, account, transaction_id, type, category, refund_id, payment_ids,
    reference_ids, amount, refund_fee, returned_fee, currency, occurred_at, occurred_on, available_on, file_id, line)
  select $1, 'STRIPE', '', transaction_id, 'refund', 'refund', 're_' || refund_tail,
    array['ch_' || charge_tail, 'pi_' || intent_tail], array['order-' || number], amount, 0, 0, 'USD', at, at::date, at::date,
    (select min(file_id) from processor_file where business_id = $1), number + 1
  from refund where number % $2::bigint <> 1 order by number`
const LEDGER_REFUNDS = `
  insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, status, completed_at,
    completed_on, reference_keys, payment_keys, allocation_amounts, allocation_line_sums, allocations_sum, payments_sum,
    content_pull_id, content_page, content_place, first_pull_id, changed_pull_id, last_pull_id)
  select $1, 'customer', md5('l' || number), left(md5('h' || number), 22), amount, 'PAID', at, at::date,
    array['ch_' || charge_tail, 'order-' || number], array['ch_' || charge_tail], array[amount], array[null::bigint], amount, amount,
    1, 1, number, 1, 1, 1
  from refund where number % $2::bigint <> 2 order by number`
const LEGS = `
  insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, external_id, processor_named, method, amount,
    refund_fee, returned_fee, completed_at, completed_on, identity_keys, payment_keys)
  select $1, 'customer', md5('l' || number), md5('g' || number), 0, 're_' || refund_tail, 'STRIPE', 'CREDIT_CARD', amount,
    0, 0, at, at::date, array['re_' || refund_tail], array['ch_' || charge_tail]
  from refund where number % $2::bigint <> 2 order by number`
const PULLS = `
  insert into pull (business_id, direction, as_of, started_at, finished_at, complete, maybe_cut, refunds, quarantined,
    pages, bytes, sha256)
  select $1, direction, $2, $2, $2, true, false, 0, 0, 1, 0, '' from unnest(array['customer', 'vendor']) as direction`

/** The one refund that comes in as a file, for the settings and the file's own row; far from the others. */
const ALONE: Span = { first: 900_000_001, count: 1, from: '2024-01-10', days: 1 }

/** Fills a database. */
export async function invent(
  bench: Bench,
  desk: Desk,
  { url, database }: BenchDatabase,
  history: History,
): Promise<void> {
  await configure(desk, url)
  const alone = refundOf(ALONE.first, ALONE)
  await writeFile(desk.path('first.csv'), `${STRIPE_COLUMNS}\n${stripeLine(alone)}`)
  const covers = ['--covers', '2023-12-01..2026-11-29']
  await tieout(bench.places, bench.server, desk, ['import', '--processor', 'STRIPE', ...covers, 'first.csv'])
  const session = await database.session()
  await session.query(REFUNDS, [history.refunds])
  for (const statement of [ROWS, LEDGER_REFUNDS, LEGS])
    await session.query(statement, [BUSINESS, history.missing_every])
  await session.close()
  await book(database, [alone])
  await database.query('vacuum analyze')
}

const REFUND_COLUMNS =
  'business_id,direction,refund_id,content_hash,refunded_amount,status,completed_at,completed_on,reference_keys,payment_keys,allocation_amounts,allocation_line_sums,allocations_sum,payments_sum,content_pull_id,content_page,content_place,first_pull_id,changed_pull_id,last_pull_id'
const LEG_COLUMNS =
  'business_id,direction,refund_id,leg_id,ordinal,external_id,processor_named,method,amount,refund_fee,returned_fee,completed_at,completed_on,identity_keys,payment_keys'

/** New refunds in the ledger, as a complete pull leaves them. */
export async function book(database: Database, refunds: readonly Refund[]): Promise<void> {
  const own = [BUSINESS, 'customer'] as const
  await database.query(PULLS, [BUSINESS, AS_OF])
  await database.transaction(async (db) => {
    const copy = copyRows(db, 'ledger_refund', REFUND_COLUMNS.split(','))
    for (const { ledger_id, amount, at, order, charge_id } of refunds) {
      const [on, keys, no_pull] = [at.slice(0, 10), [charge_id, order], [1, 1, 1, 1, 1, 1] as const]
      const sums = [`{${amount}}`, '{NULL}', amount, amount] as const
      await copy.write([...own, ledger_id, ledger_id, amount, 'PAID', at, on, keys, [charge_id], ...sums, ...no_pull])
    }
    await copy.end()
  })
  await database.transaction(async (db) => {
    const copy = copyRows(db, 'ledger_leg', LEG_COLUMNS.split(','))
    for (const { ledger_id, leg_id, refund_id, charge_id, amount, at } of refunds) {
      const paid = [refund_id, 'STRIPE', 'CREDIT_CARD', amount, 0, 0, at, at.slice(0, 10)] as const
      await copy.write([...own, ledger_id, leg_id, 0, ...paid, [refund_id], [charge_id]])
    }
    await copy.end()
  })
}

/** The refunds of a span that the ledger has. */
export function bookedOf(span: Span): Refund[] {
  const numbers = Array.from({ length: span.count }, (_, index) => span.first + index)
  return numbers.filter(isInLedger).map((number) => refundOf(number, span))
}

export interface Reconciled {
  open: number
  matched: number
}

/** What `tieout reconcile` says it found. Throws where its tie-out leaves something unexplained. */
export function reconciled(document: unknown): Reconciled {
  const { businesses } = document as { businesses: { reconciliation: Record<string, number> }[] }
  const found = businesses[0]?.reconciliation
  if (found?.['unexplained_lines'] !== 0) throw new Error(`reconciliation: ${JSON.stringify(found)}`)
  return {
    open: (found['open_errors'] ?? 0) + (found['open_timing'] ?? 0),
    matched: found['legs_matched'] ?? 0,
  }
}
