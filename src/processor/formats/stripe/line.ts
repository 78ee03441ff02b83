/** What the lines of Stripe's reports share: types, what a source is, what the customer saw (spec section 11). */

import { chargebackType } from '../../read/record-reader.ts'
import type { RowType } from '../format.ts'

/** What a report's own word says of a line; an adjustment is told by its source. */
export type StripeKind = 'payment' | 'refund' | 'refund_reversal' | 'chargeback' | 'chargeback_reversal' | 'adjustment'

const REFUND = /^(?:re|pyr)_/
const CHARGE = /^(?:ch|py)_/
const DISPUTE = /^(?:dp|du)_/

/** The type of a line. A failed refund and a dispute may be adjustments; which way the money went tells what happened. */
export const stripeType = (kind: StripeKind | 'other', source: string, moved: bigint): RowType => {
  if (kind === 'chargeback' || kind === 'chargeback_reversal') return chargebackType(moved, kind)
  if (kind !== 'adjustment') return kind
  if (REFUND.test(source) && moved > 0n) return 'refund_reversal'
  return DISPUTE.test(source) ? chargebackType(moved) : 'other'
}

/** What a source id is. Accounts of before 2015 have refunds whose source is the charge. */
export const stripeSource = (type: RowType, source: string): { refund_id: string | null; payment_id: string } => {
  if (source === '') return { refund_id: null, payment_id: '' }
  if (type === 'payment' || (type !== 'other' && CHARGE.test(source))) return { refund_id: null, payment_id: source }
  return { refund_id: type === 'refund' || type === 'refund_reversal' ? source : null, payment_id: '' }
}
