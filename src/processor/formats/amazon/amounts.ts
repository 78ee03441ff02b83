/** What one line of an Amazon settlement report moves: one amount with its kind (V2), or a cell per kind (V1). */

import type { AmountReader } from '../../fields/amount-reader.ts'
import type { Column, Columns } from '../../read/columns.ts'
import { text, unreadable } from '../../read/record-reader.ts'

/** Minor units, as Amazon signs them: what goes to the seller is positive. */
export interface AmazonAmounts {
  /** prices, taxes, shipping, promotions: what the customer pays or gets back */
  paid: bigint
  /** Amazon's own fees: negative charged, positive given back */
  fee: bigint
  /** whether the line has any amount: in V1 the first of an order may have only its quantity */
  some: boolean
}

export type AmazonAmountsReader = (cells: readonly string[], currency: string, line: number) => AmazonAmounts

const PAID_COLUMNS = ['price-amount', 'promotion-amount', 'direct-payment-amount', 'other-amount']
const FEE_COLUMNS = [
  'shipment-fee-amount',
  'order-fee-amount',
  'item-related-fee-amount',
  'misc-fee-amount',
  'other-fee-amount',
]
/** ItemFees, and whatever else Amazon calls a fee; ItemPrice, Promotion, ItemWithheldTax and all others are paid. */
const FEE_TYPE = /fees?$/i

/** Binds the amount columns of the file at hand. */
export const amazonAmounts = (columns: Columns, money: AmountReader): AmazonAmountsReader => {
  const amount = columns.find('amount')
  if (amount !== null) {
    const type = columns.need('amount-type')
    return (cells, currency, line) => {
      const moved = money(cells, amount, currency, line)
      const isFee = FEE_TYPE.test(text(cells, type))
      return { paid: isFee ? 0n : moved, fee: isFee ? moved : 0n, some: true }
    }
  }
  columns.need('price-amount', 'amount')
  const bound = (names: readonly string[]): Column[] => names.flatMap((name) => columns.find(name) ?? [])
  const paidColumns = bound(PAID_COLUMNS)
  const feeColumns = bound(FEE_COLUMNS)
  return (cells, currency, line) => {
    let some = false
    // a line has an amount in one of these cells and leaves the others empty
    const sumOf = (from: readonly Column[]): bigint => {
      let sum = 0n
      for (const column of from) {
        if (text(cells, column) === '') continue
        some = true
        sum += money(cells, column, currency, line)
      }
      return sum
    }
    return { paid: sumOf(paidColumns), fee: sumOf(feeColumns), some }
  }
}

/** Of lines that are one refund or one order: what was paid, the fees charged and the fees given back. */
export const amazonSums = (
  lines: readonly AmazonAmounts[],
): { paid: bigint; refund_fee: bigint; returned_fee: bigint } => {
  if (!lines.some(({ some }) => some)) unreadable('the line has no amount in any column, expected one')
  const sums = { paid: 0n, refund_fee: 0n, returned_fee: 0n }
  for (const { paid, fee } of lines) {
    sums.paid += paid
    // commission that Amazon gives back and commission that it keeps for refunding are lines of their own
    if (fee < 0n) sums.refund_fee -= fee
    else sums.returned_fee += fee
  }
  return sums
}
