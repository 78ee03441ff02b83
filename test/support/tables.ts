/** What stands in a database's tables, table by table. */

import type { Db } from '../../src/database/connect.ts'

const TABLES = `
  select relname as name from pg_class
  where relkind = 'r' and relnamespace = (select oid from pg_namespace where nspname = current_schema()) and relname <> 'schema_part'
  order by relname collate "C"`

/** Ours, in order; a table's partitions are part of it. */
export const tableNames = async (db: Db): Promise<string[]> =>
  (await db.query<{ name: string }>(TABLES)).map(({ name }) => name)

async function perTable<T>(db: Db, question: (table: string) => string): Promise<Record<string, T>> {
  const answers: Record<string, T> = {}
  for (const name of await tableNames(db)) {
    const [row] = await db.query<{ answer: T }>(question(name))
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
    (table) =>
      `select concat_ws(' ', count(*), md5(string_agg(concat(tableoid, ctid, xmin), ' ' order by tableoid, ctid))) as answer from ${table}`,
  )

/** The tables in which a text stands, whatever the column. */
export async function tablesWith(db: Db, text: string): Promise<string[]> {
  const found = await perTable<boolean>(
    db,
    (table) => `select coalesce(bool_or(strpos(line::text, '${text}') > 0), false) as answer from ${table} line`,
  )
  return Object.keys(found).filter((table) => found[table])
}
