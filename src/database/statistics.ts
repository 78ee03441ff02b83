/** What the planner knows of tables that have just grown. */

import type { Database } from './connect.ts'
import { run } from './statement.ts'

/**
 * Of a table 300 rows are sampled for each unit, 100 units unless told; a quarter of them tells a key from a name as well,
 * and a table of a million takes 0.15 s, not 0.5.
 */
const TARGET = 25

/**
 * Samples the tables of a run that have outgrown what the planner knows of them. In a transaction of its own: within the
 * run its locks would keep the runs of other businesses waiting.
 */
export async function renewStatistics(database: Database): Promise<void> {
  const outgrown = await run<{ name: string }>(database, 'run/outgrown')
  if (outgrown.length === 0) return
  await database.transaction(async (db) => {
    await db.query(
      `set local default_statistics_target = ${TARGET}; analyze ${outgrown.map(({ name }) => name).join(', ')}`,
    )
  })
}
