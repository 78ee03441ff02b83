/**
 * The embedded Postgres: started by the first job that needs it, shared by all of them, stopped by the last.
 *
 * Who uses it is known by the server itself: each job holds a shared advisory lock on a connection of its own, and
 * only who gets the exclusive one may stop the server. So a killed job is forgotten at once, and nothing can be
 * counted wrong. Rejected: counting in files, which a kill or a reused process id falsifies.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseFault } from '../../core/errors.ts'
import { errorCode } from '../explain.ts'
import type { DatabaseLog, Session } from '../handle.ts'
import { usableBinaries } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { launch, stopServer } from './launch.ts'
import { isServerOf, putAside, readPostmaster, serverUrl } from './postmaster.ts'
import { type ServerHome, serverHome } from './server-home.ts'

export interface EmbeddedServer {
  /** to connect to; may hold the password of a loopback server */
  readonly url: string
  /** Stops the server where no other job uses it. */
  release(): Promise<void>
}

type Dial = (url: string) => Promise<Session>

/** One number for all versions of Tieout. */
const USERS = 8_433_071_926_500_113n

/** A server that recovers from a crash may take this long; while it lives we wait. */
const PATIENCE_MS = 600_000

/** A postmaster.pid that is still empty after this is the remains of a crash. */
const UNWRITTEN_MS = 5000

/** What a server answers on its way up or down, or nobody where it has gone; pg says a broken connection without code. */
const PASSING = ['', '57P01', '57P02', '57P03', 'ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE']

/** A connection that holds the shared lock, or null while the server is on its way up or down, or not there. */
async function join(url: string, dial: Dial): Promise<Session | null> {
  let session: Session | null = null
  try {
    session = await dial(url)
    await session.query('select pg_advisory_lock_shared($1)', [USERS])
    return session
  } catch (error) {
    await session?.close()
    if (PASSING.includes(errorCode(error))) return null
    throw error
  }
}

/** Joins the running server. 'gone': none runs; 'wait': one is on its way up or down. */
async function joinRunning(home: ServerHome, dial: Dial): Promise<{ url: string; anchor: Session } | 'gone' | 'wait'> {
  const found = readPostmaster(home)
  if (found === null) return 'gone'
  const url = serverUrl(home, found)
  const anchor = url === null ? null : await join(url, dial)
  if (url !== null && anchor !== null) return { url, anchor }
  const unwritten = found.pid === 0 && found.age < UNWRITTEN_MS
  if (unwritten || (await isServerOf(home, found.pid)) !== false) return 'wait'
  await putAside(home, found)
  return 'gone'
}

async function acquire(home: ServerHome, dial: Dial, log: DatabaseLog): Promise<{ url: string; anchor: Session }> {
  const started = performance.now()
  for (let said = started; ; ) {
    const running = await joinRunning(home, dial)
    if (typeof running === 'object') return running
    if (running === 'gone') {
      const binaries = await usableBinaries(home, log)
      await ensureCluster(home, binaries)
      await launch(home, binaries)
      log.debug({ folder: home.folder, ms: Math.round(performance.now() - started) }, 'started the embedded database')
      continue
    }
    const now = performance.now()
    if (now - started > PATIENCE_MS) {
      throw new DatabaseFault(
        `the embedded Postgres under ${home.folder} neither starts nor stops; see server.log there, end its process, run again`,
      )
    }
    if (now - said > 5000) {
      said = now
      log.info({ folder: home.folder }, 'waiting for the embedded database')
    }
    await sleep(25)
  }
}

/** Stops the server when nobody else holds the shared lock; who comes meanwhile waits for it and starts it anew. */
async function releaseServer(home: ServerHome, anchor: Session, log: DatabaseLog): Promise<void> {
  try {
    await anchor.query('select pg_advisory_unlock_shared($1)', [USERS])
    const [row] = await anchor.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [USERS])
    if (row?.alone === true) await stopServer(home)
  } catch (error) {
    log.warn({ err: error, folder: home.folder }, 'the embedded database did not stop as it should')
  } finally {
    await anchor.close()
  }
}

/**
 * Finds the server of this data_dir or starts it; `dial` opens a connection to a URL.
 * Throws DatabaseFault with what to do where there are no binaries, no user to run them, or no room.
 */
export async function useServer(data_dir: string, dial: Dial, log: DatabaseLog): Promise<EmbeddedServer> {
  const home = serverHome(data_dir, log)
  const { url, anchor } = await acquire(home, dial, log)
  return { url, release: async () => await releaseServer(home, anchor, log) }
}
