/** The handles on a database that everything else is given: on a connection, a session, the pool. */

import type { Readable, Writable } from 'node:stream'
import type { Kysely } from 'kysely'
import type { Log } from '../core/log.ts'
import type { DB } from './generated/schema.ts'

export type DatabaseLog = Pick<Log, 'debug' | 'info' | 'warn'>

/** The first rows of a cursor, and whether there are more. */
export interface First<T> {
  readonly rows: T[]
  readonly more: boolean
}

/** A handle on one connection (in a transaction or a session) or on the pool. Its errors are DatabaseFaults. */
export interface Db {
  /** loads it when it is first asked for */
  kysely(): Promise<Kysely<DB>>
  /**
   * The rows; several statements in one text are fine without params, then the rows of the last. A statement with a `name` is
   * prepared: each connection parses it once, and under plan_cache_mode force_generic_plan also plans it once.
   */
  query<T>(sql: string, params?: readonly unknown[], name?: string): Promise<T[]>
  /**
   * Opens a cursor over the rows of a prepared statement and reads up to `most` of them; while there are `more`, `fetch` and
   * `close` take it by its name. Only in a transaction, with whose end it goes.
   */
  open<T>(cursor: string, most: number, sql: string, params: readonly unknown[], name: string): Promise<First<T>>
  /** the number of rows written, or selected */
  affected(sql: string, params?: readonly unknown[], name?: string): Promise<number>
  /** COPY ... FROM STDIN; only where the handle is one connection. Prefer bulkInsert of bulk.ts */
  copyFrom(sql: string): Writable & { readonly rowCount: number }
  /** COPY ... TO STDOUT as bytes; only where the handle is one connection */
  copyTo(sql: string): Readable
}

/** A connection of its own, outside the pool: what is set or locked in it ends with it. */
export interface Session extends Db {
  /** is called once when the connection ends otherwise than by close() */
  onBreak(work: () => void): void
  close(): Promise<void>
}

export type Isolation = 'read committed' | 'repeatable read'

export interface Database extends Db {
  /** of the server, password included */
  readonly url: string
  /** that the tables are in, and all names are looked up in */
  readonly schema: string
  /** has the extension of Citus */
  readonly is_citus: boolean
  /** Everything or nothing. 'repeatable read' sees one state of the database throughout, as a report must. */
  transaction<T>(work: (db: Db) => Promise<T>, isolation?: Isolation): Promise<T>
  session(): Promise<Session>
  /** Where a business's rows lie, if that is not here but on a node of Citus: there its tables are those of plain Postgres. */
  elsewhere(business_id: string): Promise<Database | null>
  /** Connections for a library that asks for a pool of pg, with values as pg usually gives them; end() it. */
  pool(most: number): object & { end(): Promise<void> }
  /** Gives the database up: what is at work on it is cut off, and whoever asks it from now on gets this fault. */
  giveUp(fault: Error): void
  /** given up, with the fault; settles in no other case */
  readonly lost: Promise<Error>
  /** Breaks off what still runs, and stops the embedded server where nobody else uses it. May be called twice. */
  close(): Promise<void>
}
