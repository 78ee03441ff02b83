/** Afterpay's (Cash App Afterpay's) settlement report, as exported from the Business Hub. */

import { addScaled } from '../../../core/money.ts'
import { bareRow } from '../../fields/bare-row.ts'
import { dayMonthOrder, readInOrder } from '../../fields/day-month-order.ts'
import { NOTHING, negated, plainText, rounded, size } from '../../fields/exact-amount.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { exactMoneyText } from '../../fields/money-text.ts'
import { presentedReader } from '../../fields/presented.ts'
import { type Occurred, occurredOn, readTime } from '../../fields/record-time.ts'
import { writtenTime } from '../../fields/written-date.ts'
import { bindColumns, type Column, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import {
  amountMoved,
  derivedIds,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, RowType } from '../format.ts'

/** What a Type is; every other is 'other'. */
const kindOf = lineKinds<RowType>({ Order: 'payment', Refund: 'refund' })

export const afterpaySettlement: Format = {
  name: 'afterpay-settlement',
  processor: 'AFTERPAY',
  title: 'Afterpay settlement report (Cash App Afterpay)',
  verified: "the processor's documentation",
  getting: {
    where: 'Business Hub: Reconciliation, Settlement Export',
    columns: 'no choice',
    often: 'one file for each settlement, or monthly',
  },
  fees: 'has the merchant fee of a refund, mostly given back, in Merchant Fee incl Tax',
  refundIdPattern: null,
  paymentIdPatterns: ['^[0-9]+$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'afterpay-settlement',
  delimiters: [',', ';', '\t'],
  columns: [
    {
      name: 'Settlement Date',
      required: true,
      meaning: 'the date of the line; its order of day and month is told by the file, or by date_order',
    },
    { name: 'Refund Date and Time', required: false, meaning: "of a refund its time, in the processor's time_zone" },
    { name: 'Type', required: true, meaning: 'Order: payment, Refund: refund, any other: other' },
    { name: 'Afterpay Order ID', required: true, meaning: 'a payment id: an order and its refunds share it' },
    { name: 'Afterpay Refund ID', required: false, meaning: 'the refund id' },
    { name: 'Merchant Refund ID', required: false, meaning: 'the refund id where there is no other; a reference too' },
    { name: 'Merchant Order ID', required: true, meaning: 'a reference' },
    { name: 'Order Amount', required: true, meaning: 'the amount where there is no Settlement Amount' },
    { name: 'Settlement Amount', required: false, meaning: 'the amount; the type says which way it went' },
    { name: 'Merchant Fee incl Tax', required: true, meaning: 'checked: what lies between the amount and the net' },
    {
      name: 'Net Settlement Amount',
      required: true,
      meaning: 'what the line moves, fees included; negative for a refund',
    },
    { name: 'Presentment Amount', required: false, meaning: 'what the customer saw' },
    { name: 'Presentment Currency', required: false, meaning: 'the currency of Presentment Amount' },
  ],
  signs:
    'Net Settlement Amount is negative for a refund; the fee is what lies between it and the amount, to the cent. The file ' +
    "names no settlement currency: amounts are in the business's. A line is known by what it says, and its ordinal.",
  example:
    'Settlement Date,Order Date and Time,Afterpay Order ID,Merchant Order ID,Merchant Refund ID,Order Amount,Settlement Amount,Merchant Fee excl Tax,Merchant Fee Tax,Merchant Fee incl Tax,Net Settlement Amount,Type\n' +
    '10/31/2026,10/01/2026 14:00,79043810,1001,RF1,-$25.00,-$25.00,-$1.50,$0.00,-$1.50,-$23.50,Refund',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Settlement Date',
      'Afterpay Order ID',
      'Order Amount',
      'Net Settlement Amount',
      'Type',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'afterpay-settlement')
    const settled = columns.need('Settlement Date')
    const refunded = columns.find('Refund Date and Time')
    const word = columns.need('Type')
    const orderId = columns.need('Afterpay Order ID')
    const refundId = columns.find('Afterpay Refund ID')
    const ownRefund = columns.find('Merchant Refund ID')
    const ownOrder = columns.need('Merchant Order ID')
    const amount = columns.find('Settlement Amount') ?? columns.need('Order Amount')
    const fee = columns.need('Merchant Fee incl Tax')
    const net = columns.need('Net Settlement Amount')
    const references = [ownOrder, ownRefund, ...context.referenceColumns.map((name) => columns.find(name))]
    const order = dayMonthOrder(context.fileName, context.dateOrder)
    const derived = derivedIds(context)
    const code = context.currency

    const dayOf = (cell: string): string => cell.split(' ')[0] ?? ''
    const timeOf = (cells: readonly string[], column: Column): Occurred => {
      const cell = text(cells, column)
      const day = order.read(dayOf(cell))
      const clock = cell.slice(dayOf(cell).length).trim()
      if (day !== null && clock === '') return occurredOn(day)
      const time = writtenTime(clock)
      const read = time === null ? null : readTime(`${day} ${time}`, context.businessTimeZone, context.fileTimeZone)
      return read ?? unreadable(`${column.name} is ${quote(cell)}, expected a date as in the other lines`)
    }
    const occurred = (cells: readonly string[]): Occurred =>
      timeOf(cells, refunded !== null && text(cells, refunded) !== '' ? refunded : settled)
    const roundedText = (cells: readonly string[], column: Column, currency: string): bigint =>
      rounded(exactMoneyText(cells, column, currency), currency)
    const presented = presentedReader(
      columns.find('Presentment Amount'),
      columns.find('Presentment Currency'),
      roundedText,
    )

    const lines = lineReader(columns, sink, {
      row: (cells, line) => {
        const category = neededText(cells, word)
        const { type, word: kind } = kindOf(category)
        const whole = size(exactMoneyText(cells, amount, code))
        const left = exactMoneyText(cells, net, code)
        const moved = type === 'other' ? left : type === 'refund' ? negated(whole) : whole
        const charged = text(cells, fee) === '' ? NOTHING : exactMoneyText(cells, fee, code)
        const between = addScaled(moved, negated(left))
        if (type !== 'other' && rounded(size(charged), code) !== rounded(size(between), code)) {
          unreadable(
            `Net Settlement Amount is ${quote(text(cells, net))}, expected ${plainText(moved)} and the fee ${quote(text(cells, fee))} together`,
          )
        }
        const minor = rounded(moved, code)
        const order_id = type === 'other' ? text(cells, orderId) : neededText(cells, orderId)
        const row = bareRow({
          transaction_id: '',
          type,
          category,
          refund_id: type === 'refund' ? text(cells, refundId) || text(cells, ownRefund) || null : null,
          payment_ids: distinct(order_id),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: amountMoved(type, minor, text(cells, amount)),
          ...fees(type, minor - rounded(left, code)),
          currency: code,
          ...occurred(cells),
          line,
        })
        const content = [kind, order_id, text(cells, ownOrder), text(cells, ownRefund), text(cells, settled)]
        const transaction_id = derived([...content, plainText(moved), plainText(left), code])
        return { ...row, transaction_id, ...(type === 'other' ? {} : presented(row, cells, line)) }
      },
      occurredOn: (cells) => occurred(cells).occurred_on,
    })
    return readInOrder(order, (cells) => [settled, refunded].map((column) => dayOf(text(cells, column))), lines)
  },
}
