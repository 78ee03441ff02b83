/** The record of why: what each step did with which legs and rows. Kept only when the settings ask for it. */

import type { LegItem, RowItem } from './items.ts'
import type { TraceEntry } from './types.ts'

export class Trace {
  readonly entries: TraceEntry[] = []

  /** `by` is the key, amount or payout that brought the items together; `why` one sentence for a person. */
  add(
    step: TraceEntry['step'],
    outcome: TraceEntry['outcome'],
    by: string | null,
    legs: readonly LegItem[],
    rows: readonly RowItem[],
    why: string,
  ): void {
    this.entries.push({
      step,
      outcome,
      by,
      leg_nos: legs.map(({ leg }) => leg.leg_no),
      row_nos: rows.map(({ row }) => row.row_no),
      why,
    })
  }
}
