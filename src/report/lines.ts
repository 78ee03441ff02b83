/** The lines of a report (spec section 9): one shape for every format. Amounts are minor units, dates calendar dates. */

import type { Code, DiscrepancyClass } from '../discrepancy.ts'

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
  /** as_of of its last reconciliation; null: never reconciled */
  reconciled_as_of: string | null
}

export interface VerdictLine {
  business_id: string
  month: string
  verdict: Verdict
  reasons: string[]
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
  occurred_on: string
  file: string
  line: bigint
}

export interface EffectLine {
  month: string
  processor: string
  currency: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
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
  due_on: string | null
  first_seen_at: string
  last_seen_at: string
  refund_id: string | null
  legs: LegLine[]
  rows: RowLine[]
  effects: EffectLine[]
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
  currency: string
  month: string
  legs: bigint
  amount: bigint
}

/** Dates not covered: after the one, before the other, both covered. */
export interface Hole {
  after: string
  before: string
}

export interface CoverageLine {
  business_id: string
  processor: string
  /** null: nothing imported */
  from: string | null
  to: string | null
  holes: Hole[]
}

export interface PullLine {
  business_id: string
  pull_id: bigint
  direction: Direction
  as_of: string
  started_at: string
  finished_at: string
  complete: boolean
  maybe_cut: boolean
  refunds: bigint
  quarantined: bigint
  pages: number
  bytes: bigint
  sha256: string
  problem: string | null
}

export interface StatedTotalLine {
  name: string
  stated: string
  read: string
  holds: boolean
}

export interface CategoryLine {
  category: string
  type: string
  currency: string
  count: bigint
  amount: bigint
}

/** What of a file's rows was new with it, per currency; not in the JSON report. */
export interface BroughtLine {
  currency: string
  rows: bigint
  first_id: string
  last_id: string
  /** of refunds, reversals and vendor refunds */
  amount: bigint
}

export interface FileLine {
  business_id: string
  processor: string
  account: string
  name: string
  sha256: string
  bytes: bigint
  format: string
  imported_at: string
  records: bigint
  accepted: bigint
  known: bigint
  quarantined: bigint
  covers: { from: string; to: string; source: string } | null
  totals_hold: boolean
  totals: StatedTotalLine[]
  categories: CategoryLine[]
  brought: BroughtLine[]
}

export interface QuarantineLine {
  business_id: string
  source: string
  line: bigint | null
  kind: 'unreadable' | 'conflict'
  reason: string
  raw: string
  item_id: string | null
  dated_on: string | null
}

export interface RunLine {
  business_id: string
  run_id: bigint
  job: string
  as_of: string
  started_at: string
  finished_at: string | null
  outcome: 'running' | 'done' | 'failed'
  problem: string | null
}

/** One effect of one finding, within the months reported. Not in the JSON report. */
export interface FindingEffectLine extends EffectLine {
  id: string
  code: Code
  status: Status
  direction: Direction
}

/** One match, both sides of it. Not in the JSON report. */
export interface MatchedLine {
  direction: Direction
  processor: string
  pass: string
  /** null, as the other ledger fields: a refund that its processor cancelled has no legs */
  ledger_on: string | null
  refund_ids: string[] | null
  leg_ids: string[] | null
  ledger_amount: bigint | null
  ledger_refund_fee: bigint | null
  ledger_returned_fee: bigint | null
  processor_on: string
  transaction_ids: string[]
  /** 'stripe-october.csv:37' */
  places: string[]
  currencies: string[]
  processor_amount: bigint
  processor_refund_fee: bigint
  processor_returned_fee: bigint
}

/** How much of a day is matched. Not in the JSON report. */
export interface MatchedDayLine {
  day: string
  legs: bigint
  legs_matched: bigint
  rows: bigint
  rows_matched: bigint
}

/** The refunds that stand in the ledger. Not in the JSON report. */
export interface LedgerStandingLine {
  direction: Direction
  refunds: bigint
  amount: bigint
  first_id: string
  last_id: string
}

/** What a code's findings contribute to ledger minus processor. Not in the JSON report. */
export interface BridgeLine {
  direction: Direction
  currency: string
  code: Code
  findings: bigint
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}
