import type { LegItem, RowItem, Sharing } from './items.ts'
import { referenceKeysOf } from './keys.ts'

/**
 * The reference keys that both a leg and a row bear. A key on one side only costs a look-up and is not in the answer.
 * Legs and rows are in order, and so are those of each key.
 */
export function sharedKeys(legs: readonly LegItem[], rows: readonly RowItem[]): Map<string, Sharing> {
  const keysOfRows = new Set<string>()
  for (const { row } of rows) for (const key of referenceKeysOf(row)) keysOfRows.add(key)
  const shared = new Map<string, Sharing>()
  for (const item of legs) {
    for (const key of item.leg.reference_keys) {
      if (!keysOfRows.has(key)) continue
      const sharing = shared.get(key)
      if (!sharing) shared.set(key, { legs: [item], rows: [] })
      else if (sharing.legs.at(-1) !== item) sharing.legs.push(item)
    }
  }
  for (const item of rows) {
    for (const key of referenceKeysOf(item.row)) {
      const sharing = shared.get(key)
      if (sharing && sharing.rows.at(-1) !== item) sharing.rows.push(item)
    }
  }
  return shared
}
