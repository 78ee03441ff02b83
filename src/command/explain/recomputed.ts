/** What matching decides about each leg and row of a neighbourhood today, by item. */

import type { Leg, Matching, Pass, TraceEntry } from '../../matching/types.ts'
import type { Neighbourhood } from '../../reconciliation/neighbourhood.ts'
import type { LoadedRow } from '../../reconciliation/working-set.ts'

/** The passes in their order; the last has no number. */
export const PASSES: readonly Pass[] = [
  'manual',
  'refund_id',
  'payment_reference',
  'payment_group',
  'payment_reference_only',
  'amount_and_date',
  'cancelled',
]

/** 'pass 1 (refund_id)', 'pass cancelled' */
export const passName = (pass: Pass): string => {
  const number = PASSES.indexOf(pass)
  return pass === 'cancelled' ? 'pass cancelled' : `pass ${number} (${pass})`
}

/** What became of an item, and in which pass. */
export interface Placement {
  kind: 'matched' | 'duplicate' | 'ambiguous' | 'unmatched'
  /** null: none took it */
  pass: Pass | null
  /** with itself */
  legs: readonly Leg[]
  rows: readonly LoadedRow[]
}

const UNMATCHED: Placement = { kind: 'unmatched', pass: null, legs: [], rows: [] }

export class Recomputed {
  readonly trace: readonly TraceEntry[]
  readonly #ofLeg = new Map<bigint, Placement>()
  readonly #ofRow = new Map<bigint, Placement>()
  /** Reversals and fees alone, by the row whose way they go. */
  readonly #leaders = new Map<bigint, LoadedRow>()

  constructor(matching: Matching, { rows }: Pick<Neighbourhood, 'rows'>) {
    this.trace = matching.trace
    const rowByNo = new Map(rows.map((row) => [row.row_no, row]))
    const loaded = (some: readonly { row_no: bigint }[]): LoadedRow[] =>
      some.flatMap(({ row_no }) => rowByNo.get(row_no) ?? [])
    for (const match of matching.matches) {
      this.#place({ kind: 'matched', pass: match.pass, legs: match.legs, rows: loaded(match.rows) })
    }
    for (const leg of matching.duplicates) this.#place({ kind: 'duplicate', pass: 'refund_id', legs: [leg], rows: [] })
    for (const { legs, rows: some } of matching.ambiguous) {
      this.#place({ kind: 'ambiguous', pass: 'amount_and_date', legs, rows: loaded(some) })
    }
    for (const { outcome, row_nos } of matching.trace) {
      const [follower, leader] = row_nos
      const row = leader === undefined ? undefined : rowByNo.get(leader)
      if (outcome === 'follows' && follower !== undefined && row) this.#leaders.set(follower, row)
    }
  }

  #place(placement: Placement): void {
    for (const { leg_no } of placement.legs) this.#ofLeg.set(leg_no, placement)
    for (const { row_no } of placement.rows) this.#ofRow.set(row_no, placement)
  }

  ofLeg({ leg_no }: { leg_no: bigint }): Placement {
    return this.#ofLeg.get(leg_no) ?? UNMATCHED
  }

  ofRow({ row_no }: { row_no: bigint }): Placement {
    return this.#ofRow.get(row_no) ?? UNMATCHED
  }

  /** The row that a reversal or a fee alone follows into its match; undefined where it goes its own way. */
  leaderOf({ row_no }: { row_no: bigint }): LoadedRow | undefined {
    return this.#leaders.get(row_no)
  }
}

/** Whether a pass found the item taken by an earlier one. */
export const isTakenBefore = ({ pass }: Placement, asking: Pass): boolean =>
  pass !== null && PASSES.indexOf(pass) < PASSES.indexOf(asking)
