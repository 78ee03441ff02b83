/** The Matched sheet: what agrees, match by match; summed where there is too much of it to read. */

import { textCell } from '../csv.ts'
import { decimal } from '../decimal.ts'
import type { BusinessReport } from '../model.ts'
import type { Sink } from '../sink.ts'
import type { MatchedLine } from '../text/detail-lines.ts'
import { amount, type Cell, count, date, text } from './cells.ts'
import type { Sheet } from './sheet.ts'

/** More matches than this are summed in the workbook and listed in a CSV file beside it. */
const MOST_MATCHES = 50_000

interface MatchedSum {
  direction: string
  processor: string
  pass: string
  count: number
  ledger_amount: bigint
  processor_amount: bigint
  /** of the processor side; '' where there are several */
  currency: string
}

export interface Matched {
  /** null: there are more than MOST_MATCHES */
  lines: MatchedLine[] | null
  sums: MatchedSum[]
}

/** Reads the matches once: all of them where they are few, in any case their sums. */
export const readMatched = async (of: BusinessReport): Promise<Matched> => {
  let lines: MatchedLine[] | null = []
  const sums = new Map<string, MatchedSum>()
  for await (const line of of.matched()) {
    lines?.push(line)
    if (lines !== null && lines.length > MOST_MATCHES) lines = null
    const currency = line.currencies.length === 1 ? (line.currencies[0] ?? '') : ''
    const key = [line.direction, line.processor, line.pass, currency].join('\u0000')
    const { direction, processor, pass } = line
    const sum = sums.get(key) ?? {
      direction,
      processor,
      pass,
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
  const order = (sum: MatchedSum): string => [sum.direction, sum.processor, sum.pass, sum.currency].join(' ')
  return { lines, sums: [...sums.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1)) }
}

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
    width: 14,
    right: true,
    cell: (line, currency) => amount(value(line, currency), unit(line, currency) ?? currency),
    csv: (line, currency) => {
      const minor = value(line, currency)
      return minor === null ? '' : decimal(minor, unit(line, currency) ?? currency)
    },
  }
}

const COLUMNS: readonly Column[] = [
  words('Direction', 11, (line) => line.direction),
  words('Processor', 14, (line) => line.processor),
  words('Matched by', 22, (line) => line.pass),
  dated('Ledger date', (line) => line.ledger_on),
  dated('Processor date', (line) => line.processor_on),
  money('Ledger amount', false, (line) => line.ledger_amount),
  money('Ledger refund fee', false, (line) => line.ledger_refund_fee),
  money('Ledger returned fee', false, (line) => line.ledger_returned_fee),
  words('Processor currency', 10, (line) => line.currencies.join(' ')),
  money('Processor amount', true, (line) => line.processor_amount),
  money('Processor refund fee', true, (line) => line.processor_refund_fee),
  money('Processor returned fee', true, (line) => line.processor_returned_fee),
  words('Ledger refund', 38, (line) => (line.refund_ids ?? []).join('\n')),
  words('Ledger payment', 38, (line) => (line.leg_ids ?? []).join('\n')),
  words('Transaction', 28, (line) => line.transaction_ids.join('\n')),
  words('File and line', 34, (line) => line.places.join('\n')),
]

/** The matches one by one, or their sums. `csv_name`: where the single ones are. */
export const matchedSheet = (matched: Matched, currency: string, csv_name: string): Sheet => {
  const { lines, sums } = matched
  return {
    name: 'Matched',
    columns: COLUMNS,
    header_row: 3,
    frozen_columns: 0,
    filter: true,
    rows: async function* () {
      yield [text('Matched', 'title')]
      if (lines === null) yield* sumRows(sums, currency, csv_name)
      else {
        yield [text('Both sides of every match that touches the period, oldest first.', 'note')]
        yield COLUMNS.map(({ title, right }) => text(title, right ? 'header_right' : 'header'))
        for (const line of lines) yield COLUMNS.map((column) => column.cell(line, currency))
      }
    },
  }
}

function* sumRows(sums: readonly MatchedSum[], currency: string, csv_name: string): Generator<Cell[]> {
  yield [
    text(
      `More than ${MOST_MATCHES} matches: summed here, listed one by one in ${csv_name} beside this workbook.`,
      'note',
    ),
  ]
  yield ['Direction', 'Processor', 'Matched by', 'Matches', 'Currency', 'Ledger amount', 'Processor amount'].map(
    (title) => text(title, 'header'),
  )
  for (const sum of sums) {
    yield [
      text(sum.direction),
      text(sum.processor),
      text(sum.pass),
      count(sum.count),
      text(sum.currency),
      amount(sum.ledger_amount, currency),
      amount(sum.currency === '' ? null : sum.processor_amount, sum.currency),
    ]
  }
}

/** All matches as CSV, as safe to open as the findings' (csv.ts). */
export const writeMatchedCsv = async (of: BusinessReport, sink: Sink): Promise<void> => {
  await sink.write(`\ufeff${COLUMNS.map(({ title }) => `"${title}"`).join(',')}\r\n`)
  for await (const line of of.matched()) {
    await sink.write(`${COLUMNS.map((column) => column.csv(line, of.business.currency)).join(',')}\r\n`)
  }
}
