/** What persons decide of records in quarantine (spec section 3, Repair). */

import { FileFault, UsageFault } from '../core/errors.ts'
import { monthOf } from '../core/period.ts'
import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import { type Act, recordRepairs } from './repairs.ts'

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
const acceptConflict = async (
  db: Db,
  { business_id, quarantine_id }: RecordAside,
): Promise<readonly string[] | null> => {
  const [accepted] = await run<{ months: string[] }>(db, 'file/accept', [business_id, quarantine_id])
  return accepted?.months ?? null
}

/** Says that a record does not matter; false where it was decided of meanwhile. */
const dismissRecord = async (db: Db, { business_id, quarantine_id }: RecordAside): Promise<boolean> => {
  const [dismissed] = await (await db.kysely())
    .updateTable('quarantine')
    .set({ state: 'dismissed' })
    .where('business_id', '=', business_id)
    .where('quarantine_id', '=', quarantine_id)
    .where('state', '=', 'open')
    .execute()
  return dismissed?.numUpdatedRows === 1n
}

/** The state to which each decision leads. */
export const DECIDED = { accept: 'accepted', dismiss: 'dismissed' } as const

/** 'stripe.csv, line 7' */
export const placeOf = ({ source, line }: Pick<RecordAside, 'source' | 'line'>): string =>
  line === null ? source : `${source}, line ${line}`

/** What events about a record are about. */
export const subjectOf = (quarantine_id: bigint): string => `quarantine ${quarantine_id}`

/** Throws UsageFault where the record cannot be decided so. */
export const refuseRecord = (action: keyof typeof DECIDED, { quarantine_id, kind, state }: RecordAside): void => {
  if (state !== 'open') {
    throw new UsageFault(`quarantine ${quarantine_id} is ${state} already, expected a record that is open`)
  }
  if (action === 'accept' && kind !== 'conflict') {
    throw new UsageFault(
      `quarantine ${quarantine_id} could not be read, expected a line in conflict with a stored one: correct it where it comes from, or dismiss it`,
    )
  }
}

/**
 * Accepts a conflicting line or dismisses a record, and says so in the chain. In a transaction, under the business's lock.
 * @throws FileFault where it was decided of, or its file withdrawn, meanwhile
 */
export const decideRecord = async (
  db: Db,
  business_id: string,
  action: keyof typeof DECIDED,
  record: RecordAside,
  act: Act,
): Promise<void> => {
  const months = action === 'accept' ? await acceptConflict(db, record) : await dismissed(db, record)
  const { quarantine_id, item_id, reason } = record
  if (months === null) {
    throw new FileFault(
      `quarantine ${quarantine_id} was decided, or its file withdrawn, meanwhile: nothing was done; look at it with \`tieout quarantine show ${quarantine_id}\``,
    )
  }
  const to_state = DECIDED[action]
  await recordRepairs(db, business_id, act, [
    {
      kind: `quarantine_${to_state}`,
      subject: subjectOf(quarantine_id),
      from_state: 'open',
      to_state,
      months,
      details: { place: placeOf(record), item_id, reason },
    },
  ])
}

/** The months whose verdict a dismissal may change; null where the record was decided of meanwhile. */
const dismissed = async (db: Db, record: RecordAside): Promise<string[] | null> => {
  if (!(await dismissRecord(db, record))) return null
  return record.dated_on === null ? [] : [monthOf(record.dated_on)]
}
