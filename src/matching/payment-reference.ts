import { counted } from '../core/words.ts'
import { Heap } from './heap.ts'
import { isFree, type LegItem, type OpenItems, type RowItem } from './items.ts'
import { type Candidate, compareCandidates, type LegLane, laneLegs, laneRows } from './lanes.ts'
import { listUnder } from './order.ts'
import { markUndone } from './undone-refunds.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * Pass 2: pairs of a leg and a row that share a reference key, have one amount and are not vetoed, the closest first: by
 * distance in days, then rows that their reversals do not undo, then leg, then row in order. Once over the rows' own
 * payment ids, then over all their reference keys. Distances count a row's date the processor's usual lag earlier.
 */
export function matchByPaymentReference(work: WorkingSet, open: OpenItems): void {
  markUndone(work, open)
  pairClosest(work, open, ({ row }, key) => row.payment_ids.includes(key))
  pairClosest(work, open, () => true)
}

function pairClosest(work: WorkingSet, open: OpenItems, counts: (item: RowItem, key: string) => boolean): void {
  const candidates: Candidate[] = []
  for (const [key, { legs, rows }] of open.shared) {
    const rowsLeft = rows.filter((item) => item.free && counts(item, key))
    if (rowsLeft.length === 0) continue
    for (const [sameLegs, sameRows] of byAmount(legs.filter(isFree), rowsLeft)) {
      const rowLanes = laneRows(sameRows)
      for (const lane of laneLegs(key, sameLegs, rowLanes)) {
        const closest = lane.closest()
        if (closest) candidates.push(closest)
        if (work.trace) traceVetoes(work, lane)
      }
    }
  }
  const queue = new Heap(candidates, compareCandidates)
  for (let best = queue.top(); best; best = queue.top()) {
    if (best.leg.free && best.row.free) {
      work.take('payment_reference', [best.leg], [best.row])
      work.trace?.add('payment_reference', 'matched', best.lane.key, [best.leg], [best.row], reasonFor(best))
    }
    const next = best.lane.closest()
    if (next) queue.replaceTop(next)
    else queue.removeTop()
  }
}

const reasonFor = ({ distance, lane }: Candidate): string =>
  `They share ${lane.key}, have one amount and lie ${counted(distance, 'day')} apart.`

function traceVetoes(work: WorkingSet, lane: LegLane): void {
  for (const { rows, why } of lane.vetoed()) {
    work.trace?.add('payment_reference', 'vetoed', lane.key, lane.legs, rows, `They share ${lane.key}, but ${why}.`)
  }
}

/** The legs and rows of each amount that stands on both sides. */
function byAmount(legs: LegItem[], rows: RowItem[]): (readonly [LegItem[], RowItem[]])[] {
  if (legs.length === 1 && rows.length === 1) return legs[0]?.leg.amount === rows[0]?.row.amount ? [[legs, rows]] : []
  const rowsOf = new Map<bigint, RowItem[]>()
  for (const item of rows) listUnder(rowsOf, item.row.amount).push(item)
  const legsOf = new Map<bigint, LegItem[]>()
  for (const item of legs) if (rowsOf.has(item.leg.amount)) listUnder(legsOf, item.leg.amount).push(item)
  return [...legsOf].map(([amount, sameLegs]) => [sameLegs, rowsOf.get(amount) ?? []] as const)
}
