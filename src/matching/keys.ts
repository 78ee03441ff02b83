/** The keys of a row, and the kinds of payment ids (contract, sections 3 and 4). Keys come normalised. */

import type { Direction, Leg, ProcessorRules, Row } from './types.ts'

/** The processor of legs that name none. */
export const UNASSIGNED = 'UNASSIGNED'

export const isRefund = (row: Row): boolean => row.type !== 'refund_reversal'

/** Direction of a refund row; of a reversal, `refund` is the row that it reverses, if known. */
export const directionOf = (row: Row, refund?: Row): Direction =>
  (isRefund(row) ? row : refund)?.type === 'vendor_refund' ? 'vendor' : 'customer'

/** What a leg's identity keys are compared with: the refund id, then the transaction id. */
export const identityKeysOf = (row: Row): string[] =>
  [row.refund_id, row.transaction_id].filter((key) => key !== null && key !== '') as string[]

/** What a leg's reference keys are compared with: the payment ids, then the references. */
export const referenceKeysOf = (row: Row): readonly string[] =>
  row.reference_ids.length === 0 ? row.payment_ids : [...row.payment_ids, ...row.reference_ids]

/** A flag of the expression does not matter here: `search`, unlike `test`, remembers nothing. */
const hasShape = (key: string, pattern: RegExp): boolean => key.search(pattern) >= 0

/** Whether one of a leg's identity keys has the shape of this processor's refund ids. */
export const hasRefundIdShape = (leg: Leg, rules: ProcessorRules): boolean =>
  leg.identity_keys.some((key) => rules.refund_id_patterns.some((pattern) => hasShape(key, pattern)))

/**
 * The kind of a payment id: the place of the first of the processor's shapes that it has; what has none of them is one
 * more kind, the last.
 */
const kindOf = (key: string, rules: ProcessorRules): number => {
  const place = rules.payment_id_patterns.findIndex((pattern) => hasShape(key, pattern))
  return place >= 0 ? place : rules.payment_id_patterns.length
}

/** The kinds of which a row has payment ids, one bit each. */
export function paymentKindsOfRow(row: Row, rules: ProcessorRules): number {
  let kinds = 0
  for (const key of row.payment_ids) kinds |= 1 << kindOf(key, rules)
  return kinds
}

/**
 * The kinds of which a leg has payment keys, one bit each. A key of no known shape counts only when it is a payment id
 * of a stored row of this processor.
 */
export function paymentKindsOfLeg(leg: Leg, rules: ProcessorRules, isKnown: (key: string) => boolean): number {
  let kinds = 0
  for (const key of leg.payment_keys) {
    const kind = kindOf(key, rules)
    if (kind < rules.payment_id_patterns.length || isKnown(key)) kinds |= 1 << kind
  }
  return kinds
}
