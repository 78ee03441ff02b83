/** What a file was the first to bring, in each currency: how many rows, from which id to which, and their money. */

import type { RowType } from '../processor/format.ts'

export interface Brought {
  currency: string
  rows: bigint
  /** the least and the greatest transaction id, bytewise */
  first_id: string
  last_id: string
  /** minor units, of refunds, reversals and vendor refunds */
  amount: bigint
}

export interface BroughtRow {
  transaction_id: string
  type: string
  currency: string
  amount: bigint
}

export interface BroughtSums {
  add(row: BroughtRow): void
  addAll(others: Iterable<Brought>): void
  /** by currency */
  all(): Brought[]
  clear(): void
}

const COUNTED: ReadonlySet<string> = new Set<RowType>(['refund', 'refund_reversal', 'vendor_refund'])

export const openBrought = (): BroughtSums => {
  const sums = new Map<string, Brought>()

  /** The sum of the currency, widened to this id. */
  const sumOf = (currency: string, first_id: string, last_id: string): Brought => {
    const known = sums.get(currency)
    if (known === undefined) {
      const made = { currency, rows: 0n, first_id, last_id, amount: 0n }
      sums.set(currency, made)
      return made
    }
    if (isBefore(first_id, known.first_id)) known.first_id = first_id
    if (isBefore(known.last_id, last_id)) known.last_id = last_id
    return known
  }
  return {
    add({ transaction_id, type, currency, amount }) {
      const sum = sumOf(currency, transaction_id, transaction_id)
      sum.rows += 1n
      if (COUNTED.has(type)) sum.amount += amount
    },
    addAll(others) {
      for (const { currency, rows, first_id, last_id, amount } of others) {
        const sum = sumOf(currency, first_id, last_id)
        sum.rows += rows
        sum.amount += amount
      }
    },
    all: () => [...sums.values()].sort((one, other) => (one.currency < other.currency ? -1 : 1)),
    clear: () => sums.clear(),
  }
}

/** Texts of units below these are in the order of their bytes. */
const SURROGATE = /[\ud800-\uffff]/

const isBefore = (one: string, other: string): boolean =>
  SURROGATE.test(one) || SURROGATE.test(other) ? Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0 : one < other
