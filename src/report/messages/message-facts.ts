/** What the sentences of findings are made of. Amounts are minor units. */

import type { DiscrepancyLine, Measure, TieOutLine } from '../lines.ts'

/** What the ledger says of a whole refund (sql/report/discrepancy_refunds.sql). */
export interface RefundFacts {
  refund_id: string
  external_id: string | null
  refunded_amount: bigint
  status: string | null
  completed_on: string | null
  payment_keys: string[]
  payments_sum: bigint | null
  allocations_sum: bigint | null
  allocations: number | null
  /** allocations, counted from 1, whose line items do not sum to them */
  line_items_off: number[]
  pulled_at: string | null
  last_pulled_at: string | null
  removed_at: string | null
}

/** By which rate a row is converted to the ledger's currency: '1 EUR is 1.085 USD', or the inverse. */
export interface RateFacts {
  transaction_id: string
  dated_on: string
  from_currency: string
  to_currency: string
  rate: string
  /** the row's amount, converted */
  amount: bigint
}

/** Both sides' total of a month's fees (a line of the tie-out). */
export interface FeeTotal {
  measure: Measure
  tied: TieOutLine['tied']
  ledger: bigint
  processor_total: bigint
}

/** What is read of a finding beside itself, where its code asks for it. */
export interface Context {
  /** those of its legs, or the one it is about */
  refunds: readonly RefundFacts[]
  rates: readonly RateFacts[]
  fee_totals: readonly FeeTotal[]
  /** of AWAITING_PROCESSOR: dates that no file covers though later ones are covered; null: the files end too early */
  missing: MissingDates | null
}

/** The first dates that no file covers (sql/report/discrepancy_gaps.sql). */
export interface MissingDates {
  from: string
  to: string
}

export type Found = Omit<DiscrepancyLine, 'message' | 'suggestion' | 'status'> & { status: string }

export interface Facts extends Context {
  found: Found
  /** of the ledger */
  currency: string
  /** those that are configured */
  processors: readonly string[]
  /** of the processor side, as people write it */
  processor: string
}

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  amount: 'refund',
  refund_fee: 'refund fee',
  returned_fee: 'returned fee',
}
