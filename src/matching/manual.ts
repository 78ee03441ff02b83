import { isFree } from './items.ts'
import { listUnder } from './order.ts'
import type { Ruling } from './types.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * Pass 0: what a person matched, whatever the rules say. Rulings come in the order in which they were made; each applies
 * to those of its legs and rows that are there and free, if that leaves something on both sides. That they are of one
 * direction and processor was asked when the ruling was made.
 */
export function matchManually(work: WorkingSet, rulings: readonly Ruling[]): void {
  const inForce = matchRulingsInForce(rulings)
  if (inForce.length === 0) return
  const legNos = new Set(inForce.flatMap(({ leg_nos }) => leg_nos))
  const rowNos = new Set(inForce.flatMap(({ row_nos }) => row_nos))
  const legByNo = new Map(
    work.legs.filter(({ leg }) => legNos.has(leg.leg_no)).map((item) => [item.leg.leg_no, item] as const),
  )
  const rowByNo = new Map(
    [...work.refunds, ...work.reversals]
      .filter(({ row }) => rowNos.has(row.row_no))
      .map((item) => [item.row.row_no, item] as const),
  )
  for (const { leg_nos, row_nos } of inForce) {
    const legs = [...new Set(leg_nos)].flatMap((leg_no) => legByNo.get(leg_no) ?? []).filter(isFree)
    const rows = [...new Set(row_nos)].flatMap((row_no) => rowByNo.get(row_no) ?? []).filter(isFree)
    if (legs.length === 0 || rows.length === 0) continue
    work.take('manual', legs, rows)
    work.trace?.add('manual', 'matched', null, legs, rows, 'A person matched these legs and rows.')
  }
}

/** The `match` rulings none of whose pairs a later ruling forbids. */
export function matchRulingsInForce(rulings: readonly Ruling[]): Ruling[] {
  const forbiddingByLeg = new Map<bigint, { number: number; rowNos: Set<bigint> }[]>()
  rulings.forEach(({ kind, leg_nos, row_nos }, number) => {
    if (kind !== 'unmatch') return
    const forbidding = { number, rowNos: new Set(row_nos) }
    for (const leg_no of leg_nos) listUnder(forbiddingByLeg, leg_no).push(forbidding)
  })
  return rulings.filter(({ kind, leg_nos, row_nos }, number) => {
    const forbidding = leg_nos.flatMap((leg_no) => forbiddingByLeg.get(leg_no) ?? [])
    const later = forbidding.filter((each) => each.number > number)
    return kind === 'match' && !later.some(({ rowNos }) => row_nos.some((row_no) => rowNos.has(row_no)))
  })
}
