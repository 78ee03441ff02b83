import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { tableNames } from '../../support/tables.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** The statements of sql/distribute.citus.sql, line by line: its comments left out. */
const lines = readFileSync(join(SQL_FOLDER, 'distribute.citus.sql'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('--'))

const LINE = /^select create_distributed_table\('(\w+)', 'business_id'(, colocate_with => 'business')?\);$/

const distributed = (): string[] => lines.map((line) => LINE.exec(line)?.[1] ?? `not understood: ${line}`)

test('every table is distributed once, by its business_id, in the place of its business', async () => {
  expect(distributed().sort()).toEqual(await tableNames(database))
  expect(lines.filter((line) => LINE.exec(line)?.[2] === undefined)).toEqual([
    "select create_distributed_table('business', 'business_id');",
  ])
})

test('a table comes after those that its foreign keys name', async () => {
  const keys = await database.query<{ from: string; to: string }>(
    `select own.relname as from, other.relname as to
     from pg_constraint k join pg_class own on own.oid = k.conrelid join pg_class other on other.oid = k.confrelid
     where k.contype = 'f' and k.conparentid = 0 and own.relnamespace = 'public'::regnamespace`,
  )
  expect(keys.length).toBeGreaterThan(10)
  const order = distributed()
  expect(keys.filter(({ from, to }) => order.indexOf(to) > order.indexOf(from))).toEqual([])
})
