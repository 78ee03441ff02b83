/** What has to do with some legs and rows: what a run over everything would decide together with them. Read only. */

import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { Leg, MatchSettings, Ruling, StoredMatch } from '../matching/types.ts'
import { type LoadedRow, loadRulings, loadSettings, type RunState } from './working-set.ts'

/** Numbers of legs and rows. */
export interface ItemNumbers {
  leg_nos: readonly bigint[]
  row_nos: readonly bigint[]
}

export interface Neighbourhood {
  /** All legs and rows as if open; those that count nowhere are not among them. */
  legs: Leg[]
  rows: LoadedRow[]
  /** The stored matches that hold some of them. */
  matches: StoredMatch[]
  rulings: Ruling[]
  settings: MatchSettings
  /** Whether there is more than was loaded. */
  is_cut: boolean
}

/** So many legs and so many rows at most: what shares a key with more is nothing that a person can follow. */
const MOST = 500
/** What shares a key with what shares a key, and so on: further than this nothing bears on the first. */
const MOST_STEPS = 6

/**
 * Loads what shares a key with the items, then what shares a key with that, until nothing comes. Matches are loaded whole.
 * Of one amount alone, only what lies within a month of the items and is open, was paired by amount and date, or is cancelled.
 */
export async function loadNeighbourhood(
  db: Db,
  business_id: string,
  state: Pick<RunState, 'currency' | 'starts_on'>,
  start: ItemNumbers,
): Promise<Neighbourhood> {
  const rulings = await loadRulings(db, business_id, { has_rulings: true })
  const reached = new Reached(start)
  let matches: StoredMatch[] = []
  for (let step = 0; ; step += 1) {
    matches = await wholeMatches(db, business_id, reached)
    for (const match of matches) reached.add(match)
    for (const ruling of rulings) if (reached.touches(ruling)) reached.add(ruling)
    const found = await neighboursOf(db, business_id, reached, step === 0)
    if (!reached.add(found) || reached.is_full || step >= MOST_STEPS) break
  }
  const legs = await run<Leg>(db, 'reconcile/legs', [business_id, [], [], reached.leg_nos])
  const rows = await run<LoadedRow>(db, 'reconcile/rows', [business_id, [], [], [], reached.row_nos])
  const settings = await loadSettings(db, business_id, state, legs)
  return { legs, rows, matches, rulings, settings, is_cut: reached.is_full }
}

/** What shares a key or a payout with the items; at first also what has their amount, and what shares a reference. */
async function neighboursOf(db: Db, business_id: string, items: ItemNumbers, is_first: boolean): Promise<ItemNumbers> {
  const { leg_nos, row_nos } = items
  const [by] = await run(db, 'explain/keys', [business_id, leg_nos, row_nos])
  if (by === undefined) throw new Error('no keys')
  const [found] = await run<ItemNumbers>(db, 'explain/neighbours', [
    ...([business_id, leg_nos, row_nos, by.keys, by.refund_ids, by.amounts] as const),
    ...([by.first_on, by.last_on, is_first, MOST] as const),
  ])
  if (found === undefined) throw new Error('no neighbours')
  return found
}

/** The stored matches that hold any of the items. */
async function wholeMatches(db: Db, business_id: string, reached: Reached): Promise<StoredMatch[]> {
  const { leg_nos, row_nos } = reached
  const asked = [business_id, [], [], [], [], [], leg_nos, row_nos] as const
  // those that people made come all
  return (await run<StoredMatch>(db, 'reconcile/reached_matches', asked)).filter((match) => reached.touches(match))
}

class Reached {
  readonly #legs: Set<bigint>
  readonly #rows: Set<bigint>

  constructor({ leg_nos, row_nos }: ItemNumbers) {
    this.#legs = new Set(leg_nos)
    this.#rows = new Set(row_nos)
  }

  get leg_nos(): bigint[] {
    return [...this.#legs]
  }

  get row_nos(): bigint[] {
    return [...this.#rows]
  }

  get is_full(): boolean {
    return this.#legs.size >= MOST || this.#rows.size >= MOST
  }

  touches({ leg_nos, row_nos }: ItemNumbers): boolean {
    return leg_nos.some((leg_no) => this.#legs.has(leg_no)) || row_nos.some((row_no) => this.#rows.has(row_no))
  }

  /** Whether any of them is new here. */
  add({ leg_nos, row_nos }: ItemNumbers): boolean {
    const before = this.#legs.size + this.#rows.size
    for (const leg_no of leg_nos) this.#legs.add(leg_no)
    for (const row_no of row_nos) this.#rows.add(row_no)
    return this.#legs.size + this.#rows.size > before
  }
}
