/**
 * OVER_REFUND (contract, section 5) item by item. "Rows that hang together by payment_ids (a reversal also with its refund,
 * whichever of the two has the payment ids), of one processor, currency and direction: there are payments and at least one
 * refund row of that direction among them, and refunds less reversals, plus chargebacks less theirs, exceed their sum."
 */

import type { Besides } from './besides.ts'
import { directionOf, nameOf, type PlainMatch, type PlainRow, type PlainWorld, tieReversals } from './plain-matching.ts'
import { presentedOf } from './stored-world.ts'

interface MoneyRow {
  name: string
  type: string
  /** null: counts in each */
  direction: 'customer' | 'vendor' | null
  processor: string
  currency: string
  date: string
  amount: number
  presented: number | null
  payment_ids: string[]
  /** the name of the refund row that it takes back */
  reverses: string | null
}

/** The rows of each finding, by name, a line each. `matches`: those that stand, whose reversals stay with their refunds. */
export function overRefundsOf(world: PlainWorld, besides: Besides, matches: readonly PlainMatch[]): string[] {
  const rows = moneyRowsOf(world, besides, matches)
  return (['customer', 'vendor'] as const)
    .flatMap((direction) => groupsOf(rows.filter((row) => row.direction === null || row.direction === direction)))
    .filter((group) => exceeds(group))
    .filter((group) => world.starts_on === null || group.some(({ date }) => date >= (world.starts_on ?? '')))
    .map((group) =>
      group
        .map(({ name }) => name)
        .sort()
        .join(', '),
    )
    .sort()
}

function moneyRowsOf(world: PlainWorld, besides: Besides, matches: readonly PlainMatch[]): MoneyRow[] {
  const reversed = new Map<PlainRow, PlainRow>()
  for (const [refund, reversals] of tieReversals(world, matches))
    for (const reversal of reversals) reversed.set(reversal, refund)
  const rows = world.rows.map((row): MoneyRow => {
    const refund = reversed.get(row)
    return {
      ...row,
      name: nameOf(row),
      direction: directionOf(refund ?? row),
      presented: presentedOf(row, besides),
      reverses: refund === undefined ? null : nameOf(refund),
    }
  })
  const others = world.others
    // "An empty row is in no finding"; fee lines are no money of a payment
    .filter(({ type }) => type !== 'refund' && type !== 'other')
    .map((other): MoneyRow => ({ ...other, name: other.id, direction: null, reverses: null }))
  return [...rows, ...others]
}

const hangTogether = (one: MoneyRow, other: MoneyRow): boolean =>
  one.processor === other.processor &&
  one.currency === other.currency &&
  (one.payment_ids.some((id) => other.payment_ids.includes(id)) ||
    one.reverses === other.name ||
    other.reverses === one.name)

function groupsOf(rows: readonly MoneyRow[]): MoneyRow[][] {
  const left = new Set(rows)
  const groups: MoneyRow[][] = []
  for (const first of rows) {
    if (!left.delete(first)) continue
    const group = [first]
    for (const row of group) {
      for (const other of left) {
        if (!hangTogether(row, other)) continue
        left.delete(other)
        group.push(other)
      }
    }
    groups.push(group)
  }
  return groups
}

/** "Where every row of the group has a presented amount in one currency, those are summed instead." */
function exceeds(group: readonly MoneyRow[]): boolean {
  const arePresented = group.every(({ presented }) => presented !== null)
  const sum = (some: readonly MoneyRow[]): number =>
    some.reduce((total, row) => total + (arePresented ? (row.presented ?? 0) : row.amount), 0)
  const payments = group.filter(({ type }) => type === 'payment')
  const hasRefund = group.some(({ type }) => type === 'refund' || type === 'vendor_refund')
  return payments.length > 0 && hasRefund && sum(group.filter(({ type }) => type !== 'payment')) > sum(payments)
}
