/** Takes one listing into the ledger's tables: staged as it arrives, then merged in sets, in one transaction. */

import type { Database, Db } from '../../database/connect.ts'
import { count, run } from '../../database/statement.ts'
import { renewStatistics } from '../../database/statistics.ts'
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
  /** the SHA-256 of the bodies up to the end of each page */
  page_ends: readonly string[]
  /** it is the listing of `LastPull`: nothing of it was written to the stage */
  is_unchanged: boolean
}

/** The pull before, which brought a whole listing without anything quarantined. */
export interface LastPull {
  bytes: bigint
  sha256: string
  /** the SHA-256 up to the end of each page */
  page_ends: readonly string[]
  /** accepted */
  refunds: bigint
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

/** From this many refunds on, sets are joined by hashing. */
const BULK = 1_000

/**
 * Gives `receive` a stage to write the listing to, and merges what waits there. An incomplete listing is merged too,
 * since its refunds are facts, but removes nothing. Before all has arrived only contents are written to the ledger.
 * A listing that is, byte for byte, that of the pull before need not be written: the ledger holds what it says.
 * The caller holds the business's lock. What `receive` throws undoes all of it.
 * @param page_refunds only a test says so
 */
export async function takePull(
  database: Database,
  identity: PullIdentity,
  receive: (stage: PullStage, last: LastPull | null) => Promise<PullEnd>,
  page_refunds?: number,
): Promise<PullOutcome> {
  const started_at = identity.now()
  const outcome = await database.transaction(async (db) => {
    const { business_id, direction } = identity
    const [numbered] = await run<Numbered>(db, 'pull/number', [business_id, direction])
    const { pull_id, ...before } = numbered ?? { pull_id: 0n, sha256: null }
    const last = before.sha256 === null ? null : before
    const scope = { business_id, direction, pull_id }
    const stage = openStage(db, scope, page_refunds)
    const end = await receive(stage, last).catch(async (error: unknown) => {
      await stage.stop()
      throw error
    })
    const brought =
      end.is_unchanged && last !== null
        ? { ...NOTHING, refunds: last.refunds }
        : await merge(db, scope, end, await stage.end())
    return await close(db, identity, { scope, started_at, end, brought })
  })
  const rows = BigInt(outcome.added + outcome.changed)
  await renewStatistics(database, { brought: { business_id: identity.business_id, table: 'ledger_leg', rows } })
  return outcome
}

type Numbered = { pull_id: bigint } & (LastPull | { sha256: null })

type Brought = Pick<PullOutcome, 'refunds' | 'quarantined' | 'quarantined_without_id' | 'added' | 'changed' | 'removed'>

const NOTHING: Brought = { refunds: 0n, quarantined: 0n, quarantined_without_id: 0n, added: 0, changed: 0, removed: 0 }

/** Refunds of the stage: accepted, of them read since their content is not known, and quarantined. */
interface Staged extends Pick<PullOutcome, 'refunds' | 'quarantined' | 'quarantined_without_id'> {
  read: bigint
}

/** Brings the ledger up to date with what was staged. `is_undone`: pages may hold contents that nothing points to. */
async function merge(db: Db, scope: Scope, end: PullEnd, is_undone: boolean): Promise<Brought> {
  const { business_id, direction, pull_id } = scope
  const of_pull = [business_id, direction, pull_id] as const
  // of a refund that came more than once the last one stands
  const dropped = await count(db, 'pull/drop_earlier')
  const [counts] = await run<Staged>(db, 'pull/counts')
  const { read, ...staged } = counts ?? { ...NOTHING, read: 0n }
  const brought = { ...NOTHING, ...staged }
  if (read >= BULK) await count(db, 'pull/join_in_bulk')
  if (read > 0n) {
    await count(db, 'pull/touch_legs', [business_id, direction])
    await count(db, 'pull/keep_versions', [business_id, direction])
    brought.changed = await count(db, 'pull/change_refunds', of_pull)
    brought.added = await count(db, 'pull/add_refunds', of_pull)
    if (brought.changed > 0) await count(db, 'pull/change_legs', [business_id, direction])
    await count(db, 'pull/add_legs', [business_id, direction])
  }
  if (is_undone || dropped > 0) await count(db, 'pull/drop_pages', [business_id, pull_id])
  // what may be cut, or holds a refund whose id cannot be read, does not say what is gone
  const is_conclusive = end.complete && !end.maybe_cut && staged.quarantined_without_id === 0n
  if (is_conclusive) brought.removed = await removeRefunds(db, scope)
  return brought
}

interface Taken {
  scope: Scope
  started_at: string
  end: PullEnd
  brought: Brought
}

/** Stores the pull itself, with what it had to quarantine. */
async function close(db: Db, identity: PullIdentity, { scope, started_at, end, brought }: Taken): Promise<PullOutcome> {
  const { business_id, direction, pull_id } = scope
  const { complete, problem, maybe_cut, pages, bytes, sha256, page_ends } = end
  const { as_of } = identity
  const [closed] = await run<{ empty_legs: bigint }>(db, 'pull/close', [
    ...([business_id, direction, as_of, started_at, identity.now(), complete, maybe_cut] as const),
    ...([brought.refunds, brought.quarantined, brought.quarantined_without_id] as const),
    ...([pages, bytes, sha256, problem, pull_id, page_ends] as const),
  ])
  const source = `${direction} refunds of ${as_of}`
  if (brought.quarantined > 0n) await count(db, 'pull/quarantine', [business_id, direction, pull_id, source])
  const empty_legs = closed?.empty_legs ?? 0n
  return { direction: identity.direction, pull_id, complete, problem, maybe_cut, pages, bytes, ...brought, empty_legs }
}

async function removeRefunds(db: Db, { business_id, direction, pull_id }: Scope): Promise<number> {
  await count(db, 'pull/join_in_bulk')
  const removed = await run<{ refund_id: string }>(db, 'pull/remove_refunds', [business_id, direction, pull_id])
  await count(db, 'pull/join_by_key')
  const refund_ids = removed.map(({ refund_id }) => refund_id)
  if (refund_ids.length > 0) await count(db, 'pull/remove_legs', [business_id, direction, refund_ids])
  return removed.length
}
