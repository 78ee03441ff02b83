/** The end of the text page: what the findings rest on, and what is in quarantine. */

import { formatMoney } from '../../core/money.ts'
import { addDays } from '../../core/period.ts'
import { counted, processorName } from '../messages/phrases.ts'
import { type BusinessReport, listOf } from '../model.ts'
import type { Sink } from '../sink.ts'
import type { CoverageLine, PullLine } from '../source-lines.ts'
import { cut, indented, type Paint, table, WIDTH } from './text-layout.ts'

const SHOWN_QUARANTINED = 20
const SHOWN_OUTSIDE = 24

/** Writes what was matched, what lies outside processors, what is in quarantine, and where everything came from. */
export const writeSources = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  await writeMatches(of, sink, paint)
  await writeOutside(of, sink, paint)
  await writeQuarantine(of, sink, paint)
  await writeNotes(of, sink, paint)
  await sink.write(`\n${paint('SOURCES', 'bold')}\n`)
  for await (const pull of of.pulls()) await sink.write(indented(pullSentence(pull), 2))
  for await (const line of of.coverage()) await sink.write(indented(coverageSentence(line), 2))
  const files = { count: 0, records: 0n, quarantined: 0n, same: 0n, overlapping: 0 }
  for await (const file of of.files()) {
    if (file.state === 'withdrawn') continue
    files.count += 1
    files.records += file.records
    files.quarantined += file.quarantined
    files.same += file.same_as_earlier
    if (file.same_as_earlier > 0n) files.overlapping += 1
    for (const total of file.totals.filter((entry) => !entry.holds)) {
      const said = `${file.name} states ${total.stated} (${total.name}), but ${total.read} was read.`
      await sink.write(indented(`! ${said}`, 2))
    }
  }
  const read = counted(files.records, 'record')
  await sink.write(`  ${counted(files.count, 'processor file')} with ${read}, ${files.quarantined} quarantined.\n`)
  if (files.same > 0n) {
    const said = `${counted(files.same, 'line')} without ids, of ${counted(files.overlapping, 'file')}, ${files.same === 1n ? 'was' : 'were'} taken for lines of earlier files that say the same.`
    await sink.write(
      indented(`${said} Where these files never overlap, set lines: distinct and import them with --again.`, 2),
    )
  }
}

const PASS_TITLES: Readonly<Record<string, string>> = {
  manual: 'by a person',
  refund_id: "by the processor's id",
  payment_reference: 'by payment and amount',
  payment_group: 'by payment, as a group',
  payment_reference_only: 'by payment, amounts differ',
  amount_and_date: 'by amount and date',
  cancelled: 'cancelled at the processor',
}

const writeMatches = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  const lines = await listOf(of.matches())
  if (lines.length === 0) return
  await sink.write(`\n${paint('MATCHED', 'bold')}  over all months\n`)
  const rows = lines.map((line) => [
    line.direction,
    cut(processorName(line.processor), 20),
    PASS_TITLES[line.pass] ?? line.pass,
    String(line.count),
    String(line.legs),
    String(line.rows),
    formatMoney(line.amount, of.business.currency),
  ])
  const left = (title: string) => ({ title, align: 'left' }) as const
  const right = (title: string) => ({ title, align: 'right' }) as const
  const columns = [
    ...['Side', 'Processor', 'How'].map(left),
    ...['Matches', 'Payments', 'Lines', 'Ledger amount'].map(right),
  ]
  await sink.write(table(columns, rows, 2))
}

const writeOutside = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  const lines = await listOf(of.outside())
  if (lines.length === 0) return
  await sink.write(`\n${paint('OUTSIDE PROCESSORS', 'bold')}  refunds that no processor moved\n`)
  for (const line of lines.slice(0, SHOWN_OUTSIDE)) {
    const method = [line.method.toLowerCase().replaceAll('_', ' '), line.processor ?? ''].join(' ').trim()
    const amount = formatMoney(line.amount, line.currency)
    await sink.write(
      indented(`${line.month}  ${line.direction}, ${method}: ${counted(line.legs, 'payment')}, ${amount}`, 2),
    )
  }
  const more = lines.length - SHOWN_OUTSIDE
  if (more > 0) await sink.write(`  ... and ${counted(more, 'line')} more: see them all with --format json\n`)
}

/** What stands above the records in quarantine. */
export const QUARANTINE_NOTE =
  'Records that cannot be read, or that contradict a known line. Their months stay incomplete until each is decided.'

const writeQuarantine = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  let count = 0
  for await (const { source, line, reason } of of.quarantine()) {
    if (count === 0) await sink.write(`\n${paint('IN QUARANTINE', 'bold')}\n${indented(QUARANTINE_NOTE, 2)}`)
    count += 1
    if (count <= SHOWN_QUARANTINED) {
      const place = line === null ? source : `${source}, line ${line}`
      await sink.write(indented(cut(`${place}: ${reason}`, 3 * WIDTH), 2))
    }
  }
  const more = count - SHOWN_QUARANTINED
  if (more > 0) await sink.write(`  ... and ${counted(more, 'record')} more: see them all with --format json or xlsx\n`)
}

const writeNotes = async (of: BusinessReport, sink: Sink, paint: Paint): Promise<void> => {
  const notes = await listOf(of.notes())
  if (notes.length > 0) await sink.write(`\n${paint('NOTES', 'bold')}\n`)
  for (const { text } of notes) await sink.write(indented(text, 2))
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
  const holes = line.holes.map(({ after, before }) => `${addDays(after, 1)} to ${addDays(before, -1)}`)
  const missing =
    holes.length === 0
      ? ''
      : `, but not ${holes.slice(0, 5).join(', ')}${holes.length > 5 ? ` and ${holes.length - 5} holes more` : ''}`
  return `${holes.length === 0 ? '' : '! '}${name}: files cover ${line.from} to ${line.to}${missing}.`
}
