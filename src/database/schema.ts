/**
 * Row types of all tables, for Kysely: bigint for int8, text for dates ('2026-10-31') and instants (UTC, 'Z').
 * Generated from the migrated database and checked by test/integration/database/schema.test.ts (-u renews it).
 */

import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

/** Parsed when read; written as JSON text. It never holds an amount as a JSON number. */
type Json = ColumnType<unknown, string, string>
type JsonOrNull = ColumnType<unknown, string | null | undefined, string | null>

export interface AwaitedPaymentTable {
  business_id: string
  leg_no: bigint
  key: string
}

export interface BusinessTable {
  business_id: string
  name: string
  currency: string
  time_zone: string
  ledger_lag_days: number
  four_eyes: Generated<boolean>
}

export interface CorrectionTable {
  business_id: string
  correction_id: string
  row_no: bigint
  discrepancy_id: string
  direction: 'customer' | 'vendor'
  status:
    | 'needs_target'
    | 'proposed'
    | 'approved'
    | 'rejected'
    | 'posting'
    | 'posted'
    | 'differs'
    | 'failed'
    | 'obsolete'
  external_id: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  processor: string
  method: string
  completed_at: string
  target: JsonOrNull
  target_source: 'ledger' | 'references' | 'person' | null
  expected_amount: bigint | null
  request_path: string | null
  request_body: string | null
  request_sha256: string | null
  layer_refund_id: string | null
  outcome: string | null
  proposed_by: string
  approved_by: string | null
}

export interface CorrectionEventTable {
  business_id: string
  event_id: GeneratedAlways<bigint>
  correction_id: string
  happened_at: string
  actor: string
  from_status: string | null
  to_status: string
  request_sha256: string | null
  note: string | null
}

export interface CoverageSpanTable {
  business_id: string
  processor: string
  covers_from: string
  covers_to: string
}

export interface DiscrepancyTable {
  business_id: string
  discrepancy_id: string
  code: string
  direction: string
  processor: string | null
  currency: string
  refund_id: string | null
  status: 'open' | 'acknowledged' | 'resolved' | 'cleared'
  dated_on: string | null
  due_on: string | null
  first_seen_at: string
  last_seen_at: string
  late: Generated<boolean>
}

export interface DiscrepancyEffectTable {
  business_id: string
  discrepancy_id: string
  month: string
  processor: string
  currency: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}

export interface DiscrepancyEventTable {
  business_id: string
  event_id: GeneratedAlways<bigint>
  discrepancy_id: string
  happened_at: string
  actor: string
  from_status: string | null
  to_status: string
  resolution: string | null
  note: string | null
  effects: JsonOrNull
}

export interface DiscrepancyLegTable {
  business_id: string
  discrepancy_id: string
  leg_no: bigint
}

export interface DiscrepancyRowTable {
  business_id: string
  discrepancy_id: string
  row_no: bigint
}

export interface FilePathTable {
  business_id: string
  processor: string
  account: string
  path: string
  state: string
  file_id: bigint
}

export interface LedgerLegTable {
  business_id: string
  leg_no: Generated<bigint>
  direction: string
  refund_id: string
  leg_id: string
  ordinal: number
  external_id: string | null
  processor_named: string | null
  method: string | null
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  completed_at: string | null
  completed_on: string
  identity_keys: string[]
  active: Generated<boolean>
  payment_keys: Generated<string[]>
}

export interface LedgerRefundTable {
  business_id: string
  direction: 'customer' | 'vendor'
  refund_id: string
  content_hash: string
  external_id: string | null
  refunded_amount: bigint
  status: string | null
  completed_at: string | null
  completed_on: string | null
  reference_number: string | null
  reference_keys: string[]
  payment_keys: string[]
  allocation_amounts: (bigint | null)[] | null
  allocation_line_sums: (bigint | null)[] | null
  payments_sum: bigint | null
  first_pull_id: bigint
  changed_pull_id: bigint
  last_pull_id: bigint
  removed_pull_id: bigint | null
  content_pull_id: bigint
  content_place: bigint
}

export interface LedgerRefundVersionTable {
  business_id: string
  direction: string
  refund_id: string
  content_hash: string
  pull_id: bigint
  raw: string
  place: bigint
}

export interface MatchItemTable {
  business_id: string
  leg_no: bigint | null
  row_no: bigint | null
  match_no: bigint
  pass: string
}

export interface MatchTotalTable {
  business_id: string
  direction: string
  processor: string
  pass: string
  legs: bigint
  rows: bigint
  amount: bigint
  count: bigint
}

export interface MonthVerdictTable {
  business_id: string
  month: string
  verdict: 'incomplete' | 'discrepant' | 'waiting' | 'reconciled'
  reasons: string[]
}

export interface OpenItemTable {
  business_id: string
  item_no: bigint
  direction: string | null
}

export interface OutsideTotalTable {
  business_id: string
  direction: string
  method: string
  currency: string
  month: string
  legs: bigint
  amount: bigint
}

export interface PaymentKeyTable {
  business_id: string
  key: string
  row_no: bigint
}

export interface ProcessorAliasTable {
  business_id: string
  alias: string
  processor: string
}

export interface ProcessorFileTable {
  business_id: string
  file_id: GeneratedAlways<bigint>
  processor: string
  account: string
  name: string
  sha256: string
  bytes: bigint
  format: string
  refund_id_pattern: string | null
  imported_at: string
  records: bigint
  accepted: bigint
  known: bigint
  quarantined: bigint
  covers_from: string | null
  covers_to: string | null
  coverage_source: 'given' | 'stated' | 'dates' | 'none'
  totals: Json
  totals_hold: boolean
  categories: Json
  brought: Json
}

export interface ProcessorRowTable {
  business_id: string
  row_no: Generated<bigint>
  processor: string
  account: string
  transaction_id: string
  type: 'refund' | 'refund_reversal' | 'vendor_refund' | 'payment' | 'other'
  category: string | null
  refund_id: string | null
  payment_ids: string[]
  reference_ids: string[]
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  occurred_at: string | null
  occurred_on: string
  available_on: string | null
  payout_id: string | null
  file_id: bigint
  line: bigint
}

export interface ProcessorSettingTable {
  business_id: string
  processor: string
  accounts: string[]
  settlement_lag_days: number
  coverage_hole_days: number
  date_window_days: number
  amount_tolerance: bigint
  fee_tolerance: bigint
  refund_id_pattern: string | null
}

export interface PullTable {
  business_id: string
  pull_id: GeneratedAlways<bigint>
  direction: 'customer' | 'vendor'
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

export interface QuarantineTable {
  business_id: string
  quarantine_id: GeneratedAlways<bigint>
  pull_id: bigint | null
  file_id: bigint | null
  source: string
  line: bigint | null
  kind: 'unreadable' | 'conflict'
  reason: string
  raw: string
  item_id: string | null
  dated_on: string | null
  processor: string | null
  account: string | null
}

export interface ReconciliationTable {
  business_id: string
  as_of: string
  finished_at: string
  item_mark: bigint
  pull_mark: bigint
  settings: string
  payment_key_mark: Generated<bigint>
  refund_key_mark: Generated<bigint>
}

export interface RefundKeyTable {
  business_id: string
  key: string
  row_no: bigint
}

export interface ReportPieceTable {
  business_id: string
  piece: string
  processor: string
  account: string
  file_id: bigint
  first_line: bigint
  lines: bigint
  records: bigint
  first_on: string | null
  last_on: string | null
  categories: string
}

export interface RunTable {
  business_id: string
  run_id: GeneratedAlways<bigint>
  job: string
  as_of: string
  started_at: string
  finished_at: string | null
  outcome: 'running' | 'done' | 'failed'
  problem: string | null
}

export interface SettledKeyTable {
  business_id: string
  key: string
  leg_no: bigint
}

export interface SettledMatchTable {
  business_id: string
  leg_no: bigint
  row_no: bigint
  direction: string
  processor: string
  pass: string
  amount: bigint
  leg_on: string
  row_on: string
}

export interface SettledTotalTable {
  business_id: string
  direction: string
  processor: string
  pairs: bigint
  amount: bigint
  pass: string
}

export interface TieOutLineTable {
  business_id: string
  direction: string
  processor: string
  currency: string
  month: string
  measure: 'amount' | 'refund_fee' | 'returned_fee'
  ledger: bigint
  processor_total: bigint
  difference: bigint
  explained: bigint
  unexplained: bigint
  gross: bigint
}

export interface TouchedLegTable {
  business_id: string
  leg_no: bigint
  month_before: string
}

export interface Schema {
  awaited_payment: AwaitedPaymentTable
  business: BusinessTable
  correction: CorrectionTable
  correction_event: CorrectionEventTable
  coverage_span: CoverageSpanTable
  discrepancy: DiscrepancyTable
  discrepancy_effect: DiscrepancyEffectTable
  discrepancy_event: DiscrepancyEventTable
  discrepancy_leg: DiscrepancyLegTable
  discrepancy_row: DiscrepancyRowTable
  file_path: FilePathTable
  ledger_leg: LedgerLegTable
  ledger_refund: LedgerRefundTable
  ledger_refund_version: LedgerRefundVersionTable
  match_item: MatchItemTable
  match_total: MatchTotalTable
  month_verdict: MonthVerdictTable
  open_item: OpenItemTable
  outside_total: OutsideTotalTable
  payment_key: PaymentKeyTable
  processor_alias: ProcessorAliasTable
  processor_file: ProcessorFileTable
  processor_row: ProcessorRowTable
  processor_setting: ProcessorSettingTable
  pull: PullTable
  quarantine: QuarantineTable
  reconciliation: ReconciliationTable
  refund_key: RefundKeyTable
  report_piece: ReportPieceTable
  run: RunTable
  settled_key: SettledKeyTable
  settled_match: SettledMatchTable
  settled_total: SettledTotalTable
  tie_out_line: TieOutLineTable
  touched_leg: TouchedLegTable
}
