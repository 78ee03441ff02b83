/** Reads a long result in batches, so that memory holds one batch at a time. */

import type { Db } from './connect.ts'
import { type Giving, statement } from './statement.ts'

/** Rows fetched at once: large enough that the round trips do not count, small enough for a few megabytes. */
const BATCH = 2_000

let opened = 0

/**
 * The rows of sql/<name>.sql in batches of up to 2,000, through a server-side cursor. `db` must be inside a
 * transaction; several cursors may be open at a time. Left early, the cursor is closed.
 */
export async function* batches<T>(db: Db, ...[name, asked = []]: Giving<T>): AsyncGenerator<T[]> {
  const params = asked as readonly unknown[]
  opened += 1
  const cursor = `reading_${opened}`
  await db.query(`declare ${cursor} no scroll cursor for ${statement(name)}`, params)
  let broken = false
  try {
    for (;;) {
      const rows = await db.query<T>(`fetch ${BATCH} from ${cursor}`)
      if (rows.length > 0) yield rows
      if (rows.length < BATCH) break
    }
  } catch (failure) {
    broken = true
    throw failure
  } finally {
    // In a failed transaction the cursor is gone, and closing it would hide the failure.
    if (!broken) await db.query(`close ${cursor}`)
  }
}
