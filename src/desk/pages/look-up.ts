/** Any refund by any of its ids, matched or not: both sides, its match, what the ledger said of it, and why. */

import type { LegDetail, RowDetail } from '../../command/explain/items.ts'
import { stateOf } from '../../command/explain/subject.ts'
import { explanationText } from '../../command/explain/text.ts'
import { explained } from '../../command/explain.ts'
import { ledgerVersions } from '../../command/review/ledger-versions.ts'
import { isFault } from '../../core/errors.ts'
import { formatMajor } from '../../core/money.ts'
import type { Db } from '../../database/connect.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { processorName } from '../../report/messages/phrases.ts'
import { addressOf, businessAt, type Reply, type Visit } from '../desk.ts'
import { tableOf, WHAT } from '../parts.ts'
import { section } from './item.ts'

/** Reads as `tieout explain` does: a few items, each by its index. */
const looking = async <T>({ job }: Visit, work: (db: Db) => Promise<T>): Promise<T> =>
  await job.database.transaction(async (db) => {
    await db.query('set transaction read only; set local enable_hashjoin = off; set local enable_mergejoin = off')
    return await work(db)
  }, 'repeatable read')

export const lookUp = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const q = (visit.query.get('q') ?? '').trim().slice(0, 300)
  const found = q === '' ? null : await looked(visit, q)
  return {
    title: `Look up, ${business.name}`,
    business,
    page: html`<h1>Look up a refund</h1>
<form class="filters" role="search" method="get" action="${addressOf(business.id, 'look-up')}"><p class="search"><label for="q">Any id of it</label><input id="q" name="q" type="search" value="${q}" autocomplete="off" spellcheck="false" placeholder="payment, refund or external id, transaction id"></p><button>Look up</button></form>
${found}`,
  }
}

const looked = async (visit: Visit, q: string): Promise<Markup> => {
  const business = businessAt(visit)
  try {
    return await looking(visit, async (db) => {
      const explanation = await explained(db, [business], q, visit.job.now())
      const { legs, rows, stored, findings, details } = explanation
      // of a matched one both sides, whichever was named
      const all = <T>(own: readonly T[], numbers: readonly bigint[], read: (no: bigint) => T | undefined): T[] => [
        ...new Set([...own, ...numbers.flatMap((no) => read(no) ?? [])]),
      ]
      const matched = stored.matches
      const both = {
        legs: all(
          legs,
          matched.flatMap(({ leg_nos }) => leg_nos),
          details.leg,
        ),
        rows: all(
          rows,
          matched.flatMap(({ row_nos }) => row_nos),
          details.row,
        ),
      }
      const [leg] = both.legs
      const versions = leg
        ? await ledgerVersions(db, business.id, { direction: leg.direction, refund_id: null, legs: both.legs })
        : []
      return html`${side('Ledger', both.legs.map(legCells))}${side('Processor', both.rows.map(rowCells))}
${
  findings.length === 0
    ? html`<p>No item names it.</p>`
    : html`<h2>Items about it</h2><ul class="lines">${findings.map(
        ({ id, code, status, message }) =>
          html`<li><a href="${addressOf(business.id, 'item', id)}">${WHAT[code]}</a> <span class="state ${status}">${status}</span> ${message}</li>`,
      )}</ul>`
}
${section('What the ledger said', versions)}
<details class="more-figures"><summary>Why: each pass in turn</summary><pre class="why" tabindex="0">${explanationText(explanation)}</pre></details>`
    })
  } catch (error) {
    if (!isFault(error)) throw error
    return html`<pre class="why" role="status">${error.message}</pre>`
  }
}

const COLUMNS = [
  { title: 'Id' },
  { title: 'Refund' },
  { title: 'Processor' },
  { title: 'Date' },
  { title: 'Amount', number: true },
  { title: 'Fees', number: true },
  { title: 'References' },
  { title: 'Where it stands' },
]

const side = (title: string, rows: readonly (readonly (string | Markup)[])[]): Markup =>
  html`<h2>${title}</h2>${rows.length === 0 ? html`<p class="empty">Nothing on this side.</p>` : tableOf(title, COLUMNS, rows)}`

const fees = ({ refund_fee, returned_fee, currency }: LegDetail | RowDetail): string =>
  `${formatMajor(refund_fee, currency)} / ${formatMajor(returned_fee, currency)}`

const legCells = (leg: LegDetail): (string | Markup)[] => [
  html`<span class="id">${leg.leg_id}</span>`,
  html`<span class="id">${leg.refund_id}</span>`,
  processorName(leg.processor),
  leg.on_date,
  html`${formatMajor(leg.amount, leg.currency)} <span class="currency">${leg.currency}</span>`,
  fees(leg),
  html`<span class="id">${[leg.external_id, leg.refund_external_id, ...leg.reference_keys].filter((id) => id !== null).join(', ')}</span>`,
  stateOf(leg),
]

const rowCells = (row: RowDetail): (string | Markup)[] => [
  html`<span class="id">${row.transaction_id}</span>`,
  html`<span class="id">${row.refund_id ?? ''}</span>`,
  `${processorName(row.processor)} ${row.account}`.trim(),
  row.on_date,
  html`${formatMajor(row.amount, row.currency)} <span class="currency">${row.currency}</span>`,
  fees(row),
  html`<span class="id">${[...row.payment_ids, ...row.reference_ids].join(', ')}</span>`,
  `${stateOf(row)}; ${row.file ?? ''}, line ${row.line}`,
]

/** Why an item stands where it does, as `tieout explain` says it, with the SQL that shows the figures. */
export const why = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const id = (visit.query.get('id') ?? '').slice(0, 300)
  const text = await looking(visit, async (db) => explanationText(await explained(db, [business], id, visit.job.now())))
  return {
    title: `Why, ${business.name}`,
    business,
    page: html`<h1>Why</h1><p><a href="${addressOf(business.id, 'item', id)}">Back to the item</a></p><pre class="why" tabindex="0">${text}</pre>`,
  }
}
