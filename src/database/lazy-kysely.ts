/** Kysely on a connection, loaded when it is first asked for. */

import type { Kysely } from 'kysely'
import { explain, SOMEWHERE } from './explain.ts'
import type { DB } from './generated/schema.ts'
import type { Acquired } from './kysely.ts'

interface Queryable {
  query(named: { name: string; text: string; values: unknown[] }): Promise<unknown>
}

/** A query that builds another text each time, as with a list of values, must not fill the connections with statements. */
const MOST_NAMED = 100

const names = new Map<string, string>()

/** The name under which a connection prepares a text, so that it parses it once; '' prepares nothing. */
function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_NAMED) return known ?? ''
  const name = `kysely/${names.size + 1}`
  names.set(text, name)
  return name
}

/** Kysely, with our errors, on a connection that is acquired for each query or transaction. */
export const kyselyBy = (
  acquire: () => Promise<{ client: Queryable; release: () => void }>,
): (() => Promise<Kysely<DB>>) => {
  const connect = async (): Promise<Acquired> => {
    const { client, release } = await acquire()
    const query = async (sql: string, params: readonly unknown[]): Promise<unknown> =>
      await client.query({ name: nameOf(sql), text: sql, values: [...params] }).catch((error: unknown) => {
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
