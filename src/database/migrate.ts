/**
 * Brings the schema up to date: sql/schema/*.sql, forward only, then the views of sql/views.
 *
 * All of it happens in one transaction. The views are dropped before anything else, so that a migration may change the
 * columns that they read, and are made anew from their files afterwards.
 */

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DatabaseFault } from '../core/errors.ts'
import { checkSpread, distributeTables, prepareMigration, statementsOf } from './citus/distribute.ts'
import { errorCode, explain } from './explain.ts'
import type { Database, Db } from './handle.ts'
import { MIGRATION_LOCK } from './locks.ts'
import { quoted } from './own-schema.ts'
import { SQL_FOLDER } from './statement.ts'

export { checkSpread } from './citus/distribute.ts'

const ENDING = '.sql'

/** A migration that was applied, or a view that was made. */
interface Part {
  kind: 'migration' | 'view'
  name: string
  sha256: string
}

interface PartFile extends Part {
  /** of the file, for messages: sql/views/leg.sql */
  place: string
  text: string
}

/**
 * Whether there are tables to ask. Read from pg_class, since to_regclass may answer from a cache that does not yet know
 * of the tables that another migrator has just made. Grain: one row.
 */
const TABLES = `
  select coalesce(bool_or(relname = 'schema_part'), false) as has_parts,
    coalesce(bool_or(relname = 'kysely_migration'), false) as is_older
  from pg_class
  where relnamespace = (select oid from pg_namespace where nspname = current_schema()) and relname in ('schema_part', 'kysely_migration')`

/** Grain: one row per migration applied and per view made, in this order. */
const PARTS = 'select kind, name, sha256 from schema_part order by kind, place'

/** Grain: one row per migration that is not among $1. */
const NEWER = `select name from schema_part where kind = 'migration' and name <> all ($1::text[])`

/** Grain: one row where the database was made by version 0.1. */
const VERSION_0_1 = `select name from kysely_migration where name = '0001_initial'`

const MAKE_PARTS = `
  create table if not exists schema_part (
    kind        text collate "C" not null check (kind in ('migration', 'view')),
    name        text collate "C" not null,
    place       integer not null,
    sha256      text collate "C" not null,
    applied_at  timestamptz not null default now(),
    primary key (kind, name)
  );
  comment on table schema_part is 'A migration that was applied, or a view that was made, with the hash of its file.'`

const NOTE_PART = 'insert into schema_part (kind, name, place, sha256) values ($1, $2, $3, $4)'

/** `path` without its ending; a view that lies in a folder has the name of its file alone. */
async function readPart(kind: Part['kind'], folder: string, path: string): Promise<PartFile> {
  const [part, file] = [kind === 'view' ? 'views' : 'schema', `${path}${ENDING}`]
  const text = await readFile(join(folder, part, file), 'utf8')
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { kind, name: basename(path), sha256, text, place: `sql/${part}/${file}` }
}

const migrationNames = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'schema')))
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort()

/** The migrations in order of their numbers, and the views in the order of sql/views/ORDER. */
async function readParts(folder: string): Promise<{ migrations: PartFile[]; views: PartFile[] }> {
  const names = await migrationNames(folder)
  const order = (await readFile(join(folder, 'views/ORDER'), 'utf8')).split('\n').filter((name) => name !== '')
  return {
    migrations: await Promise.all(names.map((name) => readPart('migration', folder, name))),
    views: await Promise.all(order.map((name) => readPart('view', folder, name))),
  }
}

async function readApplied(db: Db): Promise<Part[]> {
  const [tables] = await db.query<{ has_parts: boolean; is_older: boolean }>(TABLES, [], 'schema/tables')
  if (tables?.is_older && (await db.query(VERSION_0_1)).length > 0) {
    throw new DatabaseFault(
      'this database was made by version 0.1 of Tieout, whose tables are not carried over: name a new database in ' +
        'database.url and bring the history in again with `tieout backfill`; the refunds that `tieout corrections` ' +
        'posted are found again in Layer by their external ids',
    )
  }
  return tables?.has_parts ? await db.query<Part>(PARTS, [], 'schema/parts') : []
}

const isSame = (one: readonly Part[], other: readonly Part[]): boolean =>
  one.length === other.length &&
  one.every(({ name, sha256 }, index) => name === other[index]?.name && sha256 === other[index]?.sha256)

/** The migrations applied; throws where the database has one that this version does not know. */
function knownOf(names: readonly string[], applied: readonly Part[]): string[] {
  const known = applied.filter(({ kind }) => kind === 'migration').map(({ name }) => name)
  refuse(known.filter((name) => !names.includes(name)))
  return known
}

function refuse(newer: readonly string[]): void {
  if (newer.length === 0) return
  throw new DatabaseFault(
    `the database was migrated by a newer version of Tieout (${newer.join(', ')}): use that version; nothing was changed`,
  )
}

/** What is yet to be done; throws as knownOf does. */
function pendingOf(
  files: { migrations: readonly PartFile[]; views: readonly PartFile[] },
  applied: readonly Part[],
): { migrations: PartFile[]; views: boolean } {
  const known = knownOf(
    files.migrations.map(({ name }) => name),
    applied,
  )
  const made = applied.filter(({ kind }) => kind === 'view')
  const migrations = files.migrations.filter(({ name }) => !known.includes(name))
  return { migrations, views: migrations.length > 0 || !isSame(files.views, made) }
}

const HINTS: Readonly<Record<string, string>> = {
  '2BP01': "; drop what was made on top of Tieout's views, then migrate",
  '42501': '; run `tieout migrate` as the owner of the tables (see sql/roles.sql)',
}

/** Runs a text, and says of a failure where it lies and that nothing was changed. */
async function apply(db: Db, place: string, text: string): Promise<void> {
  await db.query(text).catch((error: unknown) => {
    const hint = HINTS[errorCode(error)] ?? ''
    throw new DatabaseFault(`${explain(error, place).message}${hint}; nothing was changed`, { cause: error })
  })
}

/** The comment at the head of a file, as one line. */
const headOf = (text: string): string => {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('--'))
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^-- ?/, ''))
    .join(' ')
}

async function makeView(db: Db, { name, text, place }: PartFile): Promise<void> {
  const head = headOf(text).replaceAll("'", "''")
  await apply(db, place, `create view ${name} as\n${text}`)
  await apply(db, place, `comment on view ${name} is '${head}'`)
}

/** Makes the views in the schema in which `db` works. */
export async function makeViews(db: Db, folder: string = SQL_FOLDER): Promise<void> {
  for (const view of (await readParts(folder)).views) await makeView(db, view)
}

/**
 * Applies what is not yet applied, in one transaction, and gives the names of the migrations applied, and `views` where
 * the views were made anew. Several at once are fine: they wait for each other, and the later ones find nothing to do.
 * @throws DatabaseFault where a migration fails, or the database is of version 0.1 or of a newer version
 */
export async function migrate(database: Database, folder: string = SQL_FOLDER): Promise<string[]> {
  const files = await readParts(folder)
  const isDone = ({ migrations, views }: ReturnType<typeof pendingOf>): boolean => migrations.length === 0 && !views
  if (isDone(pendingOf(files, await readApplied(database)))) return []
  return await database.transaction(async (db) => {
    await db.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    const applied = await readApplied(db)
    const pending = pendingOf(files, applied)
    if (isDone(pending)) return []
    const is_distributed = database.is_citus && (await prepareMigration(db, database.schema))
    const [there] = await db.query<{ schema: string | null }>('select current_schema() as schema')
    if (there?.schema == null) await apply(db, 'migrating the database', `create schema ${quoted(database.schema)}`)
    await apply(db, 'migrating the database', MAKE_PARTS)
    for (const { name } of applied.filter(({ kind }) => kind === 'view').reverse()) {
      await apply(db, 'the views', `drop view if exists ${name}`)
    }
    await db.query(`delete from schema_part where kind = 'view'`)
    for (const { place, text } of pending.migrations)
      for (const each of is_distributed ? statementsOf(text) : [text]) await apply(db, place, each)
    if (is_distributed) await distributeTables(db)
    for (const view of files.views) await makeView(db, view)
    const noted = [...pending.migrations, ...files.views]
    const placeOf = (part: PartFile): number => (part.kind === 'view' ? files.views : files.migrations).indexOf(part)
    for (const part of noted) await db.query(NOTE_PART, [part.kind, part.name, placeOf(part), part.sha256])
    return [...pending.migrations.map(({ name }) => name), ...(pending.views ? ['views'] : [])]
  })
}

/**
 * Spreads the tables over the nodes of a Citus cluster; gives how many were not yet. Nothing may be at work on them.
 * `shards`: see distributeTables. Throws as checkSpread does.
 */
export async function distribute(database: Database, shards: number | null = null): Promise<number> {
  return await database.transaction(async (db) => {
    await db.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    await checkSpread(db, shards)
    return await distributeTables(db, shards)
  })
}

/** What `migrate` would apply, in the order in which it would. Throws as `migrate` does. */
export async function pendingMigrations(db: Db, folder: string = SQL_FOLDER): Promise<string[]> {
  const { migrations, views } = pendingOf(await readParts(folder), await readApplied(db))
  return [...migrations.map(({ name }) => name), ...(views ? ['views'] : [])]
}

/** Throws where the database was made by version 0.1 or migrated by a newer one, whose tables this one would get wrong. */
export async function refuseNewer(db: Db, folder: string = SQL_FOLDER): Promise<void> {
  knownOf(await migrationNames(folder), await readApplied(db))
}

/**
 * The same check for a process that runs for long, to be made before each piece of work; the database was in order when it
 * began. The names of this version's migrations are read once: another version's files may lie in the folder later.
 */
export async function newerRefused(folder: string = SQL_FOLDER): Promise<(db: Db) => Promise<void>> {
  const names = await migrationNames(folder)
  return async (db) =>
    refuse((await db.query<{ name: string }>(NEWER, [names], 'schema/newer')).map(({ name }) => name))
}
