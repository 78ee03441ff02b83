import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../../src/database/connect.ts'
import { type CopyValue, copyRows } from '../../../src/database/copy.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.query(`create table entry (entry_id bigint primary key, reference text, keys text[], settled boolean)`)
})
beforeEach(async () => void (await database.query('truncate entry')))
afterAll(async () => await database.close())

const COLUMNS = ['entry_id', 'reference', 'keys', 'settled']

async function copyAll(db: Db, rows: Iterable<readonly CopyValue[]>): Promise<bigint> {
  const target = copyRows(db, 'entry', COLUMNS)
  for (const row of rows) await target.write(row)
  return await target.end()
}

test('every text comes back as it was given: tabs, line ends, backslashes, quotes, NULL, emptiness and none', async () => {
  const texts = [
    'a\tb',
    'a\nb',
    'a\r\nb',
    'a\\b',
    '\\N',
    '\\.',
    'NULL',
    '',
    ' ',
    '"',
    '{}',
    "'",
    'Zürich',
    '🧾',
    '\u2028',
  ]
  const keys = [['a,b', '{', '}', '"', '\\', 'NULL', '', ' ', 'a\tb\n'], [], ['x']]
  const rows = texts.map((text, index): CopyValue[] => [BigInt(index), text, keys[index % 3] ?? [], index % 2 === 0])
  rows.push([99, null, null, null], [9_007_199_254_740_993n, 'exact', [], true])
  expect(await database.transaction(async (db) => await copyAll(db, rows))).toBe(BigInt(rows.length))
  const stored = await database.query<Record<string, unknown>>('select * from entry order by entry_id')
  expect(stored.map((row) => COLUMNS.map((column) => row[column]))).toEqual(
    rows.map((row) => [BigInt(Number(row[0]) === 99 ? 99 : (row[0] as bigint)), ...row.slice(1)]),
  )
})

test('a copy of nothing copies nothing', async () => {
  expect(await database.transaction(async (db) => await copyAll(db, []))).toBe(0n)
})

test('200,000 rows arrive, with the writer told to wait and its memory bounded', async () => {
  const long = 'x'.repeat(500)
  let waited = 0
  let most = 0
  const copied = await database.transaction(async (db) => {
    const target = copyRows(db, 'entry', COLUMNS)
    const before = process.memoryUsage().rss
    for (let index = 0; index < 200_000; index += 1) {
      const full = target.write([index, long, [], true])
      if (full === undefined) continue
      waited += 1
      await full
      most = Math.max(most, process.memoryUsage().rss - before)
    }
    return await target.end()
  })
  expect(copied).toBe(200_000n)
  expect(waited).toBeGreaterThan(0)
  expect(most).toBeLessThan(100 * 1024 * 1024)
})

test('one value longer than any buffer arrives whole', async () => {
  const long = 'ü\t'.repeat(5_000_000)
  await database.transaction(async (db) => await copyAll(db, [[1, long, [long.slice(0, 10)], true]]))
  expect(await database.query('select length(reference) as length from entry')).toEqual([{ length: 10_000_000 }])
})

test('a row that the table refuses ends the copy with the reason, keeps nothing and leaves the connection usable', async () => {
  const doubled = database.transaction(
    async (db) =>
      await copyAll(db, [
        [1, 'a', [], true],
        [1, 'b', [], true],
      ]),
  )
  await expect(doubled).rejects.toThrow(/COPY into entry: duplicate key .*\(23505\)/)
  const unreadable = database.transaction(async (db) => await copyAll(db, [['12.34', 'a', [], true]]))
  await expect(unreadable).rejects.toThrow(/COPY into entry: invalid input syntax for type bigint.*22P02/)
  expect(await database.query('select count(*) as entries from entry')).toEqual([{ entries: 0n }])
})

test('a refused row among many stops the writer in the middle', async () => {
  function* rows(): Generator<CopyValue[]> {
    yield ['not a number', 'a', [], true]
    for (let index = 0; index < 1_000_000; index += 1) yield [index, 'x'.repeat(200), [], true]
  }
  await expect(database.transaction(async (db) => await copyAll(db, rows()))).rejects.toThrow(/22P02/)
  expect(await database.query('select count(*) as entries from entry')).toEqual([{ entries: 0n }])
})

test('a reader that fails in the middle of a copy leaves nothing, and does not hang', async () => {
  const failing = database.transaction(async (db) => {
    const target = copyRows(db, 'entry', COLUMNS)
    for (let index = 0; index < 5000; index += 1) await target.write([index, 'x'.repeat(100), [], true])
    throw new Error('line 5001 is cut off')
  })
  await expect(failing).rejects.toThrow('line 5001 is cut off')
  expect(await database.query('select count(*) as entries from entry')).toEqual([{ entries: 0n }])
})

test('a table that is not there is named', async () => {
  const missing = database.transaction(async (db) => {
    const target = copyRows(db, 'no_such_table', ['a'])
    await target.write(['1'])
    await target.end()
  })
  await expect(missing).rejects.toThrow(/COPY into no_such_table: .*42P01/)
})

test('two copies after one another in one transaction both arrive', async () => {
  await database.transaction(async (db) => {
    await copyAll(db, [[1, 'a', [], true]])
    await db.query('create temp table staged (amount bigint) on commit drop')
    const staged = copyRows(db, 'staged', ['amount'])
    await staged.write([700n])
    expect(await staged.end()).toBe(1n)
    expect(await db.query('select amount from staged')).toEqual([{ amount: 700n }])
  })
  expect(await database.query('select count(*) as entries from entry')).toEqual([{ entries: 1n }])
})

test('rows can be read out as a stream of bytes', async () => {
  const text = await database.transaction(async (db) => {
    const chunks: Buffer[] = []
    for await (const chunk of db.copyTo(`copy (values (1, 'a'), (2, null)) to stdout`)) chunks.push(chunk)
    return Buffer.concat(chunks).toString('utf8')
  })
  expect(text).toBe('1\ta\n2\t\\N\n')
})

test('COPY on the pool is refused: it needs the connection of a transaction', () => {
  expect(() => copyRows(database, 'entry', COLUMNS)).toThrow(/database\.transaction/)
})
