import type { LegItem, RowItem } from './items.ts'

/** The legs and rows that bear one key, each in order. */
export interface Sharing {
  readonly legs: LegItem[]
  readonly rows: RowItem[]
}

/**
 * The keys that both a leg, as a reference key, and a row bear. `keysOfRow` says which keys of a row count. A key on one
 * side only costs a look-up and is not in the answer.
 */
export function sharedKeys(
  legs: readonly LegItem[],
  rows: readonly RowItem[],
  keysOfRow: (item: RowItem) => readonly string[],
): Map<string, Sharing> {
  const keysOfRows = new Set<string>()
  for (const item of rows) for (const key of keysOfRow(item)) keysOfRows.add(key)
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
    for (const key of keysOfRow(item)) {
      const sharing = shared.get(key)
      if (sharing && sharing.rows.at(-1) !== item) sharing.rows.push(item)
    }
  }
  return shared
}
