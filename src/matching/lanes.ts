/**
 * Finds the closest pairs of a group without comparing each with each. Legs of one day and veto class form a lane, and
 * so do rows of one day, veto class and state of being undone: of a lane only the first free item in order can be in
 * the next pair. What is taken stays taken, so every lane is read forward once.
 */

import type { LegItem, RowItem } from './items.ts'
import { isVetoed, reasonOfVeto, type VetoClass } from './veto.ts'

/** The pair that a lane of legs offers next. */
export interface Candidate {
  readonly lane: LegLane
  readonly leg: LegItem
  readonly row: RowItem
  /** In days. */
  readonly distance: number
}

/** By distance, rows that are not undone first, leg, row. */
export const compareCandidates = (a: Candidate, b: Candidate): number =>
  a.distance - b.distance ||
  Number(a.row.undone) - Number(b.row.undone) ||
  a.leg.order - b.leg.order ||
  a.row.order - b.row.order

class RowLane {
  readonly day: number
  readonly undone: boolean
  readonly veto: VetoClass
  readonly rows: RowItem[]
  #next = 0

  constructor(first: RowItem) {
    this.day = first.day
    this.undone = first.undone
    this.veto = first.veto
    this.rows = [first]
  }

  firstFree(): RowItem | undefined {
    while (this.rows[this.#next]?.free === false) this.#next += 1
    return this.rows[this.#next]
  }
}

/** The rows of one key and amount, in order, as lanes by day. */
export function laneRows(rows: readonly RowItem[]): RowLane[] {
  const lanes: RowLane[] = []
  for (const row of rows) {
    let place = lanes.length - 1
    let lane = lanes[place]
    while (lane && lane.day === row.day && (lane.veto !== row.veto || lane.undone !== row.undone)) lane = lanes[--place]
    if (lane?.day === row.day) lane.rows.push(row)
    else lanes.push(new RowLane(row))
  }
  return lanes
}

export class LegLane {
  readonly key: string
  readonly day: number
  readonly veto: VetoClass
  readonly legs: LegItem[]
  readonly #rowLanes: readonly RowLane[]
  #next = 0
  /** The nearest lanes of rows, before the day and from it on, that may still have something. */
  #before: number
  #after: number

  constructor(key: string, first: LegItem, rowLanes: readonly RowLane[]) {
    this.key = key
    this.day = first.day
    this.veto = first.veto
    this.legs = [first]
    this.#rowLanes = rowLanes
    this.#after = firstFrom(rowLanes, this.day)
    this.#before = this.#after - 1
  }

  /** The first free leg with the closest free row; undefined when there is none. */
  closest(): Candidate | undefined {
    while (this.legs[this.#next]?.free === false) this.#next += 1
    const leg = this.legs[this.#next]
    if (!leg) return undefined
    while (this.#before >= 0 && !this.#rowIn(this.#before)) this.#before -= 1
    while (this.#after < this.#rowLanes.length && !this.#rowIn(this.#after)) this.#after += 1
    const before = this.#candidate(leg, this.#before, -1)
    const after = this.#candidate(leg, this.#after, 1)
    return before && (!after || compareCandidates(before, after) < 0) ? before : after
  }

  /** The best of the lanes of one day, from a place outwards. */
  #candidate(leg: LegItem, start: number, step: 1 | -1): Candidate | undefined {
    const day = this.#rowLanes[start]?.day
    let best: Candidate | undefined
    for (let place = start; this.#rowLanes[place]?.day === day && day !== undefined; place += step) {
      const row = this.#rowIn(place)
      if (!row) continue
      const candidate = { lane: this, leg, row, distance: Math.abs(row.day - this.day) }
      if (!best || compareCandidates(candidate, best) < 0) best = candidate
    }
    return best
  }

  #rowIn(place: number): RowItem | undefined {
    const lane = this.#rowLanes[place]
    return lane && !isVetoed(this.veto, lane.veto) ? lane.firstFree() : undefined
  }

  /** The lanes of rows that this lane is vetoed against, and why; for the trace. */
  vetoed(): { rows: RowItem[]; why: string }[] {
    return this.#rowLanes
      .filter((lane) => isVetoed(this.veto, lane.veto))
      .map((lane) => ({ rows: lane.rows, why: reasonOfVeto(this.veto, lane.veto) }))
  }
}

/** The legs of one key and amount, in order, as lanes by day. */
export function laneLegs(key: string, legs: readonly LegItem[], rowLanes: readonly RowLane[]): LegLane[] {
  const lanes: LegLane[] = []
  for (const leg of legs) {
    let place = lanes.length - 1
    let lane = lanes[place]
    while (lane && lane.day === leg.day && lane.veto !== leg.veto) lane = lanes[--place]
    if (lane?.day === leg.day) lane.legs.push(leg)
    else lanes.push(new LegLane(key, leg, rowLanes))
  }
  return lanes
}

/** The place of the first lane of rows that is not before the day. */
function firstFrom(lanes: readonly RowLane[], day: number): number {
  let low = 0
  let high = lanes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lanes[middle]?.day ?? day) < day) low = middle + 1
    else high = middle
  }
  return low
}
