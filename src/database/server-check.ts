/** Refuses a server that cannot hold the books, with what to do. */

import { DatabaseFault } from '../core/errors.ts'
import type { Db } from './handle.ts'

interface Server {
  version: number
  named: string
  encoding: string
  standby: boolean
}

/** Grain: one row. */
const SERVER = `
  select current_setting('server_version_num')::int as version, current_setting('server_version') as named,
         current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby`

/** Throws DatabaseFault where the server is too old, not in UTF-8 or a standby; `place` names it without its password. */
export async function checkServer(db: Db, place: string): Promise<void> {
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
}
