/** Starting and stopping the server process of the embedded Postgres, and where it listens. */

import { execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { link, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { DatabaseFault } from '../errors.ts'
import { type Binaries, SERVER_ENV, usableBinaries } from './binaries.ts'
import { dataFolder, type Postmaster, passwordFile, readPostmaster } from './cluster.ts'
import type { ServerHome } from './server-home.ts'

/** A socket's path may be no longer than this on Linux (107) and macOS (103). */
const LONGEST_SOCKET = 103
const SHORT_FOLDER = 'tieout-pg-'

/** How to connect to what postmaster.pid says, or null while it does not yet say all. */
export function serverUrl(home: ServerHome, found: Postmaster): string | null {
  if (!(found.port > 0)) return null
  if (found.socket_folder !== '') {
    return `postgresql://tieout@/postgres?host=${encodeURIComponent(found.socket_folder)}&port=${found.port}&sslmode=disable`
  }
  if (!found.ready) return null
  const password = readFileSync(passwordFile(home), 'utf8').trim()
  return `postgresql://tieout:${password}@127.0.0.1:${found.port}/postgres?sslmode=disable`
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The folder for the socket: the server's own where its path is short enough, else one in /tmp; null: none. */
function socketFolder(home: ServerHome): string | null {
  if (process.platform === 'win32') return null
  if (Buffer.byteLength(join(home.folder, '.s.PGSQL.5432')) <= LONGEST_SOCKET) return home.folder
  try {
    const folder = mkdtempSync(join('/tmp', SHORT_FOLDER))
    chmodSync(folder, 0o700)
    if (home.user !== null) chownSync(folder, home.user.uid, home.user.gid)
    return folder
  } catch {
    return null
  }
}

/** Parallel plans share memory through /dev/shm, of which a container has 64 MB unless told otherwise. */
function roomForParallel(): boolean {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return process.platform !== 'linux' || bavail * bsize >= 512 * 1024 * 1024
  } catch {
    return process.platform !== 'linux'
  }
}

async function settings(home: ServerHome): Promise<Record<string, string | number>> {
  const folder = socketFolder(home)
  return {
    listen_addresses: folder === null ? '127.0.0.1' : '',
    port: folder === null ? await freePort() : 5432,
    unix_socket_directories: folder ?? '',
    unix_socket_permissions: '0700',
    max_connections: 60,
    shared_buffers: '128MB',
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    effective_cache_size: '1GB',
    random_page_cost: 1.1,
    max_parallel_workers_per_gather: roomForParallel() ? 2 : 0,
    max_parallel_maintenance_workers: roomForParallel() ? 2 : 0,
    jit: 'off',
    // A batch job's log: few checkpoints, no standby to feed. synchronous_commit stays on: what was said to be done is.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // No statement's text or row may reach the log: they hold references and amounts.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    log_timezone: 'UTC',
  }
}

const LOG_LIMIT = 1024 * 1024

/** Opens server.log to append; a log grown large begins anew. */
function openLog(path: string): number {
  const large = existsSync(path) && statSync(path).size > LOG_LIMIT
  return openSync(path, large ? 'w' : 'a', 0o600)
}

/**
 * Starts the server and waits until it is ready. Returns also where another run was first, or where the remains of a
 * killed server are still going: the caller looks again. Throws DatabaseFault with the end of the log otherwise.
 */
export async function launch(home: ServerHome, binaries: Binaries): Promise<void> {
  const log = join(home.folder, 'server.log')
  const fd = openLog(log)
  const begin = statSync(log).size
  const chosen = Object.entries(await settings(home)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // A group of its own: Ctrl-C at the terminal ends the job, which then stops the server in good order.
  const child = spawn(binaries.postgres, ['-D', dataFolder(home), ...chosen], {
    ...home.user,
    cwd: home.folder,
    env: SERVER_ENV,
    detached: true,
    stdio: ['ignore', fd, fd],
  })
  closeSync(fd)
  let ended: string | null = null
  child.once('error', (error) => {
    ended = error.message
  })
  child.once('exit', (code, signal) => {
    ended = `ended with ${code ?? signal}`
  })
  child.unref()
  for (;;) {
    const found = readPostmaster(home)
    if (found !== null && found.pid === child.pid && found.ready) return
    if (ended !== null) break
    await sleep(10)
  }
  const said = readFileSync(log).subarray(begin).toString('utf8').trim()
  if (/lock file "postmaster\.pid" already exists|could not bind/.test(said)) return
  if (/pre-existing shared memory block/.test(said)) {
    await sleep(200)
    return
  }
  const end = said.split('\n').slice(-5).join('\n')
  throw new DatabaseFault(
    `the embedded Postgres does not start: ${ended}; ${log} says:\n${end}\nMend this, or set database.url`,
  )
}

/** Stops the server in fast mode and waits for its end. */
export async function stopServer(home: ServerHome): Promise<void> {
  const found = readPostmaster(home)
  const { pg_ctl } = await usableBinaries(home, { debug() {}, info() {}, warn() {} })
  await promisify(execFile)(pg_ctl, ['stop', '-D', dataFolder(home), '-m', 'fast', '-w', '-t', '60', '-s'], {
    ...home.user,
    cwd: home.folder,
    env: SERVER_ENV,
  })
  await removeSocketFolder(found)
}

async function removeSocketFolder(found: Postmaster | null): Promise<void> {
  if (found === null || !basename(found.socket_folder).startsWith(SHORT_FOLDER)) return
  await rm(found.socket_folder, { recursive: true, force: true }).catch(() => undefined)
}

/**
 * Removes a postmaster.pid whose process is gone or a stranger: Postgres would refuse to start because of the stranger.
 * Moved before it is judged, and put back where another run has meanwhile started the server.
 */
export async function putAside(home: ServerHome, pid: number): Promise<void> {
  const path = join(dataFolder(home), 'postmaster.pid')
  const aside = `${path}.${process.pid}.stale`
  try {
    const before = readPostmaster(home)
    await rename(path, aside)
    const moved = Math.abs(Number(readFileSync(aside, 'utf8').split('\n')[0]))
    if (moved !== pid) await link(aside, path)
    else await removeSocketFolder(before)
    await rm(aside, { force: true })
  } catch {
    // another run was first
  }
}
