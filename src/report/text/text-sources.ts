/** The end of the text page: what the findings rest on, and what is in quarantine. */

import { formatMoney } from '../../core/money.ts'
import { addDays } from '../../core/period.ts'
import { counted, processorName } from '../messages/phrases.ts'
import { type BusinessReport, listOf } from '../model.ts'
import type { CoverageLine, PullLine } from '../source-lines.ts'
import { cut, hanging, indented, moreText, type Page, table, WIDTH } from './text-layout.ts'

/** Records in quarantine and refunds outside processors that a page shows, where it does not show the whole. */
const SHOWN = 5
/** Lines of a record in quarantine. */
const REASON_LINES = 3

/** Writes what was matched, what lies outside processors, what is in quarantine, and where everything came from. */
export const writeSources = async (of: BusinessReport, page: Page): Promise<void> => {
  await writeMatches(of, page)
  await writeOutside(of, page)
  await writeQuarantine(of, page)
  const { write, paint, width } = page
  const say = async (text: string): Promise<void> => await write(hanging('  ', text, width))
  const notes = await listOf(of.notes())
  if (notes.length > 0) await write(`\n${paint('NOTES', 'bold')}\n`)
  for (const { text } of notes) await say(text)
  await write(`\n${paint('SOURCES', 'bold')}\n`)
  for await (const pull of of.pulls()) await say(pullSentence(pull))
  for await (const line of of.coverage()) await say(coverageSentence(line))
  const files = { count: 0, records: 0n, quarantined: 0n, same: 0n, overlapping: [] as string[] }
  for await (const file of of.files()) {
    if (file.state === 'withdrawn') continue
    files.count += 1
    files.records += file.records
    files.quarantined += file.quarantined
    files.same += file.same_as_earlier
    if (file.same_as_earlier > 0n) files.overlapping.push(file.name)
    for (const total of file.totals.filter((entry) => !entry.holds))
      await say(`! ${file.name} states ${total.stated} (${total.name}), but ${total.read} was read.`)
  }
  const read = counted(files.records, 'record')
  await say(`${counted(files.count, 'processor file')} with ${read}, ${files.quarantined} quarantined.`)
  if (files.same > 0n) {
    const were = counted(files.same, 'line', 'lines')
    const said = `${were} without ids, of ${namesOf(files.overlapping)}, ${files.same === 1n ? 'was' : 'were'} taken for lines of earlier files that say the same.`
    await say(`${said} Where these files never overlap, set lines: distinct and import them with --again.`)
  }
}

const MOST_FILES_NAMED = 3

/** 'may.csv and june.csv', '31 files, the last of them june.csv' */
const namesOf = (names: readonly string[]): string =>
  names.length <= MOST_FILES_NAMED
    ? names.join(' and ')
    : `${names.length} files, the last of them ${names.at(-1) ?? ''}`

const PASS_TITLES: Readonly<Record<string, string>> = {
  manual: 'by a person',
  refund_id: "by the processor's id",
  payment_reference: 'by payment and amount',
  payment_group: 'by payment, as a group',
  payment_reference_only: 'by payment, amounts differ',
  amount_and_date: 'by amount and date',
  cancelled: 'cancelled at the processor',
}

const writeMatches = async (of: BusinessReport, { write, paint, width }: Page): Promise<void> => {
  const lines = await listOf(of.matches())
  if (lines.length === 0) return
  await write(`\n${paint('MATCHED', 'bold')}  over all months\n`)
  // where there is little room, how many payments and lines they have gives way
  const rows = lines.map((line) => [
    [processorName(line.processor), ...(line.direction === 'vendor' ? ['vendor'] : [])].join(' '),
    PASS_TITLES[line.pass] ?? line.pass,
    String(line.count),
    ...(width < WIDTH ? [] : [String(line.legs), String(line.rows)]),
    formatMoney(line.amount, of.business.currency),
  ])
  const figures = ['Matches', ...(width < WIDTH ? [] : ['Payments', 'Lines']), 'Ledger amount']
  const left = (title: string) => ({ title, align: 'left' }) as const
  const right = (title: string) => ({ title, align: 'right' }) as const
  const columns = [...['Processor', 'How'].map(left), ...figures.map(right)]
  await write(table(columns, rows, 2, width))
}

const writeOutside = async (of: BusinessReport, { write, paint, width, most }: Page): Promise<void> => {
  const all = await listOf(of.outside())
  if (all.length === 0) return
  await write(`\n${paint('OUTSIDE PROCESSORS', 'bold')}  refunds that no processor moved\n`)
  const lines = most === null ? all : all.slice(-SHOWN)
  for (const line of lines) {
    const method = [line.method.toLowerCase().replaceAll('_', ' '), line.processor ?? ''].join(' ').trim()
    const amount = formatMoney(line.amount, line.currency)
    await write(
      hanging('  ', `${line.month}  ${line.direction}, ${method}: ${counted(line.legs, 'payment')}, ${amount}`, width),
    )
  }
  await write(moreText(all.length - lines.length))
}

/** What stands above the records in quarantine. */
export const QUARANTINE_NOTE =
  'Records that cannot be read, or that contradict a known line. Their months stay incomplete until each is decided.'

const writeQuarantine = async (of: BusinessReport, { write, paint, width, most }: Page): Promise<void> => {
  let count = 0
  for await (const { id, source, line, reason } of of.quarantine()) {
    if (count === 0) await write(`\n${paint('IN QUARANTINE', 'bold')}\n${indented(QUARANTINE_NOTE, 2, width)}`)
    count += 1
    if (most !== null && count > SHOWN) continue
    const place = line === null ? source : `${source}, line ${line}`
    await write(hanging('  ', cut(`${id}  ${place}: ${reason}`, REASON_LINES * width), width))
  }
  if (count > 0)
    await write(indented('Decide each with `tieout quarantine accept ID` or `tieout quarantine dismiss ID`.', 2, width))
  if (most !== null) await write(moreText(count - SHOWN))
}

/** What a pull brought, and what is wrong with it. */
export const pullSentence = (pull: PullLine): string => {
  const when = `${pull.as_of.slice(0, 10)} ${pull.as_of.slice(11, 16)} UTC`
  const aside = pull.quarantined === 0n ? '' : `, ${pull.quarantined} quarantined`
  const held = `${counted(pull.refunds, 'refund')}${aside}`
  if (!pull.complete) {
    const why = pull.problem ?? 'the listing broke off'
    return `! ${title(pull)} were not pulled completely as of ${when} (${held}): ${why}`
  }
  const cutOff = pull.maybe_cut
    ? '. The answer had exactly 100 refunds: the server may have cut it off, so the listing may not be whole'
    : ''
  return `${title(pull)} pulled as of ${when}: ${held}${cutOff}.`
}

const title = (pull: PullLine): string => (pull.direction === 'customer' ? 'Customer refunds' : 'Vendor refunds')

/** Which dates an account's files cover, and which between them they do not. */
export const coverageSentence = (line: CoverageLine): string => {
  const name = [processorName(line.processor), line.account].join(' ').trim()
  if (line.from === null || line.to === null) return `! ${name}: no file has been imported.`
  const holes = line.holes.map(({ after, before }) =>
    [...new Set([addDays(after, 1), addDays(before, -1)])].join(' to '),
  )
  const missing =
    holes.length === 0
      ? ''
      : `, but not ${holes.slice(0, 5).join(', ')}${holes.length > 5 ? ` and ${counted(holes.length - 5, 'more hole')}` : ''}`
  return `${holes.length === 0 ? '' : '! '}${name}: files cover ${line.from} to ${line.to}${missing}.`
}
