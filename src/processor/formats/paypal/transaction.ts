/** PayPal's transactions as canonical rows: what its reports say in their own ways, judged here in one. */

import { numberedIds } from '../../fields/numbered-ids.ts'
import { NOT_PRESENTED } from '../../fields/presented.ts'
import { outOfBounds } from '../../fields/row-bounds.ts'
import type { Column } from '../../read/columns.ts'
import { quoteWord } from '../../read/quote.ts'
import { amountMoved, chargebackType, distinct, fees, keepable, text, unreadable } from '../../read/record-reader.ts'
import type { CanonicalRow, RowSink, RowType } from '../format.ts'
import { paypalConversions } from './conversions.ts'
import type { PaypalTransaction } from './movement.ts'

/** PayPal's transaction ids. */
export const PAYPAL_ID = '^[A-Z0-9]{17}$'

/** The transaction event codes that count. */
export const REFUND = 'T1107'
export const FEE_REFUND = 'T1109'
export const PAYMENT = 'T0000'
export const PAYMENT_REVERSAL = 'T1106'
export const CHARGEBACK = 'T1201'
export const CHARGEBACK_REVERSAL = 'T1202'
/** Chargebacks, their reversals, reimbursements and cancellations, and the rejection of what was said against them. */
const CHARGEBACKS: ReadonlySet<string> = new Set([CHARGEBACK, CHARGEBACK_REVERSAL, 'T1205', 'T1207', 'T1208'])
/** Currency conversions: of the user's own, and those that a refund or a payment needs. */
const CONVERSION = /^T02\d\d$/

/** A transaction event code, upper-cased. */
export const eventCode = (cells: readonly string[], column: Column): string => {
  const code = text(cells, column).toUpperCase()
  return /^T\d{4}$/.test(code)
    ? code
    : unreadable(`${column.name} is ${quoteWord(text(cells, column))}, expected a code such as T1107`)
}

/**
 * T1107 is a refund: money out is one of the business's, money in one that a vendor gave it. T1109 gives back the fee
 * of a payment, or takes it again: a row of the refund it names, without an amount. T00.. is a payment where it brings
 * money. T1106, a payment that PayPal took back, is a chargeback where money leaves; so are T1201 and its kin, where money
 * comes their reversal. All else is other: holds (T1110, T1111), conversions (T02..), fees (T01..), fee reversals (T1108),
 * credits without a payment (T1113), corrections (T1900).
 */
const typeOf = ({ code, settled, moved }: PaypalTransaction): RowType => {
  if (!settled) return 'other'
  if (code === REFUND) return moved > 0n ? 'vendor_refund' : 'refund'
  if (code === FEE_REFUND) return 'refund'
  if (code === PAYMENT_REVERSAL && moved < 0n) return 'chargeback'
  if (CHARGEBACKS.has(code)) return chargebackType(moved, code === CHARGEBACK ? 'chargeback' : 'chargeback_reversal')
  return moved > 0n && /^T00\d\d$/.test(code) ? 'payment' : 'other'
}

/** Whether lines of this code are refunds, if they are settled: then no doubt may remain whether they are. */
export const isRefund = (code: string): boolean => code === REFUND || code === FEE_REFUND

export interface PaypalRows {
  /** the row of a line; null for a refund, which waits for the lines that convert it */
  of(transaction: PaypalTransaction): CanonicalRow | null
  /** gives out what waits, at the end of the file */
  end(sink: RowSink): void
}

/**
 * Makes the rows of one file. A fee refund belongs to the refund that it names: the line alone decides, so that the same
 * line read in another file gives the same row.
 */
export const paypalRows = (): PaypalRows => {
  const numbered = numberedIds()
  const conversions = paypalConversions()
  const rowOf = (transaction: PaypalTransaction): CanonicalRow => {
    const { id, code, moved, original, currency, occurred } = transaction
    const type = typeOf(transaction)
    const isFeeRefund = code === FEE_REFUND && type !== 'other'
    const isShared = type === 'other' || type === 'chargeback' || type === 'chargeback_reversal'
    return {
      transaction_id: isShared ? numbered(sharedId(transaction)) : isFeeRefund ? `${id}:${FEE_REFUND}` : id,
      type,
      category: transaction.category,
      refund_id: isFeeRefund ? original || null : type === 'refund' || type === 'vendor_refund' ? id : null,
      payment_ids: distinct(type === 'payment' ? id : original),
      reference_ids: distinct(...transaction.references),
      amount: type === 'vendor_refund' ? moved : isFeeRefund ? 0n : amountMoved(type, moved, transaction.said),
      ...fees(type, isFeeRefund ? transaction.cost - moved : transaction.cost),
      currency,
      ...occurred,
      ...NOT_PRESENTED,
      available_on: null,
      payout_id: null,
      line: transaction.line,
    }
  }
  return {
    of(transaction) {
      const { code, settled, original } = transaction
      const row = keepable(rowOf(transaction))
      if (row.type === 'refund' || row.type === 'vendor_refund') {
        conversions.hold(row, transaction)
        return null
      }
      if (settled && original !== '' && (code === '' || CONVERSION.test(code))) conversions.convert(transaction)
      return row
    },
    end(sink) {
      for (const row of conversions.rows()) {
        const { line, transaction_id, occurred_on } = row
        // an amount that could be kept may be too large once it is converted
        const reason = outOfBounds(row)
        if (reason === null) sink.row(row)
        else sink.unreadable({ line, reason, raw: `Transaction ID=${transaction_id}`, transaction_id, occurred_on })
      }
    },
  }
}

/** PayPal gives one id to several lines: a hold and its release, a pending line and what becomes of it. */
const sharedId = ({ id, occurred, moved, currency }: PaypalTransaction): string =>
  `${id}:${occurred.occurred_at ?? occurred.occurred_on}:${moved}${currency}`
