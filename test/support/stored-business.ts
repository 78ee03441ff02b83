/** Puts settings, files, legs, rows and findings of one business straight into the tables, each with the columns named. */

import { randomUUID } from 'node:crypto'
import type { Db } from '../../src/database/connect.ts'

type Row = Record<string, unknown>

export interface StoredBusiness {
  readonly business_id: string
  /** A record of any table; gives it back as stored. */
  add<T extends Row>(table: string, row: Row): Promise<T>
  /** A configured processor, with accounts if any are named beside the one without a name. */
  processor(processor: string, settings?: Row): Promise<void>
  account(processor: string, account: string, asked?: Row): Promise<void>
  /** An imported file of STRIPE, of the account without a name, unless it says otherwise. */
  file(file: Row): Promise<number>
  /** A leg of STRIPE; gives its number. */
  leg(leg: Row): Promise<number>
  /** A refund row of STRIPE; gives its number. */
  row(row: Row): Promise<number>
  /** A match of pass 1 that no check has looked at yet; gives its number. */
  match(legs: readonly number[], rows: readonly number[], pass?: string): Promise<number>
  open(item_no: number, side: 'leg' | 'row', state?: string): Promise<void>
  /** A finding with its effects. */
  finding(finding: Row, effects?: readonly Row[]): Promise<string>
  asOf(as_of: string): Promise<void>
  /** What a run notes when it begins: the spans of its fee policies. */
  begin(): Promise<void>
}

const DEFAULTS: Record<string, Row> = {
  processor_setting: { settlement_lag_days: 5, date_window_days: 3, amount_tolerance: 0, fee_tolerance: 0 },
  processor_account: { account: '', coverage_hole_days: 3 },
  processor_file: {
    ...{
      processor: 'STRIPE',
      account: '',
      name: 'stripe.csv',
      path: 'stripe.csv',
      bytes: 0,
      format: 'test',
      as_of: '2026-11-15T12:00:00Z',
      imported_at: '2026-11-15T00:00:00Z',
    },
    ...{ records: 0, accepted: 0, known: 0, quarantined: 0, coverage_source: 'given', totals: [], totals_hold: true },
    ...{ categories: [], brought: [] },
  },
  ledger_leg: {
    ...{
      direction: 'customer',
      ordinal: 0,
      processor_named: 'STRIPE',
      method: 'CREDIT_CARD',
      amount: 0,
      refund_fee: 0,
    },
    ...{ returned_fee: 0, identity_keys: [] },
  },
  processor_row: {
    ...{
      processor: 'STRIPE',
      account: '',
      type: 'refund',
      payment_ids: [],
      reference_ids: [],
      amount: 0,
      refund_fee: 0,
    },
    ...{ returned_fee: 0, currency: 'USD', file_id: 0, line: 1 },
  },
  discrepancy: {
    ...{ direction: 'customer', processor: 'STRIPE', currency: 'USD', leg_nos: [], row_nos: [], status: 'open' },
    ...{ first_seen_at: '2026-11-15T00:00:00Z', last_seen_at: '2026-11-15T00:00:00Z' },
  },
  discrepancy_effect: { processor: 'STRIPE', currency: 'USD', amount: 0, refund_fee: 0, returned_fee: 0 },
  pull: {
    ...{ as_of: '2026-11-15T00:00:00Z', started_at: '2026-11-15T00:00:00Z', finished_at: '2026-11-15T00:00:00Z' },
    ...{ complete: true, maybe_cut: false, refunds: 0, quarantined: 0, pages: 1, bytes: 2, sha256: '' },
  },
  quarantine: { source: 'stripe.csv', kind: 'unreadable', reason: 'the date cannot be read', raw: '' },
}

/** A run begins by storing the levels at which fees are compared; these tables decide them. */
const DECIDE_FEES: ReadonlySet<string> = new Set(['fee_policy', 'processor_file'])
const FEE_SPANS = `
  insert into fee_span (business_id, processor, from_month, before_month, refund_fee_tie, returned_fee_tie, categories)
  select business_id, processor, from_month, before_month, refund_fee_tie, returned_fee_tie, categories
  from fee_rule where business_id = $1
  on conflict (business_id, processor, from_month) do update
  set before_month = excluded.before_month, refund_fee_tie = excluded.refund_fee_tie,
    returned_fee_tie = excluded.returned_fee_tie, categories = excluded.categories`

/** A business in USD and New York that was reconciled as of noon UTC of 15 Nov 2026, unless it says otherwise. */
export async function storeBusiness(
  db: Db,
  settings: Row = {},
  as_of = '2026-11-15T12:00:00Z',
): Promise<StoredBusiness> {
  const business_id = randomUUID()
  let made = 0
  const add = async <T extends Row>(table: string, row: Row): Promise<T> => {
    const whole = { business_id, ...DEFAULTS[table], ...row }
    const columns = Object.keys(whole).join(', ')
    const [stored] = await db.query<T>(
      `insert into ${table} (${columns}) select ${columns} from json_populate_record(null::${table}, $1::json) returning *`,
      [JSON.stringify(whole)],
    )
    if (stored === undefined) throw new Error(`nothing was stored in ${table}`)
    if (DECIDE_FEES.has(table)) await db.query(FEE_SPANS, [business_id])
    return stored
  }
  await add('business', {
    name: 'Harbor Coffee',
    currency: 'USD',
    time_zone: 'America/New_York',
    ledger_lag_days: 2,
    ...settings,
  })
  const asOf = async (instant: string): Promise<void> => {
    await db.query(
      `insert into reconciliation values ($1, $2, $2, 0, '', '')
       on conflict (business_id) do update set as_of = excluded.as_of`,
      [business_id, instant],
    )
  }
  await asOf(as_of)
  const account = async (processor: string, name: string, asked: Row = {}): Promise<void> => {
    await add('processor_account', { processor, account: name, ...asked })
  }
  return {
    business_id,
    add,
    asOf,
    async begin() {
      await db.query('delete from fee_span where business_id = $1', [business_id])
      await db.query(
        `insert into fee_span (business_id, processor, from_month, before_month, refund_fee_tie, returned_fee_tie, categories)
         select business_id, processor, from_month, before_month, refund_fee_tie, returned_fee_tie, categories
         from fee_rule where business_id = $1`,
        [business_id],
      )
    },
    account,
    async processor(processor, shared = {}) {
      await add('processor_setting', { processor, ...shared })
      await account(processor, '')
    },
    async file(file) {
      const { file_id } = await add<{ file_id: bigint }>('processor_file', { sha256: `${++made}`, ...file })
      return Number(file_id)
    },
    async leg(leg) {
      const id = `leg ${++made}`
      const { leg_no } = await add<{ leg_no: bigint }>('ledger_leg', {
        leg_id: id,
        refund_id: `refund of ${id}`,
        ...leg,
      })
      return Number(leg_no)
    },
    async row(row) {
      const { row_no } = await add<{ row_no: bigint }>('processor_row', { transaction_id: `txn ${++made}`, ...row })
      return Number(row_no)
    },
    async match(legs, rows, pass = 'refund_id') {
      const match_no = legs[0] ?? rows[0] ?? 0
      if (legs.length === 1 && rows.length === 1)
        await add('match_item', { match_no, pass, leg_no: legs[0], row_no: rows[0] })
      else {
        for (const leg_no of legs) await add('match_item', { match_no, pass, leg_no })
        for (const row_no of rows) await add('match_item', { match_no, pass, row_no })
      }
      return match_no
    },
    async open(item_no, side, state = 'unmatched') {
      await add('open_item', { item_no, side, state })
    },
    async finding(finding, effects = []) {
      const discrepancy_id = `finding ${++made}`
      await add('discrepancy', { discrepancy_id, ...finding })
      for (const effect of effects) await add('discrepancy_effect', { discrepancy_id, ...effect })
      return discrepancy_id
    },
  }
}
