/** What stands below the worklist, for each business: the proof, the roll-forward, the charts, the months and the sources. */

import { formatMajor } from '../../core/money.ts'
import type { RollForwardLine } from '../../core/roll-forward.ts'
import type { AgeCounts } from '../age.ts'
import type { TieOutLine, VerdictLine } from '../lines.ts'
import { counted, monthName, processorName } from '../messages/phrases.ts'
import { type BusinessReport, listOf } from '../model.ts'
import { linesToRead, materialMonths, STEP_TITLES, signedText, stepsOf } from '../roll-forward.ts'
import type { FileLine } from '../source-lines.ts'
import { verdictText } from '../text/text.ts'
import { coverageSentence, pullSentence, QUARANTINE_NOTE } from '../text/text-sources.ts'
import { ageChart, bridgeChart, matchedChart } from './charts.ts'
import { html, type Markup } from './markup.ts'

/** Files and records in quarantine that are listed; the rest is counted. */
const MOST_LISTED = 200

/** One business, from tie-out to sources. `number` makes its anchors unique. */
export const businessSection = async (of: BusinessReport, number: number, ages: AgeCounts): Promise<Markup> => {
  const { business } = of
  const lines = await listOf(of.tie_out())
  const bridge = await listOf(of.bridge())
  const sides = [...new Set(lines.map((line) => `${line.direction} ${line.currency}`))]
  const bridges = sides.flatMap((side) => {
    const [direction, currency = ''] = side.split(' ')
    return (
      bridgeChart(
        `bridge-${number}-${direction}-${currency}`,
        direction === 'vendor' ? 'vendor' : 'customer',
        currency,
        lines,
        bridge,
      ) ?? []
    )
  })
  const charts = [
    ...bridges,
    ageChart(`ages-${number}`, ages),
    matchedChart(`matched-${number}`, await listOf(of.matched_by_day())),
  ].flatMap((chart) => chart ?? [])
  return html`<section class="business" aria-label="${`${business.name}: proof and sources`}">
<p class="note">${business.name}: ${business.currency}, ${business.time_zone}, ${business.business_id}${business.reconciled_as_of === null ? '' : `, last run as of ${business.reconciled_as_of}`}</p>
${tieOut(lines)}
${rollForward(linesToRead(await listOf(of.roll_forward())))}
<div class="charts">${charts}</div>
<h3>Months</h3>
${verdicts(number, await listOf(of.verdicts()), lines, materialMonths(business, lines))}
${await sources(of)}
</section>`
}

const verdicts = (
  number: number,
  months: readonly VerdictLine[],
  lines: readonly TieOutLine[],
  material: ReadonlySet<string>,
): Markup => {
  if (months.length === 0) return html`<p>There is no month with a refund.</p>`
  return html`<ul class="verdicts">${[...months]
    .reverse()
    .map(
      ({ month, verdict, reasons, ...line }) =>
        html`<li class="verdict ${verdict}" id="month-${number}-${month}"><p><strong>${[`${monthName(month)}: ${verdict}`, signedText({ month, verdict, reasons, ...line }), material.has(month) ? 'material' : null].filter((part) => part !== null).join(', ')}</strong></p><p>${verdictText({ month, verdict }, lines)}</p>${
          reasons.length === 0 ? null : html`<ul>${reasons.map(({ text }) => html`<li>${text}</li>`)}</ul>`
        }</li>`,
    )}</ul>`
}

const MEASURES: Readonly<Record<TieOutLine['measure'], string>> = {
  amount: 'refunds',
  refund_fee: 'refund fees',
  returned_fee: 'returned fees',
}

/** 'Stripe', 'BILLPAY vendor' */
const whatOf = ({ direction, processor }: Pick<TieOutLine, 'direction' | 'processor'>): string =>
  `${processorName(processor)}${direction === 'vendor' ? ' vendor' : ''}`

const FIGURES = ['ledger', 'processor_total', 'difference', 'explained', 'unexplained'] as const

/** Months whose lines are open to see; earlier ones can be unfolded. */
const MONTHS_OPEN = 3

const tieOut = (all: readonly TieOutLine[]): Markup => {
  const lines = all
    .filter((line) => line.ledger !== 0n || line.processor_total !== 0n || line.gross !== 0n || line.unexplained !== 0n)
    .sort((a, b) => (a.month < b.month ? 1 : a.month > b.month ? -1 : 0))
  if (lines.length === 0) return html``
  const proven = lines.every((line) => line.unexplained === 0n)
  const first = [...new Set(lines.map((line) => line.month))][MONTHS_OPEN - 1] ?? ''
  const earlier = lines.filter((line) => line.month < first)
  return html`<h3>Tie-out</h3>
<p class="${proven ? 'proven' : 'unproven'}">${
    proven
      ? 'The findings explain every difference to the cent.'
      : 'Not everything is explained to the cent: this must not happen; please report it.'
  }</p>
${tieOutTable(lines.slice(0, lines.length - earlier.length), 'Tie-out')}
${earlier.length === 0 ? null : html`<details><summary>Earlier months</summary>${tieOutTable(earlier, 'Tie-out of earlier months')}</details>`}`
}

const tieOutTable = (lines: readonly TieOutLine[], label: string): Markup =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table><thead><tr>${['Month', 'What'].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}${['Ledger', 'Processor', 'Difference', 'Explained', 'Unexplained'].map(
    (title) => html`<th scope="col" class="number">${title}</th>`,
  )}<th scope="col">Currency</th></tr></thead>
<tbody>${lines.map(
    (line) =>
      html`<tr><th scope="row">${line.month}</th><td>${whatOf(line)} ${MEASURES[line.measure]}</td>${FIGURES.map(
        (figure) =>
          html`<td class="number${line[figure] !== 0n && figure === 'unexplained' ? ' unproven' : ''}">${formatMajor(line[figure], line.currency)}</td>`,
      )}<td>${line.currency}</td></tr>`,
  )}</tbody></table></div>`

const rollForward = (all: readonly RollForwardLine[]): Markup => {
  if (all.length === 0) return html``
  const lines = [...all].reverse()
  return html`<h3>Roll-forward</h3>
<p class="note">Open items of refunds: opening + new - cleared - resolved + changed = closing.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Roll-forward"><table><thead><tr>${['Month', 'What'].map(
    (title) => html`<th scope="col">${title}</th>`,
  )}${[...stepsOf((step) => STEP_TITLES[step]), 'Findings'].map(
    (title) => html`<th scope="col" class="number">${title}</th>`,
  )}<th scope="col">Currency</th></tr></thead>
<tbody>${lines.map(
    (line) =>
      html`<tr><th scope="row">${line.month}</th><td>${whatOf(line)} refunds</td>${stepsOf(
        (step) => html`<td class="number">${formatMajor(line[step].amount, line.currency)}</td>`,
      )}<td class="number">${String(line.closing.count)}</td><td>${line.currency}</td></tr>`,
  )}</tbody></table></div>`
}

const sources = async (of: BusinessReport): Promise<Markup> => {
  const pulls = await listOf(of.pulls())
  const coverage = await listOf(of.coverage())
  const notes = await listOf(of.notes())
  const files: FileLine[] = []
  let fileCount = 0
  for await (const file of of.files()) {
    fileCount += 1
    if (fileCount <= MOST_LISTED) files.push(file)
  }
  return html`<details class="sources"><summary><h3>Sources</h3></summary>
<ul>${pulls.map((pull) => html`<li>${pullSentence(pull)}</li>`)}${coverage.map((line) => html`<li>${coverageSentence(line)}</li>`)}${notes.map(({ text }) => html`<li>${text}</li>`)}</ul>
${files.length === 0 ? null : fileTable(files)}
${fileCount > files.length ? html`<p>... and ${counted(fileCount - files.length, 'more file')}: see the JSON report.</p>` : null}
</details>${await quarantine(of)}`
}

const fileTable = (files: readonly FileLine[]): Markup =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="Processor files"><table class="wide"><thead><tr><th scope="col">File</th><th scope="col">Processor</th><th scope="col" class="number">Records</th><th scope="col" class="number">New</th><th scope="col" class="number">Quarantined</th><th scope="col">Covers</th><th scope="col">SHA-256</th></tr></thead><tbody>${files.map(
    (file) =>
      html`<tr><th scope="row">${file.state === 'withdrawn' ? `${file.name} (withdrawn)` : file.name}</th><td>${[processorName(file.processor), file.account].join(' ').trim()}</td><td class="number">${file.records}</td><td class="number">${file.accepted}</td><td class="number">${file.quarantined}</td><td>${file.covers === null ? '' : `${file.covers.from} to ${file.covers.to}`}</td><td class="id">${file.sha256.slice(0, 16)}</td></tr>${file.totals
        .filter((total) => !total.holds)
        .map(
          (total) =>
            html`<tr><td colspan="7" class="unproven">${`${file.name} states ${total.stated} (${total.name}), but ${total.read} was read.`}</td></tr>`,
        )}`,
  )}</tbody></table></div>`

const quarantine = async (of: BusinessReport): Promise<Markup | null> => {
  const listed: Markup[] = []
  let count = 0
  for await (const { source, line, reason, raw } of of.quarantine()) {
    count += 1
    if (count > MOST_LISTED) continue
    const place = line === null ? source : `${source}, line ${line}`
    listed.push(html`<li><strong>${place}</strong>: ${reason}<br><span class="id">${raw.slice(0, 400)}</span></li>`)
  }
  if (count === 0) return null
  return html`<details class="sources" open><summary><h3>In quarantine: ${counted(count, 'record')}</h3></summary><p class="note">${QUARANTINE_NOTE}</p><ul>${listed}</ul>${
    count > MOST_LISTED ? html`<p>... and ${count - MOST_LISTED} more: see the JSON report.</p>` : null
  }</details>`
}
