/** What the planner knows of tables that have just grown. */

import type { Database } from './connect.ts'
import { run } from './statement.ts'

/**
 * Of a table 300 rows are sampled for each unit, 100 units unless told; a quarter of them tells a key from a name as well,
 * and a table of a million takes 0.15 s, not 0.5.
 */
const TARGET = 25

/** Runs sql/<name>.sql, which analyzes. In a transaction of its own: its locks would keep other runs waiting. */
export async function renewStatistics(database: Database, name: string): Promise<void> {
  await database.transaction(async (db) => {
    await db.query(`set local default_statistics_target = ${TARGET}`)
    await run(db, name)
  })
}
