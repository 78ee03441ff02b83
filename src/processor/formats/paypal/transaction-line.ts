/** A transaction (SB) of PayPal's row-typed reports. */

import { minorDigits } from '../../../core/money.ts'
import { type Occurred, readTime } from '../../fields/record-time.ts'
import { type Column, type Columns, columnKey } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import { currencyCode, lineReader, neededText, text, unreadable } from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { CanonicalRow, ColumnNote, ReadingContext, RecordReader, RowSink } from '../format.ts'
import type { PaypalTransaction } from './movement.ts'
import { addTo, type Tally } from './stated-totals.ts'
import { eventCode } from './transaction.ts'

/** The columns that both reports have and we read. */
export const SHARED_COLUMNS: readonly ColumnNote[] = [
  { name: 'CH', required: true, meaning: 'the first cell: the kind of row' },
  { name: 'Transaction ID', required: true, meaning: "the transaction id; of a refund also the refund's id" },
  { name: 'Invoice ID', required: true, meaning: 'a reference' },
  { name: 'PayPal Reference ID', required: true, meaning: 'the payment id, where its type is TXN' },
  { name: 'PayPal Reference ID Type', required: true, meaning: 'TXN: a transaction' },
  {
    name: 'Transaction Event Code',
    required: true,
    meaning:
      'T1107: refund (CR: vendor refund), T1109: fee of a refund, T00.. with CR: payment, T1106 with DR and T1201, T1207: ' +
      'chargeback, T1202, T1205, T1208: its reversal, T02..: converts the refund it names, any other: other',
  },
  { name: 'Transaction Completion Date', required: true, meaning: 'the time of the line' },
  { name: 'Transaction Initiation Date', required: false, meaning: 'likewise of a line that is not completed' },
  { name: 'Transaction Debit or Credit', required: true, meaning: 'DR: money out, CR: money in' },
  { name: 'Gross Transaction Amount', required: true, meaning: 'hundredths without sign, also of yen' },
  { name: 'Gross Transaction Currency', required: true, meaning: 'the currency' },
  { name: 'Fee Debit or Credit', required: true, meaning: 'DR: charged, CR: given back' },
  { name: 'Fee Amount', required: true, meaning: 'hundredths without sign' },
  { name: 'Fee Currency', required: true, meaning: 'must be that of the amount' },
  { name: 'Custom Field', required: false, meaning: 'a reference' },
]

export const SHARED_SIGNS =
  'Amounts have no sign and are hundredths of every currency, yen too: 10000 are 100 yen. A refund is DR; its fee is CR where it ' +
  'was given back. '

/** Old files write TransactionEventCode. */
const joined = (name: string): string => name.replaceAll(' ', '')

/** A column name without spaces and case: the same in old and new files. */
export const squeezed = (name: string): string => joined(columnKey(name))

/** What one report adds to the columns of both. */
export interface RowTypedLayout {
  format: string
  /** whether a transaction moved the balance, and what to add to its category where it did not */
  bindStatus(columns: Columns): (cells: readonly string[], code: string) => { settled: boolean; note: string }
}

/** Reads the SB rows under one column header; the tallies are those that count them. */
export const transactionReader = (
  columns: Columns,
  context: ReadingContext,
  sink: RowSink,
  layout: RowTypedLayout,
  rowOf: (transaction: PaypalTransaction) => CanonicalRow | null,
  tallies: () => readonly Tally[],
): RecordReader => {
  const need = (name: string): Column => columns.need(name, joined(name))
  columns.need('CH')
  const id = need('Transaction ID')
  const invoice = need('Invoice ID')
  const original = need('PayPal Reference ID')
  const originalType = need('PayPal Reference ID Type')
  const event = need('Transaction Event Code')
  const initiated = columns.find('Transaction Initiation Date', 'TransactionInitiationDate')
  const completed = need('Transaction Completion Date')
  const side = need('Transaction Debit or Credit')
  const gross = need('Gross Transaction Amount')
  const currency = need('Gross Transaction Currency')
  const feeSide = need('Fee Debit or Credit')
  const fee = need('Fee Amount')
  const feeCurrency = need('Fee Currency')
  const custom = columns.find('Custom Field', 'CustomField')
  const statusOf = layout.bindStatus(columns)
  const references = context.referenceColumns.map((name) => columns.find(name))

  const occurred = (cells: readonly string[], settled: boolean): Occurred => {
    const column = !settled && initiated !== null && text(cells, completed) === '' ? initiated : completed
    return (
      timeOf(text(cells, column), context) ??
      noTime(column, text(cells, column), 'a time such as 2026/10/31 23:59:59 -0700')
    )
  }
  /** The fee in hundredths, credit positive; empty cells are no fee. */
  const feeOf = (cells: readonly string[], code: string): bigint => {
    if (text(cells, fee) === '') return 0n
    const hundredths = hundredthsOf(cells, fee)
    const own = text(cells, feeCurrency).toUpperCase()
    if (hundredths !== 0n && own !== '' && own !== code) {
      unreadable(`Fee Currency is ${quoteWord(own)}, expected ${code} as of the amount`)
    }
    return hundredths === 0n ? 0n : signed(cells, feeSide, hundredths)
  }

  return lineReader(columns, sink, {
    row: (cells, line) => {
      const code = eventCode(cells, event)
      const { settled, note } = statusOf(cells, code)
      const money = currencyCode(cells, currency)
      const moved = signed(cells, side, hundredthsOf(cells, gross))
      const feeMoved = feeOf(cells, money)
      const row = rowOf({
        id: neededText(cells, id),
        code,
        category: `${code}${note}`,
        settled,
        moved: inMinor(moved, money, gross.name),
        cost: -inMinor(feeMoved, money, fee.name),
        said: `${text(cells, side)} ${text(cells, gross)}`,
        currency: money,
        occurred: occurred(cells, settled),
        original: text(cells, originalType).toUpperCase() === 'TXN' ? text(cells, original) : '',
        references: [invoice, custom, ...references].map((column) => text(cells, column)),
        line,
      })
      for (const tally of tallies()) addTo(tally, money, moved, feeMoved)
      return row
    },
    transactionId: (cells) => neededText(cells, id),
    occurredOn: (cells) => occurred(cells, true).occurred_on,
  })
}

/** A report's time, '2026/10/31 23:59:59 -0700'; without an offset in the zone of files that state none. */
export const timeOf = (cell: string, context: ReadingContext): Occurred | null => {
  const found = /^(\d{4})[/-](\d{2})[/-](\d{2}) (.+)$/.exec(cell.trim())
  if (!found) return null
  return readTime(`${found[1]}-${found[2]}-${found[3]} ${found[4]}`, context.businessTimeZone, context.fileTimeZone)
}

const hundredthsOf = (cells: readonly string[], column: Column): bigint => {
  const cell = text(cells, column)
  return /^\d{1,18}$/.test(cell)
    ? BigInt(cell)
    : unreadable(`${column.name} is ${quote(cell)}, expected hundredths without sign or separator such as 1234`)
}

const signed = (cells: readonly string[], side: Column, amount: bigint): bigint => {
  const cell = text(cells, side).toUpperCase()
  if (cell === 'CR') return amount
  return cell === 'DR' ? -amount : unreadable(`${side.name} is ${quoteWord(cell)}, expected DR or CR`)
}

/** Hundredths as minor units: exact, or unreadable. */
const inMinor = (hundredths: bigint, currency: string, name: string): bigint => {
  const digits = minorDigits(currency)
  if (digits >= 2) return hundredths * 10n ** BigInt(digits - 2)
  const unit = 10n ** BigInt(2 - digits)
  return hundredths % unit === 0n
    ? hundredths / unit
    : unreadable(
        `${name} is ${hundredths < 0n ? -hundredths : hundredths} hundredths, expected whole ${currency}: it has no smaller unit`,
      )
}
