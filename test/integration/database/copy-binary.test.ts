import { afterAll, beforeAll, expect, test } from 'vitest'
import { bulkInsert } from '../../../src/database/bulk/bulk.ts'
import { type Fields, openFields } from '../../../src/database/bulk/copy-binary.ts'
import { errorCode } from '../../../src/database/explain.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.query('create table entry (entry_id bigint primary key, words text, keys text[], owner uuid)')
  await database.query('create table moment (moment_no bigint primary key, at timestamptz, day date)')
})
afterAll(async () => await database.close())

const copied = async (table: string, columns: readonly string[], write: (fields: Fields) => void): Promise<bigint> => {
  const fields = openFields()
  write(fields)
  return await database.transaction(async (db) => await bulkInsert(db, table, columns, [fields.bytes()]))
}

test('every text and list comes back as it was given, in rows of any length', async () => {
  const texts = ['', ' ', 'NULL', '\\N', 'a\tb\nc', 'Zürich', '🧾', '{"', 'é'.repeat(64), 'x'.repeat(100_000)]
  const lists = [[], [''], ['a,b', '"', 'Zürich'], ['x'.repeat(300)]]
  const owner = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
  const rows = texts.map((words, index) => ({ entry_id: BigInt(index), words, keys: lists[index % 4] ?? [], owner }))
  const count = await copied('entry', ['entry_id', 'words', 'keys', 'owner'], (fields) => {
    for (const row of rows) {
      fields.row(4)
      fields.int8(row.entry_id)
      fields.text(row.words)
      fields.texts(row.keys)
      fields.uuid(row.owner)
    }
    fields.row(4)
    fields.int8(99)
    fields.text(null)
    fields.texts([])
    fields.uuid(owner)
  })
  expect(count).toBe(11n)
  expect(await database.query('select * from entry order by entry_id')).toEqual([
    ...rows,
    { entry_id: 99n, words: null, keys: [], owner },
  ])
})

test('instants and dates are those that were written, from year 1000 to 9999, to the microsecond', async () => {
  const moments: readonly [number | bigint, string | null, string | null][] = [
    [1, '2026-10-31T23:59:59Z', '2026-10-31'],
    [2, '1999-12-31T23:59:59.999999Z', '1999-12-31'],
    [3, '1000-01-01T00:00:00Z', '1000-01-01'],
    [4, '9999-12-31T23:59:59.000001Z', '9999-12-31'],
    [5, '2026-10-31T23:59:59.5Z', '2000-02-29'],
    [6, null, null],
    [-9_007_199_254_740_991, null, null],
    [9_223_372_036_854_775_807n, null, null],
    [-9_223_372_036_854_775_807n, null, null],
  ]
  await copied('moment', ['moment_no', 'at', 'day'], (fields) => {
    for (const [number, at, day] of moments) {
      fields.row(3)
      fields.int8(number)
      fields.instant(at)
      fields.date(day)
    }
  })
  const expected = moments.map(([number, at, day]) => ({ moment_no: BigInt(number), at, day }))
  const found = await database.query<{ moment_no: bigint }>('select * from moment')
  const byNumber = (a: { moment_no: bigint }, b: { moment_no: bigint }): number => (a.moment_no < b.moment_no ? -1 : 1)
  expect([...found].sort(byNumber)).toEqual(expected.sort(byNumber))
})

test('lists of numbers, with gaps or without, come back as they were given; one that is not there is null', async () => {
  await database.query('create table list (list_no integer primary key, amounts bigint[], keys text[])')
  const lists: readonly (readonly (bigint | null)[] | null)[] = [[], [5n], [-1n, null, 9_007_199_254_740_993n], null]
  await copied('list', ['list_no', 'amounts', 'keys'], (fields) => {
    for (const [index, amounts] of lists.entries()) {
      fields.row(3)
      fields.int4(index - 2_147_483_647)
      fields.int8s(amounts)
      fields.texts(null)
    }
  })
  expect(await database.query('select amounts, keys from list order by list_no')).toEqual(
    lists.map((amounts) => ({ amounts, keys: null })),
  )
})

test('what is taken back is not sent, and fields written elsewhere go in between', async () => {
  await database.query('create table letter (letter text, number bigint)')
  const elsewhere = openFields()
  elsewhere.row(2)
  elsewhere.text('b')
  await copied('letter', ['letter', 'number'], (fields) => {
    fields.row(2)
    fields.text('a')
    fields.int8(1)
    const mark = fields.size()
    fields.row(2)
    fields.text('never')
    fields.clear(mark)
    fields.written(elsewhere.bytes())
    fields.int8(null)
  })
  expect(await database.query('select * from letter')).toEqual([
    { letter: 'a', number: 1n },
    { letter: 'b', number: null },
  ])
})

test('a value that the database cannot hold is a fault, not another value', () => {
  const fields = openFields()
  expect(() => fields.int8(9_223_372_036_854_775_808n)).toThrow(RangeError)
  expect(() => fields.int8(0.5)).toThrow(RangeError)
  expect(() => fields.int8s([9_223_372_036_854_775_808n])).toThrow(RangeError)
  expect(() => fields.int4(2_147_483_648)).toThrow(RangeError)
  expect(() => fields.date('31.10.2026')).toThrow("'31.10.2026' is no date")
  for (const text of ['2026-10-31T24:00:00Z', '2026-10-31T12:00:00+02:00', '2026-10-31T12:00Z', '2026-10-31']) {
    expect(() => fields.instant(text)).toThrow(RangeError)
  }
})

test('after a key that is there already the transaction goes on from its savepoint', async () => {
  await database.query('truncate moment')
  await database.transaction(async (db) => {
    const fields = openFields()
    for (let number = 0; number < 20_000; number += 1) {
      fields.row(3)
      fields.int8(number % 10_000)
      fields.instant('2026-10-31T23:59:59Z')
      fields.date('2026-10-31')
    }
    await db.query('savepoint here')
    const pieces = Array.from({ length: Math.ceil(fields.size() / 4096) }, (_, index) =>
      fields.bytes().subarray(index * 4096, (index + 1) * 4096),
    )
    const problem = await bulkInsert(db, 'moment', ['moment_no', 'at', 'day'], pieces).catch(
      (caught: unknown) => caught,
    )
    expect(errorCode(problem)).toBe('23505')
    await db.query('rollback to savepoint here')
    await db.query(`insert into moment (moment_no) values (7)`)
  })
  expect(await database.query('select moment_no from moment')).toEqual([{ moment_no: 7n }])
})
