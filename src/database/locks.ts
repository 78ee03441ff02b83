/** One run per business at a time: a session advisory lock on a connection of its own. */

import { setTimeout as sleep } from 'node:timers/promises'
import { BusyFault, DatabaseFault } from '../core/errors.ts'
import type { Database, DatabaseLog, Session } from './handle.ts'
import { type RowOf, run } from './statement.ts'

/** How long a second run waits for the first before it gives up. */
const WAIT_SECONDS = 30

/** The key of a business's advisory lock, of its id as an SQL expression of type text. */
const lockKeyOf = (business_id: string): string => `hashtextextended('tieout business ' || ${business_id}, 0)`

/** Held while the schema is brought up to date. */
export const MIGRATION_LOCK = `hashtextextended('tieout migration', 0)`

const TRY = `select pg_try_advisory_lock(${lockKeyOf('$1')}) as held`

const RELEASE = `select pg_advisory_unlock(${lockKeyOf('$1')}) as released`

/** A connection that holds the lock of one business at a time. */
interface Holder {
  readonly session: Session
  /** what to do when the connection breaks; null while no lock is held */
  onLost: (() => void) | null
}

/** A business whose lock is asked for; people know it by its name. */
type Whose = Readonly<{ id: string; name: string }>

/** The connections between two locks: to open one costs more than a small business's statements. */
const idle = new WeakMap<Database, Set<Holder>>()

async function takeHolder(database: Database): Promise<Holder> {
  const kept = idle.get(database) ?? new Set()
  idle.set(database, kept)
  for (const holder of kept) {
    kept.delete(holder)
    return holder
  }
  const holder: Holder = { session: await database.session(), onLost: null }
  holder.session.onBreak(() => {
    kept.delete(holder)
    holder.onLost?.()
  })
  return holder
}

/** Frees the lock and keeps the connection for the next one; closes it, which frees the lock too, where that fails. */
async function release(database: Database, holder: Holder, business_id: string): Promise<void> {
  holder.onLost = null
  const rows = await holder.session.query<{ released: boolean }>(RELEASE, [business_id], 'release lock').catch(() => [])
  if (rows[0]?.released === true) idle.get(database)?.add(holder)
  else await holder.session.close()
}

async function acquire(session: Session, { id, name }: Whose, log: DatabaseLog, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  for (let tries = 0; ; tries += 1) {
    const [row] = await session.query<{ held: boolean }>(TRY, [id], 'try lock')
    if (row?.held === true) return
    if (performance.now() >= deadline) {
      throw new BusyFault(
        `${name}: another run has been at work on it for the last ${seconds} seconds${await sinceWhen(session, id)}; run again when it is done`,
      )
    }
    if (tries === 0)
      log.info({ business_id: id, wait_seconds: seconds }, 'another run is at work on this business: waiting for it')
    await sleep(Math.min(250, 20 + tries * 20))
  }
}

/** ' (nightly, since 2026-11-20 02:05 UTC)'; '' where no run is noted. */
async function sinceWhen(session: Session, business_id: string): Promise<string> {
  const [at_work] = await run<RowOf<'run/at_work'>>(session, 'run/at_work', [business_id])
  if (at_work === undefined) return ''
  const { job, started_at } = at_work
  return ` (${job}, since ${started_at.slice(0, 10)} ${started_at.slice(11, 16)} UTC)`
}

/**
 * Runs `work` while holding the business's lock, on the database where its rows lie: `own` is another one on Citus only. The
 * lock is a connection's of its own, so a killed run frees it.
 * Waits up to `seconds` (saying so once in the log), then throws BusyFault. Throws DatabaseFault as
 * soon as the lock is lost, and gives the database up: another run may be at work by then, and nothing may be written beside it.
 */
export const withBusinessLock = async <T>(
  database: Database,
  business: Whose,
  log: DatabaseLog,
  work: (own: Database) => Promise<T>,
  seconds: number = WAIT_SECONDS,
): Promise<T> =>
  await holding(database, business, log, seconds, async () => {
    const own = await database.elsewhere(business.id)
    // once more where the rows lie: there it is looked whether a run is at work
    return own === null ? await work(database) : await holding(own, business, log, seconds, () => work(own))
  })

async function holding<T>(
  database: Database,
  business: Whose,
  log: DatabaseLog,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> {
  const holder = await takeHolder(database)
  try {
    const lost = new Promise<never>((_, reject) => {
      holder.onLost = () => {
        const fault = new DatabaseFault(
          `${business.name}: the lock on it was lost while it was at work, as the connection that held it broke; run again`,
        )
        reject(fault)
        database.giveUp(fault)
      }
    })
    lost.catch(() => undefined)
    await acquire(holder.session, business, log, seconds)
    return await Promise.race([work(), lost])
  } finally {
    await release(database, holder, business.id)
  }
}
