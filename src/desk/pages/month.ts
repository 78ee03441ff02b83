/** A month of a business: where it stands, what changed since the night before, and at once the worklist. */

import { CODES, type Code, type DiscrepancyClass } from '../../core/discrepancy.ts'
import { formatMoney } from '../../core/money.ts'
import { nextMonth } from '../../core/period.ts'

import { type RowOf, run } from '../../database/statement.ts'
import { bridgeChart } from '../../report/html/charts.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import type { BusinessLine, Direction, TieOutLine, VerdictLine } from '../../report/lines.ts'
import { monthName, sum } from '../../report/messages/phrases.ts'
import { listFindings } from '../../review/list-findings.ts'
import {
  addressOf,
  businessAt,
  chainEnd,
  monthAt,
  NotThere,
  type Reply,
  reading,
  storedBusiness,
  type Visit,
} from '../desk.ts'
import { moment, money, signed, verdictBadge } from '../parts.ts'
import { filterOf, type Since } from '../worklist.ts'
import type { Line } from './businesses.ts'
import { aging, worklist } from './worklist.ts'

type Cause = RowOf<'desk/causes'> & { code: Code; direction: Direction }

/** The month that is to be closed: /b/BUSINESS leads there. */
export const business = async (visit: Visit): Promise<Reply> => {
  const { id, name } = businessAt(visit)
  const [line] = await reading(visit, (db) => run<Line>(db, 'desk/businesses', [[id], null, null, null, 1n]))
  if (line?.month) return { to: addressOf(id, line.month), notice: visit.session.notice }
  return {
    title: name,
    business: businessAt(visit),
    page: html`<h1>${name}</h1><p class="empty">Nothing has run yet: <code>tieout nightly</code> brings the first figures.</p>`,
  }
}

export const month = async (visit: Visit): Promise<Reply> => {
  const own = businessAt(visit)
  const at = monthAt(visit)
  const filter = filterOf(visit.query)
  await listFindings(visit.job.database, own.id)
  return await reading(visit, async (db): Promise<Reply> => {
    const stored = await storedBusiness(db, own.id)
    if (stored === null || stored.reconciled_as_of === null) throw new NotThere()
    const [first, last] = [yearBefore(at), nextMonth(at)]
    const verdicts = await run<VerdictLine>(db, 'report/verdicts', [own.id, first, last])
    const lines = await run<TieOutLine>(db, 'report/tie_out', [own.id, at, at])
    const end = await chainEnd(db, own.id)
    const since = await visit.worklists.since(db, own.id, end)
    const page = await visit.worklists.page(db, stored, at, filter, end)
    const said = verdicts.find((verdict) => verdict.month === at)
    const causes = await run<Cause>(db, 'desk/causes', [own.id, at])
    const sides = sidesOf(lines, stored.currency)
    return {
      title: `Worklist, ${monthName(at)}, ${own.name}`,
      business: own,
      month: at,
      page: html`<div class="standing">
<h1><span class="name">${own.name} </span><span class="of">${monthName(at)}</span> ${said ? verdictBadge(said.verdict, signatureOf(said)) : html`<span class="badge">no verdict</span>`}</h1>
${reasons(said)}
${sides.length === 0 ? html`<p class="empty">No refund of this month is known.</p>` : html`<div class="each-side">${sides.map((side) => figures(own.id, at, side, causes))}</div>`}
${sinceLine(since, stored)}
${strip(own.id, at, verdicts)}
</div>
${await worklist(visit, db, stored, at, filter, page)}
<details class="more-figures"><summary>How it came about: age in money, and from the ledger to the processors</summary>
<section aria-labelledby="aging-title"><h2 id="aging-title">Age of what this list shows</h2>${aging(page.sums, stored.currency) ?? html`<p class="empty">Nothing in ${stored.currency} is open here.</p>`}</section>
<div class="charts">${sides.map((side) => bridge(side, lines, causes))}</div></details>`,
    }
  })
}

const yearBefore = (at: string): string => {
  const back = Number(at.slice(5)) + 1
  return back > 12
    ? `${at.slice(0, 4)}-${String(back - 12).padStart(2, '0')}`
    : `${Number(at.slice(0, 4)) - 1}-${String(back).padStart(2, '0')}`
}

/** 'signed by Ada and Bob'; null: nobody closed the month. */
const signatureOf = ({ prepared_by, reviewed_by, closed_at }: VerdictLine): string | null =>
  closed_at === null ? null : `signed by ${[prepared_by, reviewed_by].filter((name) => name !== null).join(' and ')}`

const reasons = (said: VerdictLine | undefined): Markup | null =>
  said === undefined || said.reasons.length === 0
    ? null
    : html`<p class="reasons">${said.reasons.map(({ text }) => text).join('; ')}</p>`

interface Side {
  direction: Direction
  currency: string
  ledger: bigint
  processors: bigint
  difference: bigint
  explained: bigint
  unexplained: bigint
}

/** The amounts of each direction and currency, over its processors; those of the business's currency first. */
const sidesOf = (lines: readonly TieOutLine[], currency: string): Side[] => {
  const amounts = lines.filter(({ measure }) => measure === 'amount')
  const sides = [...new Set(amounts.map((line) => `${line.direction} ${line.currency}`))].map((key) => {
    const own = amounts.filter((line) => `${line.direction} ${line.currency}` === key)
    const [first] = own
    return {
      direction: first?.direction ?? 'customer',
      currency: first?.currency ?? '',
      ledger: sum(own.map((line) => line.ledger)),
      processors: sum(own.map((line) => line.processor_total)),
      difference: sum(own.map((line) => line.difference)),
      explained: sum(own.map((line) => line.explained)),
      unexplained: sum(own.map((line) => line.unexplained)),
    }
  })
  return sides.toSorted((a, b) => Number(b.currency === currency) - Number(a.currency === currency))
}

/** One line of figures, and the bar. */
const figures = (business_id: string, at: string, side: Side, causes: readonly Cause[]): Markup => {
  const { direction, currency, ledger, processors, difference, explained, unexplained } = side
  const proof = addressOf(business_id, at, 'tie-out')
  const figure = (title: string, said: Markup): Markup => html`<div><dt>${title}</dt><dd>${said}</dd></div>`
  return html`<div class="side">${direction === 'vendor' ? html`<h2 class="whose">Vendor refunds, ${currency}</h2>` : null}<dl class="figures">
${figure('Ledger', html`<a href="${proof}">${money(ledger, currency)}</a>`)}
${figure('Processors', html`<a href="${proof}">${money(processors, currency)}</a>`)}
${figure('Difference', html`<span class="money">${signed(difference, currency)}</span> <span class="currency">${currency}</span>`)}
${figure('Explained', html`<span class="money">${signed(explained, currency)}</span> <span class="currency">${currency}</span>`)}
${unexplained === 0n ? null : figure('Unexplained', html`<span class="unproven">${signed(unexplained, currency)} ${currency}</span>`)}
</dl>
${bar(business_id, at, side, causes)}</div>`
}

/** The figures of a closed month are those that were signed: what is found by now need not lead from one to the other. */
const isFooting = ({ explained }: Side, own: readonly Cause[]): boolean =>
  sum(own.map(({ amount }) => amount)) === explained

/** The money of both sides: what is matched, and the effects of what is not, each without its sign. */
const bar = (business_id: string, at: string, side: Side, causes: readonly Cause[]): Markup | null => {
  const own = causes.filter(({ direction, currency }) => direction === side.direction && currency === side.currency)
  if (!isFooting(side, own)) return null
  const of = (kind: DiscrepancyClass): bigint =>
    sum(own.filter(({ code }) => CODES[code].class === kind).map(({ gross, resolved }) => gross - resolved))
  const resolved = sum(own.map((cause) => cause.resolved))
  const gross = sum(own.map((cause) => cause.gross))
  const matched = (side.ledger + side.processors - gross) / 2n
  const parts = [
    { title: 'matched', kind: 'matched', amount: matched > 0n ? matched : 0n, show: null },
    { title: 'to correct', kind: 'error', amount: of('error'), show: { show: 'error' } },
    { title: 'still to arrive', kind: 'timing', amount: of('timing'), show: { show: 'timing' } },
    { title: 'for information', kind: 'info', amount: of('info'), show: { show: 'info' } },
    { title: 'resolved', kind: 'resolved', amount: resolved, show: { show: 'all', state: 'resolved' } },
  ].filter(({ amount, kind }) => amount > 0n || kind === 'matched')
  const all = sum(parts.map(({ amount }) => amount))
  if (all === 0n) return null
  let left = 0
  const shapes = parts.map(({ kind, amount }) => {
    // what is there is seen, however little it is
    const width = amount === 0n ? 0 : Math.max(6, Number((amount * 1_000_000n) / all) / 1000)
    const shape = html`<rect class="bar ${kind}" x="${left.toFixed(2)}" width="${width.toFixed(2)}" height="10"/>`
    left += width
    return shape
  })
  return html`<svg class="stack" viewBox="0 0 ${Math.max(1000, left).toFixed(2)} 10" preserveAspectRatio="none" aria-hidden="true">${shapes}</svg>
<ul class="legend">${parts.map(({ title, kind, amount, show }) => {
    const text = html`${title} ${formatMoney(amount, side.currency)}`
    return html`<li><span class="dot ${kind}" aria-hidden="true"></span>${show === null ? text : html`<a href="${`${addressOf(business_id, at)}?${new URLSearchParams(show as Record<string, string>)}`}">${text}</a>`}</li>`
  })}</ul>`
}

const sinceLine = (since: Since | null, { reconciled_as_of }: BusinessLine): Markup => {
  const run =
    reconciled_as_of === null ? null : html` <span class="note">Last run as of ${moment(reconciled_as_of)}.</span>`
  if (since === null) return html`<p class="since">${run}</p>`
  if (since.before_at === null) return html`<p class="since">This is the first night: all of it is new.${run}</p>`
  return html`<p class="since">Since the night of ${moment(since.before_at)}: <strong>${since.new}</strong> new, <strong>${since.cleared}</strong> cleared, <strong>${since.decided}</strong> decided.${run}</p>`
}

/** A strip of twelve months and the next one: what may be said of each. */
const strip = (business_id: string, at: string, verdicts: readonly VerdictLine[]): Markup =>
  html`<nav class="strip" aria-label="Months"><ol>${verdicts.map(({ month: each, verdict }) => {
    const said = html`<span class="when">${each}</span><span class="mark ${verdict}">${verdict}</span>`
    return each === at
      ? html`<li><a href="${addressOf(business_id, each)}" aria-current="page">${said}</a></li>`
      : html`<li><a href="${addressOf(business_id, each)}">${said}</a></li>`
  })}</ol></nav>`

const bridge = (side: Side, lines: readonly TieOutLine[], causes: readonly Cause[]): Markup => {
  const { direction, currency } = side
  const own = causes.filter((cause) => cause.direction === direction && cause.currency === currency)
  if (!isFooting(side, own))
    return html`<p class="empty">${direction === 'vendor' ? 'Vendor' : 'Customer'} refunds, ${currency}: the figures were signed, and what is found by now does not lead from the ledger to the processors.</p>`
  const all = own.map((cause) => ({ ...cause, findings: 0n }))
  return bridgeChart(`bridge-${direction}-${currency}`, direction, currency, lines, all) ?? html``
}
