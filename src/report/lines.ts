/** The lines of a report (spec section 9): one shape for every format. Amounts are minor units, dates calendar dates. */

import type { Code, DiscrepancyClass } from '../core/discrepancy.ts'
import type { Hint } from './related/hint.ts'

export type Direction = 'customer' | 'vendor'
export type Verdict = 'incomplete' | 'discrepant' | 'waiting' | 'reconciled'
export type Measure = 'amount' | 'refund_fee' | 'returned_fee'
/** cleared ones are not reported */
export type Status = 'open' | 'acknowledged' | 'resolved'

export interface BusinessLine {
  business_id: string
  name: string
  currency: string
  time_zone: string
  /** in minor units of the currency: what is above is marked; null: nothing is */
  materiality_item: bigint | null
  materiality_month: bigint | null
  /** names of the processors configured, ascending */
  processors: string[]
  /** as_of of its last reconciliation; null: never reconciled */
  reconciled_as_of: string | null
}

export interface Reason {
  code: string
  text: string
  /** of items to correct and of refunds still to arrive; not in the JSON report */
  count?: number | null
}

export interface VerdictLine {
  business_id: string
  month: string
  verdict: Verdict
  reasons: Reason[]
  /** by whom the month was closed: the next four are null together, and reviewed_by where one person closed it */
  prepared_by: string | null
  reviewed_by: string | null
  closed_at: string | null
  sha256: string | null
}

/** What a person signed, or prepared, of a month. */
export interface CloseLine {
  business_id: string
  month: string
  state: 'prepared' | 'closed' | 'superseded'
  prepared_by: string
  prepared_at: string
  reviewed_by: string | null
  closed_at: string | null
  accept_open: string | null
  sha256: string
  event_number: bigint
  event_hash: string
}

/** A total of a closed month as it was signed, and as it would be now; amounts as text. */
interface Differing {
  measure: Measure
  ledger: string
  ledger_now: string
  processor_total: string
  processor_total_now: string
}

export interface TieOutLine {
  business_id: string
  direction: Direction
  processor: string
  currency: string
  month: string
  measure: Measure
  ledger: bigint
  processor_total: bigint
  /** ledger - processor_total */
  difference: bigint
  /** the sum of the effects */
  explained: bigint
  /** difference - explained: 0, or a bug */
  unexplained: bigint
  /** the sum of the effects' absolute values */
  gross: bigint
  /** of fees: the level at which they are compared; null: of amounts */
  tied: 'per_refund' | 'month' | 'none' | null
}

export interface LegLine {
  leg_id: string
  refund_id: string
  external_id: string | null
  refund_external_id: string | null
  processor: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  /** an instant, or a date where the ledger gives no time */
  completed_at: string
  /** of its refund, as the ledger writes them */
  references: string[]
  /** those of its references that name a payment; not in the JSON report */
  payment_keys: string[]
  /** trimmed, upper case; not in the JSON report */
  method: string | null
  /** in the business's time zone; not in the JSON report */
  completed_on: string
  /** as_of of the pull that brought its refund as it is; not in the JSON report */
  pulled_at: string | null
}

export interface RowLine {
  transaction_id: string
  processor: string
  account: string
  refund_id: string | null
  payment_id: string[]
  type: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  /** what the customer saw, where the file says it; not in the JSON report */
  presented_amount: bigint | null
  presented_currency: string | null
  occurred_on: string
  file: string
  line: bigint
  /** as the file writes them */
  references: string[]
  /** of a reversal: the transaction_id of the refund row that it undoes, where that is known; not in the JSON report */
  reverses: string | null
}

export interface EffectLine {
  month: string
  processor: string
  currency: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}

/** What a person decided of a finding. */
export interface Decision {
  as: string | null
  by: string
  at: string
  note: string | null
}

/** What happened to a finding: 'run' or a person did it. */
export interface HistoryLine extends Decision {
  event_number: bigint
  kind: string
  /** of an assignment the owners, else the statuses */
  from: string | null
  to: string | null
  /** of an assignment */
  due_on: string | null
}

interface Comment {
  by: string
  at: string
  note: string
}

export interface DiscrepancyLine {
  id: string
  code: Code
  class: DiscrepancyClass
  status: Status
  late: boolean
  business_id: string
  direction: Direction
  processor: string | null
  currency: string
  message: string
  suggestion: string
  /** from the earliest date among its legs and rows to as_of; null where it has none */
  age_days: number | null
  /** the group of its age (age.ts); null where it has none */
  age_bucket: string | null
  due_on: string | null
  /** whether its effects in the ledger's currency come to more than the materiality; null: that cannot be said */
  material: boolean | null
  first_seen_at: string
  last_seen_at: string
  refund_id: string | null
  legs: LegLine[]
  rows: RowLine[]
  effects: EffectLine[]
  /** what else may be the same money, nearest first */
  related: Hint[]
  decision: Decision | null
  owner: string | null
  owner_due_on: string | null
  comments: Comment[]
  /** from the first event on; not in the JSON report */
  history: HistoryLine[]
  /** of a finding about a month or one of its measures; not in the JSON report */
  month: string | null
  measure: Measure | null
  /** of CHANGED_AFTER_CLOSE: what differs; not in the JSON report */
  differs?: Differing[] | null | undefined
  /** the earliest date among its legs and rows; not in the JSON report */
  dated_on: string | null
  /** how many findings of its code there are in the same reading; not in the JSON report */
  of_code: bigint
}

export interface MatchLine {
  business_id: string
  direction: Direction
  processor: string
  pass: string
  legs: bigint
  rows: bigint
  amount: bigint
  count: bigint
}

export interface OutsideLine {
  business_id: string
  direction: Direction
  method: string
  /** through the aliases; null: none is named */
  processor: string | null
  currency: string
  month: string
  legs: bigint
  amount: bigint
}
