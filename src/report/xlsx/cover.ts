/** The Cover: what this is about, what may be said of it, and by what anybody can check that it was not changed. */

import { CODES, type DiscrepancyClass } from '../../core/discrepancy.ts'
import { PRODUCT } from '../../core/product.ts'
import { AGES, type AgeCounts } from '../age.ts'
import { type CauseLine, causeSentence } from '../causes.ts'
import { CODES_IN_ORDER } from '../discrepancies.ts'
import type { CloseLine, TieOutLine, VerdictLine } from '../lines.ts'
import { monthName } from '../messages/phrases.ts'
import { type BusinessReport, listOf, type Report } from '../model.ts'
import { materialMonths, signedText } from '../roll-forward.ts'
import { standingLines } from '../standing.ts'
import { verdictText } from '../text/text.ts'
import { wrapped } from '../text/text-layout.ts'
import { blank, type Cell, date, instant, text, textFormula } from './cells.ts'
import { FINDINGS_HEADER_ROW, FINDINGS_SHEET, type FindingsWritten, findingsColumn } from './findings.ts'
import type { Sheet } from './sheet.ts'
import type { SourcesWritten } from './sources.ts'
import type { Style } from './styles.ts'
import { TIE_OUT_SHEET, tieOutRows } from './tie-out.ts'
import { columnRange } from './workbook.ts'

export interface CoverFacts {
  report: Report
  of: BusinessReport
  period: string
  made_by: string | null
  config_hash: string
  verdicts: readonly VerdictLine[]
  lines: readonly TieOutLine[]
  ages: AgeCounts
  findings: FindingsWritten
  sources: SourcesWritten
}

const VERDICT_STYLES: Readonly<Record<VerdictLine['verdict'], Style>> = {
  incomplete: 'bad',
  discrepant: 'bad',
  waiting: 'waiting',
  reconciled: 'good',
}

/** Characters of the columns. */
const WIDTHS = [30, 20, 16, 16, 70] as const

/** Text that goes on to the last column, in as many rows as it needs; `before` stands at the left of the first one. */
function* over(column: number, said: string, style: Style = 'text', before: readonly Cell[] = []): Generator<Cell[]> {
  const room = WIDTHS.slice(column).reduce((total, width) => total + width, 0)
  for (const [place, line] of wrapped(said, room).entries()) {
    const left = place === 0 ? before : []
    yield [...Array.from({ length: column }, (_, i) => left[i] ?? blank()), text(line, style)]
  }
}

/** The sheet; its facts are complete when all others have been written. */
export const coverSheet = (facts: CoverFacts): Sheet => ({
  name: 'Cover',
  columns: WIDTHS.map((width) => ({ width })),
  header_row: null,
  frozen_columns: 0,
  printed_columns: WIDTHS.length,
  filter: false,
  rows: async function* () {
    yield [text('Refund reconciliation workpaper', 'title')]
    if (facts.of.is_whole) for (const line of standingLines(await facts.of.standing())) yield* over(0, line)
    yield []
    yield* aboutRows(facts)
    yield []
    yield* verdictRows(facts)
    yield []
    yield* signOffRows(facts, await listOf(facts.of.closes()))
    yield []
    yield proofRow(facts)
    yield []
    yield* countRows(facts)
    yield []
    yield* ageRows(facts)
    yield []
    yield* causeRows(await listOf(facts.of.causes()), facts.of.business.currency)
    yield* readingRows()
  },
})

function* aboutRows({ report, of, period, made_by, config_hash, findings, sources }: CoverFacts): Generator<Cell[]> {
  const { business } = of
  const pair = (label: string, cell: Cell): Cell[] => [text(label, 'label'), cell]
  yield pair('Business', text(business.name))
  yield pair('Business id', text(business.business_id))
  yield pair('Currency', text(business.currency))
  yield pair('Time zone of dates', text(business.time_zone))
  yield pair('Period', text(period))
  yield pair('As of (UTC)', instant(report.as_of))
  yield pair('Last run as of (UTC)', instant(business.reconciled_as_of))
  yield pair('Made at (UTC)', instant(report.generated_at))
  yield pair('Made by', text(made_by ?? 'not stated'))
  yield pair('Made with', text(PRODUCT))
  yield pair('Configuration, SHA-256', text(config_hash))
  yield pair('Sources, SHA-256', text(sources.sha256))
  yield pair('Findings, SHA-256', text(findings.sha256))
}

function* verdictRows({ verdicts, of, lines }: CoverFacts): Generator<Cell[]> {
  yield ['Month', 'Verdict', 'Reasons'].map((title) => text(title, 'header'))
  const material = materialMonths(of.business, lines)
  for (const line of verdicts) {
    const { month, verdict, reasons } = line
    const marks = [signedText(line), material.has(month) ? 'material' : null].filter((mark) => mark !== null)
    const said = [verdictText(line, lines), ...marks, ...reasons.map((reason) => reason.text)].join('; ')
    yield* over(2, said, 'text', [text(month), text(verdict, VERDICT_STYLES[verdict])])
  }
  if (verdicts.length === 0) yield [text('There is no month with a refund.', 'note')]
}

/** Room for the signatures of a month; filled in from its close where it is signed. */
function* signOffRows({ verdicts, of, report, lines }: CoverFacts, closes: readonly CloseLine[]): Generator<Cell[]> {
  const today = of.today.slice(0, 7)
  const line = verdicts.filter(({ month }) => month < today).at(-1) ?? verdicts.at(-1)
  if (line === undefined) return
  const { month, verdict, reasons } = line
  const signed = closes.findLast((close) => close.month === month && close.state !== 'superseded')
  const own = (value: string | null | undefined): Cell => (value ? text(value) : blank('input'))
  const day = (value: string | null | undefined): Cell => (value ? date(value.slice(0, 10)) : blank('input_date'))
  const conclusion = [`${verdict}: ${verdictText(line, lines)}`, ...reasons.map((reason) => reason.text)]
  const accepted = signed?.accept_open ? [`open items accepted: ${signed.accept_open}`] : []
  yield [`Sign-off of ${monthName(month)}`, 'Name', 'Date'].map((title) => text(title, 'header'))
  yield [text('Prepared by', 'label'), own(signed?.prepared_by), day(signed?.prepared_at)]
  yield [text('Reviewed by', 'label'), own(signed?.reviewed_by), day(signed?.reviewed_by ? signed.closed_at : null)]
  if (signed) {
    yield* over(1, [...conclusion, ...accepted].join('; '), 'text', [text('Conclusion', 'label')])
    yield [text('Signed content, SHA-256', 'label'), text(signed.sha256)]
  } else {
    yield [text('Conclusion', 'label'), ...WIDTHS.slice(1).map(() => blank('input'))]
    yield* over(1, `As of ${report.as_of}: ${conclusion.join('; ')}`, 'note')
  }
}

const PROVEN = 'The findings explain every difference to the cent.'
const NOT_PROVEN = 'NOT EXPLAINED TO THE CENT: see the column Unexplained of the sheet Tie-out.'

const proofRow = ({ lines }: CoverFacts): Cell[] => {
  const { first, last } = tieOutRows(lines)
  const unexplained = columnRange(TIE_OUT_SHEET, 10, first, last)
  const proven = lines.every((line) => line.unexplained === 0n)
  const formula = `IF(COUNTIF(${unexplained},"<>0")-COUNTBLANK(${unexplained})=0,"${PROVEN}","${NOT_PROVEN}")`
  return [text('Proof', 'label'), textFormula(formula, proven ? PROVEN : NOT_PROVEN, proven ? 'good' : 'bad')]
}

function* countRows({ findings }: CoverFacts): Generator<Cell[]> {
  yield ['Findings', 'Open', 'Acknowledged', 'Resolved', 'What it means'].map((title) => text(title, 'header'))
  const range = (title: string): string => rangeOf(findings, title)
  for (const code of CODES_IN_ORDER) {
    const counts = findings.counts.get(code)
    if (!counts) continue
    const counted = (status: keyof typeof counts): Cell => ({
      style: 'count',
      type: null,
      body: `<f>COUNTIFS(${range('Code')},"${code}",${range('Status')},"${status}*")</f><v>${counts[status]}</v>`,
    })
    const { title, meaning } = CODES[code]
    yield [text(title), counted('open'), counted('acknowledged'), counted('resolved'), text(meaning, 'wrap')]
  }
  if (findings.counts.size === 0) yield [text('There is none.', 'note')]
}

/** How many findings of each age somebody still has to look at. */
function* ageRows({ ages, findings }: CoverFacts): Generator<Cell[]> {
  yield ['Age of what is open', 'To do', 'Waiting', 'For information'].map((title) => text(title, 'header'))
  const range = (title: string): string => rangeOf(findings, title)
  for (const [group, { title }] of AGES.entries()) {
    const counted = (kind: DiscrepancyClass): Cell => ({
      style: 'count',
      type: null,
      body: `<f>COUNTIFS(${range('Age')},"${title}",${range('Class')},"${kind}",${range('Status')},"&lt;&gt;resolved*")</f><v>${ages[kind][group] ?? 0}</v>`,
    })
    yield [text(title), counted('error'), counted('timing'), counted('info')]
  }
}

/** What several findings have in common, a line each. */
function* causeRows(causes: readonly CauseLine[], currency: string): Generator<Cell[]> {
  if (causes.length === 0) return
  yield [text('Findings of one cause', 'header')]
  for (const cause of causes) yield* over(0, causeSentence(cause, currency))
  yield []
}

/** The cells of a column of the findings' sheet. */
const rangeOf = ({ last_row }: FindingsWritten, title: string): string =>
  columnRange(
    FINDINGS_SHEET,
    findingsColumn(title),
    FINDINGS_HEADER_ROW + 1,
    Math.max(last_row, FINDINGS_HEADER_ROW + 1),
  )

const READING = [
  [
    'Tie-out',
    'ledger and processor totals by month: what is matched and the findings make up each of them; its formulas are live',
  ],
  ['Effects', 'what each finding contributes to the difference; the tie-out sums them'],
  [
    'Discrepancies',
    'one line a finding: both sides, what to do, and beside it columns for your decision; ids and sources to the right',
  ],
  ['Matched', 'what agrees on both sides'],
  ['Quarantine', 'records that cannot be read or contradict a known line'],
  ['Sources', 'each pull and file with its SHA-256, counts and sums'],
  ['Figures', 'spreadsheets keep 15 digits of a number; the sentences and the JSON report have all of them'],
] as const

function* readingRows(): Generator<Cell[]> {
  yield [text('How to read it', 'label')]
  for (const [sheet, meaning] of READING) yield [text(sheet), text(meaning)]
}
