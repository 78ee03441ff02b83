/** The roll-forward of a month: what was open before, what became of it, what is open now; each figure opens the items it is made of. */

import { formatMajor } from '../../core/money.ts'
import { type RollForwardPart, rollForwardOf, STEPS, type Step } from '../../core/roll-forward.ts'
import type { Db } from '../../database/connect.ts'
import { run } from '../../database/statement.ts'
import { html, type Markup } from '../../report/html/markup.ts'
import { processorName } from '../../report/messages/phrases.ts'
import { addressOf, withQuery } from '../desk.ts'
import { signed, tableOf } from '../parts.ts'

export const TITLES = {
  opening: 'Opening',
  new: 'New',
  cleared: 'Cleared',
  resolved: 'Resolved',
  changed: 'Changed',
  closing: 'Closing',
} as const

/** Of closed months as it was signed. Amounts of refunds; a line of zeros is left out. */
export const rollForward = async (db: Db, business_id: string, month: string): Promise<Markup> => {
  const lines = rollForwardOf(await run<RollForwardPart>(db, 'close/roll_forward', [business_id, month, month]))
  const shown = lines.filter((line) => STEPS.some((step) => line[step].amount !== 0n || line[step].count !== 0n))
  return html`<h2>Roll-forward of what is open</h2>
${
  shown.length === 0
    ? html`<p class="empty">Nothing was open before, and nothing is.</p>`
    : tableOf(
        'Roll-forward',
        [
          { title: 'Processor' },
          { title: 'Currency' },
          ...STEPS.map((step) => ({ title: TITLES[step], number: true })),
          { title: 'Items', number: true },
        ],
        shown.map((line) => {
          const { processor, currency, direction, closing } = line
          const open = (step: Step, text: string): Markup =>
            html`<a href="${withQuery(addressOf(business_id, month, 'roll-forward'), { step, processor, direction, currency })}">${text}</a>`
          return [
            `${processorName(processor)}${direction === 'vendor' ? ', vendors' : ''}`,
            currency,
            ...STEPS.map((step) => {
              // what adds fees alone adds nothing to refunds, and is opened all the same
              const { amount, count } = line[step]
              return amount === 0n && count === 0n
                ? html`<span class="none">${formatMajor(0n, currency)}</span>`
                : open(step, signed(amount, currency))
            }),
            closing.count === 0n ? '0' : open('closing', String(closing.count)),
          ]
        }),
      )
}
<p class="note">Opening and new, less cleared and resolved, with what changed, is closing. Each figure opens the items it is made of.</p>`
}
