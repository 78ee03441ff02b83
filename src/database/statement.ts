/** The statements of sql/: named by path without ending, read once, run with $1, $2... */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../core/product.ts'
import type { Db } from './connect.ts'
import { explain } from './explain.ts'

export const SQL_FOLDER: string = join(PACKAGE_ROOT, 'sql')

const texts = new Map<string, string>()

/** The text of sql/<name>.sql, e.g. statement('match/refund_id'). */
export function statement(name: string): string {
  const known = texts.get(name)
  if (known !== undefined) return known
  const text = readFileSync(join(SQL_FOLDER, `${name}.sql`), 'utf8')
  texts.set(name, text)
  return text
}

/** Some columns of what sql/<name>.sql gives of the business $1. For statements that take no parameter of their own. */
export const ofBusiness = (name: string, columns: string): string =>
  `select ${columns} from (\n${statement(name)}\n) said where said.business_id = $1::uuid`

/** The same of the businesses $1, in the order of these columns. */
export const ofBusinesses = (name: string, columns: string): string =>
  `select ${columns} from (\n${statement(name)}\n) said where said.business_id = any ($1::uuid[]) order by ${columns}`

/** Without parameters a file may hold several statements: those cannot be prepared. */
const preparedAs = (name: string, params: readonly unknown[]): string | undefined =>
  params.length === 0 ? undefined : name

/** Runs sql/<name>.sql and gives its rows. A fault names the file; its cause bears the SQLSTATE. */
export async function run<T>(db: Db, name: string, params: readonly unknown[] = []): Promise<T[]> {
  return await db.query<T>(statement(name), params, preparedAs(name, params)).catch((error: unknown) => {
    throw explain(error, `sql/${name}.sql`)
  })
}

/** Runs sql/<name>.sql and gives the number of rows it wrote (or, of a select, returned). */
export async function count(db: Db, name: string, params: readonly unknown[] = []): Promise<number> {
  return await db.affected(statement(name), params, preparedAs(name, params)).catch((error: unknown) => {
    throw explain(error, `sql/${name}.sql`)
  })
}
