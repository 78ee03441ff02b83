/** Several items that were chosen: how many, what they come to, and one decision about all of them. */

import { dayText } from '../../core/words.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { counted, processorName } from '../../report/messages/phrases.ts'
import { headline } from '../../report/text/headline.ts'
import type { Taken } from '../../review/deeds.ts'
import { addressOf, businessAt, type Reply, reading, type Visit } from '../desk.ts'
import { findingsOf } from '../finding.ts'
import { formFields } from '../frame.ts'
import { byCurrency, moneyText, signed, tableOf, WHAT } from '../parts.ts'
import { takenText } from '../taken.ts'
import { peopleList, resolutionOptions } from './decisions.ts'

const size = (minor: bigint): bigint => (minor < 0n ? -minor : minor)

/** `refused`: what was said of the same decision just now. The items are shown as they are by now. */
export const chosenPage = async (
  visit: Visit,
  taken: readonly Taken[],
  month: string,
  refused: string | null,
): Promise<Reply> => {
  const business = businessAt(visit)
  const ids = [...new Set(taken.map(({ discrepancy_id }) => discrepancy_id))]
  const { stored, findings, today, states } = await reading(visit, async (db) => {
    const found = await findingsOf(db, business.id, ids)
    return { ...found, states: await takenText(db, business.id, found.findings) }
  })
  // the first time in the states in which they were chosen
  const chosen = refused === null ? taken : []
  const stateOf = (id: string): string => {
    const seen = chosen.find(({ discrepancy_id }) => discrepancy_id === id)
    return seen ? `${id}:${seen.row_hash}:${seen.event_number}` : (states.get(id) ?? '')
  }
  const figures = findings.flatMap((finding) => headline(finding, stored.currency) ?? [])
  const sums = byCurrency(figures.map(({ minor, currency }) => ({ currency, amount: size(minor) })))
  const said = [counted(findings.length, 'item'), moneyText(sums)].filter(Boolean).join(', ')
  const form = (action: string, inner: Markup): Markup =>
    html`<form method="post" action="${addressOf(business.id, 'decide')}" class="deed">${formFields(visit, { action, month })}${findings.map(({ id }) => html`<input type="hidden" name="item" value="${stateOf(id)}">`)}${inner}</form>`
  const note = (id: string, kept: string): Markup =>
    html`<p><label for="${id}">Why</label><textarea id="${id}" name="note" rows="2" required>${kept}</textarea></p>`
  const kept = (action: string): string => (visit.form.get('action') === action ? (visit.form.get('note') ?? '') : '')
  return {
    title: `Decide, ${business.name}`,
    business,
    ...(/^\d{4}-\d{2}$/.test(month) ? { month } : {}),
    ...(refused === null ? {} : { status: 409 }),
    page: html`${refused === null ? null : html`<p class="refused" role="alert">${refused}</p>`}
<h1>Decide about ${said}</h1>
<div class="two"><div>${tableOf(
      'Chosen items',
      [
        { title: 'What' },
        { title: 'Amount', number: true },
        { title: 'Processor' },
        { title: 'Date' },
        { title: 'State' },
      ],
      findings.map((finding) => {
        const figure = headline(finding, stored.currency)
        return [
          html`<a href="${addressOf(business.id, 'item', finding.id)}">${WHAT[finding.code]}</a>`,
          figure === null
            ? ''
            : html`${signed(figure.minor, figure.currency)} <span class="currency">${figure.currency}</span>`,
          processorName(finding.processor),
          finding.dated_on === null ? '' : dayText(finding.dated_on, today),
          html`<span class="state ${finding.status}">${finding.status}</span>`,
        ]
      }),
    )}</div>
<section class="do" aria-label="What to do">
${form('acknowledge', html`<button>Acknowledge ${said}</button>`)}
${form('resolve', html`<p><label for="as">Resolve as</label><select id="as" name="as">${resolutionOptions}</select></p>${note('note', kept('resolve'))}<button>Resolve ${said}</button>`)}
${form('assign', html`<p class="pair"><span><label for="owner">Assign to</label><input id="owner" name="owner" list="people" autocomplete="off"></span><span><label for="due">due</label><input id="due" name="due" type="date"></span></p><button>Assign</button>`)}
${form('comment', html`${note('comment', kept('comment'))}<button>Comment</button>`)}
${peopleList(visit)}
</section></div>`,
  }
}
