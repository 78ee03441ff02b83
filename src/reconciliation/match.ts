/** Matching as a step of a run: pairs in bulk, undoes what has a reason, matches what is open, and stores it. */

import type { Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { analyze } from '../database/statistics.ts'
import { matchBusiness } from '../matching/match-business.ts'
import type { Leg, Match, Matching, Row, Ruling, Standing } from '../matching/types.ts'
import { matchesToUndo, type UndoReason } from '../matching/undo.ts'
import { type MatchSum, MatchTotals } from './match-totals.ts'
import {
  type FreshItems,
  type LoadedRow,
  loadRulings,
  loadSettings,
  Reach,
  type ReachedMatch,
  type RunState,
} from './working-set.ts'

/** When to pair in bulk what needs no thought. `auto`: where so much is loose that it pays. */
export type Bulk = 'auto' | 'always' | 'never'

export interface MatchOptions {
  /** whether no match stands: the first run, or everything anew */
  anew: boolean
  /** everything anew, while the matches from before are stored */
  again: boolean
  bulk: Bulk
}

interface Undone {
  match_no: bigint
  reason: UndoReason
}

/**
 * With so many loose legs and rows it pays to pair in bulk, unless many times as many are matched: the statements read all that is
 * stored (11 us a match), while matchBusiness takes its time (130 us a pair) and memory for what is loose. `bounded`: from
 * here on whatever is matched, for the job's memory.
 */
const BULK = { from: 2_000n, times_matched: 16n, bounded: 100_000n }

/** Judging fewer new matches is fast by any plan. */
const MANY_MATCHES = 500

export interface MatchedItems {
  undone: Undone[]
  /** whether a match was made or undone */
  has_matched: boolean
  /** of reversals that have another direction now, since theirs is that of their refund: 'YYYY-MM' */
  turned_months: string[]
  /** of reversals that belong to another refund now, and of both refunds: too much may be given back of these payments */
  retied_payment_ids: string[]
}

/** Matches what is new, changed or open, and stores matches, open items and the ties of reversals. */
export async function matchItems(
  db: Db,
  business_id: string,
  state: RunState,
  fresh: FreshItems,
  { anew, again, bulk }: MatchOptions,
): Promise<MatchedItems> {
  const totals = new MatchTotals()
  const { item_mark } = state
  if (bulk === 'always' || (bulk === 'auto' && isMuchLoose(fresh, state.matched)))
    await pairInBulk(db, [business_id, item_mark, !anew], { fresh, matched: state.matched, again, bulk, totals })
  else if (again) await count(db, 'reconcile/set_aside', [business_id])
  const rulings = await loadRulings(db, business_id, state)
  const reach = await Reach.from(db, business_id, item_mark, rulings)
  if (!anew) await reach.lookUpMatches()
  const { undone, legs, rows } = await openMatches(reach, rulings)
  const undone_nos = new Set(undone.map(({ match_no }) => match_no))
  const opened = reach.matches.filter(({ match_no }) => undone_nos.has(match_no))
  const items = new LoadedItems(legs, rows)
  const standing = reach.matches
    .filter(({ match_no }) => !undone_nos.has(match_no))
    .map((match) => items.standing(match))
  const settings = await loadSettings(db, business_id, state, legs)
  const matching = matchBusiness(legs, rows, settings, rulings, standing)

  for (const match of matching.matches) {
    totals.addMatch(directionOf(match, matching), match.pass, match.legs, match.rows)
  }
  await undo(db, business_id, opened, totals)
  await storeMatches(db, business_id, matching.matches)
  const { turned_months, retied_payment_ids } = await storeTies(db, business_id, matching, rows)
  await storeOpen(db, business_id, matching, reach, standing)
  await totals.store(db, business_id)
  // else the planner would expect as many matches as there were before
  if (matching.matches.length >= MANY_MATCHES) await analyze(db, 'match_item')
  return { undone, has_matched: !totals.isEmpty, turned_months, retied_payment_ids }
}

interface Loaded {
  undone: Undone[]
  legs: Leg[]
  rows: LoadedRow[]
}

/** Undoes matches, and what has a reason since others were undone: a reversal that is free again belongs to another one. */
async function openMatches(reach: Reach, rulings: readonly Ruling[]): Promise<Loaded> {
  const undone = new Map<bigint, Undone>()
  for (;;) {
    const { legs, rows } = await reach.loadItems()
    const standing = reach.matches.filter(({ match_no }) => !undone.has(match_no))
    const further = matchesToUndo(standing, legs, rows, rulings, reach.fresh)
    if (further.length === 0) return { undone: [...undone.values()], legs, rows }
    for (const one of further) undone.set(one.match_no, one)
    await reach.open(standing.filter(({ match_no }) => undone.has(match_no)))
  }
}

/** A planner that expects a few rows would loop over a million: while pairing in bulk it reads in order and joins by hashing. */
const joinBy = (plan: 'hashing' | 'any'): string => {
  const [loops, memory] = plan === 'hashing' ? ['off', '192MB'] : ['on', '64MB']
  return `select set_config('enable_nestloop', '${loops}', true), set_config('enable_mergejoin', '${loops}', true),
    set_config('enable_indexscan', '${loops}', true), set_config('work_mem', '${memory}', true)`
}

const isMuchLoose = (
  { loose_legs, loose_rows }: Pick<FreshItems, 'loose_legs' | 'loose_rows'>,
  matched: bigint,
): boolean => {
  const pairs = loose_legs < loose_rows ? loose_legs : loose_rows
  return pairs >= BULK.bounded || (pairs >= BULK.from && 2n * pairs * BULK.times_matched >= matched)
}

interface BulkPairing extends Pick<MatchOptions, 'again' | 'bulk'> {
  fresh: FreshItems
  matched: bigint
  totals: MatchTotals
}

/** `asked`: the business, how far the last run looked, and whether matches stand. */
async function pairInBulk(
  db: Db,
  asked: readonly [string, bigint, boolean],
  { fresh, matched, again, bulk, totals }: BulkPairing,
): Promise<void> {
  let { loose_legs, loose_rows } = fresh
  // everything anew: nothing of it stands
  let standing = again ? 0n : matched
  await db.query(joinBy('hashing'))
  const note = (sums: readonly MatchSum[]): void => {
    for (const sum of sums) {
      totals.add(sum)
      loose_legs -= sum.legs
      loose_rows -= sum.rows
      standing += sum.legs + sum.rows
    }
  }
  note(await run<MatchSum>(db, 'reconcile/pair_by_refund_id', [...asked, again]))
  if (bulk !== 'auto' || isMuchLoose({ loose_legs, loose_rows }, standing))
    note(await run<MatchSum>(db, 'reconcile/pair_by_payment', asked))
  await db.query(joinBy('any'))
  await analyze(db, 'match_item')
}

class LoadedItems {
  readonly #legs: ReadonlyMap<bigint, Leg>
  readonly #rows: ReadonlyMap<bigint, LoadedRow>

  constructor(legs: readonly Leg[], rows: readonly LoadedRow[]) {
    this.#legs = new Map(legs.map((leg) => [leg.leg_no, leg]))
    this.#rows = new Map(rows.map((row) => [row.row_no, row]))
  }

  standing({ match_no, pass, leg_nos, row_nos }: ReachedMatch): Standing {
    return {
      match_no,
      pass,
      legs: leg_nos.flatMap((leg_no) => this.#legs.get(leg_no) ?? []),
      rows: row_nos.flatMap((row_no) => this.#rows.get(row_no) ?? []),
    }
  }
}

const directionOf = ({ legs, rows: [row] }: Match, { direction_of }: Matching): string =>
  legs[0]?.direction ?? (row === undefined ? 'customer' : direction_of(row))

/** The number of a match: that of its first leg in order, else of its first row. */
const numberOf = ({ legs, rows }: Match): bigint => {
  const first = legs[0]?.leg_no ?? rows[0]?.row_no
  if (first === undefined) throw new Error('a match without legs and rows')
  return first
}

async function undo(db: Db, business_id: string, matches: readonly ReachedMatch[], totals: MatchTotals): Promise<void> {
  if (matches.length === 0) return
  const asked = [business_id, matches.map(({ match_no }) => match_no)] as const
  for (const sum of await run<MatchSum>(db, 'reconcile/undo', asked)) totals.add(sum, -1n)
}

async function storeMatches(db: Db, business_id: string, matches: readonly Match[]): Promise<void> {
  if (matches.length === 0) return
  const numbers: bigint[] = []
  const passes: string[] = []
  const leg_nos: (bigint | null)[] = []
  const row_nos: (bigint | null)[] = []
  const amounts: (bigint | null)[] = []
  const add = (match: Match, leg: Leg | null, row: Row | null): void => {
    numbers.push(numberOf(match))
    passes.push(match.pass)
    leg_nos.push(leg?.leg_no ?? null)
    row_nos.push(row?.row_no ?? null)
    amounts.push(leg?.amount ?? null)
  }
  for (const match of matches) {
    const { legs, rows } = match
    const [leg, row] = [legs[0], rows[0]]
    if (leg !== undefined && row !== undefined && legs.length === 1 && rows.length === 1) {
      add(match, leg, row)
      continue
    }
    for (const leg of legs) add(match, leg, null)
    for (const row of rows) add(match, null, row)
  }
  await count(db, 'reconcile/store_matches', [business_id, numbers, passes, leg_nos, row_nos, amounts])
}

type ChangedTies = Pick<MatchedItems, 'turned_months' | 'retied_payment_ids'>

async function storeTies(
  db: Db,
  business_id: string,
  { reversal_of, direction_of }: Matching,
  rows: readonly LoadedRow[],
): Promise<ChangedTies> {
  const changed = rows
    .filter(({ type }) => type === 'refund_reversal')
    .map((row) => ({ row, of: reversal_of.get(row)?.row_no ?? null, direction: direction_of(row) }))
    .filter(({ row, of, direction }) => row.reversal_of !== of || row.direction !== direction)
  if (changed.length === 0) return { turned_months: [], retied_payment_ids: [] }
  await count(db, 'reconcile/store_ties', [
    business_id,
    changed.map(({ row }) => row.row_no),
    changed.map(({ of }) => of),
    changed.map(({ direction }) => direction),
  ])
  const retied = changed.filter(({ row, of }) => row.reversal_of !== of)
  const retied_nos = new Set(retied.flatMap(({ row, of }) => [row.row_no, row.reversal_of, of]))
  return {
    turned_months: changed
      .filter(({ row, direction }) => row.direction !== direction)
      .map(({ row }) => row.on_date.slice(0, 7)),
    retied_payment_ids: rows.filter(({ row_no }) => retied_nos.has(row_no)).flatMap((row) => row.payment_ids),
  }
}

async function storeOpen(
  db: Db,
  business_id: string,
  { matches, duplicates, ambiguous }: Matching,
  { loose_legs, loose_rows }: Reach,
  standing: readonly Standing[],
): Promise<void> {
  const numbers: bigint[] = duplicates.map(({ leg_no }) => leg_no)
  const states: string[] = duplicates.map(() => 'duplicate')
  const islands: (bigint | null)[] = duplicates.map(() => null)
  for (const { legs, rows } of ambiguous) {
    const items = [...legs.map(({ leg_no }) => leg_no), ...rows.map(({ row_no }) => row_no)]
    const island_no = items.reduce((least, item_no) => (item_no < least ? item_no : least))
    for (const item_no of items) {
      numbers.push(item_no)
      states.push('ambiguous')
      islands.push(island_no)
    }
  }
  const taken = [...standing, ...matches]
  const taken_legs = new Set(taken.flatMap(({ legs }) => legs.map(({ leg_no }) => leg_no)))
  const taken_rows = new Set(taken.flatMap(({ rows }) => rows.map(({ row_no }) => row_no)))
  await count(db, 'reconcile/store_open', [
    business_id,
    loose_legs.filter((leg_no) => !taken_legs.has(leg_no)),
    loose_rows.filter((row_no) => !taken_rows.has(row_no)),
    ...([numbers, states, islands] as const),
  ])
}
