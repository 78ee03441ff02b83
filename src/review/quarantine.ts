/** What persons decide of records in quarantine (spec section 3, Repair). */

import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'

/** A record in quarantine, as far as a decision asks. */
export interface RecordAside {
  quarantine_id: bigint
  business_id: string
  source: string
  line: bigint | null
  kind: string
  state: string
  reason: string
  /** refund_id or transaction_id, where it could be read */
  item_id: string | null
  dated_on: string | null
}

const DECIDING = [
  'quarantine_id',
  'business_id',
  'source',
  'line',
  'kind',
  'state',
  'reason',
  'item_id',
  'dated_on',
] as const

/** The records of these numbers. */
export const recordsAside = async (db: Db, business_id: string, ids: readonly bigint[]): Promise<RecordAside[]> =>
  await (await db.kysely())
    .selectFrom('quarantine')
    .select(DECIDING)
    .where('business_id', '=', business_id)
    .where('quarantine_id', 'in', [...ids])
    .orderBy('quarantine_id')
    .execute()

/**
 * Puts a conflicting line in the place of the stored one, which is kept as a version. Gives the months whose figures it
 * changes; null where the conflict does not stand any more. In a transaction, under the business's lock.
 */
export const acceptConflict = async (
  db: Db,
  { business_id, quarantine_id }: RecordAside,
): Promise<readonly string[] | null> => {
  const [accepted] = await run<{ months: string[] }>(db, 'file/accept', [business_id, quarantine_id])
  return accepted?.months ?? null
}

/** Says that a record does not matter; false where it was decided of meanwhile. */
export const dismissRecord = async (db: Db, { business_id, quarantine_id }: RecordAside): Promise<boolean> => {
  const [dismissed] = await (await db.kysely())
    .updateTable('quarantine')
    .set({ state: 'dismissed' })
    .where('business_id', '=', business_id)
    .where('quarantine_id', '=', quarantine_id)
    .where('state', '=', 'open')
    .execute()
  return dismissed?.numUpdatedRows === 1n
}
