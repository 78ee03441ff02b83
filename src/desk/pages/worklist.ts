/** The worklist of a month: filters, one line an item, many chosen at once. */

import { CODES } from '../../core/discrepancy.ts'
import { formatMoney } from '../../core/money.ts'
import { dayText } from '../../core/words.ts'
import type { Db } from '../../database/connect.ts'
import { AGES } from '../../report/age.ts'
import { CODES_IN_ORDER } from '../../report/discrepancies.ts'
import { html, type Markup, markup } from '../../report/html/markup.ts'
import type { BusinessLine } from '../../report/lines.ts'
import { counted, dueText, processorName } from '../../report/messages/phrases.ts'
import { addressOf, type Visit, withQuery } from '../desk.ts'
import { formFields } from '../frame.ts'
import { byCurrency, CLASS_WORDS, moneyText, option, signed, WHAT } from '../parts.ts'
import { takenText } from '../taken.ts'
import {
  type Filter,
  type Item,
  MOST_DECIDED,
  type Page,
  queryOf,
  SHOWS,
  STATES,
  type Sum,
  todayOf,
  usualShow,
  usualState,
} from '../worklist.ts'
import { pager } from './businesses.ts'

/** 'open', 'Ada resolved it' */
const stateOf = ({ status, is_new, late }: Item): Markup =>
  html`<span class="state ${status}">${status}</span>${is_new ? html` <span class="state new">NEW</span>` : null}${late ? html` <span class="state">late</span>` : null}`

const line = (business: BusinessLine, item: Item, taken: string, mayDecide: boolean): Markup => {
  const today = todayOf(business)
  const { id, code, figure, currency, known_as, dated_on, age_days, owner, processor, due_on, owner_due_on } = item
  const due = owner_due_on ?? due_on
  const address = addressOf(business.business_id, 'item', id)
  const amount = figure === null ? '' : signed(figure, currency)
  return html`<tr class="item ${CODES[code].class}" data-size="${figure === null ? 0n : figure < 0n ? -figure : figure}" data-currency="${currency}">
${mayDecide ? html`<td class="pick"><input type="checkbox" name="item" value="${taken}" aria-label="${`Choose ${amount} ${currency} ${WHAT[code]} ${known_as}`}"></td>` : null}
<td class="number figure">${amount}${figure === null ? null : html` <span class="currency">${currency}</span>`}</td>
<th scope="row" class="what"><a class="open" href="${address}">${WHAT[code]}</a></th>
<td class="known">${known_as} <span class="note via">${processorName(processor)}</span></td>
<td class="date">${dated_on === null ? '' : dayText(dated_on, today)}</td>
<td class="number age">${age_days === null ? '' : html`${age_days}<span class="unit"> d</span>`}</td>
<td class="owner">${owner ?? ''}${due === null ? null : html` <span class="note via">${dueText(due, today)}</span>`}</td>
<td class="states">${stateOf(item)}</td>
</tr>`
}

/** '12 items, 45.00 EUR and 1,234.50 USD' */
const countText = (sums: readonly Sum[]): string => {
  const count = sums.reduce((total, sum) => total + sum.count, 0)
  return [counted(count, 'item'), moneyText(byCurrency(sums))].filter(Boolean).join(', ')
}

/** The whole list with its filters; `taken`: the state in which each item is shown. */
export const worklist = async (
  visit: Visit,
  db: Db,
  business: BusinessLine,
  month: string,
  filter: Filter,
  page: Page,
): Promise<Markup> => {
  const here = addressOf(business.business_id, month)
  const mayDecide = visit.person.role !== 'reader'
  const taken = mayDecide ? await takenText(db, business.business_id, page.items) : new Map<string, string>()
  const next = page.next === null ? null : withQuery(here, { ...queryOf(filter), after: page.next })
  const table = html`<table class="worklist"><thead><tr>${mayDecide ? html`<td class="pick"><span class="unseen">Choose</span></td>` : null}<th scope="col" class="number">Amount</th><th scope="col">What</th><th scope="col">Order or id</th><th scope="col">Date</th><th scope="col" class="number">Age</th><th scope="col">Owner</th><th scope="col">State</th></tr></thead>
<tbody>${page.items.map((item) => line(business, item, taken.get(item.id) ?? '', mayDecide))}</tbody></table>`
  return html`<section aria-labelledby="worklist-title" class="work">
<h2 id="worklist-title">Worklist</h2>
${filters(visit, business, here, filter)}
<p class="sums" role="status"><strong>${countText(page.sums)}</strong>${breakdown(page.sums)}</p>
${
  page.items.length === 0
    ? html`<p class="empty">${page.sums.length === 0 ? 'No item is meant by this.' : 'There is no further page.'}</p>`
    : mayDecide
      ? html`<form method="post" action="${addressOf(business.business_id, 'decide')}" class="many" data-worklist>${formFields(visit, { month })}${table}<p class="chosen"><button>Decide about the chosen</button>${allOf(filter, page.sums)} <span data-chosen class="note">Choose items to decide about several at once.</span></p></form>`
      : html`<div data-worklist>${table}</div>`
}
${pager(next)}
<p class="note keys">Keys: <kbd>j</kbd> <kbd>k</kbd> down and up, <kbd>Enter</kbd> open, <kbd>x</kbd> choose, <kbd>a</kbd> acknowledge, <kbd>r</kbd> resolve, <kbd>/</kbd> search.</p>
</section>`
}

/** The way to decide about all that the filter means, on every page of it. */
const allOf = (filter: Filter, sums: readonly Sum[]): Markup | null => {
  const count = sums.reduce((total, sum) => total + sum.count, 0)
  const text = new URLSearchParams(Object.entries(queryOf(filter)).filter(([, value]) => value !== '')).toString()
  return count > MOST_DECIDED
    ? null
    : html` <button class="quiet" name="filter" value="${text}">Decide about all ${counted(count, 'item')}</button>`
}

/** ': 10 to correct, 2 to arrive' */
const breakdown = (sums: readonly Sum[]): string => {
  const parts = (['error', 'timing', 'info'] as const).flatMap((kind) => {
    const own = sums.filter((sum) => sum.class === kind)
    return own.length === 0 ? [] : [`${own.reduce((total, { count }) => total + count, 0)} ${CLASS_WORDS[kind]}`]
  })
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`
}

const select = (name: string, label: string, options: readonly Markup[]): Markup =>
  html`<p><label for="f-${name}">${label}</label><select id="f-${name}" name="${name}">${options}</select></p>`

const filters = ({ people }: Visit, business: BusinessLine, here: string, filter: Filter): Markup => {
  const owners = [...new Set([...people.map(({ name }) => name), ...(filter.owner === '' ? [] : [filter.owner])])]
  return html`<form class="filters" role="search" method="get" action="${here}">
<p class="search"><label for="q">Search</label><input id="q" name="q" type="search" value="${filter.q}" autocomplete="off" spellcheck="false" placeholder="order, invoice, id, 45,60, owner"></p>
${select('show', 'Kind', usualFirst(SHOWS, usualShow(filter), queryOf(filter).show))}
${select('state', 'State', usualFirst(STATES, usualState(filter), queryOf(filter).state))}
<p class="go"><button>Show</button> <a href="${here}">Clear</a></p>
<details class="more"${markup(isNarrowed(filter) ? ' open' : '')}><summary>More filters</summary><div class="more-filters">
${select('code', 'Finding', [
  option('', 'any', filter.code),
  ...CODES_IN_ORDER.map((code) => option(code, WHAT[code], filter.code)),
])}
${select('processor', 'Processor', [
  option('', 'any', filter.processor),
  ...[...new Set([...business.processors, 'UNASSIGNED', ...(filter.processor === '' ? [] : [filter.processor])])].map(
    (name) => option(name, processorName(name), filter.processor),
  ),
])}
${select('owner', 'Owner', [
  option('', 'anybody', filter.owner),
  option('nobody', 'nobody', filter.owner),
  ...owners.filter((name) => name !== 'nobody').map((name) => option(name, name, filter.owner)),
])}
${select('age', 'Age', [
  option('', 'any', filter.age),
  ...AGES.map(({ bucket, title }) => option(bucket, title, filter.age)),
])}
<p class="check"><label><input type="checkbox" name="new" value="1"${markup(filter.only_new ? ' checked' : '')}> only new</label></p>
</div></details>
</form>`
}

/** What is meant where nothing is said comes first, and stands in no address. */
const usualFirst = (titles: Readonly<Record<string, { title: string }>>, usual: string, chosen: string): Markup[] => [
  option('', titles[usual]?.title ?? '', chosen),
  ...Object.entries(titles).flatMap(([value, { title }]) => (value === usual ? [] : [option(value, title, chosen)])),
]

const isNarrowed = ({ code, processor, owner, age, only_new }: Filter): boolean =>
  code !== '' || processor !== '' || owner !== '' || age !== '' || only_new

/** Aging in money: what is not resolved of this list, by days. */
export const aging = (sums: readonly Sum[], currency: string): Markup | null => {
  const own = sums.filter((sum) => sum.currency === currency && sum.class !== 'info' && sum.age !== null)
  const groups = AGES.map(({ bucket, title }) => ({
    title,
    bucket,
    count: own.reduce((total, sum) => (sum.age === bucket ? total + sum.count : total), 0),
    amount: own.reduce((total, sum) => (sum.age === bucket ? total + sum.amount : total), 0n),
  }))
  const most = groups.reduce((largest, { amount }) => (amount > largest ? amount : largest), 0n)
  if (most === 0n) return null
  return html`<ol class="aging">${groups.map(
    ({ title, count, amount }) =>
      html`<li><span class="label">${title}</span><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="bar" width="${Number((amount * 1000n) / most) / 10}" height="8"/></svg><span class="money">${count === 0 ? '0' : formatMoney(amount, currency)}</span><span class="note">${count === 0 ? '' : counted(count, 'item')}</span></li>`,
  )}</ol>`
}
