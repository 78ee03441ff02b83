import { isFree, type LegItem, type OpenItems, type RowItem, type Sharing } from './items.ts'
import { byCodeUnit } from './order.ts'
import type { Pass } from './types.ts'
import { type Kept, setAside } from './veto.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * Judges every key that stands on both sides once, on what the keys before it left: first those that are a payment id of
 * a row left when the pass begins, then the others, each kind ascending. What is vetoed against everything on the other
 * side of a key is set aside before.
 */
export function* keyByKey(
  work: WorkingSet,
  open: OpenItems,
  pass: Pass,
): Generator<{ key: string } & Kept<LegItem, RowItem>> {
  for (const [key, sharing] of keysInTurn(open)) {
    const { legs, rows } = leftOf(sharing)
    if (legs.length === 0 || rows.length === 0) continue
    const kept = setAside(legs, rows)
    if (kept.asideLegs.length > 0 || kept.asideRows.length > 0) {
      const why = `They share ${key}, but are vetoed against everything on the other side.`
      work.trace?.add(pass, 'set_aside', key, kept.asideLegs, kept.asideRows, why)
    }
    if (kept.legs.length > 0 && kept.rows.length > 0) yield { key, ...kept }
  }
}

function keysInTurn(open: OpenItems): (readonly [string, Sharing])[] {
  const payments = new Set<string>()
  for (const { free, row } of open.rows) if (free) for (const payment_id of row.payment_ids) payments.add(payment_id)
  const turn = (key: string): number => (payments.has(key) ? 0 : 1)
  return [...open.shared]
    .filter(([, { legs, rows }]) => legs.some(isFree) && rows.some(isFree))
    .sort(([a], [b]) => turn(a) - turn(b) || byCodeUnit(a, b))
}

const leftOf = ({ legs, rows }: Sharing): Sharing => ({ legs: legs.filter(isFree), rows: rows.filter(isFree) })
