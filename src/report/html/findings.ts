/** The findings of the page: chosen, counted, and written as lines that can be read and printed without the script. */

import { CODES, type Code } from '../../core/discrepancy.ts'
import { formatMoney } from '../../core/money.ts'
import { type AgeCounts, countAge, noAges } from '../age.ts'
import { jsonText } from '../json/json-text.ts'
import type { DiscrepancyLine, LegLine, RowLine } from '../lines.ts'
import { counted, decisionText, dueText, ownerText, processorName } from '../messages/phrases.ts'
import type { BusinessReport, Report } from '../model.ts'
import { addMoney, byNeed, moneyText } from '../since.ts'
import { headline, type Money } from '../text/headline.ts'
import { shape } from './embed.ts'
import { html, jsonBlock, type Markup } from './markup.ts'

/** Findings in the page: so many are read and searched with ease, and can be mailed. The others are counted. */
const MOST_FINDINGS = 500

const CLASS_WORDS = { error: 'to correct', timing: 'to arrive', info: 'for information' } as const

interface Kept {
  code: Code
  json: string
  line: Markup
}

/** A finding that is among the largest so far. */
interface Chosen {
  code: Code
  status: string
  figure: Money | null
  /** its place in the report */
  place: number
  line: DiscrepancyLine
  /** of its business */
  index: number
  isNew: boolean
}

/** All findings of a code. */
interface Tally {
  count: number
  money: Map<string, bigint>
}

/** The report's findings: the largest of them, all of them counted. */
export interface FoundFindings {
  kept: readonly Kept[]
  total: number
  tallies: ReadonlyMap<Code, Tally>
  /** of the open ones, by business id */
  ages: Map<string, AgeCounts>
}

/** Reads all findings once; memory holds twice as many as the page at most. */
export const readFindings = async (report: Report): Promise<FoundFindings> => {
  let largest: Chosen[] = []
  let total = 0
  const tallies = new Map<Code, Tally>()
  const ages = new Map<string, AgeCounts>()
  for (const [index, of] of report.businesses.entries()) {
    const own = noAges()
    ages.set(of.business.business_id, own)
    const { fresh } = await of.since()
    for await (const line of of.discrepancies()) {
      const figure = headline(line, of.business.currency)
      const tally = tallies.get(line.code) ?? { count: 0, money: new Map<string, bigint>() }
      tallies.set(line.code, tally)
      tally.count += 1
      addMoney(tally.money, figure)
      countAge(own, line)
      const { code, status } = line
      largest.push({ code, status, figure, place: total, line, index, isNew: fresh.has(line.id) })
      total += 1
      if (largest.length >= 2 * MOST_FINDINGS) largest = largest.sort(byNeed).slice(0, MOST_FINDINGS)
    }
  }
  const isOfSeveral = report.businesses.length > 1
  const kept = largest
    .sort(byNeed)
    .slice(0, MOST_FINDINGS)
    .sort((a, b) => a.place - b.place)
    .flatMap((chosen) => {
      const of = report.businesses[chosen.index]
      return of === undefined ? [] : [render(chosen, of, isOfSeveral)]
    })
  return { kept, total, tallies, ages }
}

/** The finding as the page's data and as a line of its list. */
const render = ({ code, line, index, isNew, figure }: Chosen, of: BusinessReport, isOfSeveral: boolean): Kept => ({
  code,
  json: jsonBlock(jsonText(shape(line, index, of, figure, isNew))),
  line: findingLine(line, of, figure, isNew, isOfSeveral),
})

const findingLine = (
  line: DiscrepancyLine,
  of: BusinessReport,
  figure: Money | null,
  isNew: boolean,
  isOfSeveral: boolean,
): Markup => {
  const tags = [
    line.age_days === null ? null : counted(line.age_days, 'day'),
    line.status === 'open' ? null : line.status,
    line.late ? 'late' : null,
    line.material === true ? 'material' : null,
    line.due_on === null ? null : dueText(line.due_on, of.today),
    ownerText(line),
    isOfSeveral ? of.business.name : null,
  ].filter((tag) => tag !== null)
  const decided = decisionText(line)
  return html`<li class="line"><button type="button" class="finding ${line.class}" data-id="${line.id}"><span class="figure">${figure === null ? '' : formatMoney(figure.minor, figure.currency)}</span><span class="when">${line.dated_on ?? 'no date'}</span><span class="message"><span class="what">${CODES[line.code].title}. </span>${isNew ? html`<span class="new">new</span> ` : null}${line.message}</span><span class="tags">${tags.join(', ')}</span></button><p class="ids">${[...idLines(line), ...(decided === null ? [] : [`Decided: ${decided}`])].map((text) => html`<span>${text}</span>`)}</p></li>`
}

/** Where both sides come from, for paper: what the panel shows on a screen. */
const idLines = (line: DiscrepancyLine): string[] => [
  `Finding ${line.id}`,
  ...(line.refund_id === null ? [] : [`Ledger: refund ${line.refund_id}`]),
  ...line.legs.map(legText),
  ...line.rows.map(rowText),
]

const legText = ({ refund_id, leg_id, external_id, references, pulled_at }: LegLine): string =>
  [
    `Ledger: refund ${refund_id}, payment ${leg_id}`,
    external_id === null ? null : `external id ${external_id}`,
    references.length === 0 ? null : references.join(', '),
    pulled_at === null ? null : `pull of ${pulled_at.slice(0, 16).replace('T', ' ')} UTC`,
  ]
    .filter((part) => part !== null)
    .join(', ')

const rowText = ({ processor, transaction_id, refund_id, payment_id, references, file, line }: RowLine): string =>
  [
    `${processorName(processor)}: ${transaction_id}`,
    refund_id === null ? null : `refund ${refund_id}`,
    payment_id.length === 0 ? null : `payment ${payment_id.join(', ')}`,
    references.length === 0 ? null : references.join(', '),
    `${file} line ${line}`,
  ]
    .filter((part) => part !== null)
    .join(', ')

const choice = (id: string, label: string): Markup =>
  html`<p><label for="${id}">${label}</label><select id="${id}"><option value="">all</option></select></p>`

/** The worklist: search and filters, then the findings by what to do. */
export const findingsSection = ({ kept, total, tallies }: FoundFindings): Markup => {
  const groups = new Map<Code, Kept[]>()
  for (const one of kept) {
    const list = groups.get(one.code)
    if (list) list.push(one)
    else groups.set(one.code, [one])
  }
  const left = [...tallies].filter(([code]) => !groups.has(code))
  return html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Worklist</h2>
<form id="controls" role="search" aria-label="Findings">
<p class="search"><label for="search">Search</label><input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="order, invoice, id, 45,60, words (press /)"></p>
<details open><summary>Filters</summary><div class="choices">${[
    choice('filter-class', 'Kind'),
    choice('filter-code', 'Finding'),
    choice('filter-status', 'Status'),
    choice('filter-processor', 'Processor'),
    choice('filter-month', 'Month'),
    choice('filter-business', 'Business'),
  ]}
<p><label for="sort">Order</label><select id="sort"><option value="">by what to do</option><option value="largest">largest first</option><option value="smallest">smallest first</option><option value="oldest">oldest first</option><option value="newest">newest first</option></select></p>
<p><button type="reset">Clear</button></p></div></details>
</form>
${
  total > kept.length
    ? html`<p class="partly">This page holds the ${kept.length} largest of ${total} findings, those to correct first. All of them are in the CSV, JSON and XLSX reports: <code>tieout report --format csv,xlsx</code>.</p>`
    : null
}
<p id="count" role="status" aria-live="polite">${counted(kept.length, 'finding')}</p>
<div class="columns"><div id="list" class="grouped">${[...groups].map(([code, list]) => group(code, list, tallies.get(code)))}</div><aside id="panel" aria-labelledby="panel-title" hidden></aside></div>
${left.length === 0 ? null : html`<p class="partly">Not in this page: ${left.map(([code, tally]) => `${CODES[code].title} ${tallyText(tally)}`).join('; ')}.</p>`}
</section>`
}

const tallyText = ({ count, money }: Tally): string =>
  [counted(count, 'finding'), moneyText(money)].filter(Boolean).join(', ')

const group = (code: Code, list: readonly Kept[], tally: Tally | undefined): Markup => {
  const { title, suggestion, class: kind } = CODES[code]
  const all = tally === undefined ? '' : tallyText(tally)
  const of = tally !== undefined && tally.count > list.length ? `${list.length} of ${all}` : all
  return html`<section class="group" data-code="${code}"><h3>${title} <span class="tally">${`${of}, ${CLASS_WORDS[kind]}`}</span></h3><p class="advice">${suggestion}</p><ol>${list.map(({ line }) => line)}</ol></section>`
}
