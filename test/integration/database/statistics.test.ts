import { afterAll, beforeAll, expect, test } from 'vitest'
import { renewWhereGrown } from '../../../src/database/statistics.ts'
import { bareDatabase, type FreshDatabase } from '../../support/database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await bareDatabase()
  await database.query('create table entry (key bigint) with (autovacuum_enabled = false)')
})
afterAll(async () => {
  await database.close()
})

const write = async (rows: number): Promise<void> => {
  await database.query(`insert into entry select n from generate_series(1, ${rows}) n`)
  await renewWhereGrown(database, 'entry', rows)
}
const sampled = async (): Promise<unknown> =>
  (await database.query("select reltuples::int as rows from pg_class where relname = 'entry'"))[0]

test('the planner is told of a table that is new to it, or has grown by a tenth, and not of every few thousand rows', async () => {
  await write(5_000)
  expect(await sampled()).toEqual({ rows: -1 })
  await write(95_000)
  expect(await sampled()).toEqual({ rows: 100_000 })
  await write(9_999)
  expect(await sampled()).toEqual({ rows: 100_000 })
  await write(10_000)
  expect(await sampled()).toEqual({ rows: 119_999 })
})
