/** Work in a transaction of one connection: there whole or not at all. */

import type { Readable, Writable } from 'node:stream'
import { explain } from './explain.ts'
import type { Db, Isolation } from './handle.ts'
import type { Guard } from './on-connection.ts'

interface Connection {
  /** gives the rows of the last statement */
  ask(sql: string): Promise<{ rows: readonly unknown[] }>
  /** the handle for the work; it notes the COPYs that are open on the connection in `streams` */
  handle(streams: Set<Readable | Writable>): Db
  /** gives it back to its pool, or drops it where it is broken */
  release(broken?: Error): void
}

/** Commits what `work` did, or undoes it where it throws. */
export async function transactionOn<T>(
  connection: Connection,
  work: (db: Db) => Promise<T>,
  isolation: Isolation,
  guard: Guard | null = null,
): Promise<T> {
  const streams = new Set<Readable | Writable>()
  let broken: Error | undefined
  try {
    const seen = await connection.ask(`begin isolation level ${isolation}${guard === null ? '' : `; ${guard.sql}`}`)
    guard?.check(seen.rows)
    const result = await work(connection.handle(streams))
    await connection.ask('commit')
    return result
  } catch (error) {
    // An open COPY would make the rollback wait for ever: dropping the connection rolls back as well.
    if (streams.size > 0) broken = new Error('COPY was left open')
    else {
      await connection.ask('rollback').catch((problem: unknown) => {
        broken = explain(problem, 'rolling back')
      })
    }
    throw error
  } finally {
    connection.release(broken)
  }
}
