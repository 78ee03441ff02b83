import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bulkInsert, openBulk } from '../../../src/database/bulk/bulk.ts'
import { openFields } from '../../../src/database/bulk/copy-binary.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.query('create table entry (entry_id bigint primary key, reference text)')
  await database.query('create table remark (entry_id bigint, words text)')
})
beforeEach(async () => void (await database.query('truncate entry, remark')))
afterAll(async () => await database.close())

const COLUMNS = ['entry_id', 'reference']
const TABLES = {
  entry: { table: 'entry', columns: COLUMNS },
  note: { table: 'remark', columns: ['entry_id', 'words'] },
}

const entry = (entry_id: number, reference: string): Buffer => {
  const fields = openFields()
  fields.row(2)
  fields.int8(entry_id)
  fields.text(reference)
  return fields.bytes()
}
const entries = async (): Promise<bigint | undefined> =>
  (await database.query<{ entries: bigint }>('select count(*) as entries from entry'))[0]?.entries

test('a copy of nothing copies nothing', async () => {
  expect(await database.transaction(async (db) => await bulkInsert(db, 'entry', COLUMNS, []))).toBe(0n)
})

test('200,000 rows arrive load by load in bounded memory', async () => {
  const long = 'x'.repeat(500)
  const before = process.memoryUsage().rss
  let most = 0
  await database.transaction(async (db) => {
    const bulk = openBulk(db, TABLES)
    for (let index = 0; index < 200_000; index += 1) {
      bulk.rows().entry.written(entry(index, long))
      if (index % 2_000 > 0) continue
      await bulk.send()
      most = Math.max(most, process.memoryUsage().rss - before)
    }
    await bulk.send()
    await bulk.arrived()
  })
  expect(await entries()).toBe(200_000n)
  expect(most).toBeLessThan(100 * 1024 * 1024)
})

test('the rows of one load go to several tables, and other statements see them', async () => {
  await database.transaction(async (db) => {
    const bulk = openBulk(db, TABLES)
    for (const number of [1, 2, 3]) {
      bulk.rows().entry.written(entry(number, 'a'))
      bulk.rows().note.written(entry(number, 'tea'))
      await bulk.send()
    }
    await bulk.arrived()
    expect(await db.query('select entry_id, words from entry join remark using (entry_id) order by 1')).toEqual([
      { entry_id: 1n, words: 'tea' },
      { entry_id: 2n, words: 'tea' },
      { entry_id: 3n, words: 'tea' },
    ])
  })
})

test('one value longer than any buffer arrives whole', async () => {
  const long = 'ü\t'.repeat(5_000_000)
  await database.transaction(async (db) => await bulkInsert(db, 'entry', COLUMNS, [entry(1, long)]))
  expect(await database.query('select length(reference) as length from entry')).toEqual([{ length: 10_000_000 }])
})

test('a row that the table refuses ends the copy with the reason, keeps nothing and leaves the connection usable', async () => {
  const doubled = database.transaction(
    async (db) => await bulkInsert(db, 'entry', COLUMNS, [entry(1, 'a'), entry(1, 'b')]),
  )
  await expect(doubled).rejects.toThrow(/COPY into entry: duplicate key .*\(23505\)/)
  expect(await entries()).toBe(0n)
})

test('a refused row among many stops the writer in the middle', async () => {
  let written = 0
  function* rows(): Generator<Buffer> {
    const piece = Buffer.concat(Array.from({ length: 300 }, () => entry(1, 'x'.repeat(200))))
    for (; written < 3_000; written += 1) yield piece
  }
  const refused = database.transaction(async (db) => await bulkInsert(db, 'entry', COLUMNS, rows()))
  await expect(refused).rejects.toThrow(/23505/)
  expect(written).toBeLessThan(1_000)
  expect(await entries()).toBe(0n)
})

test('a refused load comes out of the next call, and nothing is sent after it', async () => {
  const refused = database.transaction(async (db) => {
    const bulk = openBulk(db, TABLES)
    for (let load = 0; load < 2; load += 1) {
      bulk.rows().entry.written(entry(1, 'a'))
      bulk.rows().note.written(entry(1, 'tea'))
      await bulk.send()
    }
    await bulk.arrived()
  })
  await expect(refused).rejects.toThrow(/COPY into entry: duplicate key/)
  expect(await entries()).toBe(0n)
})

test('a reader that fails in the middle of a copy leaves nothing, and does not hang', async () => {
  function* rows(): Generator<Buffer> {
    for (let index = 0; index < 5000; index += 1) yield entry(index, 'x'.repeat(100))
    throw new Error('line 5001 is cut off')
  }
  const failing = database.transaction(async (db) => await bulkInsert(db, 'entry', COLUMNS, rows()))
  await expect(failing).rejects.toThrow('line 5001 is cut off')
  expect(await entries()).toBe(0n)
})

test('a table that is not there is named', async () => {
  const missing = database.transaction(async (db) => await bulkInsert(db, 'no_such_table', ['a'], [entry(1, 'a')]))
  await expect(missing).rejects.toThrow(/COPY into no_such_table: .*42P01/)
})

test('rows can be read out as a stream of bytes', async () => {
  const text = await database.transaction(async (db) => {
    const chunks: Buffer[] = []
    for await (const chunk of db.copyTo(`copy (values (1, 'a'), (2, null)) to stdout`)) chunks.push(chunk)
    return Buffer.concat(chunks).toString('utf8')
  })
  expect(text).toBe('1\ta\n2\t\\N\n')
})

test('COPY on the pool is refused: it needs the connection of a transaction', async () => {
  await expect(bulkInsert(database, 'entry', COLUMNS, [])).rejects.toThrow(/database\.transaction/)
})
