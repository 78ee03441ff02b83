/** The statements of sql/: named by path without ending, read once, run with $1, $2... */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Db } from './connect.ts'
import { explain } from './explain.ts'

/** The folder sql/ beside package.json, whether this runs from src/ or from dist/src/. */
function findSqlFolder(from: string): string {
  const folder = join(from, 'sql')
  if (existsSync(join(from, 'package.json')) && existsSync(folder)) return folder
  const above = dirname(from)
  if (above === from) throw new Error(`no folder sql/ beside a package.json above ${import.meta.dirname}`)
  return findSqlFolder(above)
}

export const SQL_FOLDER: string = findSqlFolder(import.meta.dirname)

const texts = new Map<string, string>()

/** The text of sql/<name>.sql, e.g. statement('match/refund_id'). */
export function statement(name: string): string {
  const known = texts.get(name)
  if (known !== undefined) return known
  const text = readFileSync(join(SQL_FOLDER, `${name}.sql`), 'utf8')
  texts.set(name, text)
  return text
}

/** Runs sql/<name>.sql and gives its rows. A fault names the file; its cause bears the SQLSTATE. */
export async function run<T>(db: Db, name: string, params: readonly unknown[] = []): Promise<T[]> {
  return await db.query<T>(statement(name), params).catch((error: unknown) => {
    throw explain(error, `sql/${name}.sql`)
  })
}

/** Runs sql/<name>.sql and gives the number of rows it wrote (or, of a select, returned). */
export async function count(db: Db, name: string, params: readonly unknown[] = []): Promise<number> {
  return await db.affected(statement(name), params).catch((error: unknown) => {
    throw explain(error, `sql/${name}.sql`)
  })
}
