import { isFree, type OpenItems, type Refund, type RowItem } from './items.ts'
import type { WorkingSet } from './working-set.ts'

/** The rows of a refund that no pass took so far; a fee-only row counts with the row that it follows. */
export const rowsLeft = (refund: Refund): RowItem[] =>
  refund.filter(({ free, leader }) => (leader ? leader.free : free))

/** Whether the amounts of these refund rows and of their reversals, of which there are some, sum to 0 in one currency. */
export function areUndone(work: WorkingSet, rows: readonly RowItem[]): boolean {
  const reversals = rows.flatMap((row) => work.reversalsOf.get(row) ?? []).filter(isFree)
  const all = [...rows, ...reversals]
  const currencies = new Set(all.map(({ row }) => row.currency))
  return reversals.length > 0 && currencies.size === 1 && all.reduce((sum, { row }) => sum + row.amount, 0n) === 0n
}

/**
 * Says of every open row whether it is undone: whether the rows of its refund, judged whole over those that no earlier
 * pass took, and their reversals sum to 0. Asked when a pass begins.
 */
export function markUndone(work: WorkingSet, { direction, processor }: OpenItems): void {
  for (const refund of work.reversedRefunds) {
    if (refund[0]?.direction !== direction || refund[0].row.processor !== processor) continue
    const left = rowsLeft(refund)
    const undone = areUndone(work, left)
    for (const item of left) item.undone = undone
  }
}
