/** Corrections as they are stored: every change is guarded by the status it starts from and leaves an event. */

import { DatabaseFault } from '../core/errors.ts'
import type { Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import type { Database, Direction } from '../ledger/store/pull.ts'

export type { Database, Db, Direction }

/**
 * needs_target: a person has to say what is refunded. posting: the request may have reached Layer. differs: Layer has
 * the refund, but not as it was meant. failed: Layer refused it. obsolete: the discrepancy is gone.
 */
export type CorrectionStatus =
  | 'needs_target'
  | 'proposed'
  | 'approved'
  | 'rejected'
  | 'posting'
  | 'posted'
  | 'differs'
  | 'failed'
  | 'obsolete'

/** What is refunded, in Layer's field names: invoice_id, or one of the bill_... fields. */
export type Target = Readonly<Record<string, string>>

/** Amounts in minor units; instants are UTC texts. */
export interface Correction {
  correction_id: string
  row_no: bigint
  discrepancy_id: string
  direction: Direction
  status: CorrectionStatus
  external_id: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  processor: string
  method: string
  completed_at: string
  target: Target | null
  target_source: 'ledger' | 'references' | 'person' | null
  /** what Layer will make of the target; null: not known */
  expected_amount: bigint | null
  request_path: string | null
  request_body: string | null
  request_sha256: string | null
  layer_refund_id: string | null
  outcome: string | null
  proposed_by: string
  approved_by: string | null
}

/** With the processor's row and the state of the discrepancy. */
export interface StandingCorrection extends Correction {
  refund_id: string | null
  transaction_id: string
  occurred_on: string
  discrepancy_status: 'open' | 'acknowledged' | 'resolved' | 'cleared'
}

export interface CorrectionEvent {
  happened_at: string
  actor: string
  from_status: CorrectionStatus | null
  to_status: CorrectionStatus
  request_sha256: string | null
  note: string | null
}

/** Who does it, and when (UTC). */
export interface Act {
  by: string
  at: string
}

/** All corrections of a business, in order of the refunds' dates. */
export const readCorrections = (db: Db, business_id: string): Promise<StandingCorrection[]> =>
  run<StandingCorrection>(db, 'correction/all', [business_id])

/** What happened to a correction, in order. */
export const readCorrectionEvents = async (
  db: Db,
  business_id: string,
  correction_id: string,
): Promise<CorrectionEvent[]> =>
  await (await db.kysely())
    .selectFrom('correction_event')
    .select(['happened_at', 'actor', 'from_status', 'to_status', 'request_sha256', 'note'])
    .$narrowType<Pick<CorrectionEvent, 'from_status' | 'to_status'>>()
    .where('business_id', '=', business_id)
    .where('correction_id', '=', correction_id)
    .orderBy('event_id')
    .execute()

const json = (target: Target | null): string | null => (target === null ? null : JSON.stringify(target))

/** Stores a new correction. */
export const storeCorrection = async (db: Db, business_id: string, made: Correction, act: Act): Promise<void> => {
  await count(db, 'correction/propose', [
    ...([business_id, made.correction_id, made.row_no, made.discrepancy_id, made.direction, made.status] as const),
    ...([made.external_id, made.amount, made.refund_fee, made.returned_fee, made.currency] as const),
    ...([made.processor, made.method] as const),
    ...([made.completed_at, json(made.target), made.target_source, made.expected_amount] as const),
    ...([made.outcome, act.by, act.at] as const),
  ])
}

export type CorrectionChange = Partial<
  Pick<
    Correction,
    | 'status'
    | 'discrepancy_id'
    | 'target'
    | 'target_source'
    | 'expected_amount'
    | 'request_path'
    | 'request_body'
    | 'request_sha256'
    | 'layer_refund_id'
    | 'outcome'
    | 'proposed_by'
    | 'approved_by'
  >
>

/**
 * Changes a correction and gives the changed one; committed when it returns, where `db` is no transaction.
 * @throws DatabaseFault where it no longer has the status that it was read with
 */
export const changeCorrection = async <T extends Correction>(
  db: Db,
  business_id: string,
  before: T,
  change: CorrectionChange,
  act: Act & { note?: string | null },
): Promise<T> => {
  const after: T = { ...before, ...change }
  const changed = await count(db, 'correction/change', [
    ...([business_id, before.correction_id, before.status, after.status, after.discrepancy_id] as const),
    ...([json(after.target), after.target_source, after.expected_amount, after.request_path] as const),
    ...([after.request_body, after.request_sha256, after.layer_refund_id, after.outcome] as const),
    ...([after.proposed_by, after.approved_by, act.by, act.at] as const),
    act.note ?? after.outcome,
  ])
  if (changed === 1) return after
  throw new DatabaseFault(
    `correction ${before.correction_id}: it was ${before.status} when it was read and is not any more; look at it and run again`,
  )
}
