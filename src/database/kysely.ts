/** Kysely on our connections: for sentences on one table. Loaded where it is asked for: it is large. */

import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import type { DB } from './generated/schema.ts'

/** A connection as pg gives it, and how it is given back. */
export interface Acquired {
  query(sql: string, params: readonly unknown[]): Promise<unknown>
  release(): void
}

/** A Kysely that takes a connection by `acquire` for each query or transaction, and throws what its queries throw. */
export function kyselyOn(acquire: () => Promise<Acquired>): Kysely<DB> {
  // Untyped on purpose: Kysely's type also asks for cursors, which it takes only where it was given a cursor class.
  const connect = async (): Promise<PostgresPoolClient> => Object.assign(Object.create(null), await acquire())
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool: { connect, end: async () => undefined } }) })
}
