/** Hints: what else may be the same money as a finding's (spec section 5). They match nothing and have no effect. */

import type { Code } from '../../core/discrepancy.ts'

/** The kinds of hints, strongest first: what an id says, what became of the payment, what makes the sum or shares a key, what has the amount. */
const HINT_KINDS = [
  'ledger_unpaid',
  'ledger_quarantined',
  'line_quarantined',
  'conflict_line',
  'ledger_outside',
  'ledger_before_start',
  'ledger_removed',
  'refunded_again',
  'same_id_elsewhere',
  'similar_id',
  'payment_id',
  'other_part',
  'chargeback',
  'booked_already',
  'payment_refunded',
  'other_line',
  'sum',
  'shared_key',
  'failed_refund',
  'same_amount',
] as const
export type HintKind = (typeof HINT_KINDS)[number]

/** What a hint is about: one of these, or nothing that has an id. */
export type Target =
  | { discrepancy_id: string }
  | { leg_id: string }
  | { transaction_id: string }
  | { refund_id: string }
  | Record<string, never>

export interface Hint {
  kind: HintKind
  target: Target
  /** a clause without a capital and a full stop: 'the same payment ch_1 was charged back: 100.00 USD on 2026-03-10' */
  reason: string
  /** between the finding and what it is about; null where that has no date */
  days: number | null
}

/** Codes whose findings have hints. */
export const HINTED: readonly Code[] = [
  'MISSING_IN_LEDGER',
  'AWAITING_LEDGER',
  'MISSING_AT_PROCESSOR',
  'AWAITING_PROCESSOR',
  'DUPLICATE_IN_LEDGER',
  'REFUND_FAILED',
  'LEDGER_REFUND_REMOVED',
  'OVER_REFUND',
  'AMOUNT_MISMATCH',
  'REFUND_FEE_MISMATCH',
  'RETURNED_FEE_MISMATCH',
]

const MOST = 5

const targetKey = (target: Target): string => Object.values(target).join()

/** The nearest five, each thing once by its strongest kind. */
export const nearest = (hints: readonly Hint[]): Hint[] => {
  const ordered = [...hints].sort(
    (a, b) =>
      HINT_KINDS.indexOf(a.kind) - HINT_KINDS.indexOf(b.kind) ||
      (a.days ?? 0) - (b.days ?? 0) ||
      (targetKey(a.target) < targetKey(b.target) ? -1 : 1),
  )
  const seen = new Set<string>()
  const chosen = ordered.filter(({ target }) => {
    const key = targetKey(target)
    return !seen.has(key) && seen.add(key)
  })
  return chosen.slice(0, MOST)
}
