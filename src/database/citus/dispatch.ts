/**
 * On a Citus cluster each statement is asked where its business lies: every statement has the business, or several of them, as
 * its first parameter. What has none (the queue, the schema, settings of a transaction) is the coordinator's.
 */

import type { Kysely } from 'kysely'
import { DatabaseFault } from '../../core/errors.ts'
import type { DB } from '../generated/schema.ts'
import type { Database, Db, First, Isolation } from '../handle.ts'
import { kyselyBy } from '../lazy-kysely.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Of a cursor that a statement has opened. */
const OF_CURSOR = /^(?:fetch \d+ from|close) (\w+)$/

const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)

/** Gives the handle for a business; null: the coordinator's. */
type HandleOf = (business_id: string | null) => Promise<Db>

/** Runs `ask` for the businesses of a statement, several by where they lie, and gives all rows in the order of the businesses. */
async function asked<T>(
  handleOf: HandleOf,
  params: readonly unknown[],
  ask: (db: Db, params: readonly unknown[]) => Promise<T[]>,
): Promise<T[]> {
  const [whose, ...rest] = params
  if (isUuid(whose)) return await ask(await handleOf(whose), params)
  if (!Array.isArray(whose) || whose.length === 0 || !whose.every(isUuid))
    return await ask(await handleOf(null), params)
  const together = new Map<Db, string[]>()
  for (const business_id of whose) {
    const db = await handleOf(business_id)
    together.set(db, [...(together.get(db) ?? []), business_id])
  }
  const rows: T[] = []
  for (const [db, ids] of together) rows.push(...(await ask(db, [ids, ...rest])))
  const place = new Map(whose.map((business_id, index) => [business_id, index]))
  const placeOf = (row: T): number => place.get((row as { business_id?: string }).business_id ?? '') ?? 0
  return together.size === 1 ? rows : rows.sort((one, other) => placeOf(one) - placeOf(other))
}

const kyselyOn = (handleOf: HandleOf): (() => Promise<Kysely<DB>>) =>
  kyselyBy(async () => ({
    client: {
      async query({ name, text, values }) {
        const db = await handleOf(values.find(isUuid) ?? null)
        const rows = await db.query(text, values, name)
        return { command: 'SELECT', rowCount: rows.length, rows }
      },
    },
    release: () => undefined,
  }))

const queriesOn = (handleOf: HandleOf): Pick<Db, 'kysely' | 'query' | 'affected'> => ({
  kysely: kyselyOn(handleOf),
  query: async <T>(sql: string, params: readonly unknown[] = [], name?: string) =>
    await asked<T>(handleOf, params, async (db, own) => await db.query<T>(sql, own, name)),
  affected: async (sql, params = [], name) => {
    const counts = await asked(handleOf, params, async (db, own) => [await db.affected(sql, own, name)])
    return counts.reduce((sum, count) => sum + count, 0)
  },
})

const onlyWhereItLies = (): never => {
  throw new DatabaseFault('COPY knows no business: call it on the database that withBusinessLock gives')
}

/** A transaction on a place that is open until all of them end. */
interface Held {
  db: Db
  end(failure: Error | null): Promise<void>
}

async function hold(database: Database, isolation: Isolation): Promise<Held> {
  return await new Promise((resolve, reject) => {
    let end: (failure: Error | null) => void = () => undefined
    const told = new Promise<void>((done, fail) => {
      end = (failure) => (failure === null ? done() : fail(failure))
    })
    const ended = database.transaction(async (db) => {
      resolve({
        db,
        async end(failure) {
          end(failure)
          await ended.catch((error: unknown) => {
            if (error !== failure) throw error
          })
        },
      })
      await told
    }, isolation)
    ended.catch(reject)
  })
}

/**
 * One transaction on each place that is asked something, begun when it first is. What sets something for the transaction sets it
 * on all. Of several places each ends for itself: what is written is of one business, and so in one place.
 */
async function transactionOver<T>(
  coordinator: Database,
  work: (db: Db) => Promise<T>,
  isolation: Isolation,
): Promise<T> {
  const held = new Map<Database, Held>()
  const settings: string[] = []
  const cursors = new Map<string, Db>()
  const on = async (database: Database): Promise<Db> => {
    const known = held.get(database)
    if (known !== undefined) return known.db
    const opened = await hold(database, isolation)
    held.set(database, opened)
    for (const setting of settings) await opened.db.query(setting)
    return opened.db
  }
  const places = new Map<string, Database>()
  const handleOf: HandleOf = async (business_id) => {
    if (business_id === null) return await on(coordinator)
    const place = places.get(business_id) ?? (await coordinator.elsewhere(business_id)) ?? coordinator
    places.set(business_id, place)
    return await on(place)
  }
  const queries = queriesOn(handleOf)
  const end = async (failure: Error | null): Promise<void> => {
    let failed = failure
    for (const each of held.values()) {
      await each.end(failed).catch((error: unknown) => {
        failed ??= error instanceof Error ? error : new Error(String(error))
      })
    }
    if (failed !== failure) throw failed
  }
  await on(coordinator)
  const db: Db = {
    ...queries,
    query: async <R>(sql: string, params: readonly unknown[] = [], name?: string) => {
      const cursor = cursors.get(OF_CURSOR.exec(sql)?.[1] ?? '')
      if (cursor !== undefined) return await cursor.query<R>(sql)
      if (!/^\s*set\s/.test(sql)) return await queries.query<R>(sql, params, name)
      settings.push(sql)
      for (const each of held.values()) await each.db.query(sql)
      return []
    },
    open: async <R>(...[cursor, most, sql, params, name]: Parameters<Db['open']>): Promise<First<R>> => {
      const there = await handleOf(params.find(isUuid) ?? null)
      cursors.set(cursor, there)
      return await there.open<R>(cursor, most, sql, params, name)
    },
    copyFrom: onlyWhereItLies,
    copyTo: onlyWhereItLies,
  }
  try {
    const result = await work(db)
    await end(null)
    return result
  } catch (error) {
    await end(error instanceof Error ? error : new Error(String(error))).catch(() => undefined)
    throw error
  }
}

/** The database of a cluster, by its coordinator. */
export const dispatching = (coordinator: Database): Database => ({
  ...coordinator,
  ...queriesOn(async (business_id) =>
    business_id === null ? coordinator : ((await coordinator.elsewhere(business_id)) ?? coordinator),
  ),
  transaction: async (work, isolation = 'read committed') => await transactionOver(coordinator, work, isolation),
})
