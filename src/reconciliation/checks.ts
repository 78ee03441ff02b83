/** Every rule of spec section 5 on what was matched and what was not; the rules stand in sql/check/. */

import type { Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import type { Marks } from './marks.ts'
import { untilStill } from './rounds.ts'
import { knowPaymentKeys } from './row-keys.ts'

/**
 * ALLOCATION_TARGET_MISMATCH asks whether any row is the payment that a refund is booked against, where that is not the
 * payment of its own rows: mostly there is nothing to ask.
 */
async function findElsewhereBooked(db: Db, business_id: string, marks: Marks): Promise<void> {
  if ((await count(db, 'check/booked_elsewhere', [business_id])) === 0) return
  await db.query('analyze booked_elsewhere')
  if (marks.item_mark > 0n) await knowPaymentKeys(db, business_id, marks)
  await run(db, 'check/allocation_target_mismatch', [business_id, marks.item_mark])
}

/** OVER_REFUND compares refunds with the payments they give back: most files hold none, and then there is nothing to ask. */
async function findOverRefunds(db: Db, business_id: string, { item_mark }: Marks): Promise<void> {
  const [question] = await run<{ asked: boolean }>(db, 'check/over_refund_asked', [business_id])
  if (question?.asked !== true) return
  if (item_mark > 0n) {
    await run(db, 'check/over_refund_reach', [business_id, item_mark])
    await db.query('analyze reached_row')
  }
  await run(db, 'check/over_refund_rows', [business_id, item_mark])
  await untilStill(db, 'check/over_refund_round')
  await run(db, 'check/over_refund')
}

/** Finds everything there is to say of the items of the run, into the working table `finding`. */
export async function findDiscrepancies(db: Db, business_id: string, as_of: string, marks: Marks): Promise<void> {
  const { pull_mark } = marks
  await run(db, 'check/match_delta', [business_id])
  await run(db, 'check/suspect_match', [business_id])
  await run(db, 'check/missing_in_ledger', [business_id, as_of])
  await run(db, 'check/missing_at_processor', [business_id])
  for (const check of [
    'amount_mismatch',
    'refund_fee_mismatch',
    'returned_fee_mismatch',
    'within_tolerance',
    'currency_mismatch',
    'processor_mismatch',
    'refund_failed',
    'cutoff_mismatch',
    'duplicate_in_ledger',
    'ambiguous_match',
  ]) {
    await run(db, `check/${check}`)
  }
  await findElsewhereBooked(db, business_id, marks)
  await findOverRefunds(db, business_id, marks)
  await run(db, 'check/odd_refund', [business_id, pull_mark])
  for (const check of ['allocation_imbalance', 'payment_imbalance', 'line_item_imbalance'])
    await run(db, `check/${check}`)
  await run(db, 'check/ledger_refund_removed', [business_id, pull_mark])
  await run(db, 'discrepancy/items')
  await db.query('analyze finding; analyze finding_item')
  await run(db, 'discrepancy/identify', [business_id])
  await run(db, 'discrepancy/describe', [business_id])
  await run(db, 'discrepancy/effects', [business_id])
  await db.query('analyze finding; analyze finding_effect')
}

/** Brings the stored discrepancies to what this run found; what did not change is not written again (spec section 7). */
export async function storeDiscrepancies(db: Db, business_id: string, as_of: string): Promise<void> {
  for (const step of ['clear', 'reopen', 'open', 'refresh']) await run(db, `discrepancy/${step}`, [business_id, as_of])
  for (const step of ['link_legs', 'link_rows', 'drop_effects', 'store_effects']) {
    await run(db, `discrepancy/${step}`, [business_id])
  }
}
