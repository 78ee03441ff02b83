/** Reads a long result in batches, so that memory holds one batch at a time. */

import type { Db } from './handle.ts'
import { type Giving, statement } from './statement.ts'

/** Rows fetched at once: large enough that the round trips do not count, small enough for a few megabytes. */
const BATCH = 2_000

let opened = 0

/**
 * The rows of sql/<name>.sql in batches of up to 2,000, through a server-side cursor: a short result takes one round trip.
 * `db` must be inside a transaction; several cursors may be open at a time. Left early, the cursor is closed.
 */
export async function* batches<T>(db: Db, ...[name, asked = []]: Giving<T>): AsyncGenerator<T[]> {
  const params = asked as readonly unknown[]
  opened += 1
  const cursor = `reading_${opened}`
  const first = await db.open<T>(cursor, BATCH, statement(name), params, name)
  let { rows, more } = first
  let broken = false
  try {
    while (rows.length > 0) {
      yield rows
      if (!more) break
      rows = await db.query<T>(`fetch ${BATCH} from ${cursor}`)
      more = rows.length === BATCH
    }
  } catch (failure) {
    broken = true
    throw failure
  } finally {
    // The cursor of a short result goes with its transaction. In a failed one, closing it would hide the failure.
    if (first.more && !broken) await db.query(`close ${cursor}`)
  }
}
