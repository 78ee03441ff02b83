/** Starting and stopping the server process of the embedded Postgres. */

import { spawn } from 'node:child_process'
import { chmodSync, closeSync, constants, fstatSync, ftruncateSync, mkdtempSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseFault } from '../../core/errors.ts'
import { type Binaries, SERVER_ENV } from './binaries.ts'
import { giveFolder, openFile, readUnlinked } from './own-files.ts'
import { isServerOf, readPostmaster, removeSocketFolder } from './postmaster.ts'
import { dataFolder, type ServerHome, SHORT_FOLDER } from './server-home.ts'

/** A socket's path may be no longer than this on macOS; Linux takes 107. */
const LONGEST_SOCKET = 103

/** The folder for the socket: the server's own where its path is short enough, else one in /tmp; null: none. */
function socketFolder(home: ServerHome): string | null {
  if (process.platform === 'win32') return null
  if (Buffer.byteLength(join(home.folder, '.s.PGSQL.5432')) <= LONGEST_SOCKET) return home.folder
  try {
    const folder = mkdtempSync(join('/tmp', SHORT_FOLDER))
    chmodSync(folder, 0o700)
    if (home.user !== null) giveFolder(folder, home.user, /^$/)
    return folder
  } catch {
    return null
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Parallel plans share memory through /dev/shm, of which a container has 64 MB unless told otherwise. */
function roomForParallel(): boolean {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize >= 512 * 1024 * 1024
  } catch {
    return process.platform !== 'linux'
  }
}

/** An eighth of the machine's memory, or of the container's. A million new rows take 8.1 s with 512 MB, 8.6 s with 256. */
function sharedMegabytes(): number {
  const limit = process.constrainedMemory() ?? 0
  const bytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  return Math.min(512, Math.max(128, Math.floor(bytes / 8 / 1024 / 1024)))
}

/** Given at every start and not kept in the data folder, so that a new version of Tieout brings its own. */
async function settings(socket: string | null): Promise<Record<string, string | number>> {
  const workers = roomForParallel() ? 2 : 0
  return {
    listen_addresses: socket === null ? '127.0.0.1' : '',
    port: socket === null ? await freePort() : 5432,
    unix_socket_directories: socket ?? '',
    unix_socket_permissions: '0700',
    max_connections: 60,
    shared_buffers: `${sharedMegabytes()}MB`,
    // While the log waits for the disk a first pull goes on to fill it: with the 16 MB of its own choice 1.70 of 2 cores were
    // at work, with these 1.78.
    wal_buffers: `${Math.floor(sharedMegabytes() / 8)}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    effective_cache_size: '1GB',
    random_page_cost: 1.1,
    max_parallel_workers_per_gather: workers,
    max_parallel_maintenance_workers: workers,
    jit: 'off',
    // A batch job's log: few checkpoints, no standby to feed. synchronous_commit stays on: what was said to be done is.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '4GB',
    // a new piece of the log is written once, by what it is for, not first with zeros: a batch job commits rarely
    wal_init_zero: 'off',
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
function openLog(path: string, home: ServerHome): number {
  const fd = openFile(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, home.user)
  if (fstatSync(fd).size > LOG_LIMIT) ftruncateSync(fd)
  return fd
}

/** What the server says when another run was first, or the remains of a killed server are still going. */
const TRY_AGAIN =
  /lock file "postmaster\.pid" (already exists|is empty)|pre-existing shared memory block|could not bind/

/**
 * Starts the server and waits until it is ready. Returns also where another run was first: the caller looks again.
 * `socket` null: it listens on a free loopback port and asks for the password. Throws DatabaseFault with the end of
 * server.log where it cannot start.
 */
export async function launch(
  home: ServerHome,
  binaries: Binaries,
  socket: string | null = socketFolder(home),
): Promise<void> {
  const log = join(home.folder, 'server.log')
  const fd = openLog(log, home)
  const begin = fstatSync(fd).size
  const chosen = Object.entries(await settings(socket)).flatMap(([name, value]) => ['-c', `${name}=${value}`])
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
    ended = `it ended with ${code ?? signal}`
  })
  child.unref()
  while (ended === null) {
    const found = readPostmaster(home)
    if (found !== null && found.pid === child.pid && found.ready) return
    await sleep(10)
  }
  const whole = Buffer.from(readUnlinked(log, home.user))
  const said = whole
    .subarray(begin > whole.length ? 0 : begin)
    .toString('utf8')
    .trim()
  if (TRY_AGAIN.test(said)) return await sleep(100)
  const end = said.split('\n').slice(-5).join('\n')
  throw new DatabaseFault(
    `the embedded Postgres does not start: ${ended}; ${log} says:\n${end}\nMend this, or set database.url`,
  )
}

/** A shutdown writes what is in memory to disk first. */
const STOP_MS = 120_000

/** Stops the server in fast mode (its sessions are ended, what they had not committed is rolled back) and waits. */
export async function stopServer(home: ServerHome): Promise<void> {
  const found = readPostmaster(home)
  if (found === null) return
  if ((await isServerOf(home, found.pid)) === false) {
    throw new DatabaseFault(`the server of ${home.folder} runs where this job does not see it (process ${found.pid})`)
  }
  process.kill(found.pid, 'SIGINT')
  const begin = performance.now()
  while (readPostmaster(home)?.pid === found.pid) {
    if (performance.now() - begin > STOP_MS) {
      throw new DatabaseFault(
        `the embedded Postgres (process ${found.pid}) does not stop; see ${home.folder}/server.log`,
      )
    }
    await sleep(10)
  }
  await removeSocketFolder(found)
}
