/** What a run looks at: what is new, changed or open, and what that belongs to by key (spec section 4, "From night to night"). */

import type { Db } from '../database/connect.ts'
import { type RowOf, run } from '../database/statement.ts'
import type { Leg, MatchSettings, Row, Ruling, StoredMatch } from '../matching/types.ts'
import type { Fresh } from '../matching/undo.ts'

/** How far the last run looked, and what changed since; `matched`: how many legs and rows it left in matches. */
export type RunState = RowOf<'reconcile/begin', 'starts_on' | 'as_of_before' | 'event_number' | 'event_hash'>

/** What came since the last run. */
export interface FreshItems {
  /** how many are new or open */
  loose_legs: bigint
  loose_rows: bigint
  /** whose totals have to be summed again: 'YYYY-MM' */
  months: string[]
  /** of rows of any type that are new or changed; null: so many that all are looked at */
  payment_ids: string[] | null
}

/** More payment ids than these are not looked up one by one. */
const MOST_PAYMENTS = 50_000

/** `anew`: where everything is looked at, payment ids need not be gathered, and nothing counts as open. */
export async function freshItems(db: Db, business_id: string, state: RunState, anew: boolean): Promise<FreshItems> {
  const { is_same, item_mark, open_legs, open_rows } = state
  if (is_same) return { loose_legs: open_legs, loose_rows: open_rows, months: [], payment_ids: [] }
  const most = anew ? 0 : MOST_PAYMENTS + 1
  const [fresh] = await run<RowOf<'reconcile/fresh'>>(db, 'reconcile/fresh', [business_id, item_mark, most])
  if (fresh === undefined) throw new Error(`business ${business_id} is not there`)
  const { new_legs, new_rows, months } = fresh
  const is_many = anew || fresh.payment_ids.length > MOST_PAYMENTS
  return {
    loose_legs: anew ? new_legs : new_legs + open_legs,
    loose_rows: anew ? new_rows : new_rows + open_rows,
    ...{ months, payment_ids: is_many ? null : fresh.payment_ids },
  }
}

export type LoadedRow = Row & { direction: Leg['direction']; reversal_of: bigint | null }
export type ReachedMatch = StoredMatch

/** Numbers of the legs and rows that are new, open or changed since the last run; `returned`: those that are there again. */
type Loose = RowOf<'reconcile/loose'>

/** What a run looks at, while it grows: the loose items, what a person ruled on, and the matches that these belong to. */
export class Reach {
  readonly #db: Db
  readonly #business_id: string
  readonly #loose: Loose
  readonly #rulings: readonly Ruling[]
  readonly #opened: { leg_nos: bigint[]; row_nos: bigint[] } = { leg_nos: [], row_nos: [] }
  #matches: ReachedMatch[] = []

  private constructor(db: Db, business_id: string, loose: Loose, rulings: readonly Ruling[]) {
    this.#db = db
    this.#business_id = business_id
    this.#loose = loose
    this.#rulings = rulings
  }

  static async from(db: Db, business_id: string, item_mark: bigint, rulings: readonly Ruling[]): Promise<Reach> {
    const [loose] = await run<Loose>(db, 'reconcile/loose', [business_id, item_mark])
    if (loose === undefined) throw new Error(`business ${business_id} is not there`)
    return new Reach(db, business_id, loose, rulings)
  }

  get matches(): readonly ReachedMatch[] {
    return this.#matches
  }

  /** What is new, and what changed. What left is not loaded: its match is torn. */
  get fresh(): Fresh {
    const { new_legs, new_rows, touched_legs, touched_rows, returned } = this.#loose
    return {
      added: { leg_nos: new Set([...new_legs, ...returned]), row_nos: new Set([...new_rows, ...returned]) },
      changed: { leg_nos: new Set(touched_legs), row_nos: new Set(touched_rows) },
      gone: { leg_nos: new Set(), row_nos: new Set() },
    }
  }

  /** Looks up the stored matches that something new, changed or opened may belong to. */
  async lookUpMatches(): Promise<void> {
    const { new_legs, new_rows, open_legs, touched_legs, touched_rows } = this.#loose
    const [keys] = await run<RowOf<'reconcile/keys'>>(this.#db, 'reconcile/keys', [
      ...([this.#business_id, [...new_legs, ...touched_legs], [...open_legs, ...this.#opened.leg_nos]] as const),
      [...new_rows, ...touched_rows, ...this.#opened.row_nos],
    ])
    if (keys === undefined) throw new Error('no keys')
    this.#matches = await run<ReachedMatch>(this.#db, 'reconcile/reached_matches', [
      ...([this.#business_id, keys.named, keys.refund_ids] as const),
      [...keys.fresh_named, ...keys.row_ids],
      ...([keys.reversed_payment_ids, keys.fresh_references] as const),
      [...touched_legs, ...this.#rulings.flatMap(({ leg_nos }) => leg_nos)],
      [...touched_rows, ...this.#rulings.flatMap(({ row_nos }) => row_nos)],
    ])
  }

  /** The items of these matches are open: what they belong to is looked up too. */
  async open(matches: readonly ReachedMatch[]): Promise<void> {
    this.#opened.leg_nos.push(...matches.flatMap(({ leg_nos }) => leg_nos))
    this.#opened.row_nos.push(...matches.flatMap(({ row_nos }) => row_nos))
    await this.lookUpMatches()
  }

  /** The legs and rows to be matched, and those of the matches that were reached. */
  async loadItems(): Promise<{ legs: Leg[]; rows: LoadedRow[] }> {
    const { touched_legs, touched_rows } = this.#loose
    const belonging = [...this.#matches, ...this.#rulings]
    const asked_legs = [...touched_legs, ...belonging.flatMap(({ leg_nos }) => leg_nos)]
    const asked_rows = [...touched_rows, ...belonging.flatMap(({ row_nos }) => row_nos)]
    const all_legs = [...this.loose_legs, ...asked_legs]
    const all_rows = [...this.loose_rows, ...asked_rows]
    const legs = await run<Leg>(this.#db, 'reconcile/legs', [this.#business_id, this.loose_legs, all_rows, asked_legs])
    const rows = await run<LoadedRow>(this.#db, 'reconcile/rows', [
      ...([this.#business_id, all_legs, this.loose_rows, all_rows, asked_rows] as const),
    ])
    return { legs, rows }
  }

  /** All legs that are in no match, or were until now. */
  get loose_legs(): bigint[] {
    const { new_legs, open_legs, touched_legs } = this.#loose
    return [...new_legs, ...open_legs, ...touched_legs, ...this.#opened.leg_nos]
  }

  get loose_rows(): bigint[] {
    const { new_rows, open_rows, touched_rows } = this.#loose
    return [...new_rows, ...open_rows, ...touched_rows, ...this.#opened.row_nos]
  }
}

export const loadRulings = async (
  db: Db,
  business_id: string,
  { has_rulings }: Pick<RunState, 'has_rulings'>,
): Promise<Ruling[]> => (has_rulings ? await run<Ruling>(db, 'reconcile/rulings', [business_id]) : [])

/** The settings that matter to matching. Payment ids are looked up for the payment keys of these legs. */
export async function loadSettings(
  db: Db,
  business_id: string,
  { currency, starts_on }: Pick<RunState, 'currency' | 'starts_on'>,
  legs: readonly Leg[],
): Promise<MatchSettings> {
  const settings = await run<RowOf<'reconcile/processors'>>(db, 'reconcile/processors', [business_id])
  const keys = [...new Set(legs.flatMap((leg) => leg.payment_keys))]
  const known = new Set<string>()
  if (keys.length > 0) {
    const found = await run<RowOf<'reconcile/known_payments'>>(db, 'reconcile/known_payments', [business_id, keys])
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
