/** What a report rests on: coverage, pulls, files, quarantine, runs, notes and the chain. Amounts are minor units. */

import type { Direction } from './lines.ts'

/** Dates not covered: after the one, before the other, both covered. */
interface Hole {
  after: string
  before: string
}

export interface CoverageLine {
  business_id: string
  processor: string
  account: string
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
  /** payments whose amount and fees are all 0 */
  empty_legs: bigint
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

/** What of a file's rows was new with it, per currency. */
export interface BroughtLine {
  currency: string
  rows: bigint
  first_id: string
  last_id: string
  /** of refunds, reversals and vendor refunds */
  amount: bigint
}

export interface FileLine {
  id: bigint
  business_id: string
  processor: string
  account: string
  name: string
  /** relative to the configuration's folder where it lies below it */
  path: string
  sha256: string
  bytes: bigint
  format: string
  /** a withdrawn one's rows, coverage and quarantine do not count */
  state: 'imported' | 'withdrawn'
  imported_at: string
  records: bigint
  accepted: bigint
  known: bigint
  /** of these, lines without an id of their own that were taken for lines of earlier files, as they say the same */
  same_as_earlier: bigint
  quarantined: bigint
  covers: { from: string; to: string; source: string } | null
  totals_hold: boolean
  totals: StatedTotalLine[]
  categories: CategoryLine[]
  brought: BroughtLine[]
}

/** The stored line that a conflicting one contradicts. */
export interface StoredLine {
  type: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  presented_amount: bigint | null
  presented_currency: string | null
  refund_id: string | null
  occurred_at: string | null
  occurred_on: string
  file: string
  line: bigint
}

export interface QuarantineLine {
  id: bigint
  business_id: string
  source: string
  line: bigint | null
  kind: 'unreadable' | 'conflict'
  reason: string
  raw: string
  /** of a conflict */
  stored: StoredLine | null
  item_id: string | null
  dated_on: string | null
}

export interface RunLine {
  business_id: string
  run_id: bigint
  command: string
  as_of: string
  started_at: string
  finished_at: string | null
  state: 'running' | 'done' | 'failed'
  problem: string | null
}

/** Something that a reader should know. */
export interface NoteLine {
  business_id: string
  code: string
  text: string
  count: bigint | null
  amount: bigint | null
}

/** The last event of a business's chain. */
export interface ChainLine {
  business_id: string
  event_number: bigint
  event_hash: string
}
