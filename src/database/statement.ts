/** The statements of sql/: named by path without ending, read once, run with $1, $2... */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../core/product.ts'
import { explain } from './explain.ts'
import type { Statements } from './generated/statements.ts'
import type { Db } from './handle.ts'

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

const assembled = new Set<string>()

/** The text of sql/<name>.sql after `fill` has replaced what the file has in braces. `run` runs this text from then on. */
export function assemble(name: Name, fill: (template: string) => string): string {
  if (!assembled.has(name)) texts.set(name, fill(statement(name)))
  assembled.add(name)
  return statement(name)
}

/** Some columns of what sql/<name>.sql gives of the business $1. For statements that take no parameter of their own. */
export const ofBusiness = (name: string, columns: string): string =>
  `select ${columns} from (\n${statement(name)}\n) said where said.business_id = $1::uuid`

/** The same of the businesses $1, in the order of these columns. */
export const ofBusinesses = (name: string, columns: string): string =>
  `select ${columns} from (\n${statement(name)}\n) said where said.business_id = any ($1::uuid[]) order by ${columns}`

/** Without parameters a file may hold several statements: those cannot be prepared. */
const nameOf = (name: string, params: readonly unknown[]): string | undefined =>
  params.length === 0 ? undefined : name

type Name = keyof Statements

/** The parameters of a statement, which may be left out where it takes none. */
export type Params<N extends Name> = Statements[N]['params'] extends []
  ? [params?: readonly []]
  : [params: Readonly<Statements[N]['params']>]

type Row<N extends Name> = NonNullable<Statements[N]['row']>

/**
 * A row of sql/<name>.sql in which only the columns `Null` may be null. That is an assertion: Postgres does not know it of
 * columns that are computed or come through a view.
 */
export type RowOf<N extends Name, Null extends keyof Row<N> = never> = {
  [C in keyof Row<N>]: C extends Null ? Row<N>[C] : unknown extends Row<N>[C] ? unknown : NonNullable<Row<N>[C]>
}

/** The widest type that code may give a column. A narrower one is accepted: without null, certain words, the content of JSON. */
type Widest<V> = V extends readonly (infer E)[] ? readonly (E | null)[] | null : V | null

/** The widest row type that code may give a statement's rows. It may leave columns out. */
type WidestRow<N extends Name> = { [C in keyof Row<N>]?: Widest<Row<N>[C]> }

/** The statements that have rows. */
type Selecting = { [N in Name]: Statements[N]['row'] extends null ? never : N }[Name]

/** Calls of the statements whose rows are of type T. If only the types of columns differ, the message shows the row. */
type Call<T> = {
  [N in Selecting]: [keyof T] extends [keyof Row<N>]
    ? T extends WidestRow<N>
      ? [name: N, ...Params<N>]
      : [name: N, gives: Row<N>]
    : never
}[Selecting]

/** The name and parameters of a statement whose rows are of type T. If there is none, a type that makes the compiler say so. */
export type Giving<T> = [Call<T>] extends [never]
  ? [name: 'no statement gives these columns', columns: keyof T]
  : Call<T>

/**
 * Runs sql/<name>.sql and returns its rows: as generated, or as T if the generated row agrees with T (see `Giving`). A fault
 * names the file; its cause has the SQLSTATE.
 */
export async function run<N extends Selecting>(db: Db, name: N, ...params: Params<N>): Promise<Row<N>[]>
export async function run<T>(db: Db, ...call: Giving<T>): Promise<T[]>
export async function run(db: Db, name: string, params: unknown = []): Promise<unknown[]> {
  const values = params as readonly unknown[]
  return await db.query(statement(name), values, nameOf(name, values)).catch((error: unknown) => {
    throw explain(error, `sql/${name}.sql`)
  })
}

/** Runs sql/<name>.sql and gives the number of rows it wrote (or, of a select, returned). */
export async function count<N extends Name>(db: Db, name: N, ...[params = []]: Params<N>): Promise<number> {
  return await db.affected(statement(name), params, nameOf(name, params)).catch((error: unknown) => {
    throw explain(error, `sql/${name}.sql`)
  })
}

/**
 * The rows of sql/<name>.sql, whose parameter $1 is a business, for each of some businesses: asked in one statement, in which
 * the server goes from one to the next; on Citus, those of each node.
 */
export async function runForEach<T>(
  db: Db,
  business_ids: readonly string[],
  ...[name, asked = []]: Giving<T>
): Promise<ReadonlyMap<string, T[]>> {
  const [, ...params] = asked as readonly unknown[]
  const text = `select asked.business_id as asked_id, said.* from unnest($1::uuid[]) as asked (business_id)
    cross join lateral (\n${statement(name).replaceAll('$1::uuid', 'asked.business_id')}\n) said`
  const rows = await db
    .query<T & { asked_id: string }>(text, [business_ids, ...params], `${name} for each`)
    .catch((error: unknown) => {
      throw explain(error, `sql/${name}.sql`)
    })
  const found = new Map<string, T[]>(business_ids.map((id) => [id, []]))
  for (const { asked_id, ...row } of rows) found.get(asked_id)?.push(row as T)
  return found
}
