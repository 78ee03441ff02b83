/**
 * What the matching engine takes and gives. Fields keep their column names; amounts are integers in the minor unit of
 * their currency; dates are calendar dates of the business, `YYYY-MM-DD`; keys come normalised and are compared as they
 * are. Items whose amount and both fees are 0 are never passed in.
 */

/** `customer`: the business gave money back. `vendor`: a vendor gave money back. */
export type Direction = 'customer' | 'vendor'

/** One payment of a ledger refund, in the business's currency. */
export interface Leg {
  leg_no: bigint
  direction: Direction
  refund_id: string
  leg_id: string
  /** The configured name the leg belongs to, aliases resolved; `UNASSIGNED` where the leg names none. */
  processor: string
  on_date: string
  amount: bigint
  /** In the order in which pass 1 asks them. */
  identity_keys: readonly string[]
  reference_keys: readonly string[]
  /** The reference keys that name a payment: those of the allocations' `*_payment_external_id`. */
  payment_keys: readonly string[]
}

/** One refund line of a processor file. */
export interface Row {
  row_no: bigint
  processor: string
  account: string
  transaction_id: string
  type: 'refund' | 'vendor_refund' | 'refund_reversal'
  refund_id: string | null
  payment_ids: readonly string[]
  reference_ids: readonly string[]
  /** Positive on a refund, negative on its reversal. */
  amount: bigint
  currency: string
  on_date: string
  payout_id: string | null
}

/** The settings of one configured processor that matter to matching. */
export interface ProcessorRules {
  /** Pass 5: how many days apart neighbours of one island may lie. */
  date_window_days: number
  /** The processor dates a refund so many days after the books. */
  usual_lag_days: number
  /** Pass 3: whether one leg may stand for a whole payout. */
  match_payouts: boolean
  /** The shapes of this processor's refund ids. */
  refund_id_patterns: readonly RegExp[]
  /** The shapes of this processor's payment ids, one kind each. */
  payment_id_patterns: readonly RegExp[]
}

export interface MatchSettings {
  /** The business's currency: passes 2 to 5 leave rows in any other alone. */
  currency: string
  /** The first date about which something is concluded; null where there is none. */
  starts_on: string | null
  /** The configured processors that have files here, by name. */
  processors: ReadonlyMap<string, ProcessorRules>
  /** Whether the key is a payment id of a stored row of this processor, of any type. */
  known_payment_ids: (processor: string, key: string) => boolean
  /** Whether to record why each match came about. */
  trace?: boolean
}

/** What a person said: these legs and rows are one match, or no pair of them may be matched. */
export interface Ruling {
  kind: 'match' | 'unmatch'
  leg_nos: readonly bigint[]
  row_nos: readonly bigint[]
}

export type Pass =
  | 'manual'
  | 'refund_id'
  | 'payment_reference'
  | 'payment_group'
  | 'payment_reference_only'
  | 'amount_and_date'
  | 'cancelled'

/** Legs and rows that are the same money. */
export interface Match {
  pass: Pass
  /** In order. */
  legs: Leg[]
  /** Refund rows in order, then the rows that follow them in order: fee-only rows and reversals. */
  rows: Row[]
}

/** A match of an earlier run that stays. */
export interface Standing extends Match {
  match_no: bigint
}

/** Legs and rows of one amount that pass 5 cannot tell apart, the rows with what follows them. */
interface Ambiguous {
  legs: Leg[]
  rows: Row[]
}

/** A match as it is stored: numbers of legs and rows. */
export interface StoredMatch {
  match_no: bigint
  pass: Pass
  leg_nos: readonly bigint[]
  row_nos: readonly bigint[]
}

/** One line of the record of why. Legs and rows are those that the line speaks of. */
export interface TraceEntry {
  /** The pass that speaks, or the step before, between or after the passes. */
  step: Pass | 'reversals' | 'fee_only' | 'duplicates' | 'ambiguous'
  /** What became of these legs and rows in this step. */
  outcome: 'follows' | 'matched' | 'vetoed' | 'set_aside' | 'not_equal' | 'duplicate' | 'ambiguous' | 'nothing'
  /** The key, amount or payout that brought them together; null where none did. */
  by: string | null
  leg_nos: readonly bigint[]
  row_nos: readonly bigint[]
  /** One sentence for a person. */
  why: string
}

export interface Matching {
  matches: Match[]
  /** Legs left over that name a row which passes 0 or 1 matched: DUPLICATE_IN_LEDGER. */
  duplicates: Leg[]
  ambiguous: Ambiguous[]
  unmatched_legs: Leg[]
  unmatched_rows: Row[]
  /** Reversal to the refund row that it reverses; reversals of unknown refunds are absent. */
  reversal_of: ReadonlyMap<Row, Row>
  /** Direction of a row: of a reversal that of its refund, `customer` where none is known. */
  direction_of: (row: Row) => Direction
  /** Empty unless the settings ask for it. */
  trace: TraceEntry[]
}
