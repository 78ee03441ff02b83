import type { LegItem, RowItem } from './items.ts'
import { type Kept, setAside } from './veto.ts'

/** Legs and rows of one amount in which neighbours lie at most the date window apart, each side by day. */
export type Island = Kept<LegItem, RowItem>

/**
 * Cuts items of one amount into islands. What is vetoed against everything on the other side of its island is set aside,
 * and the island cut again, until nothing changes; `onSetAside` hears of it. Islands with one side only are not in the
 * answer. Both lists are by day; the window is in days.
 */
export function islandsOf(
  legs: readonly LegItem[],
  rows: readonly RowItem[],
  window: number,
  onSetAside?: (part: Island) => void,
): Island[] {
  const islands: Island[] = []
  const waiting = cut(legs, rows, window)
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const kept = setAside(part.legs, part.rows)
    const isWhole = kept.asideLegs.length === 0 && kept.asideRows.length === 0
    if (!isWhole) onSetAside?.(kept)
    if (kept.legs.length === 0 || kept.rows.length === 0) continue
    if (isWhole) islands.push(kept)
    else for (const piece of cut(kept.legs, kept.rows, window)) waiting.push(piece)
  }
  return islands.reverse()
}

interface Part {
  legs: LegItem[]
  rows: RowItem[]
}

/** Cuts wherever two neighbours lie more than the window apart. Parts with one side only are left out. */
function cut(legs: readonly LegItem[], rows: readonly RowItem[], window: number): Part[] {
  const parts: Part[] = []
  let part: Part = { legs: [], rows: [] }
  let lastDay = Number.NEGATIVE_INFINITY
  const step = (day: number): void => {
    if (day - lastDay > window) {
      if (part.legs.length > 0 && part.rows.length > 0) parts.push(part)
      part = { legs: [], rows: [] }
    }
    lastDay = day
  }
  let nextRow = 0
  const takeRowsUntil = (day: number): void => {
    for (let row = rows[nextRow]; row && row.day <= day; row = rows[nextRow]) {
      step(row.day)
      part.rows.push(row)
      nextRow += 1
    }
  }
  for (const leg of legs) {
    takeRowsUntil(leg.day)
    step(leg.day)
    part.legs.push(leg)
  }
  takeRowsUntil(Number.POSITIVE_INFINITY)
  if (part.legs.length > 0 && part.rows.length > 0) parts.push(part)
  return parts
}
