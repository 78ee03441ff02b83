/** The proof of a month, line by line; each figure leads to what it is made of. */

import { formatMajor } from '../../core/money.ts'
import { dayText } from '../../core/words.ts'
import { type RowOf, run } from '../../database/statement.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import type { TieOutLine } from '../../report/lines.ts'
import { monthName, processorName } from '../../report/messages/phrases.ts'
import { addressOf, businessAt, monthAt, NotThere, type Reply, reading, type Visit, withQuery } from '../desk.ts'
import { signed, tableOf } from '../parts.ts'
import { pager } from './businesses.ts'
import { rollForward } from './roll-forward.ts'

const MEASURES = { amount: 'Refunds', refund_fee: 'Refund fees', returned_fee: 'Returned fees' } as const

export const tieOut = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const month = monthAt(visit)
  return await reading(visit, async (db) => {
    const lines = await run<TieOutLine>(db, 'report/tie_out', [business.id, month, month])
    const sides = [...new Set(lines.map(({ direction, currency }) => `${direction} ${currency}`))]
    return {
      title: `Tie-out, ${monthName(month)}, ${business.name}`,
      business,
      month,
      page: html`<h1>Tie-out <span class="of">${monthName(month)}</span></h1>
<p class="note">Ledger less processors is the difference; the effects of the items explain it, and nothing may be left. Each figure opens what it is made of.</p>
${lines.length === 0 ? html`<p class="empty">No refund of this month is known.</p>` : null}
${sides.map((side) => {
  const own = lines.filter(({ direction, currency }) => `${direction} ${currency}` === side)
  const [first] = own
  return first === undefined
    ? html``
    : html`<h2>${`${first.direction === 'vendor' ? 'Vendor' : 'Customer'} refunds, ${first.currency}`}</h2>${table(business.id, month, own)}`
})}
${await rollForward(db, business.id, month)}`,
    }
  })
}

const table = (business_id: string, month: string, lines: readonly TieOutLine[]): Markup =>
  tableOf(
    'Tie-out',
    [
      { title: 'Processor' },
      { title: 'Measure' },
      ...['Ledger', 'Processor', 'Difference', 'Explained', 'Unexplained', 'Gross'].map((title) => ({
        title,
        number: true,
      })),
    ],
    lines.map((line) => {
      const { processor, measure, currency, ledger, processor_total, difference, explained, unexplained, gross, tied } =
        line
      const { direction } = line
      const refunds = (side: string): string =>
        withQuery(addressOf(business_id, month, 'refunds'), { side, processor, direction })
      const items = withQuery(addressOf(business_id, month, 'roll-forward'), {
        ...{ step: 'explained', processor, direction, currency },
      })
      const zero = html`<span class="none">${formatMajor(0n, currency)}</span>`
      const link = (to: string, minor: bigint, text: string): Markup =>
        minor === 0n ? zero : html`<a href="${to}">${text}</a>`
      return [
        processorName(processor),
        `${MEASURES[measure]}${tied === null || tied === 'per_refund' ? '' : ` (tied ${tied === 'month' ? 'by month' : 'not at all'})`}`,
        link(refunds('ledger'), ledger, formatMajor(ledger, currency)),
        link(refunds('processor'), processor_total, formatMajor(processor_total, currency)),
        link(items, difference, signed(difference, currency)),
        link(items, explained, signed(explained, currency)),
        unexplained === 0n ? zero : html`<span class="unproven">${signed(unexplained, currency)}</span>`,
        link(items, gross, formatMajor(gross, currency)),
      ]
    }),
  )

const PAGE = 50

type Refund = RowOf<'desk/refunds', 'refund_id' | 'pass' | 'state'>

/** The legs or rows that make up a figure. */
export const refunds = async (visit: Visit): Promise<Reply> => {
  const business = businessAt(visit)
  const month = monthAt(visit)
  const side = visit.query.get('side') === 'processor' ? 'processor' : 'ledger'
  const direction = visit.query.get('direction') === 'vendor' ? 'vendor' : 'customer'
  const processor = (visit.query.get('processor') ?? '').toUpperCase()
  if (processor === '' || processor.length > 200) throw new NotThere()
  const [, after_on, after_no] = /^(\d{4}-\d{2}-\d{2})_(\d{1,18})$/.exec(visit.query.get('after') ?? '') ?? []
  const lines = await reading(visit, (db) =>
    run<Refund>(db, 'desk/refunds', [
      ...([business.id, direction, processor, month, side, after_on ?? null] as const),
      ...([after_no === undefined ? null : BigInt(after_no), BigInt(PAGE + 1)] as const),
    ]),
  )
  const shown = lines.slice(0, PAGE)
  const last = lines.length > PAGE ? shown.at(-1) : undefined
  const here = addressOf(business.id, month, 'refunds')
  const after = last ? `${last.on_date}_${last.item_no}` : null
  const whose = side === 'ledger' ? 'in the ledger' : "in the processor's files"
  const amount = (minor: bigint, currency: string): string => formatMajor(minor, currency)
  return {
    title: `Refunds, ${monthName(month)}, ${business.name}`,
    business,
    month,
    page: html`<h1>${processorName(processor)} ${whose} <span class="of">${monthName(month)}</span></h1>
${
  shown.length === 0
    ? html`<p class="empty">There is none${after_no === undefined ? '' : ' after this'}.</p>`
    : tableOf(
        'Refunds',
        [
          { title: 'Id' },
          { title: 'Refund' },
          { title: 'Date' },
          ...['Amount', 'Refund fee', 'Returned fee'].map((title) => ({ title, number: true })),
          { title: 'Where it stands' },
        ],
        shown.map((line) => [
          html`<a class="id" href="${withQuery(addressOf(business.id, 'look-up'), { q: line.handle })}">${line.id}</a>`,
          html`<span class="id">${line.refund_id ?? ''}</span>`,
          dayText(line.on_date, month),
          html`${amount(line.amount, line.currency)} <span class="currency">${line.currency}</span>`,
          amount(line.refund_fee, line.currency),
          amount(line.returned_fee, line.currency),
          line.pass === null
            ? html`<span class="state open">${line.state ?? 'not looked at yet'}</span>`
            : `matched: ${line.pass.replaceAll('_', ' ')}`,
        ]),
      )
}
${pager(after === null ? null : withQuery(here, { side, processor, direction, after }))}`,
  }
}
