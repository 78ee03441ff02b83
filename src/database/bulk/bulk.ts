/** Bulk intake: rows sent into tables by COPY in its binary format, with back-pressure and bounded memory. */

import { setImmediate } from 'node:timers/promises'
import type { Db } from '../connect.ts'
import { explain } from '../explain.ts'
import { type Fields, openFields } from './copy-binary.ts'

/** Before the first row. */
const HEAD = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
/** After the last one. */
const TAIL = Buffer.from([0xff, 0xff])
/** Bytes handed to the socket at once; 64 KB measured no slower than any larger piece. */
const PIECE = 65_536

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * One COPY of rows into `table` on the connection of this transaction, where nothing else may run meanwhile; gives the
 * number of rows. A fault names the table; the rows of a failed COPY are not kept.
 */
export async function bulkInsert(
  db: Db,
  table: string,
  columns: readonly string[],
  pieces: Iterable<Buffer>,
): Promise<bigint> {
  const stream = db.copyFrom(
    `copy ${quoted(table)} (${columns.map(quoted).join(', ')}) from stdin with (format binary)`,
  )
  let wake: (() => void) | null = null
  let failure: Error | null = null
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => undefined)
  stream.on('error', (error: Error) => {
    failure = explain(error, `COPY into ${table}`)
    fail(failure)
    // what still waits would be sent on a connection that the stream has let go of: an exception that nobody catches
    stream.destroy()
  })
  stream.on('drain', () => wake?.())
  const write = async (piece: Buffer): Promise<void> => {
    if (failure !== null) throw failure
    if (stream.write(piece)) return
    const drained = new Promise<void>((resolve) => {
      wake = resolve
    })
    await Promise.race([drained, failed])
    // a socket that takes everything at once would give nobody else a turn, and the server's refusal would not be read
    await setImmediate()
  }
  const finished = new Promise<void>((resolve) => stream.once('finish', resolve))
  await write(HEAD)
  for (const piece of pieces) await write(piece)
  stream.end(TAIL)
  await Promise.race([finished, failed])
  return BigInt(stream.rowCount)
}

/** A table, and its columns in the order in which the fields of a row are written. */
export interface BulkTable {
  readonly table: string
  readonly columns: readonly string[]
}

/** Rows of some tables on their way: while one load is sent, the next is written. */
export interface Bulk<Name extends string> {
  /** Where rows of each table are written. */
  rows(): Readonly<Record<Name, Fields>>
  /** Sends what has been written, once the load before has arrived: two loads at most are in memory. Throws its fault. */
  send(): Promise<void>
  /** Resolves when all that was sent has arrived: other statements may run. Throws the fault of a load. */
  arrived(): Promise<void>
  /** Resolves when nothing is on its way any more, whatever became of it. */
  stop(): Promise<void>
}

/** Opens the way into these tables. A load goes to them in the order in which they are named here. */
export function openBulk<Name extends string>(db: Db, tables: Readonly<Record<Name, BulkTable>>): Bulk<Name> {
  const names = Object.keys(tables) as Name[]
  const openLoad = (): Record<Name, Fields> =>
    Object.fromEntries(names.map((name) => [name, openFields()])) as Record<Name, Fields>
  let writing = openLoad()
  let spare = openLoad()
  let sending: Promise<void> = Promise.resolve()

  const store = async (load: Readonly<Record<Name, Fields>>): Promise<void> => {
    for (const name of names) {
      const bytes = load[name].bytes()
      if (bytes.length > 0) await bulkInsert(db, tables[name].table, tables[name].columns, piecesOf(bytes))
      load[name].clear()
    }
  }
  return {
    rows: () => writing,
    async send() {
      await sending
      const load = writing
      writing = spare
      spare = load
      sending = store(load)
      // it comes out of the next call
      sending.catch(() => undefined)
    },
    arrived: () => sending,
    stop: () => sending.catch(() => undefined),
  }
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
}
