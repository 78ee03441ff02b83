/** Brings the schema up to date: sql/migrations/*.sql, forward only. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from './connect.ts'
import { SQL_FOLDER } from './statement.ts'

const ENDING = '.sql'

/** Grain: one row per migration applied; the table is the Migrator's. Two statements, as the table may not be there. */
const KEPT = `select to_regclass('kysely_migration') is not null as kept`
const APPLIED = 'select name from kysely_migration'

const applied = async (database: Database): Promise<string[]> => {
  const [table] = await database.query<{ kept: boolean }>(KEPT)
  if (table?.kept !== true) return []
  return (await database.query<{ name: string }>(APPLIED)).map(({ name }) => name)
}

/**
 * Applies what is not yet applied, all in one transaction, and gives the names applied.
 * Several at once are fine: the Migrator takes an advisory lock, the later ones find nothing to do. It is only loaded
 * where the names applied are not those of the files: a migration that is noted is committed.
 */
export async function migrate(database: Database, folder: string = join(SQL_FOLDER, 'migrations')): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(ENDING))
  const names = files.map((file) => file.slice(0, -ENDING.length)).sort()
  const known = new Set(await applied(database))
  if (names.length === known.size && names.every((name) => known.has(name))) return []
  const { applyMigrations } = await import('./migrator.ts')
  return await applyMigrations(database, folder, names)
}
