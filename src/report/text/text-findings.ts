/** The findings on the text page: all of them by what to do, or on a terminal the largest. */

import { CODES, type DiscrepancyClass } from '../../core/discrepancy.ts'
import { formatMoney, minorDigits } from '../../core/money.ts'
import { oneLine } from '../../core/visible.ts'
import { UNDECIDED } from '../discrepancies.ts'
import type { DiscrepancyLine } from '../lines.ts'
import { counted, decisionText, dueText, ownerText } from '../messages/phrases.ts'
import type { BusinessReport } from '../model.ts'
import { headline } from './headline.ts'
import { sideLines } from './sides.ts'
import { type Colour, indented, moreText, type Page } from './text-layout.ts'

const HEADINGS: Readonly<Record<DiscrepancyClass, string>> = {
  error: 'TO DO',
  timing: 'WAITING',
  info: 'FOR INFORMATION',
}
const COLOURS: Readonly<Record<DiscrepancyClass, Colour>> = { error: 'red', timing: 'yellow', info: 'cyan' }
const RANKS: Readonly<Record<DiscrepancyClass, number>> = { error: 0, timing: 1, info: 2 }

/** Writes the open findings, and how many a person resolved. */
export const writeFindings = async (of: BusinessReport, page: Page): Promise<void> => {
  const count = page.most === null ? await writeAll(of, page) : await writeLargest(of, page, page.most)
  if (count === 0 && of.business.reconciled_as_of !== null)
    await page.write(`\n${page.paint('TO DO', 'bold')}\n  Nothing: there is no open finding.\n`)
  await writeDecided(of, page)
}

/** What persons settled, with who and why. */
const writeDecided = async (of: BusinessReport, page: Page): Promise<void> => {
  let count = 0
  for await (const line of of.discrepancies({ statuses: ['resolved'] })) {
    if (count === 0)
      await page.write(`\n${page.paint('DECIDED', 'bold')}  findings that a person settled; their effects stand\n`)
    count += 1
    if (page.most !== null && count > page.most) continue
    await page.write(`    ${page.paint(headOf(line, of), 'bold')}\n`)
    await page.write(indented(`${CODES[line.code].title}: ${decisionText(line) ?? 'resolved'}`, 6, page.width))
  }
  if (page.most !== null) await page.write(moreText(count - page.most))
}

/** Date, figure, age and the beginning of the id. */
const headOf = (line: DiscrepancyLine, { business }: BusinessReport): string => {
  const figure = headline(line, business.currency)
  return [
    (line.dated_on ?? '').padEnd(10),
    (figure === null ? '' : formatMoney(figure.minor, figure.currency)).padStart(20),
    ageText(line).padStart(9),
    `[${line.id.slice(0, 10)}]`,
  ].join('  ')
}

/** All of them in the order of their codes. What to do stands with each: it depends on what else is known of it. Gives how many. */
const writeAll = async (of: BusinessReport, page: Page): Promise<number> => {
  let before: DiscrepancyLine | null = null
  let count = 0
  for await (const line of of.discrepancies({ statuses: UNDECIDED })) {
    if (line.class !== before?.class) await page.write(`\n${page.paint(HEADINGS[line.class], 'bold')}\n`)
    if (line.code !== before?.code) await writeCodeHeading(line, page)
    await writeFinding(line, of, page)
    const isSame = line.code === before?.code && line.suggestion === before.suggestion
    await page.write(indented(`What to do: ${isSame ? 'as above.' : line.suggestion}`, 6, page.width))
    before = line
    count += 1
  }
  return count
}

const writeCodeHeading = async (line: DiscrepancyLine, { write, paint, width }: Page): Promise<void> => {
  const { title } = CODES[line.code]
  const count = counted(line.of_code, 'finding')
  const gap = Math.max(2, width - 4 - title.length - line.code.length - count.length)
  await write(
    `\n  ${paint(title, COLOURS[line.class])}  ${paint(line.code, 'dim')}${count.padStart(count.length + gap - 2)}\n`,
  )
}

/** Its date, figure, age and id on a line, then what is wrong and what both sides are known by. */
const writeFinding = async (
  line: DiscrepancyLine,
  of: BusinessReport,
  { write, paint, width }: Page,
): Promise<void> => {
  const head = headOf(line, of)
  const notes = notesOf(line, of.today)
  const fits = 4 + [head, ...notes].join('  ').length <= width
  await write(`    ${paint([head, ...(fits ? notes : [])].join('  '), 'bold')}\n`)
  if (!fits) await write(indented(notes.join(', '), 6, width))
  await write(indented(line.message, 6, width))
  for (const side of sideLines(line)) await write(indented(side, 6, width))
}

const ageText = ({ age_days }: DiscrepancyLine): string => (age_days === null ? '' : counted(age_days, 'day'))

const notesOf = (line: DiscrepancyLine, today: string): string[] => [
  ...(line.status === 'open' ? [] : [line.status]),
  ...(line.late ? ['late: its month is closed'] : []),
  ...(line.material ? ['material'] : []),
  ...(line.due_on === null ? [] : [dueText(line.due_on, today)]),
  ...(line.owner === null ? [] : [oneLine(ownerText(line) ?? '')]),
]

interface Sized {
  line: DiscrepancyLine
  size: bigint
}

/** So many decimals has the currency with the smallest unit (ISO 4217): sizes are compared in it. */
const MOST_DIGITS = 4

const sized = (line: DiscrepancyLine, currency: string): Sized => {
  const figure = headline(line, currency)
  if (figure === null) return { line, size: -1n }
  const size = figure.minor < 0n ? -figure.minor : figure.minor
  return { line, size: size * 10n ** BigInt(MOST_DIGITS - minorDigits(figure.currency)) }
}

/** What is to be done before what is waited for, each the largest figure first, whatever its currency. */
const before = (a: Sized, b: Sized): boolean => {
  const [one, other] = [RANKS[a.line.class], RANKS[b.line.class]]
  return one === other ? a.size > b.size : one < other
}

/** The `most` largest, each with what to do about it, and how many more there are. Gives how many there are in all. */
const writeLargest = async (of: BusinessReport, page: Page, most: number): Promise<number> => {
  const largest: Sized[] = []
  let count = 0
  for await (const line of of.discrepancies({ statuses: UNDECIDED })) {
    count += 1
    const found = sized(line, of.business.currency)
    const place = largest.findIndex((other) => before(found, other))
    if (place >= 0) largest.splice(place, 0, found)
    else if (largest.length < most) largest.push(found)
    if (largest.length > most) largest.pop()
  }
  let heading: DiscrepancyClass | null = null
  for (const { line } of largest) {
    if (line.class !== heading) await page.write(`\n${page.paint(HEADINGS[line.class], 'bold')}  the largest first\n`)
    heading = line.class
    await writeOne(line, of, page)
  }
  await page.write(moreText(count - largest.length))
  return count
}

const writeOne = async (line: DiscrepancyLine, of: BusinessReport, { write, paint, width }: Page): Promise<void> => {
  const figure = headline(line, of.business.currency)
  const amount = figure === null ? '' : `${formatMoney(figure.minor, figure.currency)}  `
  await write(`\n  ${paint(`${amount}${CODES[line.code].title}`, COLOURS[line.class])}\n`)
  const facts = [line.dated_on ?? 'no date', ageText(line), ...notesOf(line, of.today), `[${line.id.slice(0, 10)}]`]
  await write(indented(facts.filter(Boolean).join(', '), 4, width))
  await write(indented(line.message, 4, width))
  for (const side of sideLines(line)) await write(indented(side, 4, width))
  await write(indented(`What to do: ${line.suggestion}`, 4, width))
}
