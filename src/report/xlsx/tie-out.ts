/** The Tie-out and Effects sheets: the proof as live formulas, so that a changed figure shows in every total. */

import { CODES } from '../../core/discrepancy.ts'
import { minorDigits } from '../../core/money.ts'
import type { Measure, TieOutLine } from '../lines.ts'
import { sum } from '../messages/phrases.ts'
import type { BusinessReport } from '../model.ts'
import type { FindingEffectLine } from '../text/detail-lines.ts'
import { amount, amountFormula, type Cell, columnName, count, text } from './cells.ts'
import { MOST_ROWS, type Sheet } from './sheet.ts'
import { columnRange } from './workbook.ts'

export const TIE_OUT_SHEET = 'Tie-out'
const EFFECTS_SHEET = 'Effects'
const HEADER_ROW = 3
const TIE_OUT_HEADER_ROW = 4

/** A tie-out line's place among those of one direction, processor, currency and month: its three measures share it. */
type LineNumbers = ReadonlyMap<string, number>

const keyOf = (line: Pick<TieOutLine, 'direction' | 'processor' | 'currency' | 'month'>): string =>
  [line.direction, line.processor, line.currency, line.month].join('\u0000')

/** 1, 2, 3... for each direction, processor, currency and month, in the order of the lines. */
export const lineNumbers = (lines: readonly TieOutLine[]): LineNumbers =>
  new Map([...new Set(lines.map(keyOf))].map((key, i) => [key, i + 1]))

/** What is known of the effects once their sheet has been written. */
export interface EffectsWritten {
  last_row: number
}

const EFFECT_COLUMNS = [
  { title: 'Line', width: 7 },
  { title: 'Month', width: 10 },
  { title: 'Direction', width: 11 },
  { title: 'Processor', width: 16 },
  { title: 'Currency', width: 9 },
  { title: 'Finding', width: 28 },
  { title: 'Code', width: 28 },
  { title: 'Status', width: 13 },
  { title: 'Refunds', width: 16 },
  { title: 'Refund fees', width: 14 },
  { title: 'Returned fees', width: 14 },
  { title: 'Id', width: 22, hidden: true },
] as const

const MEASURE_COLUMNS: Readonly<Record<Measure, number>> = { amount: 8, refund_fee: 9, returned_fee: 10 }

/** One line per effect: what each finding contributes to ledger minus processor. */
export const effectsSheet = (of: BusinessReport, numbers: LineNumbers, written: EffectsWritten): Sheet => ({
  name: EFFECTS_SHEET,
  columns: EFFECT_COLUMNS,
  header_row: HEADER_ROW,
  frozen_columns: 0,
  filter: true,
  rows: () => effectRows(of, numbers, written),
})

async function* effectRows(of: BusinessReport, numbers: LineNumbers, written: EffectsWritten): AsyncGenerator<Cell[]> {
  yield [text('Effects', 'title')]
  yield [
    text(
      'What each finding contributes to ledger minus processor. Line is the line of the tie-out it explains.',
      'note',
    ),
  ]
  yield EFFECT_COLUMNS.map(({ title }, i) => text(title, i >= 8 && i <= 10 ? 'header_right' : 'header'))
  let row = HEADER_ROW
  for await (const line of of.effects()) {
    if (row >= MOST_ROWS) break
    row += 1
    yield effectCells(line, numbers.get(keyOf(line)) ?? null)
  }
  written.last_row = row
}

const effectCells = (line: FindingEffectLine, number: number | null): Cell[] => [
  count(number),
  text(line.month),
  text(line.direction),
  text(line.processor),
  text(line.currency),
  text(CODES[line.code].title),
  text(line.code),
  text(line.status),
  amount(line.amount, line.currency),
  amount(line.refund_fee, line.currency),
  amount(line.returned_fee, line.currency),
  text(line.id),
]

const COLUMNS = [
  { title: 'Line', width: 7 },
  { title: 'Direction', width: 11 },
  { title: 'Processor', width: 16 },
  { title: 'Currency', width: 9 },
  { title: 'Month', width: 10 },
  { title: 'Measure', width: 15 },
  { title: 'Ledger', width: 15 },
  { title: 'Processor', width: 15 },
  { title: 'Difference', width: 14 },
  { title: 'Explained', width: 14 },
  { title: 'Unexplained', width: 12 },
  { title: 'Gross', width: 14 },
  { title: 'Matched', width: 15 },
  { title: 'Findings, ledger only', width: 14 },
  { title: 'Findings, processor only', width: 14 },
  { title: 'Does not foot', width: 11 },
] as const

const MEASURES: Readonly<Record<Measure, string>> = {
  amount: 'refunds',
  refund_fee: 'refund fees',
  returned_fee: 'returned fees',
}

/** The rows of the lines, first and last. */
export const tieOutRows = (lines: readonly TieOutLine[]): { first: number; last: number } => ({
  first: TIE_OUT_HEADER_ROW + 1,
  last: TIE_OUT_HEADER_ROW + Math.max(lines.length, 1),
})

/** One row per tie-out line and month; below them a total per direction, currency and measure. Effects come first. */
export const tieOutSheet = (lines: readonly TieOutLine[], numbers: LineNumbers, effects: EffectsWritten): Sheet => ({
  name: TIE_OUT_SHEET,
  columns: COLUMNS,
  header_row: TIE_OUT_HEADER_ROW,
  frozen_columns: 0,
  filter: false,
  rows: async function* () {
    yield [text('Tie-out', 'title')]
    yield [
      text(
        'Difference = ledger - processor. Explained = the effects of the findings on that line (sheet Effects). Major units.',
        'note',
      ),
    ]
    yield [
      text(
        'It foots: ledger = matched + findings that only the ledger has; processor = matched + findings that only the processor has.',
        'note',
      ),
    ]
    yield COLUMNS.map(({ title }, i) => text(title, i >= 6 ? 'header_right' : 'header'))
    let row = TIE_OUT_HEADER_ROW
    for (const line of lines) {
      row += 1
      yield lineCells(line, row, numbers.get(keyOf(line)) ?? 0, Math.max(effects.last_row, HEADER_ROW + 1))
    }
    if (lines.length === 0) yield [text('There is nothing to tie out.', 'note')]
    yield []
    yield* totalRows(lines)
  },
})

const lineCells = (line: TieOutLine, row: number, number: number, lastEffect: number): Cell[] => {
  const { currency } = line
  const digits = minorDigits(currency)
  const first = HEADER_ROW + 1
  const numbered = columnRange(EFFECTS_SHEET, 0, first, lastEffect)
  const effects = columnRange(EFFECTS_SHEET, MEASURE_COLUMNS[line.measure], first, lastEffect)
  const signed = (sign: string): string => `SUMIFS(${effects},${numbered},A${row},${effects},"${sign}0")`
  return [
    count(number),
    text(line.direction),
    text(line.processor),
    text(currency),
    text(line.month),
    text(MEASURES[line.measure]),
    amount(line.ledger, currency),
    amount(line.processor_total, currency),
    amountFormula(`ROUND(G${row}-H${row},${digits})`, line.difference, currency),
    amountFormula(`ROUND(SUMIFS(${effects},${numbered},A${row}),${digits})`, line.explained, currency),
    amountFormula(`ROUND(I${row}-J${row},${digits})`, line.unexplained, currency),
    amountFormula(`ROUND(N${row}+O${row},${digits})`, line.gross, currency),
    amountFormula(`ROUND(G${row}-N${row},${digits})`, matchedOf(line), currency),
    amountFormula(`ROUND(${signed('>')},${digits})`, ledgerOnly(line), currency),
    amountFormula(`ROUND(-${signed('<')},${digits})`, processorOnly(line), currency),
    // the ledger's side gave what is matched: with the processor's findings that has to be the processor's total
    amountFormula(
      `ROUND(H${row}-M${row}-O${row},${digits})`,
      line.processor_total - matchedOf(line) - processorOnly(line),
      currency,
    ),
  ]
}

/** Effects with a plus: what the ledger has more. Gross is both kinds without their signs, explained their difference. */
const ledgerOnly = ({ gross, explained }: TieOutLine): bigint => (gross + explained) / 2n
const processorOnly = ({ gross, explained }: TieOutLine): bigint => (gross - explained) / 2n
const matchedOf = (line: TieOutLine): bigint => line.ledger - ledgerOnly(line)

const FIGURES: readonly ((line: TieOutLine) => bigint)[] = [
  ...(['ledger', 'processor_total', 'difference', 'explained', 'unexplained', 'gross'] as const).map(
    (name) => (line: TieOutLine) => line[name],
  ),
  ...[matchedOf, ledgerOnly, processorOnly],
  (line) => line.processor_total - matchedOf(line) - processorOnly(line),
]

function* totalRows(lines: readonly TieOutLine[]): Generator<Cell[]> {
  const { first, last } = tieOutRows(lines)
  const groups = new Map<string, TieOutLine[]>()
  for (const line of lines) {
    const key = [line.direction, line.currency, line.measure].join('\u0000')
    groups.set(key, [...(groups.get(key) ?? []), line])
  }
  let row = last + 1
  for (const group of groups.values()) {
    const [line] = group
    if (!line) continue
    row += 1
    const column = (index: number): string => `${columnName(index)}$${first}:${columnName(index)}$${last}`
    yield [
      text('Total', 'total'),
      text(line.direction, 'total'),
      text('all', 'total'),
      text(line.currency, 'total'),
      text('all', 'total'),
      text(MEASURES[line.measure], 'total'),
      ...FIGURES.map((figure, i) => {
        const conditions = `${column(1)},$B${row},${column(3)},$D${row},${column(5)},$F${row}`
        const formula = `ROUND(SUMIFS(${column(6 + i)},${conditions}),${minorDigits(line.currency)})`
        return amountFormula(formula, sum(group.map(figure)), line.currency, true)
      }),
    ]
  }
}
