/** Kysely on a connection, loaded when it is first asked for. */

import type { Kysely } from 'kysely'
import { explain, SOMEWHERE } from './explain.ts'
import type { DB } from './generated/schema.ts'
import type { Acquired } from './kysely.ts'

interface Queryable {
  query(sql: string, params: unknown[]): Promise<unknown>
}

/** Kysely, with our errors, on a connection that is acquired for each query or transaction. */
export const kyselyBy = (
  acquire: () => Promise<{ client: Queryable; release: () => void }>,
): (() => Promise<Kysely<DB>>) => {
  const connect = async (): Promise<Acquired> => {
    const { client, release } = await acquire()
    const query = async (sql: string, params: readonly unknown[]): Promise<unknown> =>
      await client.query(sql, [...params]).catch((error: unknown) => {
        throw explain(error, SOMEWHERE)
      })
    return { query, release }
  }
  let kysely: Kysely<DB> | null = null
  return async () => {
    kysely ??= (await import('./kysely.ts')).kyselyOn(connect)
    return kysely
  }
}
