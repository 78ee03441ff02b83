/**
 * No statement looks beyond one business: every key begins with business_id, and every statement binds it. Seen in the
 * catalogue, and in the plan of every statement on tables that all lie in partitions by business.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Session } from '../../../src/database/connect.ts'
import { isCitus } from '../../support/citus.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { spreadTables } from '../../support/spread-tables.ts'
import {
  isPlanless,
  makeStages,
  questionOf,
  relationsOf,
  statementNames,
  touchedBy,
} from '../../support/statement-plans.ts'
import { tableNames } from '../../support/tables.ts'

/** So many that no statement reads just one by accident. */
const PARTITIONS = 8

/** Asked of all businesses at once, by `doctor`; a full join cannot be bound to one. They join on business_id. */
const isOfSeveral = (name: string): boolean => name.startsWith('integrity/')

/** Without a primary key, and by what a row is known instead. */
const BY_OTHER_KEYS: Readonly<Record<string, string>> = {
  match_item: 'by its leg or by its row, each of them unique: a pair has both',
  match_before: 'a copy of match_item, written and deleted within one transaction',
}

let database: FreshDatabase
let db: Session
let tables: string[]

beforeAll(async () => {
  database = await freshDatabase()
  tables = await tableNames(database.migrated)
  db = await database.migrated.session()
})
afterAll(async () => {
  await db.close()
  await database.close()
})

test('every table has a business_id that is never null, and a primary key or what stands for it', async () => {
  const bare = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.oid = any($1::text[]::regclass[])
       and (not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'business_id'
                          and a.atttypid = 'uuid'::regtype and a.attnotnull)
            or not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p'))`,
    [tables],
  )
  expect(bare.filter(({ name }) => BY_OTHER_KEYS[name] === undefined)).toEqual([])
})

test('every primary, unique and foreign key begins with business_id, on both sides', async () => {
  const beginning = `(select a.attname from pg_attribute a where a.attrelid = keys.relation and a.attnum = keys.first)`
  const keys = await db.query<{ name: string; begins_with: string }>(
    `select keys.name, ${beginning} as begins_with
     from (
       select i.relname as name, x.indrelid as relation, x.indkey[0] as first
       from pg_index x join pg_class i on i.oid = x.indexrelid
       where x.indrelid = any($1::text[]::regclass[]) and x.indisunique
       union all
       select conname, conrelid, conkey[1] from pg_constraint where conrelid = any($1::text[]::regclass[]) and contype = 'f'
       union all
       select conname, confrelid, confkey[1] from pg_constraint where conrelid = any($1::text[]::regclass[]) and contype = 'f'
     ) keys`,
    [tables],
  )
  expect(keys.length).toBeGreaterThan(2 * tables.length)
  expect(keys.filter(({ begins_with }) => begins_with !== 'business_id')).toEqual([])
})

// citus.test.ts asks for the plan of every statement on a shard
test.skipIf(isCitus)(
  'every statement looks into one partition of each table that it names: at one business (skipped on Citus: distributed tables have no partitions)',
  async () => {
    await spreadTables(db, tables, PARTITIONS)
    const names = statementNames()
    await db.query('begin')
    // the answers are made up: a plan must not leave a table out since no row could have such a status
    await db.query('set local constraint_exclusion = off')
    await makeStages(db)

    // the test of the test: a file's number alone does not say whose it is
    const careless = `select line.amount from processor_row line join processor_file file using (file_id) where line.business_id = $1::uuid`
    const caught = await touchedBy(db, careless)
    expect([caught.get('processor_row')?.size, caught.get('processor_file')?.size]).toEqual([1, PARTITIONS])

    const wrong: string[] = []
    // what is looked up for each row, by that row's business, is bound when the statement runs
    for (const name of names.filter((one) => !isPlanless(one))) {
      const relations = relationsOf(name)
      const named = tables.filter((table) => relations.has(table))
      await db.query('savepoint asked')
      const touched = await touchedBy(db, questionOf(name)).catch(async (error: unknown) => {
        await db.query('rollback to savepoint asked')
        wrong.push(`${name}: has no plan, ${String(error)}`)
        return new Map<string, Set<string>>()
      })
      wrong.push(
        ...named.filter((table) => !touched.has(table)).map((table) => `${name}: ${table} is in no plan of it`),
      )
      // also those that stand behind a view
      for (const [table, partitions] of touched) {
        partitions.delete('looked up')
        if (partitions.size > 1 && !isOfSeveral(name))
          wrong.push(`${name}: looks into ${partitions.size} partitions of ${table}; bind it to params.business_id`)
      }
    }
    await db.query('rollback')
    expect(wrong).toEqual([])
  },
)
