import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { BusyFault, DatabaseFault } from '../../../src/core/errors.ts'
import { openDatabase, openSession } from '../../../src/database/connect.ts'
import { errorCode } from '../../../src/database/explain.ts'
import { withBusinessLock } from '../../../src/database/locks.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { startPooler } from '../../support/pooler.ts'
import { quiet } from '../../support/quiet.ts'
import { urlOf } from '../../support/server.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.query('create table entry (entry_id int primary key, amount bigint not null)')
})
afterAll(async () => await database.close())

const opening = async (url: string): Promise<unknown> =>
  await openDatabase({ url, data_dir: '' }, quiet).catch((fault: unknown) => fault)

test('an amount of 9,007,199,254,740,993 minor units is read to the last unit', async () => {
  const rows = await database.query<{ amount: bigint }>('select $1::bigint as amount', [9_007_199_254_740_993n])
  expect(rows).toEqual([{ amount: 9_007_199_254_740_993n }])
})

test('a list of amounts, one of them unknown, comes back as it was given', async () => {
  const amounts = [9_007_199_254_740_993n, null, -5n]
  expect(await database.query('select $1::bigint[] as amounts', [amounts])).toEqual([{ amounts }])
})

test('dates stay dates and instants are text in UTC with their fraction', async () => {
  const [row] = await database.query(`
    select date '2026-10-31' as completed_on, timestamptz '2026-10-31 19:59:59.25-04' as completed_at,
           timestamptz '2026-10-31 23:59:59Z' as whole, 12.50::numeric as rate,
           array[1, null, 9007199254740993]::bigint[] as amounts, array[date '2026-02-28', null] as days,
           array[timestamptz '2026-10-31 23:00Z'] as instants, '{}'::bigint[] as nothing,
           array['a,"b', 'NULL', null] as keys, '{"holds": true}'::json as totals`)
  expect(row).toEqual({
    completed_on: '2026-10-31',
    completed_at: '2026-10-31T23:59:59.25Z',
    whole: '2026-10-31T23:59:59Z',
    rate: '12.50',
    amounts: [1n, null, 9_007_199_254_740_993n],
    days: ['2026-02-28', null],
    instants: ['2026-10-31T23:00:00Z'],
    nothing: [],
    keys: ['a,"b', 'NULL', null],
    totals: { holds: true },
  })
})

test('every session is in UTC without jit and gives up waiting for ever, the pool and Kysely alike', async () => {
  const settings = sql<{ name: string; setting: string }>`
    select name, setting from pg_settings
    where name in ('TimeZone', 'jit', 'application_name', 'lock_timeout', 'statement_timeout') order by name`
  const expected = [
    { name: 'TimeZone', setting: 'UTC' },
    { name: 'application_name', setting: 'tieout' },
    { name: 'jit', setting: 'off' },
    { name: 'lock_timeout', setting: '300000' },
    { name: 'statement_timeout', setting: '7200000' },
  ]
  expect((await settings.execute(await database.kysely())).rows).toEqual(expected)
  const inTransaction = await database.transaction(async (db) => (await settings.execute(await db.kysely())).rows)
  expect(inTransaction).toEqual(expected)
  const session = await database.session()
  expect((await settings.execute(await session.kysely())).rows).toEqual(expected)
  await session.close()
})

test('what fails in a transaction leaves nothing, neither by SQL nor by Kysely', async () => {
  const failing = database.transaction(async (db) => {
    await db.query('insert into entry values (1, 1250)')
    await sql`insert into business (business_id, name, currency, time_zone, ledger_lag_days)
      values ('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', 'Harbor Coffee', 'USD', 'America/New_York', 2)`.execute(
      await db.kysely(),
    )
    await db.query('insert into entry values (1, 99)')
  })
  await expect(failing).rejects.toThrow(/duplicate key value violates unique constraint "entry_pkey" \(23505\)/)
  expect(await database.query('select * from entry')).toEqual([])
  expect((await sql`select * from business`.execute(await database.kysely())).rows).toEqual([])
})

test('what is done in a transaction is there whole afterwards, and the counts are those of the rows written', async () => {
  const counts = await database.transaction(async (db) => [
    await db.affected('insert into entry values ($1, $2), (2, 99)', [1, 1250n]),
    await db.affected('update entry set amount = amount + 1 where entry_id = 2'),
    await db.affected('delete from entry where entry_id = 3'),
  ])
  expect(counts).toEqual([2, 1, 0])
  expect(await database.query('select amount from entry order by entry_id')).toEqual([
    { amount: 1250n },
    { amount: 100n },
  ])
  await database.query('delete from entry')
})

test('a report in a repeatable read sees no amount that is booked meanwhile', async () => {
  const seen = await database.transaction(async (db) => {
    const before = await db.query('select coalesce(sum(amount), 0)::bigint as total from entry')
    await database.query('insert into entry values (7, 700)')
    return [before, await db.query('select coalesce(sum(amount), 0)::bigint as total from entry')]
  }, 'repeatable read')
  expect(seen).toEqual([[{ total: 0n }], [{ total: 0n }]])
  await database.query('delete from entry')
})

test('forty transactions at once wait for their turn and none is lost', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => index + 100)
  await Promise.all(
    ids.map((id) => database.transaction(async (db) => await db.query('insert into entry values ($1, 1)', [id]))),
  )
  expect(await database.query('select count(*) as entries from entry')).toEqual([{ entries: 40n }])
  await database.query('delete from entry')
})

test('a server that has no free connection is waited for, by a session, a statement and a transaction alike', async () => {
  const role = `tieout_few_${process.pid}`
  await database.migrated.query(
    `create role ${role} login password 'few' connection limit 3; grant all on schema public to ${role}`,
  )
  const url = database.url.replace(/^(\w+:\/\/)([^@/]*@)?/, `$1${role}:few@`)
  const few = await openDatabase({ url, data_dir: '' }, quiet)
  try {
    const held = [await openSession(url), await openSession(url), await openSession(url)]
    const waiting = [
      openSession(url).then(async (session) => await session.close()),
      few.query('select 1'),
      few.transaction(async (db) => await db.query('select 1')),
    ]
    const first = await Promise.race([...waiting, new Promise((resolve) => setTimeout(resolve, 600, 'waits'))])
    expect(first).toBe('waits')
    for (const session of held) await session.close()
    expect(await Promise.allSettled(waiting).then((ends) => ends.map(({ status }) => status))).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled'],
    ])
  } finally {
    await few.close()
    await database.migrated.query(`drop owned by ${role}; drop role ${role}`)
  }
})

test('a connection that broke while it lay idle is replaced', async () => {
  const other = await openDatabase({ url: database.url, data_dir: '' }, quiet)
  const [mine] = await other.query<{ pid: number }>('select pg_backend_pid() as pid')
  await database.migrated.query('select pg_terminate_backend($1::int)', [mine?.pid])
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await other.query('select 1 as one')).toEqual([{ one: 1 }])
  await other.close()
})

test('a connection that breaks at work is a fault that says to run again, and the next transaction works', async () => {
  const broken = await database
    .transaction(async (db) => {
      const [mine] = await db.query<{ pid: number }>('select pg_backend_pid() as pid')
      await database.query('select pg_terminate_backend($1::int)', [mine?.pid])
      await db.query('select 1')
    })
    .catch((fault: unknown) => fault)
  expect(broken).toBeInstanceOf(DatabaseFault)
  expect(String(broken)).toMatch(/run again/)
  expect(await database.transaction(async (db) => await db.query('select 2 as two'))).toEqual([{ two: 2 }])
})

test('a database.url that cannot be read is refused without showing what stands in it', async () => {
  const fault = await opening('postgresql://clerk:hunter2@db.example:notaport/books')
  expect(fault).toBeInstanceOf(DatabaseFault)
  expect(String(fault)).toMatch(/database\.url.*postgresql:\/\/USER:PASSWORD@HOST:PORT\/DATABASE/)
  expect(String(fault)).not.toContain('hunter2')
})

test('a server that is not there is named with what to do, and without the password', async () => {
  const fault = await opening('postgresql://clerk:hunter2@127.0.0.1:1/books')
  expect(String(fault)).toMatch(/clerk@127\.0\.0\.1:1\/books: .*ECONNREFUSED.*correct host and port in database\.url/)
  expect(String(fault)).not.toContain('hunter2')
  const named = await opening('postgresql://clerk:hunter2@localhost:1/books')
  expect(String(named)).toMatch(/ECONNREFUSED.*database\.url/)
  const socket = await opening('postgresql://clerk@/books?host=/nowhere/at/all')
  expect(String(socket)).toMatch(/ENOENT.*database\.url/)
})

test('a database that does not exist is to be created or named rightly', async () => {
  const fault = await opening(urlOf(inject('server').url, 'no_such_books'))
  expect(String(fault)).toMatch(/database "no_such_books" does not exist \(3D000\); create the database first/)
  expect(errorCode(fault)).toBe('3D000')
})

test('a database that is not in UTF-8 is refused', async () => {
  const admin = await openSession(inject('server').url)
  const name = `tieout_test_latin_${process.pid}`
  const [server] = await admin.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  const provider = (server?.version ?? 0) >= 150_000 ? `locale_provider 'libc'` : ''
  await admin.query(`create database ${name} encoding 'SQL_ASCII' ${provider} locale 'C' template template0`)
  try {
    const fault = await opening(urlOf(inject('server').url, name))
    expect(String(fault)).toMatch(/the encoding is SQL_ASCII; create the database with "encoding 'UTF8'/)
  } finally {
    await admin.query(`drop database ${name} with (force)`)
    await admin.close()
  }
})

test('a pooler in transaction mode is refused: two nights would both hold the lock of a business', async () => {
  const pooler = await startPooler(database.url, 'transaction')
  const fault = await opening(pooler.url)
  await pooler.close()
  expect(fault).toBeInstanceOf(DatabaseFault)
  expect(String(fault)).toMatch(
    /this is a connection pooler in transaction mode.*name the server itself, or a pool in session mode/,
  )
})

test('a pooler in session mode is worked with, its locks and settings too', async () => {
  const pooler = await startPooler(database.url, 'session')
  const pooled = await openDatabase({ url: pooler.url, data_dir: '' }, quiet)
  const business = { id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', name: 'Harbor Coffee' }
  await withBusinessLock(pooled, business, quiet, async () => {
    await expect(withBusinessLock(database, business, quiet, async () => undefined, 0)).rejects.toThrow(BusyFault)
    expect(await pooled.query('show search_path')).toEqual([{ search_path: 'public' }])
  })
  await pooled.close()
  await pooler.close()
})

test('a table that is not there yet says to migrate', async () => {
  await expect(database.query('select * from no_such_table')).rejects.toThrow(/42P01.*run `tieout migrate` first/)
  await expect(sql`select * from no_such_table`.execute(await database.kysely())).rejects.toThrow(DatabaseFault)
})
