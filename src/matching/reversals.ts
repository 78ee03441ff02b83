import type { Refund, RowItem } from './items.ts'
import { listUnder } from './order.ts'
import type { Row } from './types.ts'

/** A row with its place in the order. */
export interface Placed {
  readonly row: Row
  readonly order: number
}

/**
 * Gives every reversal its refund row (contract, section 3). By refund id: of the refund rows of its processor with that
 * id the first in order of the opposite amount not yet reversed, else the first whose amount is not 0, else the first.
 * Without a refund id: the first in order, not yet reversed, that shares a payment id, has its currency and the opposite
 * amount and is not later. Reversals with a refund id go first. A reversal of a match that stands stays with a refund
 * of that match where it has one there, and comes before all others.
 *
 * `refunds` and `reversals` are in order; `matchOfRow` is row number to number of the match that stands. A reversal of an
 * unknown refund is not in the answer.
 */
export function tieReversals<T extends Placed>(
  refunds: readonly T[],
  reversals: readonly T[],
  matchOfRow: ReadonlyMap<bigint, bigint>,
): Map<T, T> {
  const ties = new Map<T, T>()
  if (reversals.length === 0) return ties
  const reversed = new Set<T>()
  for (const match of standingReversals(refunds, reversals, matchOfRow)) {
    tieByRefundId(match.reversals, match.refunds, ties, reversed)
    tieByPayment(match.reversals, match.refunds, ties, reversed)
  }
  const left = reversals.filter((reversal) => !ties.has(reversal))
  tieByRefundId(left, refunds, ties, reversed)
  tieByPayment(left, refunds, ties, reversed)
  return ties
}

/** The reversals of each standing match that has some, with its refund rows. */
function standingReversals<T extends Placed>(
  refunds: readonly T[],
  reversals: readonly T[],
  matchOfRow: ReadonlyMap<bigint, bigint>,
): Iterable<{ reversals: T[]; refunds: T[] }> {
  const matches = new Map<bigint | undefined, { reversals: T[]; refunds: T[] }>()
  if (matchOfRow.size === 0) return []
  for (const reversal of reversals) {
    const match_no = matchOfRow.get(reversal.row.row_no)
    if (match_no === undefined) continue
    const match = matches.get(match_no)
    if (match) match.reversals.push(reversal)
    else matches.set(match_no, { reversals: [reversal], refunds: [] })
  }
  for (const refund of refunds) matches.get(matchOfRow.get(refund.row.row_no))?.refunds.push(refund)
  return matches.values()
}

function tieByRefundId<T extends Placed>(
  reversals: readonly T[],
  refunds: readonly T[],
  ties: Map<T, T>,
  reversed: Set<T>,
): void {
  const named = reversals.filter(({ row }) => row.refund_id !== null)
  if (named.length === 0) return
  const index = new Map(named.map((reversal) => [refundOf(reversal), new Candidates<T>()] as const))
  for (const refund of refunds) index.get(refundOf(refund))?.add(refund, String(refund.row.amount))
  for (const reversal of named) {
    const candidates = index.get(refundOf(reversal))
    const refund =
      candidates?.firstNotReversed(String(-reversal.row.amount), reversed) ??
      candidates?.firstWithMoney ??
      candidates?.first
    if (!refund) continue
    ties.set(reversal, refund)
    reversed.add(refund)
  }
}

const refundOf = ({ row }: Placed): string => `${row.processor}\0${row.refund_id}`

function tieByPayment<T extends Placed>(
  reversals: readonly T[],
  refunds: readonly T[],
  ties: Map<T, T>,
  reversed: Set<T>,
): void {
  const unnamed = reversals.filter(({ row }) => row.refund_id === null)
  if (unnamed.length === 0) return
  const index = new Map(unnamed.flatMap(paymentsOf).map((payment) => [payment, new Candidates<T>()] as const))
  for (const refund of refunds) {
    for (const payment of paymentsOf(refund)) {
      index.get(payment)?.add(refund, `${refund.row.currency} ${refund.row.amount}`)
    }
  }
  for (const reversal of unnamed) {
    const money = `${reversal.row.currency} ${-reversal.row.amount}`
    const [refund] = paymentsOf(reversal)
      .flatMap((payment) => index.get(payment)?.firstNotReversed(money, reversed) ?? [])
      .filter(({ row }) => row.on_date <= reversal.row.on_date)
      .sort((a, b) => a.order - b.order)
    if (!refund) continue
    ties.set(reversal, refund)
    reversed.add(refund)
  }
}

const paymentsOf = ({ row }: Placed): string[] =>
  [...new Set(row.payment_ids)].map((payment) => `${row.processor}\0${payment}`)

/** Refund rows under one key, in order. What is reversed stays reversed, so each list is read forward once. */
class Candidates<T extends Placed> {
  first: T | undefined
  firstWithMoney: T | undefined
  readonly #byMoney = new Map<string, { refunds: T[]; next: number }>()

  add(refund: T, money: string): void {
    this.first ??= refund
    if (refund.row.amount !== 0n) this.firstWithMoney ??= refund
    const same = this.#byMoney.get(money)
    if (same) same.refunds.push(refund)
    else this.#byMoney.set(money, { refunds: [refund], next: 0 })
  }

  firstNotReversed(money: string, reversed: ReadonlySet<T>): T | undefined {
    const same = this.#byMoney.get(money)
    if (!same) return undefined
    let refund = same.refunds[same.next]
    while (refund && reversed.has(refund)) {
      same.next += 1
      refund = same.refunds[same.next]
    }
    return refund
  }
}

/** Reversals by the refund row that they belong to, in order. */
export function reversalsByRefund(ties: ReadonlyMap<RowItem, RowItem>): Map<RowItem, RowItem[]> {
  const lists = new Map<RowItem, RowItem[]>()
  for (const [reversal, refund] of ties) listUnder(lists, refund).push(reversal)
  for (const list of lists.values()) list.sort((a, b) => a.order - b.order)
  return lists
}

/** The refunds any of whose rows has a reversal, each with all its rows. */
export function reversedRefunds(
  refunds: readonly RowItem[],
  reversalsOf: ReadonlyMap<RowItem, readonly RowItem[]>,
): Refund[] {
  const name = (item: RowItem): string => `${item.direction} ${refundOf(item)}`
  const named = new Map<string, RowItem[]>()
  const alone: RowItem[][] = []
  for (const refund of reversalsOf.keys()) {
    if (refund.row.refund_id === null) alone.push([refund])
    else named.set(name(refund), [])
  }
  if (named.size > 0) for (const refund of refunds) named.get(name(refund))?.push(refund)
  return [...named.values(), ...alone]
}
