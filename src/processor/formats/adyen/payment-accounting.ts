/** Adyen's payment accounting report: every step of a payment's life as a line. Only the steps that move money count. */

import { addScaled, type Scaled } from '../../../core/money.ts'
import { plainText, rounded, size } from '../../fields/exact-amount.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { numberedIds } from '../../fields/numbered-ids.ts'
import { NOT_PRESENTED, presented } from '../../fields/presented.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import {
  amountMoved,
  currencyCode,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
  typeMoved,
  unreadable,
} from '../../read/record-reader.ts'
import type { CanonicalRow, Format, RowType } from '../format.ts'
import {
  bookingTime,
  feeColumns,
  feeSum,
  isCompared,
  movedBefore,
  nearlyEqual,
  ownReference,
  PSP_REFERENCE,
  plainDecimal,
  settledDecimal,
} from './line.ts'

type Amounts = Pick<CanonicalRow, 'type' | 'amount' | 'refund_fee' | 'returned_fee'>

/** What a Record Type is; every other step (Received, SentForRefund, RefundFailed...) is 'other'. */
const kindOf = lineKinds<RowType>({
  Settled: 'payment',
  Refunded: 'refund',
  RefundedReversed: 'refund_reversal',
  Chargeback: 'chargeback',
  SecondChargeback: 'chargeback',
  ChargebackReversed: 'chargeback_reversal',
})

export const adyenPaymentAccounting: Format = {
  name: 'adyen-payment-accounting',
  processor: 'ADYEN',
  title: 'Adyen payment accounting report',
  verified: 'third-party importers',
  getting: {
    where:
      'Customer Area: Reports, Payment accounting, or by SFTP or the report webhook: payments_accounting_report_DATE.csv',
    columns: 'the default ones hold all that is needed',
    often: 'daily: a file holds one day',
  },
  fees: 'has commission, markup, scheme fees and interchange of each refund, charged or given back; lacks processing fees (FC) and monthly invoices',
  refundIdPattern: PSP_REFERENCE,
  // captures have ids of the same shape as payments: which of them the books name is not told by it
  paymentIdPatterns: [],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'adyen-payment-accounting',
  delimiters: [','],
  columns: [
    { name: 'Psp Reference', required: true, meaning: 'the payment id' },
    {
      name: 'Record Type',
      required: true,
      meaning:
        'Settled: payment, Refunded: refund, RefundedReversed: reversal, Chargeback and SecondChargeback: chargeback, ' +
        'ChargebackReversed: its reversal, any other: other',
    },
    {
      name: 'Modification Psp Reference',
      required: true,
      meaning: "the refund's id; with Record Type and Booking Date the transaction id",
    },
    { name: 'Booking Date', required: true, meaning: 'the time of the line, in TimeZone' },
    { name: 'TimeZone', required: false, meaning: "where it is missing, the processor's time_zone" },
    { name: 'Settlement Currency', required: true, meaning: 'the currency of Payable (SC) and the fees' },
    { name: 'Payable (SC)', required: true, meaning: 'what the line moves, fees included; negative for a refund' },
    { name: 'Commission (SC)', required: true, meaning: 'a fee; all are summed' },
    { name: 'Markup (SC)', required: true, meaning: 'a fee' },
    { name: 'Scheme Fees (SC)', required: true, meaning: 'a fee' },
    { name: 'Interchange (SC)', required: true, meaning: 'a fee' },
    { name: 'DCC Markup (SC)', required: false, meaning: 'a fee' },
    { name: 'Payment Currency', required: false, meaning: "the shopper's currency" },
    {
      name: 'Captured (PC)',
      required: false,
      meaning: 'what the shopper saw; where it is in the settlement currency, Payable less fees must be it',
    },
    { name: 'Main Currency', required: false, meaning: 'the currency of steps without settlement' },
    { name: 'Payable Batch', required: false, meaning: 'the payout id' },
    { name: 'Payout Date', required: false, meaning: 'when the money is available' },
    { name: 'Merchant Reference', required: false, meaning: 'a reference' },
    { name: 'Modification Merchant Reference', required: false, meaning: 'a reference' },
    { name: 'Merchant Order Reference', required: false, meaning: 'a reference' },
  ],
  signs:
    "A refund's Payable (SC) is negative and includes its fees; a fee is positive where it was charged, negative where it " +
    'was given back. A refund is counted once, as Refunded: not as SentForRefund. ' +
    'Import this report or the settlement details of an account, not both: they give the same refunds different transaction ids.',
  example:
    'Psp Reference,Merchant Reference,Booking Date,TimeZone,Record Type,Modification Psp Reference,Payment Currency,Captured (PC),Settlement Currency,Payable (SC),Commission (SC),Markup (SC),Scheme Fees (SC),Interchange (SC)\n' +
    'PAYMENT000000001,order-1,2026-10-31 01:00:00,CET,Refunded,REFUND0000000001,EUR,-25.00,EUR,-25.10,0.10,,,',

  identify: (head) => {
    const header = headerIndex(head, 'Psp Reference', 'Record Type', 'Modification Psp Reference', 'Payable (SC)')
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'adyen-payment-accounting')
    const psp = columns.need('Psp Reference')
    const word = columns.need('Record Type')
    const modification = columns.need('Modification Psp Reference')
    const booking = columns.need('Booking Date')
    const zone = columns.find('TimeZone', 'Time Zone')
    const settlement = columns.need('Settlement Currency')
    const payable = columns.need('Payable (SC)')
    const charged = feeColumns(columns, '(SC)')
    const payment = columns.find('Payment Currency')
    const captured = columns.find('Captured (PC)')
    const main = columns.find('Main Currency')
    const batch = columns.find('Payable Batch')
    const payout = columns.find('Payout Date')
    const own = [
      columns.find('Merchant Reference'),
      columns.find('Modification Merchant Reference'),
      columns.find('Merchant Order Reference'),
      ...context.referenceColumns.map((name) => columns.find(name)),
    ]
    const numbered = numberedIds()

    const transactionId = (cells: readonly string[]): string => {
      const reference = text(cells, modification) || neededText(cells, psp)
      const { type, word: kind } = kindOf(neededText(cells, word))
      const key = [kind, reference, text(cells, booking)].join(':')
      return isCompared(type) ? key : numbered(key)
    }

    /** The currency of a line. A step before settlement has none of its own and moves nothing: any will do. */
    const currencyOf = (cells: readonly string[]): string => {
      if (isCompared(kindOf(text(cells, word)).type) || text(cells, payable) !== '')
        return currencyCode(cells, settlement)
      const named = [settlement, payment, main].find((column) => text(cells, column) !== '')
      return named ? currencyCode(cells, named) : context.currency
    }

    /** What the shopper saw, without its sign. */
    const shownOf = (cells: readonly string[]): { amount: bigint; currency: string } | null => {
      const amount = captured === null ? null : plainDecimal(cells, captured)
      if (payment === null || amount === null || amount.unscaled === 0n || text(cells, payment) === '') return null
      const currency = currencyCode(cells, payment)
      return { amount: rounded(size(amount), currency), currency }
    }

    /** What was captured, without its sign, where the line can be held against it: not in a currency that is converted. */
    const capturedOf = (cells: readonly string[], currency: string): Scaled | null => {
      if (captured === null || payment === null || text(cells, payment).toUpperCase() !== currency) return null
      const amount = plainDecimal(cells, captured)
      return amount === null || amount.unscaled === 0n ? null : size(amount)
    }

    const amounts = (cells: readonly string[], known: RowType, currency: string): Amounts => {
      const net = settledDecimal(cells, payable, currency)
      if (net === null && isCompared(known)) unreadable('Payable (SC) is empty, expected an amount')
      // a step that moves nothing has no Payable; fees beside it are those of the step that settles it
      if (net === null) return { type: known, amount: 0n, refund_fee: 0n, returned_fee: 0n }
      const fee = feeSum(cells, charged)
      const whole = isCompared(known) ? capturedOf(cells, currency) : null
      if (whole !== null && !nearlyEqual(whole, size(addScaled(net, fee)), currency)) {
        unreadable(
          `Payable (SC) without its fees is not Captured (PC): ${plainText(net)} with fees of ${plainText(fee)} against ${plainText(whole)} ${currency}`,
        )
      }
      const moved = movedBefore(known, net, fee, currency, plainText(net))
      const type = typeMoved(known, moved)
      return { type, amount: amountMoved(type, moved, plainText(net)), ...fees(type, rounded(fee, currency)) }
    }

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, word)
        const currency = currencyOf(cells)
        const moved = amounts(cells, kindOf(kind).type, currency)
        const isRefund = moved.type === 'refund' || moved.type === 'refund_reversal'
        const shown = moved.type === 'other' ? null : shownOf(cells)
        return {
          transaction_id: transactionId(cells),
          category: kind,
          refund_id: isRefund ? neededText(cells, modification) : null,
          payment_ids: [neededText(cells, psp)],
          reference_ids: distinct(...own.map((column) => ownReference(cells, column))),
          ...moved,
          currency,
          ...(shown === null ? NOT_PRESENTED : presented(moved, shown.amount, shown.currency)),
          ...bookingTime(cells, booking, [zone], context),
          available_on:
            payout && text(cells, payout) !== '' ? bookingTime(cells, payout, [zone], context).occurred_on : null,
          payout_id: textOrNull(cells, batch),
          line,
        }
      },
      transactionId: (cells) => (isCompared(kindOf(text(cells, word)).type) ? transactionId(cells) : null),
      occurredOn: (cells) => bookingTime(cells, booking, [zone], context).occurred_on,
    })
  },
}
