/** Square's transactions, as exported from the Dashboard (Transactions, Export, Transactions CSV). */

import { moneyText, moneyTextOrZero } from '../../fields/money-text.ts'
import { type Occurred, occurredOn, readTime } from '../../fields/record-time.ts'
import { writtenDateReader, writtenTime } from '../../fields/written-date.ts'
import { isAmericanZone, zoneNamed } from '../../fields/zone-names.ts'
import { bindColumns, type Column, type Columns, headerIndex } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import {
  amountMoved,
  derivedIds,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, ReadingContext, RowType } from '../format.ts'

/** What an Event Type is; every other is 'other'. */
const TYPES: ReadonlyMap<string, RowType> = new Map([
  ['payment', 'payment'],
  ['refund', 'refund'],
])

/** An event in one of these states has moved no money; exports without Transaction Status list none of them. */
const NOT_MONEY: ReadonlySet<string> = new Set([
  'pending',
  'failed',
  'rejected',
  'declined',
  'canceled',
  'cancelled',
  'voided',
])

/** Tenders that did not move through Square. */
const ELSEWHERE = ['Cash', 'Square Gift Card', 'Other Tender']

export const squareTransactions: Format = {
  name: 'square-transactions',
  processor: 'SQUARE',
  title: 'Square transactions (Dashboard export)',
  verified: 'third-party importers',
  getting: {
    where: 'Dashboard: Transactions, Export, Transactions CSV (not Items CSV)',
    columns: 'no choice',
    often: 'monthly',
  },
  fees: 'has the fee of a refund in Fees, mostly given back; lacks third-party fees',
  refundIdPattern: null,
  paymentIdPatterns: [],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'square-transactions',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'Date', required: true, meaning: 'the date of the line, 2026-10-31 or 10/31/2026' },
    { name: 'Time', required: true, meaning: 'its time, 23:59:59 or 11:59:59 PM; the date alone where it is empty' },
    {
      name: 'Time Zone',
      required: true,
      meaning: "a zone such as 'Eastern Time (US & Canada)'; the processor's time_zone where it is empty",
    },
    {
      name: 'Event Type',
      required: true,
      meaning: 'Payment: payment, Refund: refund, any other: other',
    },
    {
      name: 'Total Collected',
      required: true,
      meaning: "the amount in the business's currency with that of other tenders, negative for a refund",
    },
    {
      name: 'Fees',
      required: true,
      meaning: 'the fee, negative where it was charged, positive where it was given back',
    },
    {
      name: 'Net Total',
      required: true,
      meaning: 'checked: Total Collected and Fees together, where there are no further fees',
    },
    { name: 'Transaction ID', required: true, meaning: 'a payment id' },
    { name: 'Payment ID', required: true, meaning: 'a payment id; of a refund its refund id too' },
    {
      name: 'Transaction Status',
      required: false,
      meaning: 'a pending, failed, rejected, declined, cancelled or voided line: other',
    },
    { name: 'Order Reference ID', required: false, meaning: 'a reference' },
    { name: 'Deposit ID', required: false, meaning: 'the payout id' },
    { name: 'Deposit Date', required: false, meaning: 'when the money is available' },
    { name: 'Cash', required: false, meaning: 'did not move through Square: no part of the amount' },
    { name: 'Square Gift Card', required: false, meaning: 'likewise' },
    { name: 'Other Tender', required: false, meaning: 'likewise; a line of these alone: other' },
    { name: 'Partial Refunds', required: false, meaning: 'not read: on a payment what was refunded of it, no refund' },
  ],
  signs:
    "A refund's Total Collected is negative; Fees are negative where they were charged. The file names no currency: " +
    "amounts are in the business's. Verified by a real file of payments and by third-party importers of refunds; they " +
    "do not agree whether a refund's Payment ID is its own or its payment's, so it counts as both. A line is known by " +
    'its event, time, ids and amount.',
  example:
    'Date,Time,Time Zone,Total Collected,Fees,Net Total,Transaction ID,Payment ID,Event Type\n' +
    '2026-10-31,23:59:59,Eastern Time (US & Canada),-$25.00,$0.30,-$24.70,TX1,RF1,Refund',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Date',
      'Time',
      'Time Zone',
      'Event Type',
      'Total Collected',
      'Fees',
      'Net Total',
      'Transaction ID',
      'Payment ID',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'square-transactions')
    const clock = clockOf(columns, context)
    const eventType = columns.need('Event Type')
    const total = columns.need('Total Collected')
    const fee = columns.need('Fees')
    const net = columns.need('Net Total')
    const transaction = columns.need('Transaction ID')
    const payment = columns.need('Payment ID')
    const status = columns.find('Transaction Status')
    const moreFees = [columns.find('Third Party Fees'), columns.find('International Fee')]
    // without one of them a part of a split tender would count as moved through Square
    const elsewhere = ELSEWHERE.some((name) => columns.find(name)) ? ELSEWHERE.map((name) => columns.need(name)) : []
    const order = columns.find('Order Reference ID')
    const deposit = columns.find('Deposit ID')
    const deposited = columns.find('Deposit Date')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
    const derived = derivedIds(context)
    const code = context.currency

    /** Whether fees of these columns are among Fees is nowhere said: then Net Total is no check. */
    const checkNet = (cells: readonly string[], expected: bigint): void => {
      if (text(cells, net) === '' || moreFees.some((column) => moneyTextOrZero(cells, column, code) !== 0n)) return
      if (moneyText(cells, net, code) !== expected) {
        unreadable(
          `Net Total is ${quote(text(cells, net))}, expected Total Collected and Fees together, ${text(cells, total)} and ${text(cells, fee) || 'none'}`,
        )
      }
    }

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const event = neededText(cells, eventType)
        const state = text(cells, status)
        const isMoney = !NOT_MONEY.has(state.toLowerCase())
        const collected = moneyText(cells, total, code)
        const tenders = elsewhere.filter((column) => moneyTextOrZero(cells, column, code) !== 0n)
        const apart = tenders.reduce((sum, column) => sum + moneyTextOrZero(cells, column, code), 0n)
        // of a split tender only the part that moved through Square counts
        const isElsewhere = tenders.length > 0 && collected === apart
        const moved = isElsewhere ? collected : collected - apart
        const type = isMoney && !isElsewhere ? (TYPES.get(event.toLowerCase()) ?? 'other') : 'other'
        const cost = -moneyTextOrZero(cells, fee, code)
        checkNet(cells, collected - cost)
        const { occurred, said } = clock.read(cells, line)
        const ids = [text(cells, transaction), text(cells, payment)]
        // a payment by several tenders lists their ids with commas
        const paymentIds = distinct(...ids.flatMap((id) => id.split(/\s*,\s*/)))
        const word = isMoney ? event : `${event}: ${state}`
        const category = isElsewhere ? `${word} (${tenders.map(({ name }) => name).join(', ')})` : word
        const row = {
          type,
          category,
          refund_id: type === 'refund' && paymentIds.includes(ids[1] ?? '') ? textOrNull(cells, payment) : null,
          payment_ids: paymentIds,
          reference_ids: distinct(...[order, ...references].map((column) => text(cells, column))),
          amount: amountMoved(type, moved, text(cells, total)),
          ...fees(type, cost),
          currency: code,
          ...occurred,
          presented_amount: null,
          presented_currency: null,
          available_on: deposited === null ? null : clock.dateOrNull(cells, deposited, line),
          payout_id: textOrNull(cells, deposit),
          line,
        }
        return { transaction_id: derived([word.toLowerCase(), said, ...ids, String(collected)]), ...row }
      },
      occurredOn: (cells) => clock.read(cells, null).occurred.occurred_on,
    })
  },
}

/** How one file says when: a date, its time and the zone in three columns. */
const clockOf = (
  columns: Columns,
  context: ReadingContext,
): {
  /** `said` is the same in every export: the instant where the line names its zone, else what it says */
  read(cells: readonly string[], line: number | null): { occurred: Occurred; said: string }
  dateOrNull(cells: readonly string[], column: Column, line: number): string | null
} => {
  const date = columns.need('Date')
  const time = columns.need('Time')
  const zone = columns.need('Time Zone')
  const readDate = writtenDateReader(context.fileName, context.dateOrder)
  const zones = new Map<string, string | null>()

  const zoneOf = (cells: readonly string[]): string | null => {
    const name = text(cells, zone)
    if (name === '') return null
    const known = zones.get(name) ?? zoneNamed(name)
    zones.set(name, known)
    return known ?? unreadable(`Time Zone is ${quoteWord(name)}, expected a zone such as Eastern Time (US & Canada)`)
  }
  const dateOf = (cells: readonly string[], column: Column, line: number | null): string => {
    const cell = text(cells, column)
    const named = zoneOf(cells)
    const isAmerican = named === null ? context.currency === 'USD' : isAmericanZone(named)
    return (
      readDate(cell, line, isAmerican) ??
      unreadable(`${column.name} is ${quote(cell)}, expected a date such as 2026-10-31 or 10/31/2026`)
    )
  }
  return {
    read: (cells, line) => {
      const day = dateOf(cells, date, line)
      const cell = text(cells, time)
      if (cell === '') return { occurred: occurredOn(day), said: day }
      const named = zoneOf(cells)
      const hour = writtenTime(cell)
      const wall = `${day} ${hour}`
      const occurred = hour === null ? null : readTime(wall, context.businessTimeZone, named ?? context.fileTimeZone)
      if (occurred === null) return unreadable(`Time is ${quote(cell)}, expected a time such as 23:59:59`)
      return { occurred, said: named === null ? wall : (occurred.occurred_at ?? wall) }
    },
    dateOrNull: (cells, column, line) => (text(cells, column) === '' ? null : dateOf(cells, column, line)),
  }
}
