/** The sentences of findings about a whole refund of the ledger. */

import { formatMoney } from '../../core/money.ts'
import type { Facts, RefundFacts } from './message-facts.ts'
import { counted, listed, surplus } from './phrases.ts'

/** 'Refund 9f2 (external id re_1) of 2026-10-14' */
export const refundPlace = (refund: RefundFacts): string => {
  const external = refund.external_id === null ? '' : ` (external id ${refund.external_id})`
  const on = refund.completed_on === null ? '' : ` of ${refund.completed_on}`
  return `Refund ${refund.refund_id}${external}${on}`
}

/** ', as of the pull of 2026-10-15' */
export const since = (refund: RefundFacts): string =>
  refund.pulled_at === null ? '' : `, as of the pull of ${refund.pulled_at.slice(0, 10)}`

const whole =
  (sentence: (refund: RefundFacts, currency: string) => string) =>
  ({ found, refunds, currency }: Facts): string => {
    const [refund] = refunds
    return refund ? sentence(refund, currency) : `Refund ${found.refund_id ?? ''} of the ledger is not in order.`
  }

export const allocationImbalance = whole((refund, currency) => {
  const allocated = refund.allocations_sum ?? 0n
  return `${refundPlace(refund)} refunds ${formatMoney(refund.refunded_amount, currency)}, but its ${counted(refund.allocations ?? 0, 'allocation')} sum to ${formatMoney(allocated, currency)}: ${surplus(allocated - refund.refunded_amount, currency)}${since(refund)}.`
})

export const paymentImbalance = whole((refund, currency) => {
  const paid = refund.payments_sum ?? 0n
  const status = refund.status === null ? '' : `, status ${refund.status}`
  return `${refundPlace(refund)} refunds ${formatMoney(refund.refunded_amount, currency)}, but its payments sum to ${formatMoney(paid, currency)}: ${surplus(paid - refund.refunded_amount, currency)}${status}${since(refund)}.`
})

export const lineItemImbalance = whole(
  (refund, currency) =>
    `${refundPlace(refund)} of ${formatMoney(refund.refunded_amount, currency)}: the line items of its allocation ${listed(refund.line_items_off.map(String))} do not sum to the allocation${since(refund)}.`,
)

export const removed = whole((refund, currency) => {
  const was =
    refund.last_pulled_at === null ? '' : ` was in the ledger in the pull of ${refund.last_pulled_at.slice(0, 10)}`
  const gone = refund.removed_at === null ? ' is gone' : ` is gone in that of ${refund.removed_at.slice(0, 10)}`
  return `${refundPlace(refund)} over ${formatMoney(refund.refunded_amount, currency)}${was}${was === '' ? '' : ' and'}${gone}.`
})
