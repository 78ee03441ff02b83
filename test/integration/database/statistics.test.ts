import { afterAll, beforeAll, expect, test } from 'vitest'
import { renewStatistics } from '../../../src/database/statistics.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { storedTable } from '../../support/tables.ts'

let database: FreshDatabase
let stored: string
beforeAll(async () => {
  database = await freshDatabase()
  stored = await storedTable(database, 'open_item')
  await database.query(`alter table ${stored} set (autovacuum_enabled = false)`)
  await database.query(
    "insert into business (business_id, name, currency, time_zone, ledger_lag_days) values ('5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', 'A', 'USD', 'UTC', 2)",
  )
})
afterAll(async () => {
  await database.close()
})

let written = 0
const write = async (rows: number): Promise<void> => {
  await database.query(`
    insert into open_item (business_id, item_no, side, state)
    select '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', n, 'leg', 'unmatched' from generate_series(${written + 1}, ${written + rows}) n`)
  written += rows
  await renewStatistics(database)
}
const sampled = async (): Promise<unknown> =>
  (await database.query('select reltuples::int as rows from pg_class where oid = $1::text::regclass', [stored]))[0]

test('the planner is told of a table that is new to it, or has grown by a fifth, and not of every few rows', async () => {
  await write(500)
  expect(await sampled()).toEqual({ rows: -1 })
  await write(99_500)
  expect(await sampled()).toEqual({ rows: 100_000 })
  await write(15_000)
  expect(await sampled()).toEqual({ rows: 100_000 })
  await write(10_000)
  expect(await sampled()).toEqual({ rows: 125_000 })
})
