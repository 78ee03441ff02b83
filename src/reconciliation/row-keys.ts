/** Rows are looked up by their refund ids and payment ids, not looked for: in tables that the runs bring up to date. */

import type { Database, Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { renewWhereGrown } from '../database/statistics.ts'
import type { Marks } from './marks.ts'

/**
 * Brings `payment_key` up to this run's rows, and gives the number of ids written: none where it is. The first time, all
 * rows of the business are read for it, from then on the new ones.
 */
export const knowPaymentKeys = async (db: Db, business_id: string, { new_item_mark }: Marks): Promise<number> =>
  await count(db, 'match/payment_keys', [business_id, new_item_mark])

/** Brings `refund_key` up to this run's rows in the same way. */
const knowRefundKeys = async (db: Db, business_id: string, { new_item_mark }: Marks): Promise<number> =>
  await count(db, 'match/refund_keys', [business_id, new_item_mark])

/**
 * Does so before a run that looks at what is new: it asks for refund ids, and for payment ids where there is reason to. The
 * caller holds the business's lock. Not in the run's own transaction: the tables say nothing but what the rows say, and
 * statistics made there would lock out the runs of other businesses.
 */
export async function knowRowKeys(database: Database, business_id: string, marks: Marks, room: string): Promise<void> {
  const [question] = await run<{ asked: boolean }>(database, 'match/payment_keys_asked', [business_id, marks.item_mark])
  const written = await database.transaction(async (db) => {
    await db.query(room)
    const refunds = await knowRefundKeys(db, business_id, marks)
    return { refunds, payments: question?.asked === true ? await knowPaymentKeys(db, business_id, marks) : 0 }
  })
  await renewWhereGrown(database, 'refund_key', written.refunds)
  await renewWhereGrown(database, 'payment_key', written.payments)
}
