/** The matching passes of spec section 4, in order. The rules stand in sql/match/; here stands who comes after whom. */

import type { Db } from '../database/connect.ts'
import { count, run, statement } from '../database/statement.ts'
import type { Marks } from './marks.ts'
import { untilStill } from './rounds.ts'
import { knowPaymentKeys } from './row-keys.ts'

/**
 * Makes the working tables of the run and says what it looks at: everything (`item_mark` 0), or what the last run left
 * open, what was touched since or waited for a payment that came, and the settled pairs that these or anything new may
 * have a claim to. What is numbered above `item_mark` is new and needs no list.
 */
export async function chooseItems(db: Db, business_id: string, item_mark: bigint): Promise<void> {
  await db.query(statement('match/work_tables'))
  if (item_mark === 0n) return
  await run(db, 'match/touched_items', [business_id])
  await run(db, 'match/awaited_items', [business_id, item_mark])
  const wake = async (): Promise<number> => await untilStill(db, 'match/wake', [business_id, item_mark])
  await wake()
  // who wakes of the one kind may have a claim to one of the other
  await untilStill(db, 'match/wake_settled', [business_id, item_mark], wake)
}

/** Gives every reversal its refund and direction. */
export async function tieReversals(db: Db, business_id: string, item_mark: bigint): Promise<void> {
  await run(db, 'match/reversals', [business_id, item_mark])
  await db.query('analyze work_reversal')
  for (let turn = 1; (await count(db, 'match/reversal_of_refund_id', [business_id, turn, item_mark])) > 0; turn += 1);
  // whom they belong to was not known before
  await db.query('analyze work_reversal')
  await run(db, 'match/reversal_candidates', [business_id, item_mark])
  await untilStill(db, 'match/candidate_refuse')
  await run(db, 'match/reversal_settle')
  await db.query('truncate candidate')
  await run(db, 'match/reversal_direction', [business_id])
  await db.query('analyze work_reversal')
}

/** A pair that is booked against another payment is settled as long as no row of the processor is that payment. */
async function findMisbooked(db: Db, business_id: string, marks: Marks): Promise<void> {
  if ((await count(db, 'match/elsewhere_keys')) === 0) return
  await db.query('analyze elsewhere_key')
  if (marks.item_mark > 0n) await knowPaymentKeys(db, business_id, marks)
  await run(db, 'match/misbooked', [business_id, marks.item_mark])
}

/**
 * Sets the plain pairs apart, and fills the working tables with all other legs and rows. Where it looks at everything,
 * the first statement joins the whole of both sides: a planner that expects a few rows would loop over a million, or
 * sort what it can hash.
 */
export async function takeItems(db: Db, business_id: string, marks: Marks): Promise<void> {
  const { item_mark } = marks
  if (item_mark === 0n) await db.query('set local enable_nestloop = off; set local enable_mergejoin = off')
  await run(db, 'match/meeting', [business_id, item_mark])
  await db.query('set local enable_nestloop = on; set local enable_mergejoin = on; analyze meeting')
  await db.query(statement('match/settled_pair'))
  await findMisbooked(db, business_id, marks)
  // sorted numbers are grouped in half the time that hashing takes
  await db.query('set local enable_hashagg = off')
  await run(db, 'match/loose')
  await db.query('set local enable_hashagg = on; analyze loose_item')
  await untilStill(db, 'match/loosen', [business_id])
  await run(db, 'match/legs', [business_id])
  await run(db, 'match/rows', [business_id])
  await db.query('analyze loose_item; analyze work_leg; analyze work_row')
  await run(db, 'match/undone')
}

/** Pass 1: by identity keys, first within the leg's own processor, then elsewhere; then the legs booked twice. */
async function matchRefundIds(db: Db, business_id: string): Promise<void> {
  for (const options of ['match/refund_id_options', 'match/refund_id_options_elsewhere']) {
    await run(db, options)
    await db.query('analyze option')
    await run(db, 'match/refund_id_uncontested')
    await db.query('analyze taken_leg; analyze taken_row')
    await run(db, 'match/refund_id_clear')
    await untilStill(db, 'match/refund_id_round', [], async () => await run(db, 'match/refund_id_clear'))
    await db.query('truncate option')
  }
  await run(db, 'match/duplicate_in_ledger', [business_id])
}

/** Pass 2, over the rows' own payment ids, then over all their reference keys. */
async function matchPaymentReferences(db: Db, without_undone: boolean): Promise<void> {
  for (const payments_only of [true, false]) {
    await run(db, 'match/payment_reference_candidates', [payments_only, without_undone])
    await db.query('analyze candidate')
    await untilStill(db, 'match/candidate_refuse')
    await run(db, 'match/payment_reference_settle')
    await db.query('truncate candidate')
    await run(db, 'match/open_clear')
  }
}

/** Passes 3 and 4, key by key. */
async function matchByKey(
  db: Db,
  pass: 'payment_group' | 'payment_reference_only',
  without_undone: boolean,
): Promise<void> {
  await run(db, 'match/key_items', [without_undone])
  await db.query('analyze key_item')
  await untilStill(db, 'match/key_round', [pass], async () => await run(db, 'match/key_prune'))
  await db.query('truncate key_item')
  await run(db, 'match/open_clear')
}

/** Pass 5. */
async function matchIslands(db: Db, business_id: string, without_undone: boolean): Promise<void> {
  await run(db, 'match/island_items', [without_undone])
  await untilStill(db, 'match/island_set_aside', [business_id])
  await run(db, 'match/island_settle', [business_id])
  await db.query('truncate island_item')
  await run(db, 'match/open_clear')
}

/** All passes; afterwards taken_leg, taken_row, duplicate_leg and ambiguous_item say what became of every item. */
export async function matchItems(db: Db, business_id: string): Promise<void> {
  await matchRefundIds(db, business_id)
  await run(db, 'match/open_rows', [business_id])
  await run(db, 'match/open_legs', [business_id])
  // these passes read nothing but working tables; what they make of them on the way the planner takes for small, and of
  // 200,000 refunds without a refund id it compared each with each: hours
  await db.query('analyze open_leg; analyze open_row; set local enable_nestloop = off')
  for (const without_undone of [true, false]) {
    await matchPaymentReferences(db, without_undone)
    await matchByKey(db, 'payment_group', without_undone)
    await matchByKey(db, 'payment_reference_only', without_undone)
    await matchIslands(db, business_id, without_undone)
  }
  await db.query('set local enable_nestloop = on')
  await run(db, 'match/cancelled')
  await run(db, 'match/reversals_follow')
  await run(db, 'match/reversals_follow_ambiguous')
  await db.query('analyze taken_leg; analyze taken_row')
}

/** Brings the stored matches to what this run found; an unchanged match is not written again. */
export async function storeMatches(db: Db, business_id: string, item_mark: bigint): Promise<void> {
  await run(db, 'match/drop', [business_id, item_mark])
  await run(db, 'match/store', [business_id])
  await run(db, 'match/await_payments', [business_id, item_mark])
}

/** After the checks: what they say nothing of is settled, all else stays open for the next run. */
export async function settleMatches(db: Db, business_id: string): Promise<void> {
  await db.query('set local enable_nestloop = off')
  await run(db, 'match/quiet', [business_id])
  await db.query('set local enable_nestloop = on; analyze quiet_match')
  await run(db, 'match/settle', [business_id])
  await run(db, 'match/keep_open', [business_id])
}
