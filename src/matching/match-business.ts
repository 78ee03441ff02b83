import { matchByAmountAndDate } from './amount-and-date.ts'
import { matchCancelled } from './cancelled.ts'
import { concludeMatching } from './conclude.ts'
import { findDuplicates } from './duplicates.ts'
import { followWithFees } from './fee-only.ts'
import { matchManually } from './manual.ts'
import { matchByPaymentGroup } from './payment-group.ts'
import { matchByPaymentReference } from './payment-reference.ts'
import { matchByReferenceOnly } from './payment-reference-only.ts'
import { matchByRefundId } from './refund-id.ts'
import type { Leg, Matching, MatchSettings, Row, Ruling, Standing } from './types.ts'
import { WorkingSet } from './working-set.ts'

/**
 * Decides which legs and rows of one business are the same money (contract, section 4). Pure: the same items in any
 * order give the same answer.
 *
 * `legs` and `rows` are the open items and those of the matches that stand; empty items are not among them, keys come
 * normalised, amounts are minor units. `rulings` are what people said, in the order in which they said it. Matches in
 * `standing` are never matched again; their items count for duplicates, for what reversals belong to and for what a fee
 * alone follows. `matchesToUndo` comes first: an open reversal, fee or leg that belongs to a match in `standing` is not
 * added to it.
 *
 * Passes 2 to 5 stay within one direction and processor, so the order of these does not matter.
 */
export function matchBusiness(
  legs: readonly Leg[],
  rows: readonly Row[],
  settings: MatchSettings,
  rulings: readonly Ruling[],
  standing: readonly Standing[] = [],
): Matching {
  const work = new WorkingSet(legs, rows, settings, rulings, standing)
  matchManually(work, rulings)
  matchByRefundId(work)
  findDuplicates(work)
  followWithFees(work)
  for (const open of work.openItems()) {
    matchByPaymentReference(work, open)
    matchByPaymentGroup(work, open)
    matchByReferenceOnly(work, open)
    matchByAmountAndDate(work, open)
  }
  matchCancelled(work)
  return concludeMatching(work)
}
