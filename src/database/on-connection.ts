/** What is asked of a connection, with our errors. */

import { explain, SOMEWHERE } from './explain.ts'

/** Postgres cuts a longer name of a statement. */
const LONGEST_NAME = 63

/** A connection, or a pool of them, as pg has it. */
interface Queryable {
  query(sql: string, values: unknown[]): Promise<unknown>
  query(named: { name: string; text: string; values: unknown[] }): Promise<unknown>
}

/** What a transaction has to see before it may begin: the rows of its last statement go to `check`, which throws. */
export interface Guard {
  /** what it needs in each session, once */
  session: string
  sql: string
  check(rows: readonly unknown[]): void
}

/** The name under which a statement is prepared. */
export const preparedName = (name: string): string => name.slice(-LONGEST_NAME)

export async function ask<T>(
  on: Queryable,
  sql: string,
  params: readonly unknown[] = [],
  name?: string,
): Promise<{ rows: T[]; affected: number }> {
  try {
    const values = [...params]
    const result: unknown = await (name === undefined
      ? on.query(sql, values)
      : on.query({ name: preparedName(name), text: sql, values }))
    const last: unknown = Array.isArray(result) ? result.at(-1) : result
    const { rows, rowCount } = last as { rows: T[]; rowCount: number | null }
    return { rows, affected: rowCount ?? 0 }
  } catch (error) {
    throw explain(error, SOMEWHERE)
  }
}
