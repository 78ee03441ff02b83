import type { RowItem } from './items.ts'
import { areUndone, rowsLeft } from './undone-refunds.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * What is left alone of one refund and is undone to 0 in one currency by its reversals is a match without legs. Not where
 * the refund lies before `starts_on` and a reversal on or after it: then all of it stays unmatched.
 */
export function matchCancelled(work: WorkingSet): void {
  for (const refund of work.reversedRefunds) {
    const left = rowsLeft(refund)
    if (!areUndone(work, left)) continue
    if (isReversedAfterStart(work, left)) {
      work.trace?.add('cancelled', 'nothing', null, [], left, 'Refunded before the start, and reversed after it.')
      continue
    }
    const rows = left.filter(({ leader }) => !leader)
    work.take('cancelled', [], rows)
    work.trace?.add('cancelled', 'matched', rows[0]?.row.refund_id ?? null, [], rows, 'Its reversals undo it.')
  }
}

function isReversedAfterStart(work: WorkingSet, left: readonly RowItem[]): boolean {
  const { starts_on } = work.settings
  if (starts_on === null) return false
  const reversals = left.flatMap((row) => work.reversalsOf.get(row) ?? [])
  return (
    left.some(({ row }) => row.on_date < starts_on) &&
    reversals.some(({ row, free }) => free && row.on_date >= starts_on)
  )
}
