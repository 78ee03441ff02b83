/** The database: pool, session settings, transactions and Kysely. The only place that knows pg. */

import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ClientConfig, Pool, type PoolClient, Query, type QueryConfig, type QueryResult, types } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { DatabaseFault } from '../core/errors.ts'
import { dispatching } from './citus/dispatch.ts'
import { openPlaces } from './citus/places.ts'
import { useServer } from './embedded/embedded.ts'
import { explain, SOMEWHERE } from './explain.ts'
import type { Database, DatabaseLog, Db, First, Isolation, Session } from './handle.ts'
import { kyselyBy } from './lazy-kysely.ts'
import { ask, type Guard, preparedName } from './on-connection.ts'
import { findSchema, type OwnSchema } from './own-schema.ts'
import { parserOf } from './parsers.ts'
import { checkServer, checkSessions } from './server-check.ts'
import { setUp, withPsqlSslModes } from './session-settings.ts'
import { type Taken, takeFrom } from './steady.ts'
import { transactionOn } from './transaction.ts'
import { whenFree } from './when-free.ts'

export type { Database, DatabaseLog, Db, Session } from './handle.ts'

/** Connections at once, where nothing else is asked for: three per business at work, and what is beside, which no node has. */
const POOL_SIZE = 8
const BESIDE = 4

/** A server that does not answer any more is not waited for at the end. */
const GOODBYE_MS = 5000

const parsing: NonNullable<ClientConfig['types']> = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parserOf(oid)) ?? types.getTypeParser(oid, format),
}

/** Where to connect, with nothing secret in it. */
const placeOf = (client: Client): string =>
  `${client.user ?? ''}@${client.host}:${client.port}/${client.database ?? ''}`

/** Without a timeout: in a pool it would also end an honest wait for a free connection. */
const clientConfig = (url: string): ClientConfig => ({
  connectionString: withPsqlSslModes(url),
  application_name: 'tieout',
  types: parsing,
  keepAlive: true,
  keepAliveInitialDelayMillis: 30_000,
})

/** The first rows of a portal; pg's own query with a number of rows would ask for the next at once. */
class FirstRows extends Query {
  more = false
  readonly #asked: { portal: string; rows: number }

  constructor(
    config: QueryConfig & { portal: string },
    rows: number,
    done: (error: unknown, found: QueryResult) => void,
  ) {
    super(config, done)
    this.#asked = { portal: config.portal, rows }
  }

  // pg calls it when the statement is bound
  _getRows(connection: { execute(asked: object): void; sync(): void }): void {
    connection.execute(this.#asked)
    connection.sync()
  }

  handlePortalSuspended(): void {
    this.more = true
  }
}

/** Opens a cursor; see Db. */
const openCursor = <T>(
  on: Client | PoolClient,
  ...[portal, rows, text, params, name]: Parameters<Db['open']>
): Promise<First<T>> =>
  new Promise((resolve, reject) => {
    const config = { portal, text, values: [...params], name: preparedName(name) }
    const asked = new FirstRows(config, rows, (error, found) =>
      error instanceof Error ? reject(explain(error, SOMEWHERE)) : resolve({ rows: found.rows, more: asked.more }),
    )
    on.query(asked)
  })

/** The handle on one connection; `streams` counts the COPYs that are still open on it. */
function handleOn(client: Client | PoolClient, streams: Set<Readable | Writable>): Db {
  const follow = <S extends Readable | Writable>(stream: S): S => {
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
    return stream
  }
  return {
    kysely: kyselyBy(async () => ({ client, release: () => undefined })),
    query: async <T>(sql: string, params?: readonly unknown[], name?: string) =>
      (await ask<T>(client, sql, params, name)).rows,
    open: async (...call) => await openCursor(client, ...call),
    affected: async (sql, params, name) => (await ask(client, sql, params, name)).affected,
    copyFrom: (sql) => follow(client.query(copyFrom(sql))),
    copyTo: (sql) => follow(client.query(copyTo(sql))),
  }
}

/** One connection, set up for the session. Throws a DatabaseFault that names the place and never the password. */
async function dial(url: string, schema: string | null = null): Promise<Client> {
  let client: Client
  try {
    client = new Client({ ...clientConfig(url), connectionTimeoutMillis: 15_000 })
  } catch (error) {
    throw explain(error, 'database.url')
  }
  // Without a listener a connection that breaks while idle would end the process; the next query says it all.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await setUp(client, schema)
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw explain(error, `connecting to ${placeOf(client)}`)
  }
}

/** A connection of its own to `url`; without a `schema`, names are looked up as the server has it for the user. */
export async function openSession(url: string, schema: string | null = null): Promise<Session> {
  const client = await whenFree(() => dial(url, schema))
  const db = handleOn(client, new Set())
  let closed = false
  return Object.assign(db, {
    onBreak: (work: () => void) => void client.once('end', () => (closed ? undefined : work())),
    close: async () => {
      closed = true
      await client.end().catch(() => undefined)
    },
  })
}

/**
 * Opens `config.url`, or with null the embedded server under `config.data_dir`, starting it where it does not run;
 * with as many `connections` at once.
 * Throws DatabaseFault where the server cannot be reached, started or used.
 */
export async function openDatabase(
  config: { readonly url: string | null; readonly data_dir: string; readonly connections?: number },
  log: DatabaseLog,
): Promise<Database> {
  const server = config.url === null ? await useServer(config.data_dir, openSession, log) : null
  const url = server?.url ?? config.url ?? ''
  try {
    const own = await examine(url)
    const connections = config.connections ?? POOL_SIZE
    const release = server?.release ?? (async () => undefined)
    const database = databaseAt({ url, ...own, connections, guard: null, release })
    return own.is_citus ? dispatching(database) : database
  } catch (error) {
    await server?.release()
    throw error
  }
}

/** Looks at the server, and gives the schema to work in. */
async function examine(url: string): Promise<OwnSchema> {
  const first = await whenFree(() => dial(url))
  const place = placeOf(first)
  try {
    const one = handleOn(first, new Set())
    const process_id = await checkServer(one, place)
    if ('processID' in first && first.processID !== process_id) {
      const second = await whenFree(() => dial(url))
      await checkSessions(one, handleOn(second, new Set()), place).finally(
        () => void second.end().catch(() => undefined),
      )
    }
    return await findSchema(one, place)
  } finally {
    // its goodbye is not waited for
    void first.end().catch(() => undefined)
  }
}

/** Up to `max` connections at once, each set up as all are, and with what is its `own`. */
const poolAt = (url: string, schema: string, max: number, own = '', config = clientConfig(url)): Pool => {
  const pool = new Pool({
    ...config,
    max,
    verify: (client, done) => void setUp(client, schema, own).then(() => done(), done),
  })
  // As in dial: a connection that breaks must not end the process; whoever uses it next hears of it.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Where a database is, and how it is used. */
interface Where extends OwnSchema {
  url: string
  /** at once */
  connections: number
  /** of each transaction; null: none */
  guard: Guard | null
  release: () => Promise<void>
}

function databaseAt({ url, schema, is_citus, connections, guard, release }: Where): Database {
  const pool = poolAt(url, schema, connections, guard?.session)
  const working = new Set<PoolClient>()
  const sessions = new Set<Session>()
  pool.on('acquire', (client) => working.add(client))
  pool.on('release', (_error, client) => working.delete(client))

  let lost: Error | null = null
  let tellLost: (fault: Error) => void = () => undefined
  const checkNotLost = (): void => {
    if (lost !== null) throw lost
  }
  const take = takeFrom(() => whenFree(() => pool.connect()), guard !== null)
  const acquire = async (): Promise<Taken<PoolClient>> => {
    checkNotLost()
    return await take().catch((error: unknown) => {
      throw lost ?? explain(error, 'connecting to the database')
    })
  }
  const cutOff = (): Promise<unknown>[] =>
    [...working].map(async (client) => (client instanceof Client ? await client.end() : undefined))
  const transacted = async <T>(work: (db: Db, client: PoolClient) => Promise<T>, isolation: Isolation): Promise<T> => {
    const { client, release } = await acquire()
    const on = { ask: (sql: string) => ask(client, sql), handle: handleOn.bind(null, client), release }
    return await transactionOn(on, async (db) => await work(db, client), isolation, guard)
  }
  const onPool = async <T>(sql: string, params?: readonly unknown[], name?: string) => {
    checkNotLost()
    if (guard === null) return await whenFree(() => ask<T>(pool, sql, params, name))
    return await transacted(async (_, client) => await ask<T>(client, sql, params, name), 'read committed')
  }
  const onlyInTransaction = (): never => {
    throw new DatabaseFault('COPY and cursors need one connection: call them in database.transaction')
  }
  const kysely = kyselyBy(acquire)
  const places = openPlaces((place) =>
    databaseAt({ ...place, is_citus: false, connections: connections - BESIDE, release: async () => undefined }),
  )
  let closing: Promise<void> | null = null
  const closeAll = async (): Promise<void> => {
    const ended = pool.end()
    await places.each((placed) => placed.close())
    // What still works (the job was told to stop) is cut off; whoever holds the connection hears it at the next query.
    const cut = cutOff()
    const said = Promise.all(working.size === 0 ? [ended] : cut).catch(() => undefined)
    await Promise.race([said, sleep(GOODBYE_MS, undefined, { ref: false })])
    for (const session of sessions) void session.close()
    await release()
  }

  const database: Database = {
    url: withPsqlSslModes(url),
    schema,
    is_citus,
    kysely,
    query: async <T>(sql: string, params?: readonly unknown[], name?: string) =>
      (await onPool<T>(sql, params, name)).rows,
    open: onlyInTransaction,
    affected: async (sql, params, name) => (await onPool(sql, params, name)).affected,
    copyFrom: onlyInTransaction,
    copyTo: onlyInTransaction,
    transaction: async (work, isolation = 'read committed') => await transacted(work, isolation),
    session: async () => {
      checkNotLost()
      const session = await openSession(url, schema)
      sessions.add(session)
      // where it ends because all ends, nothing is lost
      const onBreak: Session['onBreak'] = (work) => session.onBreak(() => (closing === null ? work() : undefined))
      const close: Session['close'] = () => (sessions.delete(session) ? session.close() : Promise.resolve())
      return { ...session, onBreak, close }
    },
    pool: (most) => {
      const { types: _, ...config } = clientConfig(url)
      return poolAt(url, schema, most, '', config)
    },
    elsewhere: async (business_id) => (is_citus ? await places.of(database, business_id) : null),
    giveUp(fault) {
      if (lost !== null) return
      lost = fault
      tellLost(fault)
      for (const cut of cutOff()) cut.catch(() => undefined)
      void places.each((placed) => placed.giveUp(fault))
    },
    lost: new Promise((resolve) => {
      tellLost = resolve
    }),
    close() {
      closing ??= closeAll()
      return closing
    },
  }
  return database
}
