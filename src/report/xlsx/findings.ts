/** The Discrepancies sheet: one line each, both sides' figures, and room for what a person decides. */

import { createHash } from 'node:crypto'
import { CODES, type Code } from '../../core/discrepancy.ts'
import { minorDigits } from '../../core/money.ts'
import { ageGroup } from '../age.ts'
import type { DiscrepancyLine, Measure, RowLine, Status } from '../lines.ts'
import { decisionText, ownerText, sum } from '../messages/phrases.ts'
import type { BusinessReport } from '../model.ts'
import { stateOf } from '../state.ts'

import { amount, amountFormula, blank, type Cell, columnName, count, date, instant, text } from './cells.ts'
import { MOST_ROWS, type Sheet } from './sheet.ts'
import type { Style } from './styles.ts'

/** What is known of the findings once the sheet has been written. */
export interface FindingsWritten {
  counts: Map<Code, Record<Status, number>>
  /** over the row hashes, in order */
  sha256: string
  /** rows of the sheet that hold findings */
  last_row: number
}

export const FINDINGS_SHEET = 'Discrepancies'

/** The columns in which persons write. */
export const INPUTS = { decision: 'Decision', note: 'Note', owner: 'Owner', due_on: 'Due date' } as const

/** The hidden columns, which say of which finding a line is, and in which state it was. */
export const KEYS = {
  discrepancy_id: 'Id',
  business_id: 'Business id',
  event_number: 'Last event',
  row_hash: 'Row hash',
} as const
export const FINDINGS_HEADER_ROW = 3

interface Place {
  currency: string
  /** of the sheet */
  row: number
}

interface Column {
  title: string
  width: number
  hidden?: boolean
  right?: boolean
  cell(line: DiscrepancyLine, place: Place): Cell
}

const several = (values: readonly (string | null)[]): Cell =>
  text([...new Set(values.flatMap((value) => value ?? []))].join('\n'), 'wrap')

/** The one currency of the rows; null where they have none or several, and so no sum. */
const rowCurrency = (rows: readonly RowLine[]): string | null => {
  const [first, ...rest] = new Set(rows.map((row) => row.currency))
  return first !== undefined && rest.length === 0 ? first : null
}

const ledgerSum = (line: DiscrepancyLine, measure: Measure): bigint | null =>
  line.legs.length === 0 ? null : sum(line.legs.map((leg) => leg[measure]))

const processorSum = (line: DiscrepancyLine, measure: Measure): bigint | null =>
  rowCurrency(line.rows) === null ? null : sum(line.rows.map((row) => row[measure]))

const TITLES: Readonly<Record<Measure, { ledger: string; processor: string }>> = {
  amount: { ledger: 'Ledger amount', processor: 'Processor amount' },
  refund_fee: { ledger: 'Ledger refund fee', processor: 'Processor refund fee' },
  returned_fee: { ledger: 'Ledger returned fee', processor: 'Processor returned fee' },
}

const ledger = (measure: Measure): Column => ({
  title: TITLES[measure].ledger,
  width: 12,
  right: true,
  cell: (line, { currency }) => amount(ledgerSum(line, measure), currency),
})

const processor = (measure: Measure): Column => ({
  title: TITLES[measure].processor,
  width: 12,
  right: true,
  cell: (line, { currency }) => amount(processorSum(line, measure), rowCurrency(line.rows) ?? currency),
})

/** Ledger minus processor, live; empty where the currencies cannot be compared. */
const difference = (title: string, measure: Measure): Column => ({
  title,
  width: 12,
  right: true,
  cell: (line, { currency, row }) => {
    const there = rowCurrency(line.rows)
    if (line.rows.length > 0 && there !== currency) return blank()
    const now = (ledgerSum(line, measure) ?? 0n) - (processorSum(line, measure) ?? 0n)
    const of = (side: 'ledger' | 'processor'): string => `${columnName(findingsColumn(TITLES[measure][side]))}${row}`
    return amountFormula(`ROUND(${of('ledger')}-${of('processor')},${minorDigits(currency)})`, now, currency)
  },
})

const CLASS_STYLES: Readonly<Record<DiscrepancyLine['class'], Style>> = {
  error: 'bad',
  timing: 'waiting',
  info: 'good',
}

const input = (title: string, width: number, style: Style = 'input'): Column => ({
  title,
  width,
  cell: () => blank(style),
})

/** Those that are printed come first: the finding, and beside it what a person decided or may decide. */
const COLUMNS: readonly Column[] = [
  { title: 'Class', width: 7, cell: (line) => text(line.class, CLASS_STYLES[line.class]) },
  { title: 'Finding', width: 17, cell: (line) => text(CODES[line.code].title, 'wrap') },
  { title: 'Status', width: 13, cell: (line) => text(line.late ? `${line.status}, late` : line.status) },
  { title: 'Date', width: 10, cell: (line) => date(line.dated_on) },
  { title: 'Processor', width: 11, cell: (line) => text(line.processor, 'wrap') },
  ledger('amount'),
  processor('amount'),
  difference('Ledger minus processor', 'amount'),
  { title: 'What is wrong', width: 44, cell: (line) => text(line.message, 'wrap') },
  { title: 'What to do', width: 30, cell: (line) => text(line.suggestion, 'wrap') },
  { title: 'Settled', width: 22, cell: (line) => text(decisionText(line), 'wrap') },
  input(INPUTS.decision, 13),
  input(INPUTS.note, 22),
  input(INPUTS.owner, 11),
  input(INPUTS.due_on, 10, 'input_date'),
  // not printed from here on
  { title: 'Assigned to', width: 22, cell: (line) => text(ownerText(line)) },
  { title: 'Age, days', width: 7, right: true, cell: (line) => count(line.age_days) },
  { title: 'Age', width: 12, cell: (line) => text(ageGroup(line.age_days)?.title ?? 'no date') },
  { title: 'Due on', width: 11, cell: (line) => date(line.due_on) },
  { title: 'Direction', width: 10, cell: (line) => text(line.direction) },
  { title: 'Ledger currency', width: 9, cell: (line, { currency }) => text(line.legs.length === 0 ? null : currency) },
  ledger('refund_fee'),
  ledger('returned_fee'),
  { title: 'Processor currency', width: 9, cell: (line) => several(line.rows.map((row) => row.currency)) },
  processor('refund_fee'),
  processor('returned_fee'),
  difference('Refund fee difference', 'refund_fee'),
  difference('Returned fee difference', 'returned_fee'),
  { title: 'Ledger date', width: 11, cell: (line) => date(line.legs[0]?.completed_on ?? null) },
  { title: 'Processor date', width: 11, cell: (line) => date(line.rows[0]?.occurred_on ?? null) },
  {
    title: 'Ledger refund',
    width: 38,
    cell: (line) => several(line.refund_id === null ? line.legs.map((leg) => leg.refund_id) : [line.refund_id]),
  },
  { title: 'Ledger payment', width: 38, cell: (line) => several(line.legs.map((leg) => leg.leg_id)) },
  {
    title: 'External ids',
    width: 28,
    cell: (line) => several(line.legs.flatMap((leg) => [leg.external_id, leg.refund_external_id])),
  },
  { title: 'Ledger references', width: 28, cell: (line) => several(line.legs.flatMap((leg) => leg.references)) },
  { title: 'Transaction', width: 28, cell: (line) => several(line.rows.map((row) => row.transaction_id)) },
  { title: 'Processor refund', width: 28, cell: (line) => several(line.rows.map((row) => row.refund_id)) },
  { title: 'Processor payment', width: 28, cell: (line) => several(line.rows.flatMap((row) => row.payment_id)) },
  { title: 'Processor references', width: 28, cell: (line) => several(line.rows.flatMap((row) => row.references)) },
  { title: 'File and line', width: 34, cell: (line) => several(line.rows.map((row) => `${row.file}:${row.line}`)) },
  { title: 'Code', width: 28, cell: (line) => text(line.code) },
  { title: 'First seen', width: 18, cell: (line) => instant(line.first_seen_at) },
  { title: 'Last seen', width: 18, cell: (line) => instant(line.last_seen_at) },
  // by these a saved workbook is read back (read-back.ts)
  { title: KEYS.discrepancy_id, width: 20, hidden: true, cell: (line) => text(line.id) },
  { title: KEYS.business_id, width: 20, hidden: true, cell: (line) => text(line.business_id) },
  { title: KEYS.event_number, width: 20, hidden: true, cell: (line) => text(`${stateOf(line).event_number}`) },
  { title: KEYS.row_hash, width: 20, hidden: true, cell: (line) => text(stateOf(line).row_hash) },
]

const PLACES = new Map(COLUMNS.map(({ title }, place) => [title, place]))

/** What may stand in the Decision column. */
const DECISIONS = ['acknowledged', 'corrected', 'waived', 'explained'] as const

/** The column of a heading, counted from 0. */
export const findingsColumn = (title: string): number => PLACES.get(title) ?? -1

/** The sheet; `written` is filled while it is written. */
export const findingsSheet = (of: BusinessReport, written: FindingsWritten): Sheet => ({
  name: FINDINGS_SHEET,
  columns: COLUMNS.map(({ width, hidden = false }) => ({ width, hidden })),
  header_row: FINDINGS_HEADER_ROW,
  frozen_columns: 2,
  printed_columns: findingsColumn(INPUTS.due_on) + 1,
  filter: true,
  choices: [{ column: findingsColumn(INPUTS.decision), choices: DECISIONS }],
  rows: () => findingRows(of, written),
})

async function* findingRows(of: BusinessReport, written: FindingsWritten): AsyncGenerator<readonly Cell[]> {
  const hash = createHash('sha256')
  let row = FINDINGS_HEADER_ROW
  yield [text('Discrepancies', 'title')]
  yield [
    text(
      'Amounts in major units. Decision, Note, Owner and Due date are for you to fill in: `tieout review import` reads them. Ids and sources stand to the right.',
      'note',
    ),
  ]
  yield COLUMNS.map(({ title, right }) => text(title, right ? 'header_right' : 'header'))
  for await (const line of of.discrepancies()) {
    const counts = written.counts.get(line.code) ?? { open: 0, acknowledged: 0, resolved: 0 }
    counts[line.status] += 1
    written.counts.set(line.code, counts)
    hash.update(stateOf(line).row_hash)
    if (row >= MOST_ROWS) continue
    row += 1
    const place = { currency: of.business.currency, row }
    yield COLUMNS.map((column) => column.cell(line, place))
  }
  written.last_row = row
  written.sha256 = hash.digest('hex')
  if (row >= MOST_ROWS)
    yield [text('A worksheet holds no more rows: the CSV and JSON reports have all findings.', 'note')]
}
