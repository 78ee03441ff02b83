/** The report as a page for a terminal or a mail: verdict first, then the proof, then what to do. */

import { CODES, type Code, type DiscrepancyClass } from '../../core/discrepancy.ts'
import { formatMajor, formatMoney } from '../../core/money.ts'
import { oneLine } from '../../core/visible.ts'
import { AGES } from '../age.ts'
import type { DiscrepancyLine, TieOutLine, Verdict } from '../lines.ts'
import { counted, decisionText, dueText, ownerText, processorName } from '../messages/phrases.ts'
import { type BusinessReport, listOf, type Report } from '../model.ts'
import type { Sink } from '../sink.ts'
import { headline } from './headline.ts'
import { writeCauses } from './text-causes.ts'
import { type Colour, cut, indented, type Paint, painter, table, WIDTH } from './text-layout.ts'
import { placesText } from './text-places.ts'
import { writeSources } from './text-sources.ts'

/** Findings of one kind that are shown; the rest is counted, and read in another format. */
const SHOWN_OF_A_CODE = 10
const SHOWN_TIE_OUT_LINES = 60

const VERDICT_COLOURS: Readonly<Record<Verdict, Colour>> = {
  incomplete: 'red',
  discrepant: 'red',
  waiting: 'yellow',
  reconciled: 'green',
}

/** What the verdicts mean, for who reads them the first time. */
export const VERDICT_MEANINGS: Readonly<Record<Verdict, string>> = {
  incomplete: 'not everything is here yet: nothing can be concluded of this month',
  discrepant: 'everything is here, and there are items to correct',
  waiting: 'everything is here, and what is open should cure itself',
  reconciled: 'everything is here and explained to the cent',
}

const CLASSES = ['error', 'timing', 'info'] as const
const CLASS_HEADINGS: Readonly<Record<DiscrepancyClass, string>> = {
  error: 'TO DO',
  timing: 'WAITING',
  info: 'FOR INFORMATION',
}

/** Writes the page, 100 columns wide; with colours only for a terminal. */
export const writeText = async (report: Report, sink: Sink, { colour }: { colour: boolean }): Promise<void> => {
  const paint = painter(colour)
  const months =
    report.from === null && report.to === null
      ? 'all months'
      : `${report.from ?? 'the first month'} to ${report.to ?? 'the last'}`
  const right = `as of ${moment(report.as_of)}, ${months}`
  const title = 'Refund reconciliation'
  await sink.write(`${paint(title, 'bold')}${right.padStart(WIDTH - title.length)}\n`)
  if (report.businesses.length === 0) await sink.write('\nNothing has run yet: run `tieout nightly`.\n')
  if (report.businesses.length > 1) await writeOverview(report, sink, paint)
  for (const business of report.businesses) await writeBusiness(report, business, sink, paint)
}

/** One line a business: its latest months. */
const writeOverview = async (report: Report, sink: Sink, paint: Paint): Promise<void> => {
  await sink.write('\n')
  for (const of of report.businesses) {
    const latest = (await listOf(of.verdicts())).slice(-3).reverse()
    const said = latest.map(({ month, verdict }) => `${month} ${paint(verdict.padEnd(10), VERDICT_COLOURS[verdict])}`)
    await sink.write(
      `  ${cut(oneLine(of.business.name), 36).padEnd(36)}  ${said.length === 0 ? 'no month' : said.join('  ').trimEnd()}\n`,
    )
  }
}

const writeBusiness = async (report: Report, of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  const { business } = of
  await sink.write(`\n${'='.repeat(WIDTH)}\n`)
  await sink.write(
    `${paint(oneLine(business.name), 'bold')}  ${business.currency}, ${business.time_zone}, ${business.business_id}\n`,
  )
  if (business.reconciled_as_of === null) {
    await sink.write('\n  It has not run yet.\n')
  } else if (Date.parse(business.reconciled_as_of) !== Date.parse(report.as_of)) {
    await sink.write(`  Findings of its last run, as of ${moment(business.reconciled_as_of)}.\n`)
  }
  await writeVerdicts(of, sink, paint)
  await writeTieOut(of, sink, paint)
  await writeAges(of, sink, paint)
  await writeCauses(of, sink, paint)
  await writeFindings(of, sink, paint)
  await writeSources(of, sink, paint)
}

const writeVerdicts = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  await sink.write(`\n${paint('VERDICT', 'bold')}\n`)
  let any = false
  for await (const { month, verdict, reasons } of of.verdicts()) {
    any = true
    await sink.write(
      `  ${month}  ${paint(verdict.toUpperCase().padEnd(11), VERDICT_COLOURS[verdict])} ${VERDICT_MEANINGS[verdict]}\n`,
    )
    for (const { text } of reasons) await sink.write(indented(`- ${text}`, 11))
  }
  if (!any) await sink.write('  There is no month with a refund.\n')
}

const MEASURE_TITLES: Readonly<Record<TieOutLine['measure'], string>> = {
  amount: 'refunds',
  refund_fee: 'refund fees',
  returned_fee: 'returned fees',
}

const writeTieOut = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  const lines = (await listOf(of.tie_out())).filter(
    (line) => line.ledger !== 0n || line.processor_total !== 0n || line.gross !== 0n || line.unexplained !== 0n,
  )
  if (lines.length === 0) return
  lines.sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0))
  await sink.write(`\n${paint('TIE-OUT', 'bold')}  ledger minus processor; the findings below explain the difference\n`)
  const rows = lines
    .slice(0, SHOWN_TIE_OUT_LINES)
    .map((line) => [
      line.month,
      line.direction,
      cut(processorName(line.processor), 14),
      MEASURE_TITLES[line.measure],
      line.currency,
      formatMajor(line.ledger, line.currency),
      formatMajor(line.processor_total, line.currency),
      formatMajor(line.difference, line.currency),
      formatMajor(line.unexplained, line.currency),
    ])
  const left = (title: string) => ({ title, align: 'left' }) as const
  const right = (title: string) => ({ title, align: 'right' }) as const
  const columns = [
    ...['Month', 'Side', 'Processor', 'Measure', ''].map(left),
    ...['Ledger', 'Processor', 'Difference', 'Unexplained'].map(right),
  ]
  await sink.write(table(columns, rows, 2))
  await writeMore(lines.length - rows.length, 'earlier line', sink)
  const unexplained = lines.filter((line) => line.unexplained !== 0n).length
  if (unexplained > 0) {
    const said = `${counted(unexplained, 'line')} not explained to the cent: this must not happen; please report it.`
    await sink.write(`  ${paint(said, 'red')}\n`)
  }
}

const writeMore = async (count: number | bigint, one: string, sink: Sink): Promise<void> => {
  if (count > 0) {
    await sink.write(`  ... and ${counted(count, one)} more: see them all with --format html, csv or xlsx\n`)
  }
}

/** How many findings of each age somebody still has to look at. */
const writeAges = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  const ages = await of.ages()
  const rows = AGES.flatMap(({ title }, group) => {
    const counts = CLASSES.map((each) => ages[each][group] ?? 0)
    return counts.every((count) => count === 0) ? [] : [[title, ...counts.map(String)]]
  })
  if (rows.length === 0) return
  await sink.write(`\n${paint('AGE', 'bold')}  how long ago the open findings happened\n`)
  const columns = CLASSES.map((each) => ({ title: CLASS_HEADINGS[each].toLowerCase(), align: 'right' }) as const)
  await sink.write(table([{ title: '', align: 'left' }, ...columns], rows, 2))
}

const writeFindings = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  let heading: DiscrepancyClass | null = null
  let code: Code | null = null
  let hidden = 0n
  let advice = ''
  for await (const line of of.discrepancies({ statuses: ['open', 'acknowledged'], per_code: SHOWN_OF_A_CODE })) {
    if (line.code !== code) {
      await writeMore(hidden, 'finding', sink)
      if (line.class !== heading) await sink.write(`\n${paint(CLASS_HEADINGS[line.class], 'bold')}\n`)
      await writeCodeHeading(line, sink, paint)
      hidden = line.of_code - BigInt(SHOWN_OF_A_CODE)
      advice = line.suggestion
    }
    heading = line.class
    code = line.code
    await writeFinding(line, of, sink, paint)
    if (line.suggestion !== advice) await sink.write(indented(`What to do: ${line.suggestion}`, 6))
    advice = line.suggestion
  }
  await writeMore(hidden, 'finding', sink)
  if (code === null && of.business.reconciled_as_of !== null) {
    await sink.write(`\n${paint('TO DO', 'bold')}\n  Nothing: there is no open finding.\n`)
  }
  await writeDecided(of, sink, paint)
}

/** What persons settled, with who and why. */
const writeDecided = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  let code: Code | null = null
  let hidden = 0n
  for await (const line of of.discrepancies({ statuses: ['resolved'], per_code: SHOWN_OF_A_CODE })) {
    if (code === null)
      await sink.write(`\n${paint('DECIDED', 'bold')}  findings that a person settled; their effects stand\n`)
    if (line.code !== code) {
      await writeMore(hidden, 'finding', sink)
      hidden = line.of_code - BigInt(SHOWN_OF_A_CODE)
    }
    code = line.code
    await sink.write(`    ${paint(headOf(line, of.business.currency), 'bold')}\n`)
    await sink.write(indented(`${CODES[line.code].title}: ${decisionText(line) ?? 'resolved'}`, 6))
  }
  await writeMore(hidden, 'finding', sink)
}

const CLASS_COLOURS: Readonly<Record<DiscrepancyClass, Colour>> = { error: 'red', timing: 'yellow', info: 'cyan' }

const writeCodeHeading = async (line: DiscrepancyLine, sink: Sink, paint: Paint): Promise<void> => {
  const { title } = CODES[line.code]
  const count = counted(line.of_code, 'finding')
  const gap = Math.max(2, WIDTH - 4 - title.length - line.code.length - count.length)
  await sink.write(
    `\n  ${paint(title, CLASS_COLOURS[line.class])}  ${paint(line.code, 'dim')}${count.padStart(count.length + gap - 2)}\n`,
  )
  await sink.write(indented(line.suggestion, 4))
}

const writeFinding = async (
  line: DiscrepancyLine,
  { business, today }: BusinessReport,
  sink: Sink,
  paint: Paint,
): Promise<void> => {
  const owner = ownerText(line)
  const notes = [
    ...(line.status === 'open' ? [] : [line.status]),
    ...(line.late ? ['late: its month is closed'] : []),
    ...(line.material ? ['material'] : []),
    ...(line.due_on === null ? [] : [dueText(line.due_on, today)]),
    ...(owner === null ? [] : [oneLine(owner)]),
  ]
  const head = [headOf(line, business.currency), ...notes].join('  ')
  await sink.write(`    ${paint(head, 'bold')}\n${indented(line.message, 6)}${placesText(line, 6)}`)
}

/** Date, figure, age and the beginning of the id. */
const headOf = (line: DiscrepancyLine, currency: string): string => {
  const figure = headline(line, currency)
  return [
    (line.dated_on ?? '').padEnd(10),
    (figure === null ? '' : formatMoney(figure.minor, figure.currency)).padStart(20),
    (line.age_days === null ? '' : counted(line.age_days, 'day')).padStart(9),
    `[${line.id.slice(0, 10)}]`,
  ].join('  ')
}

/** '2026-11-02 16:00 UTC' */
const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
