/** Records in quarantine: what was found, what is stored, and what a person decides of them. */

import { locked } from '../../command/review/rulings.ts'
import { isFault, UsageFault } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import { type RowOf, run } from '../../database/statement.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { readQuarantine } from '../../report/quarantine.ts'
import type { QuarantineLine } from '../../report/source-lines.ts'
import { DECIDED, decideRecord, placeOf, recordsAside, refuseRecord } from '../../review/quarantine.ts'
import { addressOf, businessAt, NotThere, type Reply, reading, type Visit, withQuery } from '../desk.ts'
import { formFields } from '../frame.ts'
import { pager } from './businesses.ts'

const PAGE = 50

export const quarantine = (visit: Visit): Promise<Reply> => listed(visit, null)

const listed = async (visit: Visit, refused: string | null): Promise<Reply> => {
  const business = businessAt(visit)
  const after = /^\d{1,18}$/.test(visit.query.get('after') ?? '') ? BigInt(visit.query.get('after') ?? '') : 0n
  const { lines, next } = await reading(visit, async (db) => {
    const ids = await run<RowOf<'desk/quarantine'>>(db, 'desk/quarantine', [business.id, after, BigInt(PAGE + 1)])
    const shown = ids.slice(0, PAGE).map(({ quarantine_id }) => quarantine_id)
    const found: QuarantineLine[] = []
    if (shown.length > 0)
      for await (const line of readQuarantine(db, [business.id, null, null, shown])) found.push(line)
    return { lines: found, next: ids.length > PAGE ? String(shown.at(-1)) : null }
  })
  return {
    title: `Quarantine, ${business.name}`,
    business,
    ...(refused === null ? {} : { status: 409 }),
    page: html`${refused === null ? null : html`<p class="refused" role="alert">${refused}</p>`}
<h1>Quarantine</h1>
<p class="note">Records that could not be read, or that contradict a stored line. They count in no figure, and their month is incomplete until each is accepted, dismissed or put right where it comes from.</p>
${lines.length === 0 ? html`<p class="empty">Nothing is in quarantine.</p>` : html`<ul class="records">${lines.map((line) => record(visit, business.id, line))}</ul>`}
${pager(next === null ? null : withQuery(addressOf(business.id, 'quarantine'), { after: next }))}`,
  }
}

const record = (visit: Visit, business_id: string, line: QuarantineLine): Markup => {
  const { id, kind, reason, raw, stored, item_id, dated_on } = line
  const to = (action: string): string => addressOf(business_id, 'quarantine', String(id), action)
  const facts = [item_id, dated_on].filter((fact) => fact !== null).join(', ')
  return html`<li class="record"><h2>${placeOf(line)}</h2>
<p>${reason}</p>
<p class="note">${kind === 'conflict' ? 'in conflict with a stored line' : 'could not be read'}${facts === '' ? '' : `; ${facts}`}; record ${id}</p>
<dl class="found"><div><dt>Found</dt><dd class="id">${raw}</dd></div>${
    stored === null
      ? null
      : html`<div><dt>Stored</dt><dd class="id">${[stored.type, stored.refund_id, formatMoney(stored.amount ?? 0n, stored.currency ?? ''), stored.occurred_on, `${stored.file ?? ''}, line ${stored.line ?? ''}`].filter((part) => part !== null).join(', ')}</dd></div>`
  }</dl>
${
  visit.person.role === 'reader'
    ? null
    : html`<div class="row">${
        kind === 'conflict'
          ? html`<form method="post" action="${to('accept')}" class="deed">${formFields(visit)}<p><label for="accept-${id}">Why (may be empty)</label><input id="accept-${id}" name="note"></p><button>Accept this line</button></form>`
          : null
      }<form method="post" action="${to('dismiss')}" class="deed">${formFields(visit)}<p><label for="dismiss-${id}">Why it does not matter</label><input id="dismiss-${id}" name="note" required></p><button>Dismiss</button></form></div>`
}</li>`
}

const decided = async (visit: Visit, action: keyof typeof DECIDED): Promise<Reply> => {
  const business = businessAt(visit)
  const id = visit.part('id')
  if (!/^\d{1,18}$/.test(id)) throw new NotThere()
  const { job, person, form } = visit
  const note = (form.get('note') ?? '').trim() || null
  const [found] = await recordsAside(job.database, business.id, [BigInt(id)])
  if (found === undefined) throw new NotThere()
  try {
    if (action === 'dismiss' && note === null) throw new UsageFault('dismiss: say why the record does not matter')
    refuseRecord(action, found)
    await locked(job, business, (db) =>
      decideRecord(db, business.id, action, found, { by: person.name, at: job.now(), note }),
    )
  } catch (error) {
    if (!isFault(error)) throw error
    return await listed(visit, error.message)
  }
  return {
    to: addressOf(business.id, 'quarantine'),
    notice: `${placeOf(found)}: ${DECIDED[action]} by ${person.name}. The next run makes up the figures.`,
  }
}

export const acceptLine = (visit: Visit): Promise<Reply> => decided(visit, 'accept')
export const dismissLine = (visit: Visit): Promise<Reply> => decided(visit, 'dismiss')
