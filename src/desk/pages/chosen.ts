/** Several items that were chosen: how many, what they come to, and one decision about all of them. */

import { dayText } from '../../core/words.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { counted, processorName } from '../../report/messages/phrases.ts'
import { headline, type Money } from '../../report/text/headline.ts'
import type { Decision, Taken } from '../../review/deeds.ts'
import { addressOf, businessAt, type Reply, reading, type Visit } from '../desk.ts'
import { type Finding, findingsOf } from '../finding.ts'
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
  const lines = findings.map((finding) => ({ ...finding, figure: headline(finding, stored.currency) }))
  return deedsPage(visit, month, refused, {
    ...{ said, saidOf: () => said, table: itemsTable(business.id, lines, today) },
    fields: html`${findings.map(({ id }) => html`<input type="hidden" name="item" value="${stateOf(id)}">`)}`,
  })
}

type Shown = Pick<Finding, 'id' | 'code' | 'processor' | 'dated_on' | 'status'> & { figure: Money | null }

/** Items that are to be decided about, one line each. */
export const itemsTable = (business_id: string, items: readonly Shown[], today: string): Markup =>
  tableOf(
    'Chosen items',
    [
      { title: 'What' },
      { title: 'Amount', number: true },
      { title: 'Processor' },
      { title: 'Date' },
      { title: 'State' },
    ],
    items.map(({ id, code, processor, dated_on, status, figure }) => [
      html`<a href="${addressOf(business_id, 'item', id)}">${WHAT[code]}</a>`,
      figure === null
        ? ''
        : html`${signed(figure.minor, figure.currency)} <span class="currency">${figure.currency}</span>`,
      processorName(processor),
      dated_on === null ? '' : dayText(dated_on, today),
      html`<span class="state ${status}">${status}</span>`,
    ]),
  )

/** What is to be decided about: '12 items, 45.00 EUR'; of it what a decision would change, null: nothing. */
interface Chosen {
  said: string
  saidOf: (action: Decision['action']) => string | null
  table: Markup
  /** hidden, in each form */
  fields: Markup
}

/** One decision about all of it, each kind as a form. */
export const deedsPage = (
  visit: Visit,
  month: string,
  refused: string | null,
  { said, saidOf, table, fields }: Chosen,
): Reply => {
  const business = businessAt(visit)
  const kept = (action: string): string => (visit.form.get('action') === action ? (visit.form.get('note') ?? '') : '')
  const form = (action: Decision['action'], inner: (about: string) => Markup): Markup | null => {
    const about = saidOf(action)
    return about === null
      ? null
      : html`<form method="post" action="${addressOf(business.id, 'decide')}" class="deed">${formFields(visit, { action, month })}${fields}${inner(about)}</form>`
  }
  const note = (id: string, action: string): Markup =>
    html`<p><label for="${id}">Why</label><textarea id="${id}" name="note" rows="2" required>${kept(action)}</textarea></p>`
  return {
    title: `Decide, ${business.name}`,
    business,
    ...(/^\d{4}-\d{2}$/.test(month) ? { month } : {}),
    ...(refused === null ? {} : { status: 409 }),
    page: html`${refused === null ? null : html`<p class="refused" role="alert">${refused}</p>`}
<h1>Decide about ${said}</h1>
<div class="two"><div>${table}</div>
<section class="do" aria-label="What to do">
${form('acknowledge', (about) => html`<button>Acknowledge ${about}</button>`)}
${form('resolve', (about) => html`<p><label for="as">Resolve as</label><select id="as" name="as">${resolutionOptions}</select></p>${note('note', 'resolve')}<button>Resolve ${about}</button>`)}
${form('assign', () => html`<p class="pair"><span><label for="owner">Assign to</label><input id="owner" name="owner" list="people" autocomplete="off"></span><span><label for="due">due</label><input id="due" name="due" type="date"></span></p><button>Assign</button>`)}
${form('comment', () => html`${note('comment', 'comment')}<button>Comment</button>`)}
${peopleList(visit)}
</section></div>`,
  }
}
