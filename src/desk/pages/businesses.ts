/** The first screen: each business with the month that is to be closed. */

import { dayText } from '../../core/words.ts'
import { type RowOf, run } from '../../database/statement.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import type { Verdict } from '../../report/lines.ts'
import { monthName } from '../../report/messages/phrases.ts'
import { addressOf, type Reply, reading, type Visit, withQuery } from '../desk.ts'
import { money, signed, tableOf, verdictBadge } from '../parts.ts'

const PAGE = 50

export type Line = RowOf<
  'desk/businesses',
  'as_of' | 'month' | 'verdict' | 'net' | 'gross' | 'errors' | 'timing' | 'oldest_on' | 'signed_by'
>

/** As the database orders them. */
const byName = (one: Line, other: Line): number =>
  Buffer.compare(Buffer.from(one.folded ?? ''), Buffer.from(other.folded ?? '')) ||
  one.business_id.localeCompare(other.business_id, 'en')

export const businesses = async (visit: Visit): Promise<Reply> => {
  const { job, query } = visit
  const [only, ...others] = job.businesses
  const q = (query.get('q') ?? '').trim().slice(0, 200)
  const [, after_id, after_name] = /^([0-9a-f-]{36})_(.*)$/s.exec(query.get('after') ?? '') ?? []
  const ids = job.businesses.map(({ id }) => id)
  const lines = await reading(visit, (db) =>
    run<Line>(db, 'desk/businesses', [
      ...([ids, q === '' ? null : q.toLowerCase(), after_name ?? null, after_id ?? null] as const),
      BigInt(PAGE + 1),
    ]),
  )
  // of several shards each gives its first ones
  const shown = lines.toSorted(byName).slice(0, PAGE)
  const last = lines.length > PAGE ? shown.at(-1) : undefined
  const next = last ? withQuery('/', { q, after: `${last.business_id}_${last.folded}` }) : null
  const count = job.businesses.length
  return {
    title: 'Businesses',
    page: html`<h1>Businesses</h1>
<form class="filters" role="search" method="get" action="/"><p><label for="q">Name or id</label><input id="q" name="q" type="search" value="${q}" autocomplete="off"></p><button>Search</button></form>
${
  shown.length === 0
    ? html`<p class="empty">${q === '' ? 'Nothing has run yet: `tieout nightly` brings the first figures.' : `No business has "${q}" in its name.`}</p>`
    : tableOf(
        'Businesses',
        [
          { title: 'Business' },
          { title: 'Month to be closed' },
          { title: 'Verdict' },
          { title: 'Net', number: true },
          { title: 'Gross', number: true },
          { title: 'To correct', number: true },
          { title: 'To arrive', number: true },
          { title: 'Oldest' },
          { title: 'Signed' },
        ],
        shown.map((line) => rowOf(line)),
      )
}
<p class="note">${q === '' ? (others.length === 0 && only ? '' : `${count} businesses, by name.`) : `Of ${count} businesses, by name.`}</p>
${pager(next)}`,
  }
}

/** The way to the next page of a list that is read by its keys. */
export const pager = (next: string | null): Markup | null =>
  next === null ? null : html`<nav class="pager" aria-label="Pages"><a href="${next}" rel="next">Next page</a></nav>`

const rowOf = (line: Line): (string | Markup)[] => {
  const { business_id, name, currency, month, verdict, net, gross, errors, timing, oldest_on, as_of, signed_by } = line
  const link = html`<a href="${month === null ? addressOf(business_id) : addressOf(business_id, month)}">${name}</a>`
  if (month === null || as_of === null)
    return [link, html`<span class="note">nothing has run yet</span>`, '', '', '', '', '', '', '']
  return [
    link,
    monthName(month),
    verdict === null ? '' : verdictBadge(verdict as Verdict),
    html`${signed(net ?? 0n, currency)} <span class="currency">${currency}</span>`,
    money(gross ?? 0n, currency),
    String(errors ?? 0n),
    String(timing ?? 0n),
    oldest_on === null ? '' : dayText(oldest_on, as_of.slice(0, 10)),
    (signed_by ?? []).join(' and '),
  ]
}
