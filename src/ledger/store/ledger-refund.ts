/** What a refund is on its way from a listing into the ledger's tables. */

/** One leg: an element of payments[]. Amounts in minor units of the business's currency. */
export interface LedgerLeg {
  leg_id: string
  /** 0 for the first leg of this id in its refund, 1 for the second... */
  ordinal: number
  external_id: string | null
  /** trimmed, upper case; null where none is named */
  processor_named: string | null
  method: string | null
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  /** UTC; null where only a date is known */
  completed_at: string | null
  /** in the business's time zone */
  completed_on: string
  /** in order, as held (see keys.ts), none empty */
  identity_keys: readonly string[]
}

/** One refund of the ledger, as far as it is judged; the whole of it is stored as received. */
export interface LedgerRefund {
  refund_id: string
  external_id: string | null
  refunded_amount: bigint
  status: string | null
  completed_at: string | null
  completed_on: string | null
  reference_number: string | null
  /** as held (see keys.ts), none empty, each once: of all allocations, then reference_number */
  reference_keys: readonly string[]
  /** those of them that name a payment */
  payment_keys: readonly string[]
  /** beside reference_keys: each as it was first written; null where all are written as they are held */
  keys_written: readonly string[] | null
  /** null: no allocations given */
  allocation_amounts: readonly bigint[] | null
  /** beside allocation_amounts: the sum of its line items, null where it has none */
  allocation_line_sums: readonly (bigint | null)[]
  /** of allocation_amounts; null: no allocations given */
  allocations_sum: bigint | null
  /** whether an allocation's line items do not sum to it */
  line_items_differ: boolean
  /** null: no payments given */
  payments_sum: bigint | null
  legs: readonly LedgerLeg[]
}

/** A quarantined refund. `raw` holds no customer or vendor details. */
export interface QuarantinedRefund {
  reason: string
  raw: string
  refund_id: string | null
  dated_on: string | null
}

/** A refund as it came. */
export interface ReceivedRefund {
  refund: LedgerRefund
  /** of its JSON */
  content_hash: string
  /** its JSON; null where the ledger keeps this content already */
  raw: string | null
  /** where it stood in the listing, from 1 */
  place: number
}
