/**
 * Refunds that PayPal settled in another currency (spec section 3). PayPal books a refund in the customer's currency and,
 * in lines that name the refund, the conversion: what left the balance, and the same money in the refund's currency.
 */

import { fees } from '../../read/record-reader.ts'
import type { CanonicalRow } from '../format.ts'
import type { PaypalTransaction } from './movement.ts'

/** A row that waits for its conversion. */
interface Held {
  row: CanonicalRow
  /** of the transaction, by which conversion lines name it */
  id: string
  /** what it moved on the balance, fee included, in minor units of its own currency */
  net: bigint
}

/** What lines that name a transaction moved, by currency. */
type Moved = Map<string, bigint>

export interface PaypalConversions {
  /** a line that may convert the transaction that it names */
  convert(transaction: PaypalTransaction): void
  /** holds a refund back until the file was read */
  hold(row: CanonicalRow, transaction: PaypalTransaction): void
  /** all refunds held, in the settlement currency where the file says what that was */
  rows(): CanonicalRow[]
}

export const paypalConversions = (): PaypalConversions => {
  const held: Held[] = []
  const moved = new Map<string, Moved>()
  return {
    convert({ original, currency, moved: amount }) {
      const id = copied(original)
      const known = moved.get(id) ?? new Map<string, bigint>()
      known.set(currency, (known.get(currency) ?? 0n) + amount)
      moved.set(id, known)
    },
    hold(row, { id, moved: gross, cost }) {
      held.push({ row: detachedRow(row), id: copied(id), net: gross - cost })
    },
    rows: () =>
      held.map(({ row, id, net }) => {
        const settled = settlementOf(moved.get(id), row.currency, net)
        return settled === null ? row : converted(row, net, settled)
      }),
  }
}

/**
 * What a refund's net amount became in one other currency; null where the lines that name it are no whole conversion:
 * they must undo the net amount in its own currency, and move money the same way in exactly one other.
 */
const settlementOf = (
  lines: Moved | undefined,
  currency: string,
  net: bigint,
): { currency: string; net: bigint } | null => {
  if (lines === undefined || net === 0n || lines.get(currency) !== -net) return null
  const [other, ...more] = [...lines].filter(([code]) => code !== currency)
  if (other === undefined || more.length > 0) return null
  const [code, amount] = other
  return amount !== 0n && amount < 0n === net < 0n ? { currency: code, net: amount } : null
}

/** The row in the settlement currency: its amount at the rate of the net amounts, its fees the rest of the net. */
const converted = (row: CanonicalRow, net: bigint, settled: { currency: string; net: bigint }): CanonicalRow => {
  const amount = divided(row.amount * size(settled.net), size(net))
  const gross = row.type === 'vendor_refund' ? amount : -amount
  return {
    ...row,
    amount,
    ...fees(row.type, gross - settled.net),
    currency: settled.currency,
    presented_amount: row.amount,
    presented_currency: row.currency,
  }
}

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount)

/** A quotient of numbers that are not negative, rounded half up. */
const divided = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor)

/** A row that keeps nothing of the block of the file that its texts were cut from. */
const detachedRow = (row: CanonicalRow): CanonicalRow => ({
  ...row,
  transaction_id: copied(row.transaction_id),
  category: copied(row.category),
  refund_id: row.refund_id === null ? null : copied(row.refund_id),
  payment_ids: row.payment_ids.map(copied),
  reference_ids: row.reference_ids.map(copied),
})

const copied = (text: string): string => Buffer.from(text).toString()
