/** Brings the schema up to date: sql/migrations/*.sql, forward only, through Kysely's Migrator. */

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Migration, type MigrationProvider, Migrator, sql } from 'kysely'
import { DatabaseFault } from '../errors.ts'
import type { Database } from './connect.ts'
import { errorCode } from './explain.ts'
import { SQL_FOLDER } from './statement.ts'

const ENDING = '.sql'

/** Every .sql file of a folder as one migration, named by the file without its ending. */
const provider = (folder: string): MigrationProvider => ({
  async getMigrations() {
    const files = (await readdir(folder)).filter((file) => file.endsWith(ENDING))
    const migrations: Record<string, Migration> = {}
    for (const file of files) {
      const text = await readFile(join(folder, file), 'utf8')
      migrations[file.slice(0, -ENDING.length)] = {
        async up(db) {
          await sql.raw(text).execute(db)
        },
      }
    }
    return migrations
  },
})

/**
 * Applies what is not yet applied, all in one transaction, and gives the names applied.
 * Several at once are fine: the Migrator takes an advisory lock, the later ones find nothing to do.
 */
export async function migrate(database: Database, folder: string = join(SQL_FOLDER, 'migrations')): Promise<string[]> {
  const migrator = new Migrator({
    db: database.kysely,
    provider: provider(folder),
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
