/** What a run looks at: what is new, changed or open, and what that belongs to by key (spec section 4, "From night to night"). */

import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { Leg, MatchSettings, Row, Ruling, StoredMatch } from '../matching/types.ts'

/** How far the last run looked, and what changed since. */
export interface RunState {
  currency: string
  starts_on: string | null
  as_of_before: string | null
  item_mark: bigint
  new_item_mark: bigint
  is_first: boolean
  matching_settings: string
  judging_settings: string
  matching_changed: boolean
  judging_changed: boolean
  has_rulings: boolean
  event_number: bigint | null
  event_hash: string | null
}

/** Where an item stands since the last run. `state` null: it was in a match, or is new. */
interface Standing {
  state: 'unmatched' | 'duplicate' | 'ambiguous' | null
  island_no: bigint | null
  is_new: boolean
  is_touched: boolean
}

export type LoadedLeg = Leg & Standing
export type LoadedRow = Row & Standing & { direction: Leg['direction']; reversal_of: bigint | null }
export type ReachedMatch = StoredMatch & { balanced: boolean }

export interface WorkingSet {
  legs: LoadedLeg[]
  rows: LoadedRow[]
  matches: ReachedMatch[]
}

interface ProcessorSettings {
  processor: string
  date_window_days: number
  usual_lag_days: number
  match_payouts: boolean
  refund_id_patterns: string[]
  payment_id_patterns: string[]
}

/** Of undone matches: their legs and rows are open, and what they belong to is looked up too. */
export interface Opened {
  leg_nos: readonly bigint[]
  row_nos: readonly bigint[]
}

const NOTHING_OPENED: Opened = { leg_nos: [], row_nos: [] }

/** The stored matches that something new, changed or just opened may belong to. */
export const reachedMatches = async (db: Db, business_id: string, opened = NOTHING_OPENED): Promise<ReachedMatch[]> =>
  await run<ReachedMatch>(db, 'reconcile/reached_matches', [business_id, opened.leg_nos, opened.row_nos])

/** The legs and rows to be matched, and those of the matches that were reached. */
export async function loadItems(
  db: Db,
  business_id: string,
  matches: readonly ReachedMatch[],
): Promise<{ legs: LoadedLeg[]; rows: LoadedRow[] }> {
  const leg_nos = matches.flatMap((match) => match.leg_nos)
  const row_nos = matches.flatMap((match) => match.row_nos)
  const legs = await run<LoadedLeg>(db, 'reconcile/legs', [business_id, leg_nos, row_nos])
  const rows = await run<LoadedRow>(db, 'reconcile/rows', [business_id, leg_nos, row_nos])
  return { legs, rows }
}

export const loadRulings = async (db: Db, business_id: string, { has_rulings }: RunState): Promise<Ruling[]> =>
  has_rulings ? await run<Ruling>(db, 'reconcile/rulings', [business_id]) : []

/** The settings that matter to matching. Payment ids are looked up for the payment keys of these legs. */
export async function loadSettings(
  db: Db,
  business_id: string,
  { currency, starts_on }: RunState,
  legs: readonly LoadedLeg[],
): Promise<MatchSettings> {
  const settings = await run<ProcessorSettings>(db, 'reconcile/processors', [business_id])
  const keys = [...new Set(legs.flatMap((leg) => leg.payment_keys))]
  const known = new Set<string>()
  if (keys.length > 0) {
    const found = await run<{ processor: string; key: string }>(db, 'reconcile/known_payments', [business_id, keys])
    for (const { processor, key } of found) known.add(`${processor}\n${key}`)
  }
  const shapes = (patterns: readonly string[]): RegExp[] => patterns.map((pattern) => new RegExp(pattern))
  return {
    currency,
    starts_on,
    processors: new Map(
      settings.map(({ processor, refund_id_patterns, payment_id_patterns, ...rules }) => [
        processor,
        {
          ...rules,
          refund_id_patterns: shapes(refund_id_patterns),
          payment_id_patterns: shapes(payment_id_patterns),
        },
      ]),
    ),
    known_payment_ids: (processor, key) => known.has(`${processor}\n${key}`),
  }
}
