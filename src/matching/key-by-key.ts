import { isFree, type LegItem, type OpenItems, type RowItem } from './items.ts'
import { referenceKeysOf } from './keys.ts'
import { byCodeUnit } from './order.ts'
import { sharedKeys } from './shared-keys.ts'
import type { Pass } from './types.ts'
import { setAside } from './veto.ts'
import type { WorkingSet } from './working-set.ts'

/** What is left with one key on both sides, without what is vetoed against everything on the other side. */
export interface LeftWithKey {
  readonly key: string
  readonly legs: readonly LegItem[]
  readonly rows: readonly RowItem[]
  /** Whether a vetoed pair is among them. */
  readonly vetoed: boolean
}

/**
 * Judges every key that stands on both sides once, on what the keys before it left: first those that are a payment id of
 * a row left when the pass begins, then the others, each kind ascending.
 */
export function* keyByKey(work: WorkingSet, open: OpenItems, pass: Pass): Generator<LeftWithKey> {
  const rows = open.rows.filter(isFree)
  const shared = sharedKeys(open.legs.filter(isFree), rows, ({ row }) => referenceKeysOf(row))
  const payments = new Set(rows.flatMap(({ row }) => row.payment_ids))
  const keys = [...shared.keys()].sort((a, b) => Number(payments.has(b)) - Number(payments.has(a)) || byCodeUnit(a, b))
  for (const key of keys) {
    const sharing = shared.get(key)
    const legsLeft = sharing?.legs.filter(isFree) ?? []
    const rowsLeft = sharing?.rows.filter(isFree) ?? []
    if (legsLeft.length === 0 || rowsLeft.length === 0) continue
    const kept = setAside(legsLeft, rowsLeft)
    if (kept.legs.length < legsLeft.length || kept.rows.length < rowsLeft.length) {
      work.trace?.add(
        pass,
        'set_aside',
        key,
        legsLeft.filter((leg) => !kept.legs.includes(leg)),
        rowsLeft.filter((row) => !kept.rows.includes(row)),
        `They share ${key}, but are vetoed against everything on the other side.`,
      )
    }
    if (kept.legs.length > 0 && kept.rows.length > 0) yield { key, ...kept }
  }
}
