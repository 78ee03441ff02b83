/** The items that make up one figure of a roll-forward, or what explains a line of the tie-out, each with what it adds. */

import { formatMajor } from '../../core/money.ts'
import { type RollForwardLine, type RollForwardPart, rollForwardOf, STEPS, type Step } from '../../core/roll-forward.ts'
import { dayText } from '../../core/words.ts'
import type { Db } from '../../database/connect.ts'
import { type RowOf, run } from '../../database/statement.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import type { TieOutLine } from '../../report/lines.ts'
import { counted, monthName, processorName, sum } from '../../report/messages/phrases.ts'
import { monthStates } from '../../review/close/closed-months.ts'
import { listFindings } from '../../review/list-findings.ts'
import { addressOf, businessAt, monthAt, NotThere, type Reply, reading, type Visit, withQuery } from '../desk.ts'
import { findingsOf } from '../finding.ts'
import { signed, tableOf, WHAT } from '../parts.ts'
import { pager } from './businesses.ts'
import { TITLES } from './roll-forward.ts'

const PAGE = 50

/** A figure of the roll-forward, or the tie-out's. */
type Figure = Step | 'explained'

/** What each figure is made of; of a closed month as it stood when it was signed. */
const MEANING: Readonly<Record<Figure, string>> = {
  opening: 'What was open before the month. After a closed month it is what was signed as open then, item by item.',
  new: 'What came to it: effects dated in the month and, after a closed month, all of what was not signed as open then.',
  cleared: 'What was signed as open when the month before was closed, and was not found any more.',
  resolved: 'What was signed as open when the month before was closed, and was resolved since.',
  changed: 'By how much what was signed as open when the month before was closed came to differ.',
  closing: 'What is open at the end of the month: effects dated up to it.',
  explained:
    'The effects dated in the month, of what is resolved too: they explain the difference, and without their signs are the gross.',
}

/** Which line of a month's roll-forward, and which of its figures. */
type Key = Pick<RollForwardLine, 'month' | 'direction' | 'processor' | 'currency'> & { step: Figure }

export type Part = RowOf<'desk/roll_forward'>

/** A page of the findings that make up a figure. `is_closed`: of a closed month, from what was signed. */
export const partsOf = async (
  db: Db,
  business_id: string,
  { month, step, direction, processor, currency }: Key,
  is_closed: boolean,
  after: readonly [size: bigint, id: string] | null,
  limit: number,
): Promise<Part[]> =>
  await run<Part>(db, is_closed ? 'desk/roll_forward_signed' : 'desk/roll_forward', [
    ...([business_id, month, step, direction, processor, currency] as const),
    ...([after?.[0] ?? null, after?.[1] ?? null, BigInt(limit)] as const),
  ])

const keyOf = ({ query }: Visit, month: string): Key => {
  const step = ([...STEPS, 'explained'] as const).find((each) => each === query.get('step'))
  const [processor, currency] = [query.get('processor') ?? '', query.get('currency') ?? '']
  if (step === undefined || processor.length > 200 || currency.length > 3) throw new NotThere()
  return { month, step, processor, currency, direction: query.get('direction') === 'vendor' ? 'vendor' : 'customer' }
}

export const rollForwardItems = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const month = monthAt(visit)
  const key = keyOf(visit, month)
  const { step, direction, processor, currency } = key
  const given = /^(-?\d{1,30})_([\w-]{1,64})$/.exec(visit.query.get('after') ?? '')
  const after = given ? ([BigInt(given[1] ?? 0), given[2] ?? ''] as const) : null
  await listFindings(visit.job.database, business.id)
  return await reading(visit, async (db): Promise<Reply> => {
    const figure = await figureOf(db, business.id, key)
    const is_closed = (await monthStates(db, business.id)).some(
      (each) => each.month === month && each.state === 'closed',
    )
    const parts = await partsOf(db, business.id, key, is_closed, after, PAGE + 1)
    const shown = parts.slice(0, PAGE)
    const last = parts.length > PAGE ? shown.at(-1) : undefined
    const { findings, today } = await findingsOf(
      db,
      business.id,
      shown.map(({ discrepancy_id }) => discrepancy_id),
    )
    const isWhole = after === null && last === undefined
    const here = addressOf(business.id, month, 'roll-forward')
    const next = last
      ? withQuery(here, { step, processor, direction, currency, after: `${last.size}_${last.discrepancy_id}` })
      : null
    const title = `${step === 'explained' ? 'Explained' : TITLES[step]} of ${processorName(processor)}${direction === 'vendor' ? ', vendors' : ''}`
    const cells = (amount: bigint, refund_fee: bigint, returned_fee: bigint): string[] =>
      [amount, refund_fee, returned_fee].map((minor) =>
        minor === 0n ? formatMajor(0n, currency) : signed(minor, currency),
      )
    const rest = isWhole ? restOf(figure, shown) : null
    return {
      title: `Roll-forward, ${title}, ${monthName(month)}, ${business.name}`,
      business,
      month,
      page: html`<h1>${title} <span class="of">${monthName(month)}, ${currency}</span></h1>
<p class="sums"><strong>${signed(figure.amount, currency)} ${currency}</strong>${figure.count === null ? '' : ` of ${counted(figure.count, 'item')}`}. <a href="${addressOf(business.id, month, 'tie-out')}">Back to the tie-out</a></p>
<p class="note">${MEANING[step]}${is_closed ? ` ${monthName(month)} is closed: this is as it was signed; the states are those of today.` : ''}</p>
${
  shown.length === 0
    ? html`<p class="empty">No item is in it.</p>`
    : tableOf(
        title,
        [
          { title: 'What' },
          ...['Refunds', 'Refund fees', 'Returned fees'].map((each) => ({ title: each, number: true })),
          { title: 'Date' },
          { title: 'State' },
        ],
        [
          ...shown.map((part) => {
            const found = findings.find(({ id }) => id === part.discrepancy_id)
            const adds = cells(part.amount, part.refund_fee, part.returned_fee)
            if (found === undefined) return [html`<span class="id">${part.discrepancy_id}</span>`, ...adds, '', '']
            return [
              html`<a href="${addressOf(business.id, 'item', found.id)}">${WHAT[found.code]}</a><span class="says note">${found.message}${part.findings === 0n ? ' (It is counted in the opening.)' : ''}</span>`,
              ...adds,
              html`<span class="whole">${found.dated_on === null ? '' : dayText(found.dated_on, today)}</span>`,
              html`<span class="state ${found.status}">${found.status}</span>`,
            ]
          }),
          [
            html`<strong>${isWhole ? 'Sum' : 'Sum of this page'}</strong>, ${counted(sum(shown.map((part) => part.findings)), 'item')}`,
            ...cells(
              sum(shown.map(({ amount }) => amount)),
              sum(shown.map(({ refund_fee }) => refund_fee)),
              sum(shown.map(({ returned_fee }) => returned_fee)),
            ).map((each): Markup => html`<strong>${each}</strong>`),
            '',
            '',
          ],
        ],
      )
}
${rest === null ? null : html`<p class="unproven">${`${signed(rest, currency)} ${currency} of it cannot be split further: what was signed names no item for it.`}</p>`}
${pager(next)}`,
    }
  })
}

/** The figure; count null: the tie-out counts none. Throws NotThere where the month has no such line. */
const figureOf = async (
  db: Db,
  business_id: string,
  { month, step, ...key }: Key,
): Promise<{ amount: bigint; count: bigint | null }> => {
  const isOwn = (each: Omit<Key, 'month' | 'step'>): boolean =>
    each.direction === key.direction && each.processor === key.processor && each.currency === key.currency
  const months = [business_id, month, month] as const
  if (step === 'explained') {
    const line = (await run<TieOutLine>(db, 'report/tie_out', months)).find(
      (each) => each.measure === 'amount' && isOwn(each),
    )
    if (line === undefined) throw new NotThere()
    return { amount: line.explained, count: null }
  }
  const line = rollForwardOf(await run<RollForwardPart>(db, 'close/roll_forward', months)).find(isOwn)
  if (line === undefined) throw new NotThere()
  return line[step]
}

/** What the items do not come to, where a figure was signed without them; null: they come to it. */
const restOf = ({ amount: whole }: { amount: bigint }, parts: readonly Part[]): bigint | null => {
  const rest = whole - sum(parts.map(({ amount }) => amount))
  return rest === 0n ? null : rest
}
