/** The sentences of findings about a whole refund of the ledger. */

import { formatMoney } from '../../core/money.ts'
import type { Direction } from '../lines.ts'
import type { Facts, RefundFacts } from './message-facts.ts'
import { listed, refundWord, surplus } from './phrases.ts'

/** "The ledger's customer refund of 45.00 USD on 2026-10-14" */
const refundPhrase = (refund: RefundFacts, direction: Direction, currency: string): string => {
  const on = refund.completed_on === null ? '' : ` on ${refund.completed_on}`
  return `The ledger's ${refundWord(direction)} of ${formatMoney(refund.refunded_amount, currency)}${on}`
}

const whole =
  (sentence: (subject: string, refund: RefundFacts, currency: string) => string) =>
  ({ found, refunds, currency }: Facts): string => {
    const [refund] = refunds
    if (!refund) return `A ${refundWord(found.direction)} of the ledger is not in order.`
    return sentence(refundPhrase(refund, found.direction, currency), refund, currency)
  }

/** ', 5.00 USD too little' */
const against = (sum: bigint, refund: RefundFacts, currency: string): string =>
  `${formatMoney(sum, currency)}, ${surplus(sum - refund.refunded_amount, currency)}`

export const allocationImbalance = whole((subject, refund, currency) => {
  const count = refund.allocations ?? 0
  if (count === 0) return `${subject} has no allocation: it says of no invoice or bill what it refunds.`
  const they = count === 1 ? 'its allocation is' : `its ${count} allocations come to`
  return `${subject}: ${they} ${against(refund.allocations_sum ?? 0n, refund, currency)}.`
})

export const paymentImbalance = whole((subject, refund, currency) => {
  const status = refund.status === null ? '' : ` It has the status ${refund.status}.`
  return `${subject}: its payments come to ${against(refund.payments_sum ?? 0n, refund, currency)}.${status}`
})

export const lineItemImbalance = whole(
  (subject, refund) =>
    `${subject}: the line items of its ${refund.line_items_off.length === 1 ? 'allocation' : 'allocations'} ${listed(refund.line_items_off.map(String))} do not come to the allocation.`,
)

export const removed = whole((subject, refund) => {
  const was = refund.last_pulled_at === null ? '' : ` was last there on ${refund.last_pulled_at.slice(0, 10)} and`
  return `${subject}${was} is gone${refund.removed_at === null ? '' : ` since ${refund.removed_at.slice(0, 10)}`}.`
})
