import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseFault } from '../../../src/core/errors.ts'
import { openDatabase } from '../../../src/database/connect.ts'
import { migrate, pendingMigrations } from '../../../src/database/migrate.ts'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { bareDatabase, type FreshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'

/** What is applied to a bare database, in order. */
const ALL = [
  '0001_schema',
  '0002_keys_by_code_unit',
  '0003_cleared_findings',
  '0004_matches_before_by_scan',
  '0005_page_ends',
  '0006_page_ends_of_any_listing',
  '0007_matched_by',
  'views',
]

let database: FreshDatabase
let folder: string
beforeEach(async () => {
  database = await bareDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tieout-migrations-'))
  await mkdir(join(folder, 'schema'))
  await mkdir(join(folder, 'views'))
  await writeFile(join(folder, 'views/ORDER'), '')
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const addMigration = async (name: string, text: string): Promise<void> =>
  await writeFile(join(folder, `schema/${name}.sql`), text)

/** The views, in their order, instead of those before. */
const setViews = async (views: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(views)) await writeFile(join(folder, `views/${name}.sql`), text)
  await writeFile(join(folder, 'views/ORDER'), `${Object.keys(views).join('\n')}\n`)
}

const viewNames = async (): Promise<string[]> =>
  (
    await database.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace order by relname`,
    )
  ).map(({ name }) => name)

test('a bare database is brought up to date, and the second time nothing is left to do', async () => {
  expect(await pendingMigrations(database)).toEqual(ALL)
  expect(await migrate(database)).toEqual(ALL)
  expect(await database.query('select count(*) as businesses from business')).toEqual([{ businesses: 0n }])
  expect(await database.query('select count(*) as legs from leg')).toEqual([{ legs: 0n }])
  expect(await migrate(database)).toEqual([])
  expect(await pendingMigrations(database)).toEqual([])
})

test('ten migrators at once: the migration is applied exactly once', async () => {
  const migrators = await Promise.all(
    Array.from({ length: 10 }, async () => await openDatabase({ url: database.url, data_dir: '' }, quiet)),
  )
  const applied = await Promise.all(migrators.map(async (migrator) => await migrate(migrator)))
  expect(applied.filter((names) => names.length > 0)).toEqual([ALL])
  await Promise.all(migrators.map(async (migrator) => await migrator.close()))
})

test('later migrations are applied in the order of their numbers', async () => {
  await addMigration('0002_second', 'create table second (amount bigint); insert into second values (2);')
  await addMigration('0001_first', 'create table first (amount bigint);')
  expect(await migrate(database, folder)).toEqual(['0001_first', '0002_second', 'views'])
  await addMigration('0010_tenth', '-- semicolons; and $1 in comments\nalter table second add column currency text;')
  expect(await migrate(database, folder)).toEqual(['0010_tenth', 'views'])
  expect(await database.query('select * from second')).toEqual([{ amount: 2n, currency: null }])
})

test('a migration that fails names its file and leaves the database as it was', async () => {
  await addMigration('0001_first', 'create table first (amount bigint);')
  await addMigration('0002_wrong', 'create table second (amount bigint); create table first (amount bigint);')
  const failing = migrate(database, folder)
  await expect(failing).rejects.toThrow(DatabaseFault)
  await expect(failing).rejects.toThrow(
    /sql\/schema\/0002_wrong\.sql: .*relation "first" already exists.*nothing was changed/,
  )
  expect(await database.query(`select to_regclass('first') as first, to_regclass('schema_part') as parts`)).toEqual([
    { first: null, parts: null },
  ])
})

describe('the views', () => {
  beforeEach(async () => {
    await addMigration('0001_first', 'create table refund (amount bigint); insert into refund values (4500)')
  })

  test('are made in the order of ORDER, and bear the head of their file as a comment', async () => {
    await setViews({
      refund_doubled:
        "-- Twice what the books' refund has.\n-- Grain: one row per refund.\nselect amount * 2 as amount from refund",
      refund_again: 'select amount + 1 as amount from refund_doubled',
    })
    expect(await migrate(database, folder)).toEqual(['0001_first', 'views'])
    expect(await database.query('select amount from refund_again')).toEqual([{ amount: 9001n }])
    expect(await database.query(`select obj_description('refund_doubled'::regclass, 'pg_class') as said`)).toEqual([
      { said: "Twice what the books' refund has. Grain: one row per refund." },
    ])
  })

  test('are made anew, all of them, when the text of one changed', async () => {
    await setViews({ doubled: 'select amount * 2 as amount from refund', again: 'select amount from doubled' })
    await migrate(database, folder)
    await setViews({ doubled: 'select -amount as owed, 1 as extra from refund', again: 'select owed from doubled' })
    expect(await pendingMigrations(database, folder)).toEqual(['views'])
    expect(await migrate(database, folder)).toEqual(['views'])
    expect(await database.query('select * from again')).toEqual([{ owed: -4500n }])
    expect(await migrate(database, folder)).toEqual([])
  })

  test('one that is left out goes, and another order is a change', async () => {
    await setViews({ one: 'select amount from refund', two: 'select amount from one' })
    await migrate(database, folder)
    await setViews({ one: 'select amount from refund' })
    expect(await migrate(database, folder)).toEqual(['views'])
    expect(await viewNames()).toEqual(['one'])
    await setViews({ three: 'select amount from refund', one: 'select amount from refund' })
    await migrate(database, folder)
    await setViews({ one: 'select amount from refund', three: 'select amount from refund' })
    expect(await migrate(database, folder)).toEqual(['views'])
  })

  test('make way for a migration that changes what they read', async () => {
    await setViews({ one: 'select amount from refund' })
    await migrate(database, folder)
    await addMigration('0002_text', 'alter table refund alter column amount type text')
    expect(await migrate(database, folder)).toEqual(['0002_text', 'views'])
    expect(await database.query('select amount from one')).toEqual([{ amount: '4500' }])
  })

  test('one that fails names its file, and those before stay', async () => {
    await setViews({ one: 'select amount from refund' })
    await migrate(database, folder)
    await setViews({ one: 'select amount from refund', wrong: 'select currency from refund' })
    await expect(migrate(database, folder)).rejects.toThrow(
      /sql\/views\/wrong\.sql: column "currency" does not exist.*nothing was changed/,
    )
    expect(await database.query('select amount from one')).toEqual([{ amount: 4500n }])
  })

  test("a view of somebody's own on top of them is not dropped: the refusal says what to do", async () => {
    await setViews({ one: 'select amount from refund' })
    await migrate(database, folder)
    await database.query('create view own as select amount from one')
    await setViews({ one: 'select amount, 1 as extra from refund' })
    await expect(migrate(database, folder)).rejects.toThrow(
      /other objects depend on it.*drop what was made on top of Tieout's views, then migrate; nothing was changed/,
    )
    expect(await viewNames()).toEqual(['one', 'own'])
  })
})

test('a database that a newer version has migrated is left alone', async () => {
  await migrate(database)
  await database.query(`insert into schema_part (kind, name, place, sha256) values ('migration', '9999_future', 1, '')`)
  await expect(migrate(database)).rejects.toThrow(
    'the database was migrated by a newer version of Tieout (9999_future): use that version; nothing was changed',
  )
})

test('a database of version 0.1 is refused, and says how to begin anew', async () => {
  await database.query(
    `create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
     insert into kysely_migration values ('0001_initial', '2026-10-01T00:00:00Z')`,
  )
  const refused = migrate(database)
  await expect(refused).rejects.toThrow(DatabaseFault)
  await expect(refused).rejects.toThrow(
    'this database was made by version 0.1 of Tieout, whose tables are not carried over: name a new database in ' +
      'database.url and bring the history in again with `tieout backfill`; the refunds that `tieout corrections` ' +
      'posted are found again in Layer by their external ids',
  )
  expect(await viewNames()).toEqual([])
})

test("another program's migrations in the same schema do not matter", async () => {
  await database.query(
    `create table kysely_migration (name varchar(255) primary key); insert into kysely_migration values ('0001_theirs')`,
  )
  expect(await migrate(database)).toEqual(ALL)
})

test('every file of sql/views is a view, and ORDER names each of them', async () => {
  await migrate(database)
  const files = (await readdir(join(SQL_FOLDER, 'views'), { recursive: true })).filter((file) => file.endsWith('.sql'))
  expect(await viewNames()).toEqual(files.map((file) => basename(file, '.sql')).sort())
})
