/** What stands first on the page: the month, its figures and their bar, what changed since the night before, all months. */

import { CODES } from '../../core/discrepancy.ts'
import { formatMajor, formatMoney } from '../../core/money.ts'
import { causeSentence } from '../causes.ts'
import type { Verdict, VerdictLine } from '../lines.ts'
import { counted, decisionText, monthName, sum } from '../messages/phrases.ts'
import { type BusinessReport, listOf } from '../model.ts'
import { monthFigures, type Part, type Side } from '../month-figures.ts'
import { materialMonths, signedText } from '../roll-forward.ts'
import { CHANGES, type Changed, changeText, type Since, sinceText } from '../since.ts'
import { countOf, monthLine, rolesOf, whyText } from '../standing.ts'
import { html, type Markup } from './markup.ts'

/** Causes that are named at once; all of them stand below. */
const MOST_CAUSES = 2

const signed = (minor: bigint, currency: string): string => `${minor > 0n ? '+' : ''}${formatMajor(minor, currency)}`

const verdictBadge = (verdict: Verdict): Markup => html`<span class="badge ${verdict}">${verdict}</span>`

/** The month that the page is about: the one to be closed, or the last of those reported. */
const mainMonth = async (of: BusinessReport, verdicts: readonly VerdictLine[]) => {
  const standing = of.is_whole ? await of.standing() : null
  const main = standing?.months[0]
  const line = main ? verdicts.find(({ month }) => month === main.month) : verdicts.at(-1)
  if (line === undefined) return null
  const roles = main ? rolesOf(main) : [signedText(line)].filter((text) => text !== null)
  const worst = standing?.months.slice(1).map(monthLine) ?? []
  return { line, roles, worst }
}

/** One business: `heading` is the tag of its title, `number` makes its anchors unique. */
export const standingBlock = async (of: BusinessReport, number: number, heading: 'h1' | 'h2'): Promise<Markup> => {
  const { business } = of
  const verdicts = await listOf(of.verdicts())
  const lines = await listOf(of.tie_out())
  const main = await mainMonth(of, verdicts)
  const title = (text: Markup): Markup =>
    heading === 'h1' ? html`<h1 id="business-${number}">${text}</h1>` : html`<h2 id="business-${number}">${text}</h2>`
  const changed = html`${of.is_whole ? since(await of.since()) : null}
${await causes(of)}`
  if (main === null)
    return html`<div class="standing">${title(html`${business.name}`)}<p>There is no month with a refund.</p>${changed}</div>`
  const { line, roles, worst } = main
  const sides = await monthFigures(of, lines, line.month)
  const isMaterial = materialMonths(business, lines).has(line.month)
  const why = [...roles, ...(isMaterial ? ['material'] : []), whyText(line.reasons)].filter(Boolean)
  return html`<div class="standing">${title(
    html`${business.name} <span class="of">${monthName(line.month)}</span> ${verdictBadge(line.verdict)}`,
  )}
<p class="reasons">${sentence(why.join('; '))}</p>
${sides.length === 0 ? html`<p class="note">No refund of this month is known.</p>` : figures(sides)}
${worst.map((text) => html`<p class="worst">${text}</p>`)}
${changed}
${strip(number, verdicts, line.month)}
</div>`
}

const sentence = (text: string): string => (text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`)

const FIGURES = {
  ledger: 'Ledger',
  processors: 'Processors',
  difference: 'Difference',
  explained: 'Explained',
} as const

/** A line of figures for each direction and currency, and under it its bar. */
const figures = (sides: readonly Side[]): Markup => {
  const names = ['ledger', 'processors', 'difference', 'explained'] as const
  const unexplained = sides.some((side) => side.unexplained !== 0n)
  const cell = (side: Side, name: (typeof names)[number]): Markup => {
    const isSigned = name === 'difference' || name === 'explained'
    return html`<td class="number" data-title="${FIGURES[name]}">${isSigned ? signed(side[name], side.currency) : formatMajor(side[name], side.currency)}</td>`
  }
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Figures"><table class="figures"><thead><tr><th scope="col">Refunds</th>${names.map(
    (name) => html`<th scope="col" class="number">${FIGURES[name]}</th>`,
  )}${unexplained ? html`<th scope="col" class="number">Unexplained</th>` : null}<th scope="col" class="made">Made of</th></tr></thead><tbody>${sides.map(
    (side) =>
      html`<tr><th scope="row">${`${side.direction === 'vendor' ? 'from vendors' : 'to customers'}, ${side.currency}`}</th>${names.map(
        (name) => cell(side, name),
      )}${unexplained ? html`<td class="number unproven" data-title="Unexplained">${signed(side.unexplained, side.currency)}</td>` : null}<td class="made">${bar(side)}</td></tr>`,
  )}</tbody></table></div>`
}

const PARTS: Readonly<Record<Part, string>> = {
  matched: 'matched',
  error: 'to correct',
  timing: 'to arrive',
  info: 'for information',
  resolved: 'resolved',
}

/** The money of both sides as one bar. What is there is seen, however little it is. */
const bar = ({ parts, currency }: Side): Markup | null => {
  const there = (Object.keys(PARTS) as Part[]).filter((part) => parts[part] > 0n)
  const all = sum(there.map((part) => parts[part]))
  if (all === 0n) return null
  let left = 0
  const shapes = there.map((part) => {
    const width = Math.max(8, Number((parts[part] * 1_000_000n) / all) / 1000)
    const shape = html`<rect class="bar ${part}" x="${left.toFixed(1)}" width="${width.toFixed(1)}" height="10"/>`
    left += width
    return shape
  })
  return html`<svg class="stack" viewBox="0 0 ${Math.max(1000, left).toFixed(1)} 10" preserveAspectRatio="none" aria-hidden="true">${shapes}</svg><span class="legend">${there.map(
    (part) =>
      html`<span><span class="dot ${part}" aria-hidden="true"></span>${PARTS[part]} ${formatMajor(parts[part], currency)}</span> `,
  )}</span>`
}

/** One line; unfolded the largest of what changed. */
const since = (changes: Since): Markup => {
  const told = CHANGES.filter((change) => changes[change].count > 0)
  if (told.length === 0) return html`<p class="since">${sinceText(changes)}</p>`
  return html`<details class="since"><summary>${sinceText(changes)}</summary>${told.map(
    (change) =>
      html`<div class="${change}"><p class="label">${changeText(change, changes[change])}</p><ul>${changes[
        change
      ].named.map(
        (finding) =>
          html`<li>${finding.figure === null ? '' : `${formatMoney(finding.figure.minor, finding.figure.currency)}, `}${CODES[finding.code].title}: ${finding.message}${change === 'decided' ? ` ${sentence(decisionText(finding) ?? finding.status)}` : ''} <span class="id">${finding.id.slice(0, 10)}</span></li>`,
      )}${more(changes[change])}</ul></div>`,
  )}</details>`
}

const more = ({ count, named }: Changed): Markup | null =>
  count > named.length ? html`<li>... and ${count - named.length} more</li>` : null

/** What several findings have in common. */
const causes = async (of: BusinessReport): Promise<Markup | null> => {
  const lines = await listOf(of.causes())
  if (lines.length === 0) return null
  const rest = lines.slice(MOST_CAUSES)
  const item = (line: (typeof lines)[number]): Markup => html`<li>${causeSentence(line, of.business.currency)}</li>`
  return html`<div class="causes"><p class="label">One cause</p><ul>${lines.slice(0, MOST_CAUSES).map(item)}</ul>${
    rest.length === 0
      ? null
      : html`<details><summary>${counted(rest.length, 'more cause')}</summary><ul>${rest.map(item)}</ul></details>`
  }</div>`
}

/** Months in the strip: a year and the one that is not over. */
const MOST_MONTHS = 13

const strip = (number: number, verdicts: readonly VerdictLine[], main: string): Markup | null =>
  verdicts.length < 2
    ? null
    : html`<nav class="strip" aria-label="Verdicts of business ${number + 1}"><ol>${verdicts
        .slice(-MOST_MONTHS)
        .map(
          ({ month, verdict }) =>
            html`<li><a href="#month-${number}-${month}" class="${month === main ? 'main' : ''}"><span class="when">${month}</span><span class="mark ${verdict}">${verdict}</span></a></li>`,
        )}</ol></nav>`

/** Where there are several businesses: a line each, and the way to it. */
export const overview = async (businesses: readonly BusinessReport[]): Promise<Markup> => {
  const rows: Markup[] = []
  for (const [number, of] of businesses.entries()) {
    const standing = await of.standing()
    const changes = await of.since()
    const [main] = standing.months
    const net = main?.sums.filter((side) => side.net !== 0n).map((side) => formatMoney(side.net, side.currency)) ?? []
    rows.push(
      html`<tr><th scope="row"><a href="#business-${number}">${of.business.name}</a></th><td>${main?.month ?? ''}</td><td>${main ? verdictBadge(main.verdict) : null}</td><td class="number">${net.join(', ') || '0.00'}</td><td class="number">${countOf(standing, 'error')}</td><td class="number">${changes.before_at === null ? 'first night' : changes.new.count}</td><td class="number">${changes.before_at === null ? '' : changes.cleared.count}</td></tr>`,
    )
  }
  const titles = ['Difference', 'To correct', 'New', 'Cleared']
  return html`<nav class="scroll overview" tabindex="0" aria-label="Businesses"><table><thead><tr><th scope="col">Business</th><th scope="col">Month</th><th scope="col">Verdict</th>${titles.map(
    (title) => html`<th scope="col" class="number">${title}</th>`,
  )}</tr></thead><tbody>${rows}</tbody></table></nav>`
}
