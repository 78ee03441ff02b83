/** Everything that is said of a leg, a row or a finding, before it becomes text or JSON. */

import type { ItemNumbers, Neighbourhood } from '../../reconciliation/neighbourhood.ts'
import type { DescribedFinding, FindingHead } from '../../report/discrepancies.ts'
import type { Details, Difference } from './differences.ts'
import type { LegDetail, RowDetail } from './items.ts'
import type { PassStory } from './passes.ts'
import type { Shown } from './statements.ts'
import type { Stored } from './stored.ts'
import type { Subject } from './subject.ts'

/** A stored finding with the numbers of its legs and rows. */
export interface FindingRow extends FindingHead {
  leg_nos: bigint[]
  row_nos: bigint[]
}

export interface Explanation {
  subject: Subject
  /** what is asked about; of a finding its legs and rows */
  legs: readonly LegDetail[]
  rows: readonly RowDetail[]
  details: Details
  stored: Stored
  /** the ambiguous islands of what is asked about, by their number */
  islands: ReadonlyMap<bigint, ItemNumbers>
  findings: readonly DescribedFinding<FindingRow>[]
  near: Neighbourhood
  /** of reversals and fees alone: whose way they go, a sentence each */
  follows: readonly string[]
  /** empty where nothing of it is ever matched */
  passes: readonly PassStory[]
  differences: readonly Difference[]
  sql: readonly Shown[]
}
