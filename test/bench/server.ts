/** The one Postgres that everything is measured on: DATABASE_URL, else an embedded one as the product starts it. */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Database, openDatabase, openSession, type Session } from '../../src/database/connect.ts'
import { useServer } from '../../src/database/embedded/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { quiet } from '../support/quiet.ts'

export interface BenchDatabase {
  readonly url: string
  readonly database: Database
  drop(): Promise<void>
}

export interface BenchServer {
  readonly version: string
  /** A database of its own, with the tables or without any. */
  fresh(tables: 'migrated' | 'bare'): Promise<BenchDatabase>
  /** Writes out what earlier work left in memory, so that it is not written during the next. */
  settle(): Promise<void>
  /** CPU seconds of all server processes that have ended, thus of all closed connections; null where they are not to be seen. */
  cpuSeconds(): Promise<number | null>
  close(): Promise<void>
}

const urlOf = (url: string, database: string): string => url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${database}`)

async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['DATABASE_URL'] ?? ''
  if (given !== '') return { url: given, stop: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), `tieout-bench-${process.pid}-`))
  await chmod(folder, 0o755)
  const server = await useServer(folder, openSession, quiet)
  return {
    url: server.url,
    async stop() {
      await server.release()
      // the server's files may lie outside, behind a link: where the temporary folder is closed to others
      const files = await realpath(join(folder, 'postgres')).catch(() => folder)
      await rm(files, { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Fields of /proc/PID/stat after the name: [1] the parent, [13] and [14] clock ticks of children waited for. */
const statOf = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

async function postmasterOf(admin: Session): Promise<number | null> {
  const [row] = await admin.query<{ pid: number }>('select pg_backend_pid() as pid')
  try {
    const pid = Number(row?.pid)
    const parent = Number(statOf(pid)[1])
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') && parent > 1 ? parent : null
  } catch {
    return null
  }
}

const TICKS_A_SECOND = 100

export async function openServer(): Promise<BenchServer> {
  const { url, stop } = await startServer()
  const admin = await openSession(url)
  const postmaster = await postmasterOf(admin)
  const [server] = await admin.query<{ version: string }>("select current_setting('server_version') as version")
  const own = `tieout_bench_${process.pid}`
  const names = new Set<string>()
  let made = 0
  const create = async (template: string): Promise<string> => {
    made += 1
    const name = `${own}_${made}`
    await admin.query(`create database ${name} encoding 'UTF8' template ${template}`)
    names.add(name)
    return name
  }
  const drop = async (name: string): Promise<void> => {
    await admin.query(`drop database if exists ${name} with (force)`)
    names.delete(name)
  }
  const template = await create('template0')
  const migrated = await openDatabase({ url: urlOf(url, template), data_dir: '' }, quiet)
  await migrate(migrated)
  await migrated.close()
  return {
    version: server?.version ?? '',
    async fresh(tables) {
      const name = await create(tables === 'migrated' ? template : 'template0')
      const where = urlOf(url, name)
      const database = await openDatabase({ url: where, data_dir: '' }, quiet)
      return {
        url: where,
        database,
        async drop() {
          await database.close()
          await drop(name)
        },
      }
    },
    async settle() {
      await admin.query('checkpoint').catch(() => undefined) // a role that may not
      // the bench's own files as well: a job that waits for its commits to reach the disk would wait for them too
      await promisify(execFile)('sync').catch(() => undefined) // no such program
    },
    async cpuSeconds() {
      if (postmaster === null) return null
      await sleep(100) // until what was closed has ended
      const stat = statOf(postmaster)
      return (Number(stat[13]) + Number(stat[14])) / TICKS_A_SECOND
    },
    async close() {
      for (const name of names) await drop(name)
      await admin.close()
      await stop()
    },
  }
}
