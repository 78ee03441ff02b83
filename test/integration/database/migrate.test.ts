import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../../src/database/connect.ts'
import { migrate } from '../../../src/database/migrate.ts'
import { DatabaseFault } from '../../../src/errors.ts'
import { bareDatabase, type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'

let database: FreshDatabase
let folder: string
beforeEach(async () => {
  database = await bareDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tieout-migrations-'))
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const add = async (name: string, text: string): Promise<void> => await writeFile(join(folder, `${name}.sql`), text)

test('a bare database is brought up to date, and the second time nothing is left to do', async () => {
  const applied = await migrate(database)
  expect(applied[0]).toBe('0001_initial')
  expect(await database.query('select count(*) as businesses from business')).toEqual([{ businesses: 0n }])
  expect(await migrate(database)).toEqual([])
})

/** Brings the database up to the migrations of which `isDue` says so. */
const bring = async (isDue: (name: string) => boolean): Promise<string[]> => {
  const migrations = join(import.meta.dirname, '../../../sql/migrations')
  for (const name of (await readdir(migrations)).filter(isDue)) await cp(join(migrations, name), join(folder, name))
  return await migrate(database, folder)
}

test('contents kept before they had places are kept, each with a place of its own in its pull', async () => {
  await bring((name) => name < '0007')
  await database.query(
    `insert into ledger_refund_version (business_id, direction, refund_id, content_hash, pull_id, raw)
     select business_id, 'customer', refund_id, content_hash, pull_id, json_build_object('is', content_hash)
     from (values ('r1', 'first', 1), ('r2', 'other', 1), ('r1', 'later', 3), ('r3', 'third', 3)) as kept (refund_id, content_hash, pull_id)
     cross join (values ('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'::uuid), ('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02')) as of (business_id)`,
  )
  // its content changed in pull 3; in pull 4 it was back, as it was
  await database.query(
    `insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, reference_keys,
       payment_keys, first_pull_id, changed_pull_id, last_pull_id)
     values ('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', 'customer', 'r1', 'later', 100, '{}', '{}', 1, 4, 4)`,
  )
  expect(await bring(() => true)).toContain('0007_version_by_place')
  const found = await database.query<{ kept: string }>(
    `select concat_ws(' ', right(business_id::text, 1), refund_id, content_hash, raw::json ->> 'is', pull_id, place) as kept
     from ledger_refund_version order by business_id, pull_id, place`,
  )
  const each = ['r1 first first 1 1', 'r2 other other 1 2', 'r1 later later 3 1', 'r3 third third 3 2']
  expect(found.map(({ kept }) => kept)).toEqual(
    ['1', '2'].flatMap((business) => each.map((kept) => `${business} ${kept}`)),
  )
  expect(await database.query('select content_pull_id, content_place from ledger_refund')).toEqual([
    { content_pull_id: 3n, content_place: 1n },
  ])
})

test('ten migrators at once: each migration is applied exactly once', async () => {
  const migrators = await Promise.all(
    Array.from({ length: 10 }, async () => await openDatabase({ url: database.url, data_dir: '' }, quiet)),
  )
  const applied = await Promise.all(migrators.map(async (migrator) => await migrate(migrator)))
  expect(applied.flat().filter((name) => name === '0001_initial')).toHaveLength(1)
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
  await Promise.all(migrators.map(async (migrator) => await migrator.close()))
})

test('later migrations are applied in the order of their numbers', async () => {
  await add('0002_second', 'create table second (amount bigint); insert into second values (2);')
  await add('0001_first', 'create table first (amount bigint);')
  expect(await migrate(database, folder)).toEqual(['0001_first', '0002_second'])
  await add('0010_tenth', '-- semicolons; and $1 in comments\nalter table second add column currency text;')
  expect(await migrate(database, folder)).toEqual(['0010_tenth'])
  expect(await database.query('select * from second')).toEqual([{ amount: 2n, currency: null }])
})

test('a migration that fails names its file and leaves the database as it was', async () => {
  await add('0001_first', 'create table first (amount bigint);')
  await add('0002_wrong', 'create table second (amount bigint); create table first (amount bigint);')
  const failing = migrate(database, folder)
  await expect(failing).rejects.toThrow(DatabaseFault)
  await expect(failing).rejects.toThrow(
    /sql\/migrations\/0002_wrong\.sql: .*relation "first" already exists.*nothing was changed/,
  )
  expect(await database.query(`select to_regclass('first') as first, to_regclass('second') as second`)).toEqual([
    { first: null, second: null },
  ])
})

test('a database that a newer version has migrated is left alone', async () => {
  const newer = await freshDatabase()
  await newer.query(`insert into kysely_migration (name, timestamp) values ('9999_future', '2027-01-01T00:00:00Z')`)
  await expect(migrate(newer)).rejects.toThrow(/migrated by a newer version of Tieout.*nothing was changed/)
  await newer.close()
})

test('files imported before they said so themselves say what they brought', async () => {
  await bring((name) => name < '0012')
  await database.query(
    `insert into business (business_id, name, currency, time_zone, ledger_lag_days)
     values ('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', 'Harbor Coffee', 'USD', 'UTC', 2);
     insert into processor_file (business_id, processor, account, name, sha256, bytes, format, imported_at, records, accepted,
       known, quarantined, coverage_source, totals, totals_hold, categories)
     select '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', 'STRIPE', '', name, name, 1, 'stripe-itemized', '2026-11-01', 0, 0, 0, 0,
       'none', '[]', true, '[]'
     from unnest(array['october.csv', 'empty.csv']) as of (name);
     insert into processor_row (business_id, processor, account, transaction_id, type, payment_ids, reference_ids, amount,
       refund_fee, returned_fee, currency, occurred_on, file_id, line)
     select business_id, 'STRIPE', '', id, type, '{}', '{}', amount, 0, 0, currency, '2026-10-31', file_id, 2
     from processor_file cross join (values
       ('txn_2', 'refund', 2500, 'USD'), ('txn_1', 'refund_reversal', -300, 'USD'), ('txn_3', 'payment', 9900, 'USD'),
       ('txn_9', 'payment', 100, 'EUR')) as row (id, type, amount, currency)
     where name = 'october.csv'`,
  )
  expect(await bring(() => true)).toContain('0012_file_brought')
  expect(await database.query('select name, brought from processor_file order by name')).toEqual([
    { name: 'empty.csv', brought: [] },
    {
      name: 'october.csv',
      brought: [
        { currency: 'EUR', rows: '1', first_id: 'txn_9', last_id: 'txn_9', amount: '0' },
        { currency: 'USD', rows: '3', first_id: 'txn_1', last_id: 'txn_3', amount: '2200' },
      ],
    },
  ])
})
