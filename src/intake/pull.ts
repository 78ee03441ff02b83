/** Takes one listing into the ledger's tables: staged as it arrives, then merged in sets, in one transaction. */

import type { Database, Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { renewStatistics } from '../database/statistics.ts'
import type { Scope } from './pull-rows.ts'
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
  /** of these, those whose id cannot be read: then nothing is concluded to be gone */
  quarantined_without_id: bigint
  /** payments whose amount and fees are all 0, of all refunds that the ledger then holds in this direction */
  empty_legs: bigint
  added: number
  changed: number
  removed: number
}

/** From this many refunds on, sets are joined by hashing, and the planner gets new statistics before the matching. */
const BULK = 1_000

/**
 * Gives `receive` a stage to write the listing to, and merges what waits there. An incomplete listing is merged too,
 * since its refunds are facts, but removes nothing. Before all has arrived only what is new is written to the ledger:
 * contents, and the refunds of a first pull; nobody waits for them.
 * The caller holds the business's lock. What `receive` throws undoes all of it.
 * @param portion only a test says so
 */
export async function takePull(
  database: Database,
  identity: PullIdentity,
  receive: (stage: PullStage) => Promise<PullEnd>,
  portion?: Parameters<typeof openStage>[3],
): Promise<PullOutcome> {
  const started_at = identity.now()
  const outcome = await database.transaction(async (db) => {
    const { business_id, direction } = identity
    const [numbered] = await run<{ pull_id: bigint }>(db, 'intake/pull_number')
    const scope = { business_id, direction, pull_id: numbered?.pull_id ?? 0n }
    const [earlier] = await run(db, 'intake/pull_any', [business_id, direction])
    const stage = await openStage(db, scope, earlier === undefined, portion)
    const end = await receive(stage).catch(async (error: unknown) => {
      await stage.stop()
      throw error
    })
    const added = await stage.end()
    const brought = earlier === undefined ? await mergeFirst(db, scope, added) : await merge(db, scope, end)
    return await close(db, identity, { scope, started_at, end, brought })
  })
  if (outcome.added + outcome.changed >= BULK) await renewStatistics(database)
  return outcome
}

type Brought = Pick<PullOutcome, 'refunds' | 'quarantined' | 'quarantined_without_id' | 'added' | 'changed' | 'removed'>

/** Refunds of the stage: accepted, of them read since their content is not known, and set aside. */
interface Staged extends Pick<PullOutcome, 'refunds' | 'quarantined' | 'quarantined_without_id'> {
  read: bigint
}

/** Of a refund that came more than once the last one stands. */
async function countStaged(db: Db): Promise<Staged & { dropped: number }> {
  const dropped = await count(db, 'intake/pull_drop_earlier')
  const [counts] = await run<Staged>(db, 'intake/pull_counts')
  const staged = counts ?? { refunds: 0n, read: 0n, quarantined: 0n, quarantined_without_id: 0n }
  if (staged.read >= BULK) await count(db, 'intake/pull_join_in_bulk')
  return { ...staged, dropped }
}

/** Brings the ledger up to date with what was staged. */
async function merge(db: Db, { business_id, direction, pull_id }: Scope, end: PullEnd): Promise<Brought> {
  const scope = [business_id, direction, pull_id]
  const { read, dropped, ...staged } = await countStaged(db)
  const brought = { ...staged, added: 0, changed: 0, removed: 0 }
  if (read > 0n) {
    await count(db, 'intake/pull_touch_legs', [business_id, direction])
    brought.changed = await count(db, 'intake/pull_change_refunds', scope)
    brought.added = await count(db, 'intake/pull_add_refunds', scope)
    if (brought.changed > 0) await count(db, 'intake/pull_change_legs', [business_id, direction])
    await count(db, 'intake/pull_add_legs', [business_id, direction])
  }
  if (dropped > 0) await count(db, 'intake/pull_drop_repeated', [business_id, pull_id])
  if (read > BigInt(brought.added)) await count(db, 'intake/pull_drop_kept', scope)
  // what may be cut, or holds a refund whose id cannot be read, does not say what is gone
  const is_conclusive = end.complete && !end.maybe_cut && staged.quarantined_without_id === 0n
  if (is_conclusive) brought.removed = await removeRefunds(db, scope)
  return brought
}

/** The same of a direction's first pull: `added` are in the ledger already, and one that was staged may be there again. */
async function mergeFirst(db: Db, { business_id, direction, pull_id }: Scope, added: number): Promise<Brought> {
  const scope = [business_id, direction, pull_id]
  const { read, dropped, ...staged } = await countStaged(db)
  const brought = (all: number): Brought => ({ ...staged, refunds: BigInt(all), added: all, changed: 0, removed: 0 })
  if (read === 0n) return brought(added)
  const replaced = await count(db, 'intake/pull_replace', [business_id, direction])
  const others = await count(db, 'intake/pull_add_refunds', scope)
  await count(db, 'intake/pull_add_legs', [business_id, direction])
  if (dropped + replaced > 0) {
    await count(db, 'intake/pull_join_in_bulk')
    await count(db, 'intake/pull_drop_repeated', [business_id, pull_id])
  }
  return brought(added - replaced + others)
}

interface Taken {
  scope: Scope
  started_at: string
  end: PullEnd
  brought: Brought
}

/** Stores the pull itself, with what it had to set aside. */
async function close(db: Db, identity: PullIdentity, { scope, started_at, end, brought }: Taken): Promise<PullOutcome> {
  const { business_id, direction, pull_id } = scope
  const { complete, problem, maybe_cut, pages, bytes, sha256 } = end
  const { as_of } = identity
  const [closed] = await run<{ empty_legs: bigint }>(db, 'intake/pull_close', [
    ...[business_id, direction, as_of, started_at, identity.now(), complete, maybe_cut, brought.refunds],
    ...[brought.quarantined, brought.quarantined_without_id, pages, bytes, sha256, problem, pull_id],
  ])
  const source = `${direction} refunds of ${as_of}`
  if (brought.quarantined > 0n) await count(db, 'intake/pull_quarantine', [business_id, direction, pull_id, source])
  const empty_legs = closed?.empty_legs ?? 0n
  return { direction: identity.direction, pull_id, complete, problem, maybe_cut, pages, bytes, ...brought, empty_legs }
}

async function removeRefunds(db: Db, [business_id, direction, pull_id]: readonly unknown[]): Promise<number> {
  await count(db, 'intake/pull_join_in_bulk')
  const removed = await run<{ refund_id: string }>(db, 'intake/pull_remove_refunds', [business_id, direction, pull_id])
  await count(db, 'intake/pull_join_by_key')
  const refund_ids = removed.map(({ refund_id }) => refund_id)
  if (refund_ids.length > 0) await count(db, 'intake/pull_remove_legs', [business_id, direction, refund_ids])
  return removed.length
}
