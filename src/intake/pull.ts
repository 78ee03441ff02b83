/** Takes one listing into the ledger's tables: staged as it arrives, then merged in sets, in one transaction. */

import type { Database, Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { openStage, type PullStage } from './pull-stage.ts'

export type { Database }

export type Direction = 'customer' | 'vendor'

/** Which pull this is. Instants are UTC texts. */
export interface PullIdentity {
  business_id: string
  direction: Direction
  as_of: string
  /** the clock */
  now(): string
}

/** How the listing ended. */
export interface PullEnd {
  complete: boolean
  problem: string | null
  maybe_cut: boolean
  pages: number
  bytes: bigint
  sha256: string
  /** readings that do not count, since their pages were begun anew */
  void_readings: readonly number[]
}

/** What a pull brought, in numbers of refunds. */
export interface PullOutcome {
  direction: Direction
  pull_id: bigint
  complete: boolean
  /** why it is not complete; what arrived is stored all the same */
  problem: string | null
  maybe_cut: boolean
  pages: number
  bytes: bigint
  /** received and accepted, each id once */
  refunds: bigint
  quarantined: bigint
  added: number
  changed: number
  removed: number
}

/** From this many refunds on, sets are joined by hashing, and the planner gets new statistics before the matching. */
const BULK = 1_000

/**
 * Gives `receive` a stage to write the listing to, and merges what it wrote. An incomplete listing is merged too,
 * since its refunds are facts, but removes nothing. Before all has arrived only contents are written to the ledger;
 * nobody waits for them.
 * The caller holds the business's lock. What `receive` throws undoes all of it.
 */
export async function takePull(
  database: Database,
  identity: PullIdentity,
  receive: (stage: PullStage) => Promise<PullEnd>,
): Promise<PullOutcome> {
  const started_at = identity.now()
  const outcome = await database.transaction(async (db) => {
    const { business_id, direction } = identity
    const [numbered] = await run<{ pull_id: bigint }>(db, 'intake/pull_number')
    const pull_id = numbered?.pull_id ?? 0n
    const stage = await openStage(db, { business_id, direction, pull_id })
    const end = await receive(stage).catch(async (error: unknown) => {
      await stage.stop()
      throw error
    })
    await stage.end()
    const { void_readings } = end
    const void_rows = void_readings.length > 0 ? await count(db, 'intake/pull_drop_readings', [void_readings]) : 0
    const dropped = void_rows + (await count(db, 'intake/pull_drop_earlier'))
    if (dropped > 0) await dropVersions(db, [business_id, direction, pull_id])
    return await merge(db, identity, pull_id, started_at, end)
  })
  if (outcome.added + outcome.changed >= BULK) await run(database, 'intake/pull_analyze')
  return outcome
}

async function merge(
  db: Db,
  identity: PullIdentity,
  pull_id: bigint,
  started_at: string,
  end: PullEnd,
): Promise<PullOutcome> {
  const { business_id, direction } = identity
  const { complete, problem, maybe_cut, pages, bytes, sha256 } = end
  const [counts] = await run<{ refunds: bigint; read: bigint; quarantined: bigint }>(db, 'intake/pull_counts')
  const { refunds, read, quarantined } = counts ?? { refunds: 0n, read: 0n, quarantined: 0n }
  await run(db, 'intake/pull_open', [
    ...[business_id, direction, identity.as_of, started_at, identity.now(), complete, maybe_cut],
    ...[refunds, quarantined, pages, bytes, sha256, problem, pull_id],
  ])
  const source = `${direction} refunds of ${identity.as_of}`
  if (quarantined > 0n) await count(db, 'intake/pull_quarantine', [business_id, pull_id, source])
  const scope = [business_id, direction, pull_id]
  if (read >= BULK) await count(db, 'intake/pull_join_in_bulk')
  const [earlier] = await run(db, 'intake/pull_any', [business_id, direction])
  const changed = await count(db, 'intake/pull_change_refunds', scope)
  if (changed > 0) await count(db, 'intake/pull_touch_legs', [business_id, direction])
  const added = await count(db, 'intake/pull_add_refunds', scope)
  if (changed > 0) await count(db, 'intake/pull_change_legs', [business_id, direction])
  if (read > 0n) await count(db, 'intake/pull_add_legs', [business_id, direction])
  const removed = complete && earlier !== undefined ? await removeRefunds(db, scope) : 0
  return {
    direction,
    pull_id,
    complete,
    problem,
    maybe_cut,
    pages,
    bytes,
    refunds,
    quarantined,
    added,
    changed,
    removed,
  }
}

/** Contents kept of what the stage no longer holds. */
async function dropVersions(db: Db, scope: readonly unknown[]): Promise<void> {
  await count(db, 'intake/pull_join_in_bulk')
  await count(db, 'intake/pull_drop_versions', scope)
  await count(db, 'intake/pull_join_by_key')
}

async function removeRefunds(db: Db, [business_id, direction, pull_id]: readonly unknown[]): Promise<number> {
  await count(db, 'intake/pull_join_in_bulk')
  const removed = await run<{ refund_id: string }>(db, 'intake/pull_remove_refunds', [business_id, direction, pull_id])
  await count(db, 'intake/pull_join_by_key')
  const refund_ids = removed.map(({ refund_id }) => refund_id)
  if (refund_ids.length > 0) {
    await count(db, 'intake/pull_touch_removed', [business_id, direction, refund_ids])
    await count(db, 'intake/pull_silence_legs', [business_id, direction, refund_ids])
  }
  return removed.length
}
