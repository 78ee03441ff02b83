/**
 * Toast's payment details. A refund is no line of its own: the line of its payment says what was refunded of it so far, so
 * that one line gives up to two rows, and a later export may say more.
 */

import { bareRow } from '../../fields/bare-row.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { moneyText, moneyTextOrZero } from '../../fields/money-text.ts'
import { type Occurred, occurredOn, readTime } from '../../fields/record-time.ts'
import { writtenDateReader, writtenTime } from '../../fields/written-date.ts'
import { isAmericanZone } from '../../fields/zone-names.ts'
import { bindColumns, type Column, headerIndex } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import { distinct, fees, lineReader, neededText, text, unreadable } from '../../read/record-reader.ts'
import type { CanonicalRow, Format } from '../format.ts'
import { TOTAL_MARK } from '../refund-totals.ts'

/** What Refunded says of a payment. */
const refundedOf = lineKinds<'none' | 'refunded'>({ NONE: 'none', PARTIAL: 'refunded', FULL: 'refunded' })

export const toastPaymentDetails: Format = {
  name: 'toast-payment-details',
  processor: 'TOAST',
  title: 'Toast payment details (PaymentDetails.csv)',
  verified: 'real file',
  getting: {
    where:
      'Toast Web: Reports, Sales, Payments, Export all payments, or PaymentDetails.csv of the nightly data exports by SFTP',
    columns: 'the default ones; say the time_zone of the restaurant for this processor',
    often: 'daily, or monthly with the last 90 days again: a refund changes the line of its payment',
  },
  fees: 'lacks those of a refund: V/MC/D Fees belong to the payment',
  refundIdPattern: null,
  paymentIdPatterns: ['^[0-9]+$'],
  hasRefundFees: false,
  hasReturnedFees: false,
  idFamily: 'toast-payment-details',
  refundsAreTotals: true,
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'Payment Id', required: true, meaning: 'the transaction id, and a payment id; of a refund with its total' },
    {
      name: 'Paid Date',
      required: true,
      meaning: "the time of the payment, 1/20/21 10:22 AM, in the processor's time_zone",
    },
    {
      name: 'Type',
      required: true,
      meaning: 'Credit: payment; Cash, Gift Card, any other: other, with what was refunded of it',
    },
    { name: 'Status', required: true, meaning: 'CAPTURED: the money moved; any other: other' },
    { name: 'Total', required: true, meaning: 'the amount of the payment, tips included' },
    { name: 'V/MC/D Fees', required: false, meaning: 'the fee of the payment' },
    { name: 'Refunded', required: true, meaning: 'PARTIAL, FULL: there is a refund; NONE: there is none' },
    { name: 'Refund Date', required: true, meaning: 'the time of the latest refund' },
    { name: 'Refund Amount', required: true, meaning: 'with the tip what was refunded so far, positive' },
    { name: 'Refund Tip Amount', required: true, meaning: 'the part of the tip' },
    { name: 'Order Id', required: false, meaning: 'a reference' },
    { name: 'Order #', required: false, meaning: 'a reference' },
    { name: 'Check Id', required: false, meaning: 'a reference' },
  ],
  signs:
    'All amounts are positive. Refund Amount and Refund Tip Amount are totals of a payment: what they grew since the last ' +
    "export is a further refund. The file names no currency: amounts are in the business's.",
  example:
    'Location,Payment Id,Order Id,Order #,Paid Date,Check Id,Amount,Tip,Gratuity,Total,Refunded,Refund Date,Refund Amount,Refund Tip Amount,Status,Type,V/MC/D Fees\n' +
    'Harbor,900000000001,800000000001,17,10/30/26 10:22 AM,700000000001,20.00,4.00,0.00,24.00,PARTIAL,10/31/26 11:59 PM,10.00,2.00,CAPTURED,Credit,0.75',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Payment Id',
      'Paid Date',
      'Refunded',
      'Refund Amount',
      'Refund Tip Amount',
      'Type',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'toast-payment-details')
    const id = columns.need('Payment Id')
    const paid = columns.need('Paid Date')
    const word = columns.need('Type')
    const status = columns.need('Status')
    const total = columns.need('Total')
    const fee = columns.find('V/MC/D Fees')
    const refunded = columns.need('Refunded')
    const refundDate = columns.need('Refund Date')
    const refundAmount = columns.need('Refund Amount')
    const refundTip = columns.need('Refund Tip Amount')
    const own = ['Order Id', 'Order #', 'Check Id', ...context.referenceColumns].map((name) => columns.find(name))
    const readDate = writtenDateReader(context.fileName, context.dateOrder)
    const isAmerican = isAmericanZone(context.fileTimeZone) || context.currency === 'USD'
    const code = context.currency

    const timeOf = (cells: readonly string[], column: Column, line: number | null): Occurred => {
      const cell = text(cells, column)
      const [, day = '', clock = ''] = /^(\S+)(?: (.+))?$/.exec(cell) ?? []
      const date = readDate(day.replace(/^(\d{1,2}\/\d{1,2}\/)(\d{2})$/, '$120$2'), line, isAmerican)
      if (date !== null && clock === '') return occurredOn(date)
      const time = writtenTime(clock)
      const read = time === null ? null : readTime(`${date} ${time}`, context.businessTimeZone, context.fileTimeZone)
      return read ?? unreadable(`${column.name} is ${quote(cell)}, expected a time such as 10/31/26 11:59 PM`)
    }

    /** What was refunded of a payment so far. */
    const refundedSoFar = (cells: readonly string[]): bigint => {
      const sum = moneyTextOrZero(cells, refundAmount, code) + moneyTextOrZero(cells, refundTip, code)
      const said = text(cells, refunded)
      const known = said === '' ? 'none' : refundedOf(said).type
      if (known === 'other') unreadable(`Refunded is ${quoteWord(said)}, expected NONE, PARTIAL or FULL`)
      if (sum < 0n || known === 'none' ? sum !== 0n : sum === 0n) {
        unreadable(
          `Refund Amount is ${quote(text(cells, refundAmount))} and Refunded ${quoteWord(said)}, expected ${known === 'none' ? 'no amount' : 'a positive amount'}`,
        )
      }
      return sum
    }

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const payment = neededText(cells, id)
        const kind = neededText(cells, word)
        const state = text(cells, status).toUpperCase()
        const isCredit = kind.toLowerCase() === 'credit'
        const isMoney = isCredit && state === 'CAPTURED'
        const type = isMoney ? 'payment' : 'other'
        const amount = moneyText(cells, total, code)
        const shared = {
          payment_ids: distinct(payment),
          reference_ids: distinct(...own.map((column) => text(cells, column))),
          currency: code,
          line,
        }
        const rows: CanonicalRow[] = [
          bareRow({
            ...shared,
            // what is not captured yet may become so: then it is a line of its own
            transaction_id: isMoney || state === '' ? payment : `${payment}:${state.toLowerCase()}`,
            type,
            category: isMoney || state === '' ? kind : `${kind}: ${state}`,
            amount,
            ...fees(type, isMoney ? moneyTextOrZero(cells, fee, code) : 0n),
            ...timeOf(cells, paid, line),
          }),
        ]
        const back = refundedSoFar(cells)
        if (back === 0n) return rows
        const refund = {
          ...shared,
          transaction_id: `${payment}${TOTAL_MARK}${back}`,
          ...timeOf(cells, refundDate, line),
          category: `${kind} refund`,
        }
        if (!isCredit) return [...rows, bareRow({ ...refund, type: 'other', amount: -back })]
        if (!isMoney) unreadable(`Status is ${quoteWord(state)}, expected CAPTURED of a payment that was refunded`)
        return [...rows, bareRow({ ...refund, type: 'refund', amount: back })]
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => timeOf(cells, paid, null).occurred_on,
    })
  },
}
