/** Holding what a job is about to need: it then stands at a known moment of its life until it is let go or killed. */

import type { Database } from '../../src/database/connect.ts'
import { until } from './until.ts'

export interface Held {
  /** until somebody waits for it */
  awaited(): Promise<void>
  release(): Promise<void>
}

/** pg_locks is read anew each time, where pg_stat_activity stays what it was when the transaction first looked. */
const WAITING = 'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))'

/** Takes what a statement locks, such as `lock table run in exclusive mode`. */
export async function hold(database: Database, statement: string): Promise<Held> {
  const session = await database.session()
  await session.query(`begin; ${statement}`)
  return {
    awaited: async () => await until(async () => (await session.query(WAITING)).length > 0),
    release: async () => await session.close(),
  }
}
