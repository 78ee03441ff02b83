/** What stands in a database's tables, table by table. */

import type { Db } from '../../src/database/connect.ts'

/** Where work on a business is done on Citus, a table is a view of its shard's table, which lies in another schema. */
const BEHIND = `
  select stored.oid from pg_rewrite rewrite
  join pg_depend depend on depend.classid = 'pg_rewrite'::regclass and depend.objid = rewrite.oid
    and depend.refclassid = 'pg_class'::regclass
  join pg_class stored on stored.oid = depend.refobjid
  where rewrite.ev_class = named.oid and stored.relkind = 'r'
    and stored.relnamespace not in (named.relnamespace, 'pg_catalog'::regnamespace)`

const TABLES = `
  select relname as name from pg_class named
  where relnamespace = (select oid from pg_namespace where nspname = current_schema()) and relname <> 'schema_part'
    and (relkind = 'r' or relkind = 'v' and exists (${BEHIND}))
  order by relname collate "C"`

/** Grain: one row. $1 table */
const STORED = `
  select coalesce((${BEHIND} limit 1), named.oid)::regclass::text as name
  from pg_class named where named.oid = $1::text::regclass`

/** A table as Postgres stores it, for what no view has: its indexes, statistics, triggers, and where a row lies. */
export async function storedTable(db: Db, name: string): Promise<string> {
  const [stored] = await db.query<{ name: string }>(STORED, [name])
  return stored?.name ?? name
}

/** Where each row of a business lies in a table, and what wrote it: the same where no row was written again. */
export const rowsWritten = async (db: Db, table: string, business_id: string): Promise<unknown[]> =>
  await db.query(`select ctid, xmin from ${await storedTable(db, table)} where business_id = $1 order by ctid`, [
    business_id,
  ])

/** Ours, in order; a table's partitions are part of it. */
export const tableNames = async (db: Db): Promise<string[]> =>
  (await db.query<{ name: string }>(TABLES)).map(({ name }) => name)

async function perTable<T>(db: Db, question: (table: string) => string | Promise<string>): Promise<Record<string, T>> {
  const answers: Record<string, T> = {}
  for (const name of await tableNames(db)) {
    const [row] = await db.query<{ answer: T }>(await question(name))
    if (row) answers[name] = row.answer
  }
  return answers
}

/** Rows and a hash of their content, of each table. */
export const contentOf = (db: Db): Promise<Record<string, string>> =>
  perTable(
    db,
    (table) =>
      `select concat_ws(' ', count(*), md5(string_agg(line::text, ' ' order by line::text))) as answer from ${table} line`,
  )

/** Where each row of each table lies and which transaction wrote it: equal only where no row was written again. */
export const placesOf = (db: Db): Promise<Record<string, string>> =>
  perTable(
    db,
    async (table) =>
      `select concat_ws(' ', count(*), md5(string_agg(concat(tableoid, ctid, xmin), ' ' order by tableoid, ctid))) as answer from ${await storedTable(db, table)}`,
  )

/** The tables in which a text stands, whatever the column. */
export async function tablesWith(db: Db, text: string): Promise<string[]> {
  const found = await perTable<boolean>(
    db,
    (table) => `select coalesce(bool_or(strpos(line::text, '${text}') > 0), false) as answer from ${table} line`,
  )
  return Object.keys(found).filter((table) => found[table])
}
