/** The Matched sheet: what agrees, match by match with totals; by day where there is too much of it to read. */

import { minorDigits } from '../../core/money.ts'
import { textCell } from '../csv.ts'
import { decimal } from '../decimal.ts'
import type { BusinessReport } from '../model.ts'
import type { Sink } from '../sink.ts'
import type { MatchedLine } from '../text/detail-lines.ts'
import { amount, amountFormula, blank, type Cell, count, date, text } from './cells.ts'
import type { Sheet } from './sheet.ts'

/** More matches than this are summed by day in the workbook and listed in a CSV file beside it. */
const MOST_MATCHES = 50_000

interface MatchedSum {
  direction: string
  processor: string
  /** of the ledger, else of the processor; null: of all days */
  day: string | null
  count: number
  ledger_amount: bigint
  processor_amount: bigint
  /** of the processor side; as many as there are */
  currency: string
}

export interface Matched {
  /** null: there are more than MOST_MATCHES */
  lines: MatchedLine[] | null
  days: MatchedSum[]
  totals: MatchedSum[]
}

/** Reads the matches once: all of them where they are few, in any case their sums. */
export const readMatched = async (of: Pick<BusinessReport, 'matched'>, most = MOST_MATCHES): Promise<Matched> => {
  let lines: MatchedLine[] | null = []
  const days = new Map<string, MatchedSum>()
  const totals = new Map<string, MatchedSum>()
  for await (const line of of.matched()) {
    lines?.push(line)
    if (lines !== null && lines.length > most) lines = null
    add(days, line, line.ledger_on ?? line.processor_on)
    add(totals, line, null)
  }
  return { lines, days: inOrder(days), totals: inOrder(totals) }
}

const add = (sums: Map<string, MatchedSum>, line: MatchedLine, day: string | null): void => {
  const { direction, processor } = line
  const currency = line.currencies.join(' ')
  const key = [day, direction, processor, currency].join('\u0000')
  const sum = sums.get(key) ?? {
    direction,
    processor,
    day,
    count: 0,
    ledger_amount: 0n,
    processor_amount: 0n,
    currency,
  }
  sum.count += 1
  sum.ledger_amount += line.ledger_amount ?? 0n
  sum.processor_amount += line.processor_amount
  sums.set(key, sum)
}

const inOrder = (sums: ReadonlyMap<string, MatchedSum>): MatchedSum[] =>
  [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)

const currencyOf = (line: MatchedLine): string | null =>
  line.currencies.length === 1 ? (line.currencies[0] ?? null) : null

interface Column {
  title: string
  width: number
  right?: boolean
  cell(line: MatchedLine, currency: string): Cell
  csv(line: MatchedLine, currency: string): string
}

const words = (title: string, width: number, read: (line: MatchedLine) => string): Column => ({
  title,
  width,
  cell: (line) => text(read(line), 'wrap'),
  csv: (line) => textCell(read(line)),
})

const dated = (title: string, read: (line: MatchedLine) => string | null): Column => ({
  title,
  width: 11,
  cell: (line) => date(read(line)),
  csv: (line) => read(line) ?? '',
})

/** `own`: in the currency of the rows, else in the ledger's. */
const money = (title: string, own: boolean, read: (line: MatchedLine) => bigint | null): Column => {
  const unit = (line: MatchedLine, currency: string): string | null => (own ? currencyOf(line) : currency)
  const value = (line: MatchedLine, currency: string): bigint | null =>
    unit(line, currency) === null ? null : read(line)
  return {
    title,
    width: 12,
    right: true,
    cell: (line, currency) => amount(value(line, currency), unit(line, currency) ?? currency),
    csv: (line, currency) => {
      const minor = value(line, currency)
      return minor === null ? '' : decimal(minor, unit(line, currency) ?? currency)
    },
  }
}

const COLUMNS: readonly Column[] = [
  words('Direction', 10, (line) => line.direction),
  words('Processor', 12, (line) => line.processor),
  words('Matched by', 20, (line) => line.pass),
  dated('Ledger date', (line) => line.ledger_on),
  dated('Processor date', (line) => line.processor_on),
  money('Ledger amount', false, (line) => line.ledger_amount),
  money('Ledger refund fee', false, (line) => line.ledger_refund_fee),
  money('Ledger returned fee', false, (line) => line.ledger_returned_fee),
  words('Processor currency', 10, (line) => line.currencies.join(' ')),
  money('Processor amount', true, (line) => line.processor_amount),
  money('Processor refund fee', true, (line) => line.processor_refund_fee),
  money('Processor returned fee', true, (line) => line.processor_returned_fee),
  words('Ledger refund', 37, (line) => (line.refund_ids ?? []).join('\n')),
  words('Transaction', 28, (line) => line.transaction_ids.join('\n')),
  words('Ledger payment', 37, (line) => (line.leg_ids ?? []).join('\n')),
  words('File and line', 34, (line) => line.places.join('\n')),
]
/** The ledger's payment and the file's line follow from what is printed. */
const PRINTED = COLUMNS.findIndex(({ title }) => title === 'Transaction') + 1

const HEADER_ROW = 3

const DAY_COLUMNS = [
  { title: 'Direction', width: 12 },
  { title: 'Processor', width: 18 },
  { title: 'Day', width: 12 },
  { title: 'Currency', width: 12 },
  { title: 'Matches', width: 12, right: true },
  { title: 'Ledger amount', width: 20, right: true },
  { title: 'Processor amount', width: 20, right: true },
] as const

/** The matches one by one, or by day; below them their totals. `csv_name`: where the single ones are in the other case. */
export const matchedSheet = (matched: Matched, currency: string, csv_name: string): Sheet => {
  const { lines, days, totals } = matched
  const columns: readonly { title: string; width: number; right?: boolean }[] = lines === null ? DAY_COLUMNS : COLUMNS
  return {
    name: 'Matched',
    columns,
    header_row: HEADER_ROW,
    frozen_columns: 0,
    ...(lines === null ? {} : { printed_columns: PRINTED }),
    filter: true,
    rows_below: 1 + totals.length,
    rows: async function* () {
      yield [text('Matched', 'title')]
      yield [
        text(
          lines === null
            ? `So many matches are summed by day here, and listed one by one in ${csv_name} beside this workbook.`
            : 'Both sides of every match that touches the period, oldest first; below them their totals.',
          'note',
        ),
      ]
      yield columns.map(({ title, right }) => text(title, right ? 'header_right' : 'header'))
      if (lines === null) for (const day of days) yield dayCells(day, currency)
      else for (const line of lines) yield COLUMNS.map((column) => column.cell(line, currency))
      yield []
      const last = HEADER_ROW + (lines ?? days).length
      for (const [place, sum] of totals.entries())
        yield totalCells(sum, currency, { last, row: last + 2 + place, byDay: lines === null })
    },
  }
}

const dayCells = (sum: MatchedSum, currency: string): Cell[] => [
  ...[text(sum.direction), text(sum.processor), date(sum.day), text(sum.currency), count(sum.count)],
  amount(sum.ledger_amount, currency),
  sum.currency.includes(' ') ? text('several') : amount(sum.processor_amount, sum.currency),
]

/** The sums of the table above, live: by direction, processor and the currency of the processor's side. */
const totalCells = (
  sum: MatchedSum,
  currency: string,
  { last, row, byDay }: { last: number; row: number; byDay: boolean },
): Cell[] => {
  const range = (column: string): string => `${column}$${HEADER_ROW + 1}:${column}$${last}`
  const [key, ledger, there] = byDay ? (['D', 'F', 'G'] as const) : (['I', 'F', 'J'] as const)
  const total = (column: string, minor: bigint, unit: string): Cell =>
    amountFormula(
      `ROUND(SUMIFS(${range(column)},${range('A')},$A${row},${range('B')},$B${row},${range(key)},$${key}${row}),${minorDigits(unit)})`,
      minor,
      unit,
      true,
    )
  const processors = sum.currency.includes(' ')
    ? text('several', 'total')
    : total(there, sum.processor_amount, sum.currency)
  const named = [text(sum.direction, 'total'), text(sum.processor, 'total')]
  const blanks = (many: number): Cell[] => Array.from({ length: many }, () => blank('total'))
  const counted = text(`${sum.count} matches`, 'total')
  return byDay
    ? [
        ...named,
        text('all days', 'total'),
        text(sum.currency, 'total'),
        counted,
        total(ledger, sum.ledger_amount, currency),
        processors,
      ]
    : [
        ...[...named, counted, ...blanks(2), total(ledger, sum.ledger_amount, currency), ...blanks(2)],
        ...[text(sum.currency, 'total'), processors],
      ]
}

/** All matches as CSV, as safe to open as the findings' (csv.ts). */
export const writeMatchedCsv = async (of: BusinessReport, sink: Sink): Promise<void> => {
  await sink.write(`\ufeff${COLUMNS.map(({ title }) => `"${title}"`).join(',')}\r\n`)
  for await (const line of of.matched()) {
    await sink.write(`${COLUMNS.map((column) => column.csv(line, of.business.currency)).join(',')}\r\n`)
  }
}
