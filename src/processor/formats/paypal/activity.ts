/** PayPal's activity download and monthly statement, as exported from its website in the account's language. */

import { amountReader } from '../../fields/amount-reader.ts'
import { dayMonthOrder, readInOrder } from '../../fields/day-month-order.ts'
import type { Occurred } from '../../fields/record-time.ts'
import { writtenTime } from '../../fields/written-date.ts'
import { readTimeIn, zoneOf } from '../../fields/zone-abbreviations.ts'
import { bindColumns, type Column, headerIndex, noteOf } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import { currencyCode, lineReader, neededText, text, unreadable } from '../../read/record-reader.ts'
import type { Format } from '../format.ts'
import { eventCode, isRefund, PAYPAL_ID, paypalRows } from './transaction.ts'
import { codeOf, isCompleted, movesBalance, NAMES } from './words.ts'

export const paypalActivity: Format = {
  name: 'paypal-activity',
  processor: 'PAYPAL',
  title: 'PayPal activity download and monthly statement (English, Spanish, German, French, Czech)',
  verified: 'third-party importers',
  getting: {
    where:
      'paypal.com: Activity, Download (Activity report: all transactions, CSV), or Reports, Statements: the file is named Download.CSV',
    columns: 'tick Reference Txn ID, Invoice Number, Balance Impact and Transaction Event Code',
    often: 'monthly, or daily',
  },
  fees: 'has the fee of a refund, charged or given back, in Fee; fees given back later are lines of their own',
  refundIdPattern: PAYPAL_ID,
  paymentIdPatterns: [],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'paypal',
  delimiters: [',', '\t', ';'],
  columns: [
    noteOf(NAMES.date, true, 'the date; its order of day and month is told by the file, or by date_order'),
    noteOf(NAMES.time, true, 'the time of day'),
    noteOf(NAMES.zone, false, "its zone, line by line; where it is missing, the processor's time_zone"),
    noteOf(
      NAMES.type,
      true,
      'Payment Refund: refund (money in: vendor refund), payments with money in: payment, Payment Reversal and ' +
        'Chargeback: chargeback, or its reversal where money comes in, any other: other; lines that convert a refund name it',
    ),
    noteOf(NAMES.code, false, 'where it is there, it decides instead: T1107, T1109, T00.., T12..'),
    noteOf(NAMES.status, false, 'only completed lines count; where it is missing, all are'),
    noteOf(NAMES.effect, false, 'memo lines are other'),
    noteOf(NAMES.currency, true, 'the currency'),
    noteOf(NAMES.gross, true, 'the amount, negative for a refund'),
    noteOf(NAMES.fee, true, 'the fee, negative where it was charged, positive where it was given back'),
    noteOf(NAMES.net, true, 'gross plus fee must be net'),
    noteOf(NAMES.id, true, "the transaction id; of a refund also the refund's id"),
    noteOf(NAMES.original, false, 'the payment id'),
    noteOf(NAMES.invoice, false, 'a reference'),
    noteOf(NAMES.custom, false, 'a reference'),
  ],
  signs:
    "A refund's Gross is negative; Fee is negative where it was charged, positive where it was given back: net = gross + fee. " +
    'Decimals are written as in the account, 1,234.56 or 1.234,56.',
  example:
    'Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID,Invoice Number,Balance Impact\n' +
    '10/31/2026,09:00:00,PDT,Ann Example,Payment Refund,Completed,USD,-25.00,0.30,-24.70,REFUND00000000001,PAYMENT0000000001,order-1,Debit',

  identify: (head) => {
    const header = headerIndex(head, NAMES.date, NAMES.type, NAMES.gross, NAMES.fee, NAMES.net, NAMES.id)
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'paypal-activity')
    const date = columns.need(...NAMES.date)
    const time = columns.need(...NAMES.time)
    const zone = columns.find(...NAMES.zone)
    const type = columns.need(...NAMES.type)
    const event = columns.find(...NAMES.code)
    const status = columns.find(...NAMES.status)
    const effect = columns.find(...NAMES.effect)
    const currency = columns.need(...NAMES.currency)
    const gross = columns.need(...NAMES.gross)
    const fee = columns.need(...NAMES.fee)
    const net = columns.need(...NAMES.net)
    const id = columns.need(...NAMES.id)
    const original = columns.find(...NAMES.original)
    const references = [
      columns.find(...NAMES.invoice),
      columns.find(...NAMES.custom),
      ...context.referenceColumns.map((name) => columns.find(name)),
    ]
    const order = dayMonthOrder(context.fileName, context.dateOrder)
    const money = amountReader(context.fileName, { groups: true })
    const rows = paypalRows()

    const occurred = (cells: readonly string[]): Occurred => {
      const day = order.read(text(cells, date))
      const clock = writtenTime(text(cells, time))
      if (day === null) unreadable(`${date.name} is ${quote(text(cells, date))}, expected a date as in the other lines`)
      if (clock === null) unreadable(`${time.name} is ${quote(text(cells, time))}, expected a time such as 23:59:59`)
      const named = text(cells, zone)
      const place = named === '' ? context.fileTimeZone : zoneOf(named)
      if (place === null) {
        return unreadable(
          `${zone?.name} is ${quoteWord(named)}, expected a time zone such as CET, PDT or Europe/Berlin`,
        )
      }
      return readTimeIn(`${day} ${clock}`, place, context.businessTimeZone) ?? unreadable(`${date.name} is no date`)
    }

    /** Whether a line counts, and what its category says where it does not. A word that is not known must not decide. */
    const judged = (
      cells: readonly string[],
      code: string,
      column: Column | null,
      judge: (word: string) => boolean | null,
      expected: string,
    ): { counts: boolean; note: string } => {
      if (column === null) return { counts: true, note: '' }
      const word = text(cells, column)
      const verdict = judge(word)
      if (verdict === null && isRefund(code)) {
        unreadable(`${column.name} is ${quoteWord(word)}, expected a word such as ${expected}`)
      }
      return verdict === true ? { counts: true, note: '' } : { counts: false, note: word === '' ? '' : ` (${word})` }
    }

    const lines = lineReader(columns, sink, {
      row: (cells, line) => {
        const said = neededText(cells, type)
        const code = event === null || text(cells, event) === '' ? codeOf(said) : eventCode(cells, event)
        const completed = judged(cells, code, status, isCompleted, 'Completed or Pending')
        const moves = judged(cells, code, effect, movesBalance, 'Debit, Credit or Memo')
        const settled = completed.counts && moves.counts
        const unit = currencyCode(cells, currency)
        // the fee first: of the three it is the one that most often says which sign stands before the decimals
        const feeMoved = text(cells, fee) === '' ? 0n : money(cells, fee, unit, line)
        const moved = money(cells, gross, unit, line)
        const left = money(cells, net, unit, line)
        if (settled && code !== '' && moved + feeMoved !== left) {
          unreadable(
            `${gross.name} and ${fee.name} are not ${net.name}: ${quote(text(cells, gross))} and ${quote(text(cells, fee))} against ${quote(text(cells, net))}`,
          )
        }
        const payment = text(cells, original)
        return rows.of({
          id: neededText(cells, id),
          code,
          category: `${said}${completed.note}${moves.note}`,
          settled,
          moved,
          cost: -feeMoved,
          said: text(cells, gross),
          currency: unit,
          occurred: occurred(cells),
          // B-..., I-... are agreements between buyer and seller, no transactions
          original: /^[A-Z]-/.test(payment) ? '' : payment,
          references: references.map((column) => text(cells, column)),
          line,
        })
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => occurred(cells).occurred_on,
    })

    const reader = readInOrder(order, (cells) => [text(cells, date)], lines)
    return {
      record: reader.record,
      end: () => {
        const summary = reader.end()
        rows.end(sink)
        return summary
      },
    }
  },
}
