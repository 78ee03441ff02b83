import { rowHash } from '../core/row-hash.ts'
import type { DiscrepancyLine } from './lines.ts'

/** The state of a finding that a decision about it names: what it is about, and the last event but for comments (0: none). */
export const stateOf = (
  finding: Pick<DiscrepancyLine, 'id' | 'code' | 'effects' | 'history'>,
): { row_hash: string; event_number: bigint } => ({
  row_hash: rowHash(finding),
  event_number: finding.history.findLast(({ kind }) => kind !== 'commented')?.event_number ?? 0n,
})
