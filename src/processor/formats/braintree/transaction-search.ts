/** Braintree's transaction search, as downloaded from the Control Panel. It names no fees: they are in a report of their own. */

import { type AmountReader, amountReader } from '../../fields/amount-reader.ts'
import { NOT_PRESENTED, presented } from '../../fields/presented.ts'
import { hasOffset, type Occurred, occurredOn, readTime } from '../../fields/record-time.ts'
import { writtenDateReader, writtenTime } from '../../fields/written-date.ts'
import { readTimeIn, zoneOf } from '../../fields/zone-abbreviations.ts'
import { zoneNamed } from '../../fields/zone-names.ts'
import { bindColumns, type Column, type Columns, headerIndex } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import {
  amountMoved,
  currencyCode,
  distinct,
  lineReader,
  neededText,
  text,
  textOrNull,
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, ReadingContext, RowType } from '../format.ts'

/** What a settled Transaction Type is; every other is 'other'. */
const TYPES: ReadonlyMap<string, RowType> = new Map([
  ['sale', 'payment'],
  ['credit', 'refund'],
])

export const braintreeTransactionSearch: Format = {
  name: 'braintree-transaction-search',
  processor: 'BRAINTREE',
  title: 'Braintree transaction search (Control Panel download)',
  verified: 'third-party importers',
  getting: {
    where: 'Control Panel: Transactions, Advanced search, Download, Transactions',
    columns: 'all; Refunded Transaction ID, Settlement Date and Disbursement Date at least',
    often: 'monthly, with the days since the last file again: a line is settled later',
  },
  fees: 'lacks all: they are in the transaction-level fee report (braintree-transaction-fees)',
  refundIdPattern: '^[a-z0-9]{6,8}$',
  paymentIdPatterns: [],
  hasRefundFees: false,
  hasReturnedFees: false,
  idFamily: 'braintree-transaction-search',
  delimiters: [',', ';', '\t'],
  columns: [
    {
      name: 'Transaction ID',
      required: true,
      meaning: 'the transaction id; of a credit the refund id, of a sale a payment id',
    },
    { name: 'Transaction Type', required: true, meaning: 'sale: payment, credit: refund, any other: other' },
    {
      name: 'Transaction Status',
      required: true,
      meaning: 'settled: the money moved; in any other status (submitted, settling, voided, failed, declined): other',
    },
    { name: 'Currency ISO Code', required: true, meaning: 'the currency of the amounts that the customer saw' },
    {
      name: 'Amount Submitted For Settlement',
      required: true,
      meaning: 'the amount, positive for sales and credits alike',
    },
    { name: 'Amount Authorized', required: false, meaning: 'the amount where none was submitted' },
    { name: 'Settlement Amount', required: false, meaning: 'the settlement amount, read where it is filled in' },
    { name: 'Settlement Currency ISO Code', required: false, meaning: 'the settlement currency' },
    { name: 'Settlement Date', required: false, meaning: 'the date of a settled line' },
    {
      name: 'Created Datetime',
      required: true,
      meaning: 'the time of a line without a Settlement Date, 10/31/2026 23:59:59 or 2026-10-31 23:59:59',
    },
    {
      name: 'Created Timezone',
      required: false,
      meaning: "its zone (CST, Central Time (US & Canada)); the processor's time_zone where there is none",
    },
    { name: 'Refunded Transaction ID', required: true, meaning: 'of a credit a payment id' },
    { name: 'Order ID', required: false, meaning: 'a reference' },
    { name: 'Disbursement Date', required: false, meaning: 'when the money is available' },
    { name: 'Settlement Batch ID', required: false, meaning: 'the payout id' },
  ],
  signs:
    'All amounts are positive: a credit is money that goes out. The file has no fees (Service Fee is what a marketplace keeps, ' +
    'and not read). A line that is not settled yet is stored as other, and again when it is.',
  example:
    'Transaction ID,Transaction Type,Transaction Status,Created Datetime,Created Timezone,Settlement Date,Currency ISO Code,Amount Submitted For Settlement,Order ID,Refunded Transaction ID\n' +
    'rf1abcde,credit,settled,10/31/2026 23:59:59,CDT,11/01/2026,USD,25.00,1001,pm1abcde',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Transaction ID',
      'Transaction Type',
      'Transaction Status',
      'Currency ISO Code',
      'Amount Submitted For Settlement',
      'Created Datetime',
      'Refunded Transaction ID',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'braintree-transaction-search')
    const id = columns.need('Transaction ID')
    const word = columns.need('Transaction Type')
    const status = columns.need('Transaction Status')
    const readAmount = settlementReader(columns, amountReader(context.fileName, { groups: true }))
    const dates = datesOf(columns, context)
    const refunded = columns.need('Refunded Transaction ID')
    const order = columns.find('Order ID')
    const batch = columns.find('Settlement Batch ID')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const ownId = neededText(cells, id)
        const kind = neededText(cells, word)
        const state = neededText(cells, status)
        const isSettled = state.toLowerCase() === 'settled'
        const direction = TYPES.get(kind.toLowerCase())
        const type = isSettled ? (direction ?? 'other') : 'other'
        const { amount, code, said, shown } = readAmount(cells, line, isSettled)
        const rowAmount = amountMoved(type, direction === 'refund' ? -amount : amount, said)
        return {
          // what is not settled may yet become so: then it is a line of its own
          transaction_id: isSettled ? ownId : `${ownId}:${state.toLowerCase()}`,
          type,
          category: isSettled ? kind : `${kind}: ${state}`,
          refund_id: type === 'refund' ? ownId : null,
          payment_ids: distinct(direction === 'payment' ? ownId : '', text(cells, refunded)),
          reference_ids: distinct(...[order, ...references].map((column) => text(cells, column))),
          amount: rowAmount,
          refund_fee: 0n,
          returned_fee: 0n,
          currency: code,
          ...(shown === null || type === 'other'
            ? NOT_PRESENTED
            : presented({ type, amount: rowAmount }, shown.amount, shown.code)),
          ...dates.occurred(cells, line, isSettled),
          available_on: dates.available(cells, line),
          payout_id: textOrNull(cells, batch),
          line,
        }
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => dates.occurred(cells, null, true).occurred_on,
    })
  },
}

interface Said {
  amount: bigint
  code: string
  /** the cell */
  said: string
  /** what the customer saw, where the file says what was settled beside it */
  shown: { amount: bigint; code: string } | null
}

/** Reads what was settled, in its currency; what was submitted where the file says nothing of the settlement. */
const settlementReader = (
  columns: Columns,
  read: AmountReader,
): ((cells: readonly string[], line: number, isSettled: boolean) => Said) => {
  const currency = columns.need('Currency ISO Code')
  const submitted = columns.need('Amount Submitted For Settlement')
  const authorized = columns.find('Amount Authorized')
  const settled = columns.find('Settlement Amount')
  const settledIn = columns.find('Settlement Currency ISO Code')
  return (cells, line, isSettled) => {
    const code = currencyCode(cells, currency)
    const asked = text(cells, submitted) === '' && authorized !== null ? authorized : submitted
    // a line that was declined or never captured may have no amount at all: it moved nothing
    if (!isSettled && text(cells, asked) === '') return { amount: 0n, code, said: '', shown: null }
    if (!isSettled || settled === null || text(cells, settled) === '') {
      return { amount: read(cells, asked, code, line), code, said: text(cells, asked), shown: null }
    }
    const settledCode = text(cells, settledIn) === '' || settledIn === null ? code : currencyCode(cells, settledIn)
    const amount = read(cells, settled, settledCode, line)
    const shown = text(cells, submitted) === '' ? null : { amount: read(cells, submitted, code, line), code }
    if (settledCode === code && shown !== null && shown.amount !== amount) {
      unreadable(
        `Settlement Amount is ${quote(text(cells, settled))}, expected what was submitted in the same currency, ${text(cells, submitted)}`,
      )
    }
    return { amount, code: settledCode, said: text(cells, settled), shown }
  }
}

interface Dates {
  occurred(cells: readonly string[], line: number | null, isSettled: boolean): Occurred
  available(cells: readonly string[], line: number): string | null
}

/** Reads one file's dates: the Control Panel writes them the American way. */
const datesOf = (columns: Columns, context: ReadingContext): Dates => {
  const created = columns.need('Created Datetime')
  const createdIn = columns.find('Created Timezone')
  const settlement = columns.find('Settlement Date')
  const disbursement = columns.find('Disbursement Date')
  const readDate = writtenDateReader(context.fileName, context.dateOrder)

  const dateOf = (cells: readonly string[], column: Column, line: number | null): string => {
    const cell = text(cells, column)
    const [day = ''] = cell.split(/[ T]/)
    return (
      readDate(day, line, true) ??
      unreadable(`${column.name} is ${quote(cell)}, expected a date such as 10/31/2026 or 2026-10-31`)
    )
  }
  /** '10/31/2026 11:59:59 PM' as '2026-10-31 23:59:59'; a text that begins with the year stays as it is */
  const wallOf = (cells: readonly string[], line: number | null): string => {
    const cell = text(cells, created)
    const [, time] = /^\d[\d/.-]* (.+)$/.exec(cell) ?? []
    if (/^\d{4}-/.test(cell)) return cell
    const day = dateOf(cells, created, line)
    return time === undefined ? day : `${day} ${writtenTime(time) ?? 'no time'}`
  }
  const createdAt = (cells: readonly string[], line: number | null): Occurred => {
    const name = text(cells, createdIn)
    const zone = name === '' ? context.fileTimeZone : (zoneOf(name) ?? zoneNamed(name))
    if (zone === null) {
      return unreadable(
        `Created Timezone is ${quoteWord(name)}, expected a zone such as CST or Central Time (US & Canada)`,
      )
    }
    const wall = wallOf(cells, line)
    const occurred = hasOffset(wall)
      ? readTime(wall, context.businessTimeZone, 'UTC')
      : readTimeIn(wall, zone, context.businessTimeZone)
    return (
      occurred ??
      unreadable(
        `${created.name} is ${quote(text(cells, created))}, expected a time such as 10/31/2026 23:59:59 or 2026-10-31 23:59:59`,
      )
    )
  }
  return {
    occurred: (cells, line, isSettled) =>
      isSettled && settlement !== null && text(cells, settlement) !== ''
        ? occurredOn(dateOf(cells, settlement, line))
        : createdAt(cells, line),
    available: (cells, line) =>
      disbursement === null || text(cells, disbursement) === '' ? null : dateOf(cells, disbursement, line),
  }
}
