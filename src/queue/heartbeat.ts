/**
 * That a worker is alive: a session advisory lock under its id, which ends with its connection. So it takes no table
 * and no clock but the server's: a killed worker is dead at once, as its system closes the connection; one that hangs,
 * or whose machine is gone, after the time in which its session must say something.
 */

import type { Database, DatabaseLog, Session } from '../database/connect.ts'

export interface Presence {
  /** From here on, the worker of this id is alive; a second call for it does nothing. */
  take(worker_id: string): Promise<void>
  /** Makes sure of it, unless that was done a moment ago: a restart of the database may have ended the session. */
  renew(): Promise<void>
  end(): Promise<void>
}

/** A session that says nothing for so long is closed by the server, and the worker counts as dead. */
const SILENCE_SECONDS = 60
const BEAT_MILLIS = 15_000
/** Short jobs follow each other faster than this. */
const FRESH_MILLIS = 1_000

/** The key of a worker's advisory lock, of its id as an SQL expression of type text. */
export const presenceKeyOf = (worker_id: string): string => `hashtextextended('tieout worker ' || ${worker_id}, 0)`

export const holdPresence = (database: Database, log: DatabaseLog): Presence => {
  let session: Session | null = null
  let taking: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let beating: Promise<void> | null = null
  let renew = async (): Promise<void> => undefined
  let ended = false
  // by the clock that goes on while a machine sleeps
  let heard_at = 0

  const open = async (worker_id: string): Promise<void> => {
    const opened = await database.session()
    try {
      await opened.query(`set idle_session_timeout = '${SILENCE_SECONDS}s'`)
      // waits where a session of its own, broken without a goodbye, still holds it
      await opened.query(`select pg_advisory_lock(${presenceKeyOf('$1')})`, [worker_id])
    } catch (error) {
      await opened.close()
      throw error
    }
    session = opened
    if (ended) await opened.close()
  }

  /** Says that it is alive, or, where its session is gone, becomes it again: after a pause, or a restart of the server. */
  const beat = async (worker_id: string): Promise<void> => {
    const alive = await session?.query('select 1').catch(() => null)
    if (alive) heard_at = Date.now()
    if (alive || ended) return
    await session?.close()
    session = null
    await open(worker_id).catch((error: unknown) =>
      log.warn({ err: error }, 'this worker may be taken for dead: it cannot tell the database that it is alive'),
    )
  }

  return {
    async take(worker_id) {
      taking ??= open(worker_id)
      renew = () => {
        beating ??= beat(worker_id).finally(() => {
          beating = null
        })
        return beating
      }
      timer ??= setInterval(() => void renew(), BEAT_MILLIS)
      await taking
    },
    async renew() {
      if (Math.abs(Date.now() - heard_at) > FRESH_MILLIS) await renew()
    },
    async end() {
      ended = true
      if (timer) clearInterval(timer)
      await session?.close()
    },
  }
}
