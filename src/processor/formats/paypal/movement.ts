/** A line of a PayPal report, by what it moved. */

import type { Occurred } from '../../fields/record-time.ts'

export interface PaypalTransaction {
  id: string
  /** a transaction event code; '' where the report has only words that mean none of the above: it may be a conversion */
  code: string
  /** the report's own words, for the count of categories */
  category: string
  /** false where the balance was not moved: pending, denied, void, memo */
  settled: boolean
  /** the gross amount as it moved the balance, in minor units: out is negative */
  moved: bigint
  /** the fee: positive where it was charged, negative where it was given back */
  cost: bigint
  /** the cell of the gross amount, for reasons */
  said: string
  currency: string
  occurred: Occurred
  /** the transaction that this one belongs to; '' where there is none */
  original: string
  references: readonly string[]
  line: number
}
