/** Lines that the text, CSV, HTML and workbook reports show and the JSON report does not have. Amounts are minor units. */

import type { Code } from '../../core/discrepancy.ts'
import type { Direction, EffectLine, Status } from '../lines.ts'

/** One effect of one finding, within the months reported. */
export interface FindingEffectLine extends EffectLine {
  id: string
  code: Code
  status: Status
  direction: Direction
}

/** One match, both sides of it. */
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

/** How much of a day is matched. */
export interface MatchedDayLine {
  day: string
  legs: bigint
  legs_matched: bigint
  rows: bigint
  rows_matched: bigint
}

/** The refunds that stand in the ledger. */
export interface LedgerStandingLine {
  direction: Direction
  refunds: bigint
  amount: bigint
  first_id: string
  last_id: string
}

/** What a code's findings contribute to ledger minus processor. */
export interface BridgeLine {
  direction: Direction
  currency: string
  code: Code
  findings: bigint
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}
