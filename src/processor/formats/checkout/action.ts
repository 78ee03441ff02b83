/** Checkout.com's actions, each spread over several lines: what they are and what they become (docs: "Breakdown types"). */

import type { Scaled } from '../../../core/money.ts'
import { negated, plainText, rounded, sumOf } from '../../fields/exact-amount.ts'
import { NOT_PRESENTED, presented } from '../../fields/presented.ts'
import type { Occurred } from '../../fields/record-time.ts'
import { amountMoved, distinct, fees, unreadable } from '../../read/record-reader.ts'
import type { CanonicalRow, RowType } from '../format.ts'

export type Kind = 'payment' | 'refund' | 'clearing failure'

/** The actions whose lines become one row. Of every other action each line is a row of its own, of type other. */
export const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['capture', 'payment'],
  ['partial capture', 'payment'],
  ['refund', 'refund'],
  ['partial refund', 'refund'],
  // an action that did not clear at the scheme is undone: a failed refund comes back to the balance
  ['clearing failed', 'clearing failure'],
])

/** The breakdown types that are the money of an action, all in lower case. */
export const PRINCIPALS: Readonly<Record<Kind, readonly string[]>> = {
  payment: ['capture', 'partial capture'],
  refund: ['refund', 'partial refund'],
  'clearing failure': ['clearing failed', 'capture', 'partial capture', 'refund', 'partial refund'],
}

/** 'Gateway Fixed Fee', 'Scheme Variable Fee', 'Interchange Fixed Fee', ... */
export const FEE = /\b(?:fee|interchange|tax)\b/i

/** An action: its lines have these alike. */
export interface Action {
  kind: Kind
  /** as the file spells it */
  word: string
  id: string
}

/** One line of an action. */
export interface Part {
  isPrincipal: boolean
  amount: Scaled
  currency: string
  /** the amount in the processing currency: what the customer saw; null where the file does not say it */
  seen: { amount: Scaled; currency: string } | null
  occurred: Occurred
  payment: string
  references: string[]
  payout: string | null
}

/** What the lines of an action say together beside their amounts: the time is that of the first. */
export const commonOf = (
  parts: readonly Part[],
): Omit<
  CanonicalRow,
  | 'transaction_id'
  | 'type'
  | 'category'
  | 'refund_id'
  | 'amount'
  | 'refund_fee'
  | 'returned_fee'
  | 'presented_amount'
  | 'presented_currency'
  | 'line'
> => {
  const [first] = parts
  if (first === undefined) return unreadable('the action has no lines')
  const stray = parts.find(({ currency }) => currency !== first.currency)
  if (stray) {
    unreadable(
      `the lines of this action are in ${first.currency} and in ${stray.currency}, expected one Holding Currency`,
    )
  }
  return {
    payment_ids: distinct(...parts.map(({ payment }) => payment)),
    reference_ids: distinct(...parts.flatMap(({ references }) => references)),
    currency: first.currency,
    ...first.occurred,
    available_on: null,
    payout_id: parts.find(({ payout }) => payout !== null)?.payout ?? null,
  }
}

/** What an action is by its kind, and by whether money went out or came back. */
const typeOf = (kind: Kind, principals: readonly Part[], principal: Scaled): RowType => {
  if (kind === 'refund') return 'refund'
  if (principals.length === 0) return 'other'
  if (kind === 'payment') return 'payment'
  return principal.unscaled > 0n ? 'refund_reversal' : 'other'
}

/** What the customer saw of lines that are money of one row; nothing where they do not all say it, in one currency. */
export const seenOf = (
  row: Pick<CanonicalRow, 'type' | 'amount'>,
  principals: readonly Part[],
): Pick<CanonicalRow, 'presented_amount' | 'presented_currency'> => {
  const currency = principals[0]?.seen?.currency
  if (row.type === 'other' || currency === undefined) return NOT_PRESENTED
  const amounts = principals.flatMap(({ seen }) => (seen?.currency === currency ? seen.amount : []))
  return amounts.length < principals.length
    ? NOT_PRESENTED
    : presented(row, rounded(sumOf(amounts), currency), currency)
}

/** The row of one action from its lines of one day. */
export const actionRow = (
  { kind, word, id }: Action,
  parts: readonly Part[],
  lineId: (id: string) => string,
): Omit<CanonicalRow, 'line'> => {
  const common = commonOf(parts)
  const principals = parts.filter(({ isPrincipal }) => isPrincipal)
  const principal = sumOf(principals.map(({ amount }) => amount))
  const feeLines = sumOf(parts.filter(({ isPrincipal }) => !isPrincipal).map(({ amount }) => amount))
  const type = typeOf(kind, principals, principal)
  const own = kind === 'clearing failure' ? `${id}:${word.toLowerCase()}` : id
  const moved = rounded(principal, common.currency)
  const amount = amountMoved(type, moved, plainText(principal))
  return {
    ...common,
    // interchange follows days later, in this file or another: a row of its own, without the amount
    transaction_id: principals.length > 0 ? own : lineId(`${own}:fees:${common.occurred_at ?? common.occurred_on}`),
    type,
    category: principals.length > 0 ? word : `${word}: fees`,
    refund_id: type === 'refund' ? id : null,
    amount,
    ...seenOf({ type, amount }, principals),
    ...fees(type, rounded(negated(feeLines), common.currency)),
  }
}
