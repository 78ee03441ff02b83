/** One item: what is wrong, both sides, what to do about it, and all that happened to it. */

import { linesInFiles } from '../../command/review/file-lines.ts'
import { ledgerVersions } from '../../command/review/ledger-versions.ts'
import { effectText, sidesOf } from '../../command/review/show.ts'
import { dayText } from '../../core/words.ts'
import { html, type Markup, markup } from '../../report/html/markup.ts'
import { dueText, monthName } from '../../report/messages/phrases.ts'
import type { Hint } from '../../report/related/hint.ts'
import { stateOf } from '../../report/state.ts'
import { headline } from '../../report/text/headline.ts'
import { historySentence } from '../../review/history.ts'
import { lastRuling } from '../../review/rulings.ts'
import { addressOf, businessAt, type Reply, reading, type Visit, withQuery } from '../desk.ts'
import { type Finding, findingOf } from '../finding.ts'
import { signed, WHAT } from '../parts.ts'
import { correctionsOf } from './corrections.ts'
import { decisions } from './decisions.ts'

export const item = async (visit: Visit): Promise<Reply> => await itemPage(visit, null)

/** The page; where a decision was refused, with what was said, and what the person had written. */
export const itemPage = async (visit: Visit, refused: string | null): Promise<Reply> => {
  const business = businessAt(visit)
  const read = await reading(visit, async (db) => {
    const found = await findingOf(db, business.id, visit.part('id'))
    const corrections = await correctionsOf(db, business.id, found.finding.id)
    const ruling = await lastRuling(db, business.id, found.finding)
    return { ...found, corrections, ruling, versions: await ledgerVersions(db, business.id, found.finding) }
  })
  const { stored, finding, today, corrections, versions } = read
  const { row_hash, event_number } = stateOf(finding)
  const seen = {
    taken: `${finding.id}:${row_hash}:${event_number}`,
    ruling: String(read.ruling?.event_number ?? 0n),
  }
  const month = finding.effects[0]?.month ?? finding.month ?? finding.dated_on?.slice(0, 7)
  const figure = headline(finding, stored.currency)
  const files = await linesInFiles(visit.job, business, finding)
  return {
    title: `${WHAT[finding.code]}, ${business.name}`,
    business,
    ...(month === undefined ? {} : { month }),
    ...(refused === null ? {} : { status: 409 }),
    page: html`${refused === null ? null : html`<p class="refused" role="alert">${refused}</p>`}
<article class="finding-page ${finding.class}">
<h1>${figure === null ? null : html`<span class="figure">${signed(figure.minor, figure.currency)} <span class="currency">${figure.currency}</span></span> `}${WHAT[finding.code]}</h1>
<p class="message">${finding.message}</p>
<ul class="facts">${factsOf(finding, today).map((fact) => html`<li>${fact}</li>`)}</ul>
<div class="two">
<div>
${bothSides(finding, stored.currency)}
${hints(business.id, finding.related)}
${section('Effects on ledger minus processor', finding.effects.map(effectText))}
</div>
<div>${decisions(visit, finding, corrections, seen)}</div>
</div>
${history(finding)}
${section('What the ledger said', versions)}
${section('In the files', files)}
<p><a href="${withQuery(addressOf(business.id, 'why'), { id: finding.id })}">Why it stands here: each pass in turn</a></p>
<p class="note">Id <span class="id">${finding.id}</span> <span class="id">${finding.code}</span></p>
</article>`,
  }
}

const factsOf = (finding: Finding, today: string): (string | Markup)[] => {
  const { status, late, age_days, age_bucket, due_on, owner, owner_due_on, material, dated_on, decision } = finding
  return [
    html`<span class="state ${status}">${status}</span>`,
    ...(decision === null ? [] : [`${decision.as} by ${decision.by}`]),
    ...(late ? ['late: its month is closed'] : []),
    ...(dated_on === null ? [] : [`of ${dayText(dated_on, today)}`]),
    ...(age_days === null ? [] : [`${age_days} days old (${age_bucket})`]),
    ...(due_on === null ? [] : [dueText(due_on, today)]),
    ...(material ? ['material'] : []),
    owner === null
      ? 'nobody has it'
      : `${owner} has it${owner_due_on === null ? '' : `, due ${dayText(owner_due_on, today)}`}`,
    monthsText(finding),
  ].filter((fact) => fact !== '')
}

const monthsText = ({ effects }: Finding): string =>
  [...new Set(effects.map(({ month }) => month))].map(monthName).join(', ')

export const section = (title: string, lines: readonly string[]): Markup | null =>
  lines.length === 0
    ? null
    : html`<h2>${title}</h2><ul class="lines">${lines.map((line) => html`<li>${line}</li>`)}</ul>`

/** Fields in which the two sides may differ of right: ids of their own. */
const OWN_IDS: readonly string[] = ['id', 'external ids', 'file', 'type', 'payment', 'references', 'refund']

/** Both sides in one table; what differs is marked, for the eye and for a screen reader. */
const bothSides = (finding: Pick<Finding, 'legs' | 'rows'>, currency: string): Markup | null => {
  const blocks = sidesOf(finding, currency)
  if (blocks.length === 0)
    return html`<p class="empty">It is about no single refund, but about a month or a refund as a whole.</p>`
  const several = blocks.length > 1
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Both sides"><table class="sides"><thead><tr><td></td><th scope="col">Ledger</th><th scope="col">Processor</th></tr></thead>
${blocks.slice(0, MOST_SHOWN).map(
  (block, place) =>
    html`<tbody>${several ? html`<tr><th colspan="3" scope="rowgroup" class="block">${place + 1} of ${blocks.length}</th></tr>` : null}${block.map(
      ({ field, ledger, processor }) => {
        const differs = ledger !== '' && processor !== '' && ledger !== processor && !OWN_IDS.includes(field)
        const isMoney = field === 'amount' || field.endsWith('fee')
        const cell = (text: string): Markup =>
          html`<td class="${isMoney ? 'number' : 'text'}">${text === '' ? html`<span class="none">-</span>` : text}</td>`
        return html`<tr${markup(differs ? ' class="differs"' : '')}><th scope="row">${field}${differs ? html` <span class="mark">differs</span>` : null}</th>${cell(ledger)}${cell(processor)}</tr>`
      },
    )}</tbody>`,
)}</table></div>
${blocks.length > MOST_SHOWN ? html`<p class="note">The first ${MOST_SHOWN} of ${blocks.length}.</p>` : null}`
}

/** Legs and rows of one finding that are shown. */
const MOST_SHOWN = 100

const hints = (business_id: string, related: readonly Hint[]): Markup | null =>
  related.length === 0
    ? null
    : html`<h2>What else may be the same money</h2><ul class="lines hints">${related.map(({ reason, target }) => {
        const id = Object.values(target)[0]
        if (id === undefined) return html`<li>${reason}</li>`
        const to =
          'discrepancy_id' in target
            ? addressOf(business_id, 'item', id)
            : withQuery(addressOf(business_id, 'look-up'), { q: id })
        return html`<li>${reason} <a href="${to}">${'discrepancy_id' in target ? 'open that item' : 'look it up'}</a></li>`
      })}</ul>`

const history = ({ history: events, first_seen_at }: Finding): Markup => {
  const said = [
    `First found as of ${first_seen_at.slice(0, 10)} ${first_seen_at.slice(11, 16)} UTC`,
    ...events.filter(({ kind }) => kind !== 'opened').map(historySentence),
  ]
  return html`<h2>History</h2><ol class="lines history">${said.map((line) => html`<li>${line}</li>`)}</ol>`
}
