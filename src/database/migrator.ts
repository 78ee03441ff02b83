/** Applies sql/migrations/*.sql, all that is not yet applied in one transaction, through Kysely's Migrator. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Migration, type MigrationProvider, Migrator, sql } from 'kysely'
import { DatabaseFault } from '../errors.ts'
import type { Database } from './connect.ts'
import { errorCode } from './explain.ts'

/** Each .sql file of a folder as one migration, by its name without the ending. */
const provider = (folder: string, names: readonly string[]): MigrationProvider => ({
  async getMigrations() {
    const migrations: Record<string, Migration> = {}
    for (const name of names) {
      const text = await readFile(join(folder, `${name}.sql`), 'utf8')
      migrations[name] = {
        async up(db) {
          await sql.raw(text).execute(db)
        },
      }
    }
    return migrations
  },
})

/** Applies those of the named migrations that are not yet applied, and gives their names. Several may try at once. */
export async function applyMigrations(database: Database, folder: string, names: readonly string[]): Promise<string[]> {
  const migrator = new Migrator({
    db: await database.kysely(),
    provider: provider(folder, names),
    nameComparator: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')
    const place = failed === undefined ? 'migrating the database' : `sql/migrations/${failed.migrationName}.sql`
    const text = error instanceof Error ? error.message : String(error)
    const hint = text.includes('corrupted migrations')
      ? '; the database was migrated by a newer version of Tieout: use that version'
      : errorCode(error) === '42501'
        ? '; grant this user the right to create tables, or use another user in database.url'
        : ''
    throw new DatabaseFault(`${place}: ${text}${hint}; nothing was changed`, { cause: error })
  }
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}
