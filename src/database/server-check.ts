/** Refuses a server that cannot hold the books, with what to do. */

import { randomUUID } from 'node:crypto'
import { DatabaseFault } from '../core/errors.ts'
import type { Db } from './handle.ts'

interface Server {
  version: number
  named: string
  encoding: string
  standby: boolean
  process_id: number
}

/** Grain: one row. */
const SERVER = `
  select current_setting('server_version_num')::int as version, current_setting('server_version') as named,
         current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby, pg_backend_pid() as process_id`

/**
 * Throws DatabaseFault where the server is too old, not in UTF-8 or a standby; `place` names it without its password. Gives the
 * process that answers, which is not the one that a pooler says on connecting.
 */
export async function checkServer(db: Db, place: string): Promise<number> {
  const [server] = await db.query<Server>(SERVER)
  if (server === undefined) throw new DatabaseFault(`${place}: the server says nothing of itself`)
  if (server.version < 140_000) {
    throw new DatabaseFault(
      `${place}: this is Postgres ${server.named}; name a server of version 14 to 18 in database.url`,
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new DatabaseFault(
      `${place}: the encoding is ${server.encoding}; create the database with "encoding 'UTF8' template template0"`,
    )
  }
  if (server.standby) {
    throw new DatabaseFault(`${place}: this server is a read-only standby; name the primary in database.url`)
  }
  return server.process_id
}

/** A setting of a session that no server knows; a pooler in session mode keeps it. */
const MARK = `select set_config('tieout.session', $1, false)`
const MARKED = `select current_setting('tieout.session', true) as mark`

/** Rounds, since a pooler may happen to give a client the connection that it had. */
const ROUNDS = 3

/**
 * Throws a DatabaseFault where a pooler gives each transaction any connection: a lock would be held by nobody, or by two.
 * `one` and `other` are two connections; while one is marked, the other is kept busy.
 */
export async function checkSessions(one: Db, other: Db, place: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const mark = randomUUID()
    await one.query(MARK, [mark])
    await other.query('begin')
    const [strange] = await other.query<{ mark: string | null }>(MARKED)
    const [own] = strange?.mark === mark ? [] : await one.query<{ mark: string | null }>(MARKED)
    await other.query('rollback')
    if (own?.mark !== mark) {
      throw new DatabaseFault(
        `${place}: this is a connection pooler in transaction mode, in which no lock of a job lasts and two could be at work on ` +
          'one business; name the server itself, or a pool in session mode, in database.url',
      )
    }
  }
}
