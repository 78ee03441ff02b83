/** The report as a page for a terminal or a mail: verdict first, then the proof, then what to do. */

import { formatMajor, formatMoney } from '../../core/money.ts'
import { oneLine } from '../../core/visible.ts'
import type { TieOutLine, Verdict, VerdictLine } from '../lines.ts'
import { counted, processorName } from '../messages/phrases.ts'
import { type BusinessReport, listOf, type Report } from '../model.ts'
import { linesToRead, materialMonths, STEP_TITLES, signedText, stepsOf } from '../roll-forward.ts'
import type { Sink } from '../sink.ts'
import { standingLines, standingTitle } from '../standing.ts'
import { writeAges, writeCauses } from './text-causes.ts'
import { writeFindings } from './text-findings.ts'
import { type Colour, hanging, indented, moreText, type Page, painter, table, WIDTH } from './text-layout.ts'
import { writeSources } from './text-sources.ts'

/** Months and lines of the tie-out that a page shows, the latest, where it does not show the whole. */
const SHOWN_MONTHS = 6
const SHOWN_TIE_OUT_LINES = 20

const VERDICT_COLOURS: Readonly<Record<Verdict, Colour>> = {
  incomplete: 'red',
  discrepant: 'red',
  waiting: 'yellow',
  reconciled: 'green',
}

/** What the verdicts mean, for who reads them the first time. */
const VERDICT_MEANINGS: Readonly<Record<Verdict, string>> = {
  incomplete: 'not everything is here yet: nothing can be concluded of this month',
  discrepant: 'everything is here, and there are items to correct',
  waiting: 'everything is here, and what is open should cure itself',
  reconciled: 'everything is here and explained to the cent',
}

/** What a month's verdict means; of a reconciled one also what explains a difference, and that nothing is dated in it. */
export const verdictText = (
  { month, verdict }: Pick<VerdictLine, 'month' | 'verdict'>,
  lines: readonly TieOutLine[],
): string => {
  if (verdict !== 'reconciled') return VERDICT_MEANINGS[verdict]
  const own = lines.filter((line) => line.month === month)
  if (own.length === 0) return 'no refund is dated in it'
  const moneyOf = (isMeant: (measure: TieOutLine['measure']) => boolean): string => {
    const sums = new Map<string, bigint>()
    for (const { currency, difference, measure } of own)
      if (isMeant(measure)) sums.set(currency, (sums.get(currency) ?? 0n) + difference)
    return [...sums].flatMap(([currency, sum]) => (sum === 0n ? [] : [formatMoney(sum, currency)])).join(' and ')
  }
  const refunds = moneyOf((measure) => measure === 'amount')
  const fees = moneyOf((measure) => measure !== 'amount')
  const parts = [...(refunds === '' ? [] : [refunds]), ...(fees === '' ? [] : [`${fees} of fees`])]
  if (parts.length === 0) return VERDICT_MEANINGS.reconciled
  return `${VERDICT_MEANINGS.reconciled}: ${parts.join(' and ')} net by items that were decided or are for information`
}

export interface TextOptions {
  /** only for a terminal */
  colour: boolean
  /** columns; 100, where not given */
  width?: number
  /** so many findings, the largest, and the latest of what else is long; null: the whole of it */
  most?: number | null
}

/** Writes the page. */
export const writeText = async (
  report: Report,
  sink: Sink,
  { colour, width = WIDTH, most = null }: TextOptions,
): Promise<void> => {
  const page: Page = { width, most, paint: painter(colour), write: (text) => sink.write(text) }
  const months =
    report.from === null && report.to === null
      ? 'all months'
      : `${report.from ?? 'the first month'} to ${report.to ?? 'the last'}`
  const right = `as of ${moment(report.as_of)}, ${months}`
  const title = 'Refund reconciliation'
  const gap = width - title.length
  await page.write(
    `${page.paint(title, 'bold')}${right.length + 2 > gap ? `\n${indented(right, 0, width)}` : `${right.padStart(gap)}\n`}`,
  )
  if (report.businesses.length === 0) await page.write('\nNothing has run yet: run `tieout nightly`.\n')
  if (report.businesses.length > 1) await writeOverview(report, page)
  for (const business of report.businesses) await writeBusiness(report, business, page)
}

/** Where each business stands, in short. */
const writeOverview = async (report: Report, { write, width }: Page): Promise<void> => {
  await write('\n')
  for (const of of report.businesses)
    await write(hanging(`  ${oneLine(of.business.name)}: `, standingTitle(await of.standing()), width))
}

const writeBusiness = async (report: Report, of: BusinessReport, page: Page): Promise<void> => {
  const { business } = of
  await page.write(`\n${'='.repeat(page.width)}\n`)
  const facts = [business.currency, business.time_zone, business.business_id].join(', ')
  const name = oneLine(business.name)
  const isShort = name.length + 2 + facts.length <= page.width
  await page.write(`${page.paint(name, 'bold')}${isShort ? `  ${facts}\n` : `\n${indented(facts, 2, page.width)}`}`)
  if (business.reconciled_as_of === null) {
    await page.write('\n  It has not run yet.\n')
  } else {
    if (Date.parse(business.reconciled_as_of) !== Date.parse(report.as_of))
      await page.write(`  Findings of its last run, as of ${moment(business.reconciled_as_of)}.\n`)
    // of all months: a page about some of them has their verdicts first all the same
    if (of.is_whole)
      for (const line of standingLines(await of.standing())) await page.write(hanging('  ', line, page.width))
  }
  await writeVerdicts(of, page)
  await writeTieOut(of, page)
  await writeRollForward(of, page)
  await writeAges(of, page)
  await writeCauses(of, page)
  await writeFindings(of, page)
  await writeSources(of, page)
}

const writeVerdicts = async (of: BusinessReport, page: Page): Promise<void> => {
  await page.write(`\n${page.paint('VERDICT', 'bold')}\n`)
  const all = await listOf(of.verdicts())
  const lines = await listOf(of.tie_out())
  const material = materialMonths(of.business, lines)
  const shown = page.most === null ? all : all.slice(-SHOWN_MONTHS)
  for (const line of shown) {
    const { month, verdict, reasons } = line
    const label = `  ${month}  ${verdict.toUpperCase().padEnd(11)} `
    const painted = `  ${month}  ${page.paint(verdict.toUpperCase().padEnd(11), VERDICT_COLOURS[verdict])} `
    await page.write(hanging(label, verdictText(line, lines), page.width, painted))
    const marks = [signedText(line), material.has(month) ? 'material' : null].filter((mark) => mark !== null)
    if (marks.length > 0) await page.write(hanging('           ', marks.join('; '), page.width))
    for (const { text } of reasons) await page.write(hanging('           - ', text, page.width))
  }
  await page.write(moreText(all.length - shown.length))
  if (all.length === 0) await page.write('  There is no month with a refund.\n')
}

const MEASURE_TITLES: Readonly<Record<TieOutLine['measure'], string>> = {
  amount: 'refunds',
  refund_fee: 'refund fees',
  returned_fee: 'returned fees',
}

const writeTieOut = async (of: BusinessReport, { write, paint, width, most }: Page): Promise<void> => {
  const all = (await listOf(of.tie_out())).filter(
    (line) => line.ledger !== 0n || line.processor_total !== 0n || line.gross !== 0n || line.unexplained !== 0n,
  )
  if (all.length === 0) return
  all.sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0))
  const heading = 'ledger minus processor; the findings below explain the difference'
  await write(`\n${hanging('TIE-OUT  ', heading, width, `${paint('TIE-OUT', 'bold')}  `)}`)
  const lines = most === null ? all : all.slice(-SHOWN_TIE_OUT_LINES)
  const unexplained = all.filter((line) => line.unexplained !== 0n).length
  // a column of zeros gives way where there is little room: the proof is said in words below
  const hasRest = unexplained > 0 || width >= WIDTH
  const rows = lines.map((line) => [
    line.month,
    whatOf(line),
    line.currency,
    formatMajor(line.ledger, line.currency),
    formatMajor(line.processor_total, line.currency),
    formatMajor(line.difference, line.currency),
    ...(hasRest ? [formatMajor(line.unexplained, line.currency)] : []),
  ])
  const left = (title: string) => ({ title, align: 'left' }) as const
  const right = (title: string) => ({ title, align: 'right' }) as const
  const columns = [
    ...['Month', 'What', ''].map(left),
    ...['Ledger', 'Processor', 'Difference', ...(hasRest ? ['Unexplained'] : [])].map(right),
  ]
  await write(table(columns, rows, 2, width))
  await write(moreText(all.length - lines.length))
  const said =
    unexplained === 0
      ? 'Every difference is explained to the cent.'
      : `${counted(unexplained, 'line is', 'lines are')} not explained to the cent: this must not happen; please report it.`
  const painted = indented(said, 2, width)
  await write(unexplained === 0 ? painted : paint(painted, 'red'))
}

/** Open items from month to month: the figures of refunds, and how many findings they are. */
const writeRollForward = async (of: BusinessReport, { write, paint, width, most }: Page): Promise<void> => {
  const all = linesToRead(await listOf(of.roll_forward()))
  if (all.length === 0) return
  const heading = 'open items of refunds: opening + new - cleared - resolved + changed = closing'
  await write(`\n${hanging('ROLL-FORWARD  ', heading, width, `${paint('ROLL-FORWARD', 'bold')}  `)}`)
  const lines = most === null ? all : all.slice(-SHOWN_TIE_OUT_LINES)
  const columns = [
    ...['Month', 'What', ''].map((title) => ({ title, align: 'left' }) as const),
    ...[...stepsOf((step) => STEP_TITLES[step]), 'Findings'].map((title) => ({ title, align: 'right' }) as const),
  ]
  const rows = lines.map((line) => [
    line.month,
    [processorName(line.processor), ...(line.direction === 'vendor' ? ['vendor'] : [])].join(' '),
    line.currency,
    ...stepsOf((step) => formatMajor(line[step].amount, line.currency)),
    String(line.closing.count),
  ])
  await write(table(columns, rows, 2, width))
  await write(moreText(all.length - lines.length))
}

/** 'Stripe refunds', 'BILLPAY vendor refund fees' */
const whatOf = ({ processor, direction, measure }: TieOutLine): string =>
  [processorName(processor), ...(direction === 'vendor' ? ['vendor'] : []), MEASURE_TITLES[measure]].join(' ')

/** '2026-11-02 16:00 UTC' */
const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
