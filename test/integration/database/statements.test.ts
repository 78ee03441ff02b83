/** Every statement of sql/ is understood by the database: a table or column that is named wrong fails here, not at night. */

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../../../src/database/connect.ts'
import { SQL_FOLDER, statement } from '../../../src/database/statement.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { isPlanless, makeStages, statementNames, textOf } from '../../support/statement-plans.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** What each statement's preparation fails with, and how many parameters it takes. */
async function prepared(
  db: Db,
  names: readonly string[],
): Promise<{ problems: unknown; parameters: Map<string, number> }> {
  const problems: Record<string, string> = {}
  const parameters = new Map<string, number>()
  await db.query('savepoint before')
  for (const name of names) {
    try {
      await db.query(`prepare asked as ${textOf(name)}`)
      const [row] = await db.query<{ count: number }>(
        `select cardinality(parameter_types) as count from pg_prepared_statements where name = 'asked'`,
      )
      parameters.set(name, row?.count ?? 0)
      await db.query('deallocate asked')
    } catch (error) {
      problems[name] = String(error)
      await db.query('rollback to savepoint before')
    }
  }
  return { problems, parameters }
}

test('every statement can be prepared on a migrated, empty database, that of all findings too', async () => {
  await database.transaction(async (db) => {
    await makeStages(db)
    // settings and statistics cannot be prepared, and making the stages was a trial already
    const names = statementNames().filter((one) => !isPlanless(one))
    const { problems, parameters } = await prepared(db, names)
    expect(problems).toEqual({})
    expect(parameters.get('reconcile/find')).toBe(4)
    for (const folder of ['check', 'tie_out', 'report', 'integrity', 'views', 'reconcile'])
      expect(names.some((name) => name.startsWith(`${folder}/`))).toBe(true)
  })
})

test('checks, integrity queries and views take no parameter and make nothing: they run in psql as they are', async () => {
  const names = statementNames().filter((name) => /^(?:check|integrity|views)\//.test(name))
  await database.transaction(async (db) => {
    const { problems, parameters } = await prepared(db, names)
    expect(problems).toEqual({})
    expect([...parameters].filter(([, count]) => count > 0)).toEqual([])
    await db.query('set transaction read only')
    for (const name of names) expect(await db.query(textOf(name)), name).toBeInstanceOf(Array)
  })
})

test('every view is made by one statement, in the stated order', async () => {
  const order = readFileSync(join(SQL_FOLDER, 'views/ORDER'), 'utf8')
    .split('\n')
    .filter((name) => name !== '')
  const files = readdirSync(join(SQL_FOLDER, 'views'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.sql'),
  )
  expect([...order].sort()).toEqual(files.map((file) => file.replace('.sql', '')).sort())
  await database.migrated.transaction(async (db) => {
    await db.query('create schema again; set local search_path = again, public')
    for (const name of order) await db.query(`create view ${basename(name)} as\n${statement(`views/${name}`)}`)
    // a view that named a later one would have found that of the migrated schema
    const strayed = await db.query(
      `select distinct view_name, table_name from information_schema.view_table_usage
       where view_schema = 'again' and table_schema <> 'again' and table_name = any ($1::text[])`,
      [order.map((name) => basename(name))],
    )
    expect(strayed).toEqual([])
    await db.query('drop schema again cascade')
  })
})
