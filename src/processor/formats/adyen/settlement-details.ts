/** Adyen's settlement details report: one payable batch, with the lines that close it. */

import { formatMajor } from '../../../core/money.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { numberedIds } from '../../fields/numbered-ids.ts'
import { NOT_PRESENTED, presented } from '../../fields/presented.ts'
import { bindColumns, type Column, type Columns, headerIndex } from '../../read/columns.ts'
import {
  amountMoved,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
  typeMoved,
  unreadable,
} from '../../read/record-reader.ts'
import type { CanonicalRow, Format, ReadingContext, RowType, StatedTotal } from '../format.ts'
import { statedTotal } from '../stated-total.ts'
import { bookingTime, isCompared, ownReference, PSP_REFERENCE } from './line.ts'
import { amountsReader } from './settled-amounts.ts'

/** What a Type is; every other (fees, corrections, payouts, balance transfers) is 'other'. */
const kindOf = lineKinds<RowType>({
  Settled: 'payment',
  Refunded: 'refund',
  RefundedReversed: 'refund_reversal',
  Chargeback: 'chargeback',
  SecondChargeback: 'chargeback',
  ChargebackReversed: 'chargeback_reversal',
})

export const adyenSettlementDetails: Format = {
  name: 'adyen-settlement-details',
  processor: 'ADYEN',
  title: 'Adyen settlement details report',
  verified: 'real file',
  getting: {
    where:
      'Customer Area: Reports, Settlement details, or by SFTP or the report webhook: settlement_detail_report_batch_N.csv',
    columns: 'the default ones hold all that is needed; tick Booking Date and Modification Merchant Reference too',
    often: 'one file for each batch, as it is closed',
  },
  fees: 'has commission, markup, scheme fees and interchange of each refund, charged or given back; lacks monthly invoices',
  refundIdPattern: PSP_REFERENCE,
  // captures have ids of the same shape as payments: which of them the books name is not told by it
  paymentIdPatterns: [],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'adyen-settlement-details',
  delimiters: [','],
  columns: [
    { name: 'Psp Reference', required: true, meaning: 'the payment id' },
    {
      name: 'Type',
      required: true,
      meaning:
        'Settled: payment, Refunded: refund, RefundedReversed: reversal, Chargeback and SecondChargeback: chargeback, ' +
        'ChargebackReversed: its reversal, any other: other',
    },
    {
      name: 'Modification Reference',
      required: true,
      meaning: "the refund's id; with Batch Number, Type and the booking date the transaction id",
    },
    { name: 'Batch Number', required: true, meaning: 'the payout id; a whole batch sums to 0' },
    { name: 'Net Currency', required: true, meaning: 'the settlement currency' },
    { name: 'Net Debit (NC)', required: true, meaning: 'what leaves the payout, fees included, without sign' },
    { name: 'Net Credit (NC)', required: true, meaning: 'what enters the payout, less fees, without sign' },
    { name: 'Commission (NC)', required: true, meaning: 'a fee; all are summed' },
    { name: 'Markup (NC)', required: true, meaning: 'a fee' },
    { name: 'Scheme Fees (NC)', required: true, meaning: 'a fee' },
    { name: 'Interchange (NC)', required: true, meaning: 'a fee' },
    { name: 'DCC Markup (NC)', required: false, meaning: 'a fee' },
    { name: 'Gross Currency', required: true, meaning: "the shopper's currency" },
    { name: 'Gross Debit (GC)', required: true, meaning: 'what the shopper saw; gross x rate less fees must be net' },
    { name: 'Gross Credit (GC)', required: true, meaning: 'likewise' },
    { name: 'Exchange Rate', required: true, meaning: 'from the gross to the net currency' },
    { name: 'Booking Date', required: false, meaning: 'the time of the line, in Booking Date TimeZone' },
    { name: 'Creation Date', required: false, meaning: 'likewise in TimeZone, where there is no Booking Date' },
    { name: 'Merchant Account', required: false, meaning: 'whose batch it is' },
    { name: 'Merchant Reference', required: false, meaning: 'a reference' },
    { name: 'Modification Merchant Reference', required: false, meaning: 'a reference' },
    { name: 'Merchant Order Reference', required: false, meaning: 'a reference' },
  ],
  signs:
    'A refund leaves the payout in Net Debit (NC), without sign, fees included; the amount is net without its fees. ' +
    'A fee is positive where it was charged, negative where it was given back.',
  example:
    'Psp Reference,Merchant Reference,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number,Booking Date,Booking Date TimeZone\n' +
    'PAYMENT000000001,order-1,2026-10-30 09:00:00,CET,Refunded,REFUND0000000001,EUR,25.00,,1,EUR,25.10,,0.10,,,,12,2026-10-31 01:00:00,CET',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Psp Reference',
      'Type',
      'Modification Reference',
      'Net Debit (NC)',
      'Net Credit (NC)',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'adyen-settlement-details')
    const psp = columns.need('Psp Reference')
    const word = columns.need('Type')
    const modification = columns.need('Modification Reference')
    const batch = columns.need('Batch Number')
    const booked = bookingReader(columns, context)
    const amounts = amountsReader(columns)
    const merchant = columns.find('Merchant Account')
    const own = [
      columns.find('Merchant Reference'),
      columns.find('Modification Merchant Reference'),
      columns.find('Merchant Order Reference'),
      ...context.referenceColumns.map((name) => columns.find(name)),
    ]
    const numbered = numberedIds()
    const batches = new Map<string, { name: string; currency: string; net: bigint }>()

    /** Refunds, reversals and payments by the key that a batch downloaded again repeats; other lines numbered besides. */
    const transactionId = (cells: readonly string[]): string => {
      const { type, word: kind } = kindOf(neededText(cells, word))
      const reference = text(cells, modification) || text(cells, psp)
      const key = [text(cells, batch), kind, reference, booked.cell(cells)]
      if (!isCompared(type)) return numbered([text(cells, merchant), ...key].join(':'))
      if (reference === '') unreadable('Modification Reference and Psp Reference are empty, expected one of them')
      neededText(cells, batch)
      return key.join(':')
    }

    return lineReader(columns, sink, {
      row: (cells, line): CanonicalRow => {
        const kind = neededText(cells, word)
        const known = kindOf(kind).type
        const { currency, net, moved, cost, said, shown } = amounts(cells, known)
        const type = typeMoved(known, moved)
        const isRefund = type === 'refund' || type === 'refund_reversal'
        const occurred = booked.read(cells, type)
        const amount = amountMoved(type, moved, said)
        const row = {
          transaction_id: transactionId(cells),
          type,
          category: kind,
          refund_id: isRefund ? neededText(cells, modification) : null,
          payment_ids: distinct(isRefund ? neededText(cells, psp) : text(cells, psp)),
          reference_ids: distinct(...own.map((column) => ownReference(cells, column))),
          amount,
          ...fees(type, cost),
          currency,
          ...(shown === null || type === 'other'
            ? NOT_PRESENTED
            : presented({ type, amount }, shown.amount, shown.currency)),
          ...occurred,
          available_on: null,
          payout_id: textOrNull(cells, batch),
          line,
        }
        const place = text(cells, merchant) === '' ? '' : ` of ${text(cells, merchant)}`
        const name = `batch ${text(cells, batch)}${place}: sum of the net amounts in ${currency}`
        const sum = batches.get(name)
        if (sum) sum.net += net
        else batches.set(name, { name, currency, net })
        return row
      },
      transactionId: (cells) => (isCompared(kindOf(text(cells, word)).type) ? transactionId(cells) : null),
      occurredOn: (cells) => booked.read(cells, 'other').occurred_on,
      summary: () => ({ period: null, totals: [...batches.values()].map(sumOfBatch) }),
    })
  },
}

/** A batch is complete when what settled, the corrections and the payout or the transfer to the next batch sum to 0. */
const sumOfBatch = ({ name, currency, net }: { name: string; currency: string; net: bigint }): StatedTotal =>
  statedTotal(name, formatMajor(0n, currency), 0n, net, currency)

interface Booked {
  /** the time as the file has it */
  cell(cells: readonly string[]): string
  /** a line of a type that is compared must have a booking date where the file has that column */
  read(cells: readonly string[], type: RowType): Pick<CanonicalRow, 'occurred_at' | 'occurred_on'>
}

const bookingReader = (columns: Columns, context: ReadingContext): Booked => {
  const booking = columns.find('Booking Date')
  const creation = booking ? columns.find('Creation Date') : columns.need('Creation Date')
  const bookingZone = columns.find('Booking Date TimeZone', 'Booking Date Time Zone')
  const zone = columns.find('TimeZone', 'Time Zone')
  const timeOf = (cells: readonly string[], type: RowType): Column | null =>
    booking !== null && (text(cells, booking) !== '' || isCompared(type)) ? booking : (creation ?? booking)
  return {
    cell: (cells) => text(cells, timeOf(cells, 'other')),
    read: (cells, type) => {
      const time = timeOf(cells, type)
      if (time === null) return unreadable('the line has no booking date')
      return bookingTime(cells, time, time === booking ? [bookingZone, zone] : [zone], context)
    },
  }
}
