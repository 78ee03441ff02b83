/** The rows of the tables, by kysely-codegen. Generated: `npm run generate` renews it. */

import type { ColumnType } from "kysely";

export type ArrayType<T> = ArrayTypeImpl<T> extends (infer U)[]
  ? U[]
  : ArrayTypeImpl<T>;

export type ArrayTypeImpl<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S[], I[], U[]>
  : T[];

export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

export interface AccountCoverage {
  /**
   * the account
   */
  account: string;
  /**
   * the business
   */
  business_id: string;
  /**
   * the first date
   */
  covers_from: string;
  /**
   * the last date
   */
  covers_to: string;
  /**
   * the processor
   */
  processor: string;
}

export interface Business {
  /**
   * the business's id in Layer
   */
  business_id: string;
  /**
   * of the ledger, ISO 4217
   */
  currency: string;
  /**
   * whether a close needs a second person
   */
  four_eyes: Generated<boolean>;
  /**
   * date: midnight UTC in Layer means the date
   */
  ledger_dates: Generated<string>;
  /**
   * days until a row without a leg is an error
   */
  ledger_lag_days: number;
  /**
   * minor units above which a finding is marked; null: none
   */
  materiality_item: bigint | null;
  /**
   * minor units above which a month is marked; null: none
   */
  materiality_month: bigint | null;
  /**
   * for people
   */
  name: string;
  /**
   * methods of legs that go through no processor, upper case
   */
  outside_methods: Generated<ArrayType<string>>;
  /**
   * processor names that stand for no processor, upper case
   */
  outside_processors: Generated<ArrayType<string>>;
  /**
   * hundredths of a percent by which converted amounts may differ
   */
  rate_tolerance_bp: Generated<number>;
  /**
   * of all settings as they were last stored, those of processors and the rates too; null: to be stored
   */
  settings_hash: string | null;
  /**
   * the first of a month: nothing is concluded about earlier dates; null: no start
   */
  starts_on: string | null;
  /**
   * IANA; instants get their dates in it
   */
  time_zone: string;
  /**
   * minor units that one waived finding may come to; null: no limit
   */
  waive_limit: bigint | null;
  /**
   * minor units that waived findings of a month may come to; null: no limit
   */
  waive_limit_month: bigint | null;
}

export interface Close {
  /**
   * why it was closed though items to correct were open, or the month incomplete; null: neither
   */
  accept_open: string | null;
  /**
   * of the run whose figures it has
   */
  as_of: string;
  /**
   * {name, currency, time_zone} as they were
   */
  business: unknown;
  /**
   * the business
   */
  business_id: string;
  /**
   * what each open finding adds to the closing of the roll-forward
   */
  carried: unknown;
  /**
   * 1, and one more for each close of the month after one that was reopened or void
   */
  edition: number;
  /**
   * of that event
   */
  event_hash: string;
  /**
   * of the last event before it
   */
  event_number: bigint;
  /**
   * open ones up to the month and resolved ones of it, with effects and decisions
   */
  findings: unknown;
  /**
   * whether another person has to review it
   */
  four_eyes: boolean;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * by the clock
   */
  prepared_at: string;
  /**
   * who closed it, or prepared it for another person to review
   */
  prepared_by: string;
  /**
   * [{code, text}] of the verdict
   */
  reasons: unknown;
  /**
   * the lines of the month, as in a report
   */
  roll_forward: unknown;
  /**
   * over canonical JSON of all the above
   */
  sha256: string;
  /**
   * the pulls, and the files that cover the month, with their SHA-256
   */
  sources: unknown;
  /**
   * the lines of the month, as in a report
   */
  tie_out: unknown;
  /**
   * of the month
   */
  verdict: string;
}

export interface CloseItems {
  /**
   * beside them, minor units
   */
  amounts: ArrayType<bigint>;
  /**
   * the business
   */
  business_id: string;
  /**
   * ISO 4217
   */
  currency: string;
  /**
   * customer or vendor
   */
  direction: string;
  /**
   * of the close
   */
  edition: number;
  /**
   * numbers of legs and rows, ascending
   */
  item_nos: ArrayType<bigint>;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * as resolved through the aliases, or UNASSIGNED
   */
  processor: string;
  /**
   * beside them, minor units
   */
  refund_fees: ArrayType<bigint>;
  /**
   * beside them, minor units
   */
  returned_fees: ArrayType<bigint>;
}

export interface Correction {
  /**
   * minor units
   */
  amount: bigint;
  /**
   * a name
   */
  approved_by: string | null;
  /**
   * the business
   */
  business_id: string;
  /**
   * when the processor made it
   */
  completed_at: string;
  /**
   * a hash of the row's identity: proposing again finds the same
   */
  correction_id: string;
  /**
   * ISO 4217
   */
  currency: string;
  /**
   * of the refund
   */
  direction: string;
  /**
   * the finding
   */
  discrepancy_id: string;
  /**
   * what Layer will make of the target, where that is known
   */
  expected_amount: bigint | null;
  /**
   * by which Layer knows the refund again: the idempotency key
   */
  external_id: string;
  /**
   * the refund that Layer made
   */
  layer_refund_id: string | null;
  /**
   * as Layer shall name it
   */
  method: string;
  /**
   * in words: what is missing, what differs, why it failed
   */
  outcome: string | null;
  /**
   * as Layer shall name it
   */
  processor: string;
  /**
   * a name
   */
  proposed_by: string;
  /**
   * minor units
   */
  refund_fee: bigint;
  /**
   * as approved
   */
  request_body: string | null;
  /**
   * as approved: what is sent is this and nothing else
   */
  request_path: string | null;
  /**
   * of path, line feed, body
   */
  request_sha256: string | null;
  /**
   * minor units
   */
  returned_fee: bigint;
  /**
   * the processor's row
   */
  row_no: bigint;
  /**
   * where it is in its life
   */
  status: string;
  /**
   * what it refunds: {"invoice_id": ...} or one {"bill_...": ...}; null: a person has to say
   */
  target: unknown | null;
  /**
   * how the target is known
   */
  target_source: string | null;
}

export interface CorrectionEvent {
  /**
   * a person's name, or the job
   */
  actor: string;
  /**
   * the business
   */
  business_id: string;
  /**
   * the correction
   */
  correction_id: string;
  /**
   * its number
   */
  event_id: Generated<bigint>;
  /**
   * before
   */
  from_status: string | null;
  /**
   * by the clock
   */
  happened_at: string;
  /**
   * in words
   */
  note: string | null;
  /**
   * of the request, where there is one
   */
  request_sha256: string | null;
  /**
   * after
   */
  to_status: string;
}

export interface CoverageSpan {
  /**
   * the business
   */
  business_id: string;
  /**
   * the first date; -infinity where nothing is asked before
   */
  covers_from: string;
  /**
   * the last date; infinity where nothing is asked after
   */
  covers_to: string;
  /**
   * the processor
   */
  processor: string;
}

export interface Discrepancy {
  /**
   * the business
   */
  business_id: string;
  /**
   * of spec section 5
   */
  code: string;
  /**
   * of its first row, else the business's
   */
  currency: string;
  /**
   * the earliest date among its items
   */
  dated_on: string | null;
  /**
   * of CHANGED_AFTER_CLOSE: [{measure, ledger, ledger_now, processor_total, processor_total_now}] of what differs
   */
  differs: unknown | null;
  /**
   * customer or vendor
   */
  direction: string;
  /**
   * a hash of its identity
   */
  discrepancy_id: string;
  /**
   * of a timing finding that will become an error
   */
  due_on: string | null;
  /**
   * the figure that stands first at it, minor units, as of the last run; null: it has none
   */
  figure: bigint | null;
  /**
   * of the figure
   */
  figure_currency: string | null;
  /**
   * as_of of the run that found it first
   */
  first_seen_at: string;
  /**
   * of a cleared one: as_of of the last run that found it
   */
  last_seen_at: string;
  /**
   * about a closed month, first seen after its close
   */
  late: Generated<boolean>;
  /**
   * its legs, in order
   */
  leg_nos: ArrayType<bigint>;
  /**
   * of a finding about a month's measure
   */
  measure: string | null;
  /**
   * of a finding about a month: YYYY-MM
   */
  month: string | null;
  /**
   * the months in which it is reported; null: in every one
   */
  months: ArrayType<string> | null;
  /**
   * of its first row, else of its first leg; null: of a whole refund
   */
  processor: string | null;
  /**
   * of a whole-refund finding
   */
  refund_id: string | null;
  /**
   * its rows, in order
   */
  row_nos: ArrayType<bigint>;
  /**
   * the figure without its sign, by which worklists are sorted; -1: it has none
   */
  size: Generated<bigint>;
  /**
   * where it is in its life
   */
  status: string;
  /**
   * its ids, references and amounts, lower case, a line each: what a search looks through
   */
  words: string | null;
}

export interface DiscrepancyEffect {
  /**
   * minor units, legs less rows
   */
  amount: bigint;
  /**
   * the business
   */
  business_id: string;
  /**
   * the line of the tie-out
   */
  currency: string;
  /**
   * the discrepancy
   */
  discrepancy_id: string;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * the line of the tie-out
   */
  processor: string;
  /**
   * minor units, legs less rows
   */
  refund_fee: bigint;
  /**
   * minor units, legs less rows
   */
  returned_fee: bigint;
}

export interface Erasure {
  /**
   * the business
   */
  business_id: string;
  /**
   * by the clock
   */
  erased_at: string;
  /**
   * SHA-256 of the business's id, a blank and the person's id
   */
  person_sha256: string;
}

export interface Event {
  /**
   * 'run' or a person's name
   */
  actor: string;
  /**
   * a run's as_of; a person's clock
   */
  at: string;
  /**
   * the business
   */
  business_id: string;
  /**
   * canonical JSON of what else belongs to it
   */
  details: string | null;
  /**
   * 1, 2, 3 within the business, without gaps
   */
  event_number: bigint;
  /**
   * before
   */
  from_state: string | null;
  /**
   * SHA-256 over canonical JSON of the fields above
   */
  hash: string;
  /**
   * what happened
   */
  kind: string;
  /**
   * in words
   */
  note: string | null;
  /**
   * of the event before; of the first: 64 zeros
   */
  previous_hash: string;
  /**
   * the discrepancy, ruling, file or close it is about; null: the run itself
   */
  subject: string | null;
  /**
   * after
   */
  to_state: string | null;
}

export interface ExchangeRate {
  /**
   * whose rates
   */
  business_id: string;
  /**
   * the date of the rate
   */
  dated_on: string;
  /**
   * ISO 4217
   */
  from_currency: string;
  /**
   * the same in minor units: so many of to_currency for one of from_currency
   */
  minor_rate: bigint | string;
  /**
   * so much of to_currency for one of from_currency
   */
  rate: bigint | string;
  /**
   * ISO 4217
   */
  to_currency: string;
}

export interface FeeAmount {
  /**
   * '' where the processor has just one
   */
  account: string;
  /**
   * a cost, in minor units
   */
  amount: bigint;
  /**
   * by the clock
   */
  at: string;
  /**
   * whose fees
   */
  business_id: string;
  /**
   * who typed it in
   */
  by_name: string;
  /**
   * ISO 4217
   */
  currency: string;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * in words
   */
  note: string | null;
  /**
   * the processor
   */
  processor: string;
}

export interface FeePolicy {
  /**
   * whose policy
   */
  business_id: string;
  /**
   * of tie month: the words of the file whose lines are fee lines
   */
  categories: Generated<ArrayType<string>>;
  /**
   * the first of the month from which it is in force
   */
  from_month: string;
  /**
   * the processor
   */
  processor: string;
  /**
   * the level at which fees are compared
   */
  tie: string;
}

export interface FeeSpan {
  /**
   * the month after the span; infinity: still
   */
  before_month: string;
  /**
   * whose fees
   */
  business_id: string;
  /**
   * of tie month: the words of the file whose lines are fee lines
   */
  categories: ArrayType<string>;
  /**
   * the first month of the span; -infinity: from the beginning
   */
  from_month: string;
  /**
   * the processor
   */
  processor: string;
  /**
   * the level at which refund fees are compared
   */
  refund_fee_tie: string;
  /**
   * the level at which returned fees are compared
   */
  returned_fee_tie: string;
}

export interface LedgerLeg {
  /**
   * whether the ledger has its refund and its refund has it
   */
  active: Generated<boolean>;
  /**
   * minor units of the business's currency
   */
  amount: bigint;
  /**
   * the business
   */
  business_id: string;
  /**
   * as given, midnight UTC under ledger_dates date too; null where only a date is known
   */
  completed_at: string | null;
  /**
   * in the business's time zone
   */
  completed_on: string;
  /**
   * of its refund
   */
  direction: string;
  /**
   * as written
   */
  external_id: string | null;
  /**
   * in order: trimmed, without a leading #, none empty
   */
  identity_keys: ArrayType<string>;
  /**
   * payments[].id
   */
  leg_id: string;
  /**
   * the item's number
   */
  leg_no: Generated<bigint>;
  /**
   * trimmed, upper case
   */
  method: string | null;
  /**
   * 0 for the first leg of this id in its refund, 1 for the second
   */
  ordinal: number;
  /**
   * those of its refund
   */
  payment_keys: Generated<ArrayType<string>>;
  /**
   * trimmed, upper case, before aliases; null: none is named
   */
  processor_named: string | null;
  /**
   * a cost
   */
  refund_fee: bigint;
  /**
   * of its refund
   */
  refund_id: string;
  /**
   * given back of the payment's fee
   */
  returned_fee: bigint;
}

export interface LedgerPage {
  /**
   * the business
   */
  business_id: string;
  /**
   * how raw is compressed: brotli
   */
  codec: string;
  /**
   * no content of it holds details of people: its retention is over
   */
  is_stripped: Generated<boolean>;
  /**
   * within the pull, from 0
   */
  page_no: number;
  /**
   * the pull that brought them
   */
  pull_id: bigint;
  /**
   * JSON texts as received, the record separator U+001E between two; of who was erased, and after the retention, without details of people
   */
  raw: Buffer;
  /**
   * how many contents it holds
   */
  refunds: number;
}

export interface LedgerRefund {
  /**
   * null: no allocations given
   */
  allocation_amounts: ArrayType<bigint> | null;
  /**
   * beside allocation_amounts: the sum of its line items, null where it has none
   */
  allocation_line_sums: ArrayType<bigint> | null;
  /**
   * the sum of allocation_amounts, 0 of none; null: no allocations given
   */
  allocations_sum: bigint | null;
  /**
   * the business
   */
  business_id: string;
  /**
   * the pull that brought the current version
   */
  changed_pull_id: bigint;
  /**
   * as given, midnight UTC under ledger_dates date too; null where the ledger gave none or a date alone
   */
  completed_at: string | null;
  /**
   * in the business's time zone
   */
  completed_on: string | null;
  /**
   * of the current version
   */
  content_hash: string;
  /**
   * the page in ledger_page that holds its content
   */
  content_page: number;
  /**
   * the content's place in that page, from 0
   */
  content_place: number;
  /**
   * the pull that brought its content: of the page in ledger_page
   */
  content_pull_id: bigint;
  /**
   * of an invoice or of a bill
   */
  direction: string;
  /**
   * as written
   */
  external_id: string | null;
  /**
   * the pull that brought it first
   */
  first_pull_id: bigint;
  /**
   * beside reference_keys: each as written, where any bears a #; else null
   */
  keys_written: unknown | null;
  /**
   * of a removed one: the last pull known to have held it; else as changed_pull_id
   */
  last_pull_id: bigint;
  /**
   * whether an allocation's line items do not sum to it
   */
  line_items_differ: Generated<boolean>;
  /**
   * those of them that name a payment
   */
  payment_keys: ArrayType<string>;
  /**
   * null: no payments given
   */
  payments_sum: bigint | null;
  /**
   * of all allocations, then reference_number: trimmed, without a leading #, each once
   */
  reference_keys: ArrayType<string>;
  /**
   * as written
   */
  reference_number: string | null;
  /**
   * Layer's id
   */
  refund_id: string;
  /**
   * minor units of the business's currency
   */
  refunded_amount: bigint;
  /**
   * the complete pull that no longer held it
   */
  removed_pull_id: bigint | null;
  /**
   * as written
   */
  status: string | null;
}

export interface LedgerRefundVersion {
  /**
   * the business
   */
  business_id: string;
  /**
   * of that content
   */
  content_hash: string;
  /**
   * the page in ledger_page that holds it
   */
  content_page: number;
  /**
   * its place in that page, from 0
   */
  content_place: number;
  /**
   * the pull that brought it: of the page in ledger_page
   */
  content_pull_id: bigint;
  /**
   * of the refund
   */
  direction: string;
  /**
   * the refund
   */
  refund_id: string;
}

export interface MatchBefore {
  /**
   * the business
   */
  business_id: string;
  /**
   * the leg
   */
  leg_no: bigint | null;
  /**
   * the match
   */
  match_no: bigint;
  /**
   * the pass that made it
   */
  pass: string;
  /**
   * the row
   */
  row_no: bigint | null;
}

export interface MatchItem {
  /**
   * whether no check has anything to say of it under the settings it was judged by
   */
  balanced: Generated<boolean>;
  /**
   * the business
   */
  business_id: string;
  /**
   * the leg's amount when it was matched: what the totals of the passes hold of it
   */
  leg_amount: bigint | null;
  /**
   * the leg
   */
  leg_no: bigint | null;
  /**
   * the match: the number of its first leg, else of its first row
   */
  match_no: bigint;
  /**
   * the pass that made it
   */
  pass: string;
  /**
   * the row
   */
  row_no: bigint | null;
}

export interface MatchTotal {
  /**
   * of the legs
   */
  amount: bigint;
  /**
   * the business
   */
  business_id: string;
  /**
   * how many matches
   */
  count: bigint;
  /**
   * customer or vendor
   */
  direction: string;
  /**
   * how many legs
   */
  legs: bigint;
  /**
   * the pass
   */
  pass: string;
  /**
   * of the rows
   */
  processor: string;
  /**
   * how many rows, reversals too
   */
  rows: bigint;
}

export interface MonthCause {
  /**
   * their effects on refunds, ledger less processor, minor units
   */
  amount: bigint;
  /**
   * the business
   */
  business_id: string;
  /**
   * of the findings
   */
  code: string;
  /**
   * of the amounts
   */
  currency: string;
  /**
   * customer or vendor
   */
  direction: string;
  /**
   * the sum of the absolute values of these
   */
  gross: bigint;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * likewise of refund fees, net
   */
  refund_fee: bigint;
  /**
   * likewise of returned fees, net
   */
  returned_fee: bigint;
}

export interface MonthVerdict {
  /**
   * the business
   */
  business_id: string;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * [{code, text, count}], count of items to correct and of refunds still to arrive
   */
  reasons: unknown;
  /**
   * in one word
   */
  verdict: string;
}

export interface Note {
  /**
   * minor units; null where it says nothing
   */
  amount: bigint | null;
  /**
   * the business
   */
  business_id: string;
  /**
   * which note
   */
  code: string;
  /**
   * null where it says nothing
   */
  count: bigint | null;
  /**
   * among several of one code
   */
  place: number;
  /**
   * in words
   */
  text: string;
}

export interface OpenItem {
  /**
   * the business
   */
  business_id: string;
  /**
   * of an ambiguous one: the least number of its island's items
   */
  island_no: bigint | null;
  /**
   * the leg's or row's number
   */
  item_no: bigint;
  /**
   * which of the two
   */
  side: string;
  /**
   * why it is open
   */
  state: string;
}

export interface OutsideTotal {
  /**
   * their sum
   */
  amount: bigint;
  /**
   * the business
   */
  business_id: string;
  /**
   * the business's
   */
  currency: string;
  /**
   * customer or vendor
   */
  direction: string;
  /**
   * how many
   */
  legs: bigint;
  /**
   * how the money moved
   */
  method: string;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * as named, through the aliases; '' where none is named
   */
  processor: string;
}

export interface OverRefund {
  /**
   * the business
   */
  business_id: string;
  /**
   * of the rows
   */
  currency: string;
  /**
   * of the refunds
   */
  direction: string;
  /**
   * the payments
   */
  payment_nos: ArrayType<bigint>;
  /**
   * whose rows
   */
  processor: string;
  /**
   * all rows, payments too, in order
   */
  row_nos: ArrayType<bigint>;
}

export interface ProcessorAccount {
  /**
   * '' where the processor has just one
   */
  account: string;
  /**
   * whose account
   */
  business_id: string;
  /**
   * holes of up to so many days count as covered
   */
  coverage_hole_days: number;
  /**
   * what a file stands for
   */
  files_cover: Generated<string>;
  /**
   * from when files are asked; null: always
   */
  first_day: string | null;
  /**
   * until when files are asked; null: still
   */
  last_day: string | null;
  /**
   * equal lines of two files without ids: one line or two
   */
  lines: Generated<string>;
  /**
   * the processor
   */
  processor: string;
}

export interface ProcessorAlias {
  /**
   * trimmed, upper case
   */
  alias: string;
  /**
   * whose alias
   */
  business_id: string;
  /**
   * the configured name
   */
  processor: string;
}

export interface ProcessorFile {
  /**
   * rows new with this file
   */
  accepted: bigint;
  /**
   * '' where the processor has just one
   */
  account: string;
  /**
   * of the run that imported it: it can hold nothing of later days
   */
  as_of: string;
  /**
   * [{currency, rows, first_id, last_id, amount}], numbers as text
   */
  brought: unknown;
  /**
   * the business
   */
  business_id: string;
  /**
   * its size
   */
  bytes: bigint;
  /**
   * [{category, type, currency, count, amount}]
   */
  categories: unknown;
  /**
   * how the coverage is known
   */
  coverage_source: string;
  /**
   * null: it covers nothing
   */
  covers_from: string | null;
  /**
   * of a stated period with times: its first instant
   */
  covers_from_at: string | null;
  /**
   * the last date covered
   */
  covers_to: string | null;
  /**
   * of a stated period with times: its last instant
   */
  covers_to_at: string | null;
  /**
   * of a file without a line the period it is empty for, as the same bytes can stand for several: FROM..TO; else empty
   */
  empty_for: Generated<string>;
  /**
   * in the order of import
   */
  file_id: Generated<bigint>;
  /**
   * the format it was read in
   */
  format: string;
  /**
   * whether the format can say refund fees
   */
  has_refund_fees: Generated<boolean>;
  /**
   * whether the format can say returned fees
   */
  has_returned_fees: Generated<boolean>;
  /**
   * formats of one family give a line the same transaction id
   */
  id_family: Generated<string>;
  /**
   * by the clock
   */
  imported_at: string;
  /**
   * rows that were there already
   */
  known: bigint;
  /**
   * without folders
   */
  name: string;
  /**
   * as given or found, relative to the configuration's folder where it lies below it
   */
  path: string;
  /**
   * the shapes of this format's payment ids, one for each kind
   */
  payment_id_patterns: Generated<ArrayType<string>>;
  /**
   * whose file
   */
  processor: string;
  /**
   * lines that could not be read or contradict a row
   */
  quarantined: bigint;
  /**
   * read: accepted, known and quarantined
   */
  records: bigint;
  /**
   * the shape of this format's refund ids
   */
  refund_id_pattern: string | null;
  /**
   * the rows that it has, brought or known: row_no ascending, each as a row_step from the one before; null: none
   */
  row_list: Buffer | null;
  /**
   * of known, lines without an id of their own: taken for lines of earlier files, as they say the same
   */
  same_as_earlier: Generated<bigint>;
  /**
   * of its bytes
   */
  sha256: string;
  /**
   * withdrawn: its rows and coverage do not count
   */
  state: Generated<string>;
  /**
   * [{line, dated_on}]: lines that cover nothing, their dates being too late or far from all others; ten at most
   */
  stray_lines: Generated<unknown>;
  /**
   * [{name, stated, read, holds}]
   */
  totals: unknown;
  /**
   * whether all stated totals hold
   */
  totals_hold: boolean;
}

export interface ProcessorRow {
  /**
   * '' where the processor has just one
   */
  account: string;
  /**
   * false: its file was withdrawn
   */
  active: Generated<boolean>;
  /**
   * minor units; positive for a refund and a chargeback, negative for their reversals
   */
  amount: bigint;
  /**
   * when the money is available
   */
  available_on: string | null;
  /**
   * the business
   */
  business_id: string;
  /**
   * the file's own word for it
   */
  category: string | null;
  /**
   * of the settlement amounts, ISO 4217
   */
  currency: string;
  /**
   * vendor for a vendor refund and, once a run has tied it, for its reversal
   */
  direction: Generated<string>;
  /**
   * the file that brought it
   */
  file_id: bigint;
  /**
   * {transaction_id, refund_id, payment_ids, reference_ids} as written, lists in the order of those held, where any differs; else null
   */
  keys_written: unknown | null;
  /**
   * the record's first physical line, from 1
   */
  line: bigint;
  /**
   * null where the file has no time
   */
  occurred_at: string | null;
  /**
   * in the business's time zone, or the file's own date
   */
  occurred_on: string;
  /**
   * the processor's ids of the refunded payment, without a leading #
   */
  payment_ids: ArrayType<string>;
  /**
   * the payout it is part of
   */
  payout_id: string | null;
  /**
   * what the customer saw, in minor units, with the sign of amount; null: not said
   */
  presented_amount: bigint | null;
  /**
   * of presented_amount
   */
  presented_currency: string | null;
  /**
   * whose row
   */
  processor: string;
  /**
   * further references, without a leading #
   */
  reference_ids: ArrayType<string>;
  /**
   * minor units; a cost
   */
  refund_fee: bigint;
  /**
   * the processor's id of the refund, without a leading #
   */
  refund_id: string | null;
  /**
   * minor units; given back of the payment's fee
   */
  returned_fee: bigint;
  /**
   * of a reversal: the refund row it belongs to, as the last run tied it
   */
  reversal_of: bigint | null;
  /**
   * the item's number
   */
  row_no: Generated<bigint>;
  /**
   * the processor's id of the line
   */
  transaction_id: string;
  /**
   * what it is
   */
  type: string;
}

export interface ProcessorRowVersion {
  /**
   * the business
   */
  business_id: string;
  /**
   * the file of that version
   */
  file_id: bigint;
  /**
   * the row
   */
  row_no: bigint;
  /**
   * the later version has the higher number
   */
  version_no: Generated<bigint>;
  /**
   * the columns of processor_row as they were
   */
  was: unknown;
}

export interface ProcessorSetting {
  /**
   * minor units
   */
  amount_tolerance: bigint;
  /**
   * whose setting
   */
  business_id: string;
  /**
   * how far neighbours of an island lie apart (pass 5)
   */
  date_window_days: number;
  /**
   * minor units
   */
  fee_tolerance: bigint;
  /**
   * whether a leg may stand for a whole payout
   */
  match_payouts: Generated<boolean>;
  /**
   * the shape of payment ids that a mapping names; null: what the files' formats say
   */
  payment_id_pattern: string | null;
  /**
   * trimmed, upper case
   */
  processor: string;
  /**
   * the shape of refund ids that a mapping names; null: what the files' formats say
   */
  refund_id_pattern: string | null;
  /**
   * days until a leg without a row is an error
   */
  settlement_lag_days: number;
  /**
   * the processor dates a refund so many days after the books
   */
  usual_lag_days: Generated<number>;
}

export interface Pull {
  /**
   * of its run
   */
  as_of: string;
  /**
   * the business
   */
  business_id: string;
  /**
   * of all bodies
   */
  bytes: bigint;
  /**
   * whether the whole listing arrived and was read
   */
  complete: boolean;
  /**
   * invoice or bill refunds
   */
  direction: string;
  /**
   * payments whose amount and fees are all 0, of the refunds that the ledger then holds
   */
  empty_legs: Generated<bigint>;
  /**
   * by the clock
   */
  finished_at: string;
  /**
   * a bare array of exactly 100 refunds: it concludes nothing
   */
  maybe_cut: boolean;
  /**
   * the SHA-256 of the bodies up to the end of each page, of the last pull only
   */
  page_ends: Generated<ArrayType<string>>;
  /**
   * pages of the listing
   */
  pages: number;
  /**
   * why it is not complete
   */
  problem: string | null;
  /**
   * in the order in which they were made
   */
  pull_id: Generated<bigint>;
  /**
   * received and not readable
   */
  quarantined: bigint;
  /**
   * of these, those without a readable id
   */
  quarantined_without_id: Generated<bigint>;
  /**
   * received and accepted
   */
  refunds: bigint;
  /**
   * of all bodies received, in order
   */
  sha256: string;
  /**
   * by the clock
   */
  started_at: string;
}

export interface Quarantine {
  /**
   * of a file
   */
  account: string | null;
  /**
   * the business
   */
  business_id: string;
  /**
   * where it could be read
   */
  dated_on: string | null;
  /**
   * of a line: the file
   */
  file_id: bigint | null;
  /**
   * refund_id or transaction_id, where it could be read
   */
  item_id: string | null;
  /**
   * conflict: it contradicts a stored row
   */
  kind: string;
  /**
   * of a file: the physical line; of a pull: the refund's place
   */
  line: bigint | null;
  /**
   * of a conflict: the line in the columns of processor_row, for a person to accept
   */
  line_values: unknown | null;
  /**
   * of a file
   */
  processor: string | null;
  /**
   * of a refund: the pull
   */
  pull_id: bigint | null;
  /**
   * its number
   */
  quarantine_id: Generated<bigint>;
  /**
   * what was there
   */
  raw: string;
  /**
   * in words
   */
  reason: string;
  /**
   * of a settled line: that later file
   */
  settled_file_id: bigint | null;
  /**
   * for people: a file's name, or the listing
   */
  source: string;
  /**
   * open: it counts; accepted, dismissed: a person decided; settled: a later file has the line without conflict, or all that the file of an unreadable line should have
   */
  state: Generated<string>;
}

export interface Reconciliation {
  /**
   * of the last run
   */
  as_of: string;
  /**
   * the business
   */
  business_id: string;
  /**
   * by the clock
   */
  finished_at: string;
  /**
   * legs and rows up to this number were looked at
   */
  item_mark: bigint;
  /**
   * a hash of the settings that decide what a match needs, as of the last run
   */
  judging_settings: string;
  /**
   * a hash of what the last run matched by beside legs and rows: settings, files, rulings, version
   */
  matched_by: Generated<string>;
  /**
   * a hash of the settings that decide matches, as of the last run over everything
   */
  matching_settings: string;
}

export interface Ruling {
  /**
   * when
   */
  at: string;
  /**
   * the business
   */
  business_id: string;
  /**
   * who ruled
   */
  by_name: string;
  /**
   * when it was taken back; null: it stands
   */
  forgotten_at: string | null;
  /**
   * match: these are one match; unmatch: these are never matched
   */
  kind: string;
  /**
   * the legs
   */
  leg_nos: ArrayType<bigint>;
  /**
   * in the order in which they were made, of all businesses
   */
  made_no: Generated<bigint>;
  /**
   * why
   */
  note: string | null;
  /**
   * the rows
   */
  row_nos: ArrayType<bigint>;
  /**
   * its name
   */
  ruling_id: string;
}

export interface Run {
  /**
   * the instant that dates pulls, lags and ages
   */
  as_of: string;
  /**
   * the business
   */
  business_id: string;
  /**
   * by the clock; null while it runs, or where it was killed
   */
  finished_at: string | null;
  /**
   * the command
   */
  job: string;
  /**
   * how it ended
   */
  outcome: string;
  /**
   * why it failed
   */
  problem: string | null;
  /**
   * numbers of all businesses
   */
  run_id: Generated<bigint>;
  /**
   * by the clock
   */
  started_at: string;
  /**
   * [{step, started_at, finished_at}] by the clock; null while it runs
   */
  steps: unknown | null;
}

export interface TieOutLine {
  /**
   * the business
   */
  business_id: string;
  /**
   * ISO 4217
   */
  currency: string;
  /**
   * ledger less processor_total
   */
  difference: bigint;
  /**
   * customer or vendor
   */
  direction: string;
  /**
   * the sum of the effects
   */
  explained: bigint;
  /**
   * how many fee lines the month has
   */
  fee_lines: Generated<bigint>;
  /**
   * how many findings have the first of their effects on this direction, processor and currency in the month; the same for each measure
   */
  findings: Generated<bigint>;
  /**
   * the sum of the effects' absolute values
   */
  gross: bigint;
  /**
   * the legs' total
   */
  ledger: bigint;
  /**
   * what is summed
   */
  measure: string;
  /**
   * YYYY-MM
   */
  month: string;
  /**
   * as resolved through the aliases, or UNASSIGNED
   */
  processor: string;
  /**
   * the rows' total, with fee lines
   */
  processor_total: bigint;
  /**
   * of fees: the level at which they are compared
   */
  tied: string | null;
  /**
   * difference less explained: a bug when it is not 0
   */
  unexplained: bigint;
}

export interface TouchedItem {
  /**
   * the business
   */
  business_id: string;
  /**
   * the leg's or row's number
   */
  item_no: bigint;
  /**
   * the first of the month it lay in before
   */
  month_before: string;
}

export interface DB {
  account_coverage: AccountCoverage;
  business: Business;
  close: Close;
  close_items: CloseItems;
  correction: Correction;
  correction_event: CorrectionEvent;
  coverage_span: CoverageSpan;
  discrepancy: Discrepancy;
  discrepancy_effect: DiscrepancyEffect;
  erasure: Erasure;
  event: Event;
  exchange_rate: ExchangeRate;
  fee_amount: FeeAmount;
  fee_policy: FeePolicy;
  fee_span: FeeSpan;
  ledger_leg: LedgerLeg;
  ledger_page: LedgerPage;
  ledger_refund: LedgerRefund;
  ledger_refund_version: LedgerRefundVersion;
  match_before: MatchBefore;
  match_item: MatchItem;
  match_total: MatchTotal;
  month_cause: MonthCause;
  month_verdict: MonthVerdict;
  note: Note;
  open_item: OpenItem;
  outside_total: OutsideTotal;
  over_refund: OverRefund;
  processor_account: ProcessorAccount;
  processor_alias: ProcessorAlias;
  processor_file: ProcessorFile;
  processor_row: ProcessorRow;
  processor_row_version: ProcessorRowVersion;
  processor_setting: ProcessorSetting;
  pull: Pull;
  quarantine: Quarantine;
  reconciliation: Reconciliation;
  ruling: Ruling;
  run: Run;
  tie_out_line: TieOutLine;
  touched_item: TouchedItem;
}
