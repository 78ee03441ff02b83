/** Rows of formats that say little. */

import type { CanonicalRow } from '../formats/format.ts'
import { NOT_PRESENTED } from './presented.ts'

type Always = 'transaction_id' | 'type' | 'category' | 'amount' | 'currency' | 'occurred_at' | 'occurred_on' | 'line'

/** A row of which nothing is known but what is given: no ids, no fees, nothing of what the customer saw. */
export const bareRow = (given: Pick<CanonicalRow, Always> & Partial<CanonicalRow>): CanonicalRow => ({
  refund_id: null,
  payment_ids: [],
  reference_ids: [],
  refund_fee: 0n,
  returned_fee: 0n,
  ...NOT_PRESENTED,
  available_on: null,
  payout_id: null,
  ...given,
})
