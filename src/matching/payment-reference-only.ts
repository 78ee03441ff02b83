import type { OpenItems } from './items.ts'
import { keyByKey } from './key-by-key.ts'
import type { WorkingSet } from './working-set.ts'

/** Pass 4: key by key, exactly one leg and one row are left with the key, not vetoed, and their amounts differ. */
export function matchByReferenceOnly(work: WorkingSet, open: OpenItems): void {
  for (const { key, legs, rows, vetoed } of keyByKey(work, open, 'payment_reference_only')) {
    if (legs.length > 1 || rows.length > 1 || vetoed || legs[0]?.leg.amount === rows[0]?.row.amount) {
      work.trace?.add(
        'payment_reference_only',
        'not_equal',
        key,
        legs,
        rows,
        `More than one leg and row are left with ${key}.`,
      )
      continue
    }
    work.take('payment_reference_only', legs, rows)
    work.trace?.add(
      'payment_reference_only',
      'matched',
      key,
      legs,
      rows,
      `Only these are left with ${key}; their amounts differ.`,
    )
  }
}
