/** What the server's postmaster.pid says: who serves the data folder, whether he lives, and how to reach him. */

import { execFile } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { link, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isAlive } from '../../core/whole-file.ts'
import { errorCode } from '../explain.ts'
import { passwordOf } from './cluster.ts'
import { readUnlinked } from './own-files.ts'
import { dataFolder, type ServerHome, SHORT_FOLDER } from './server-home.ts'
import type { ServerUser } from './server-user.ts'

/** A pid or port of 0 is not yet written. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** '' where the server has no Unix socket */
  readonly socket_folder: string
  readonly ready: boolean
  /** since the file was written, in milliseconds */
  readonly age: number
}

const pidFile = (home: ServerHome): string => join(dataFolder(home), 'postmaster.pid')

/** null: there is no postmaster.pid, so no server runs. */
export function readPostmaster(home: ServerHome): Postmaster | null {
  try {
    const age = Date.now() - lstatSync(pidFile(home)).mtimeMs
    const lines = readUnlinked(pidFile(home), home.user).split('\n')
    const [pid = '', , , port = '', socket = '', , , status = ''] = lines.map((line) => line.trim())
    const number = (text: string): number => Math.abs(Number.parseInt(text, 10)) || 0
    return { pid: number(pid), port: number(port), socket_folder: socket, ready: status === 'ready', age }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** How to connect to what postmaster.pid says, or null while it does not yet say all. */
export function serverUrl(home: ServerHome, found: Postmaster): string | null {
  if (found.port === 0) return null
  if (found.socket_folder !== '') {
    // Where data_dir was moved under the running server, its socket moved with it.
    const moved = !existsSync(found.socket_folder) && existsSync(join(home.folder, `.s.PGSQL.${found.port}`))
    const folder = encodeURIComponent(moved ? home.folder : found.socket_folder)
    return `postgresql://tieout:${passwordOf(home)}@/postgres?host=${folder}&port=${found.port}&sslmode=disable`
  }
  if (!found.ready) return null
  return `postgresql://tieout:${passwordOf(home)}@127.0.0.1:${found.port}/postgres?sslmode=disable`
}

/** By its user and its command line, or its working folder where data_dir was moved under the running server. */
function worksIn(pid: number, folder: string, user: ServerUser | null): boolean {
  if (statSync(`/proc/${pid}`).uid !== (user?.uid ?? process.getuid?.())) return false
  if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder)) return true
  return readlinkSync(`/proc/${pid}/cwd`) === folder
}

/**
 * Whether a living process is the server of this data folder and not a stranger who got its number, as happens after
 * a crash or in a restarted container. null where the machine does not show it.
 */
export async function isServerOf(home: ServerHome, pid: number): Promise<boolean | null> {
  if (pid === 0 || !isAlive(pid)) return false
  const folder = dataFolder(home)
  try {
    if (process.platform === 'linux') return worksIn(pid, folder, home.user)
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'command=', '-p', String(pid)])
    return stdout.includes(folder) || stdout.includes('postgres')
  } catch {
    return isAlive(pid) ? null : false
  }
}

/** Removes the folder in /tmp that was made for the socket of a server that is gone. */
export async function removeSocketFolder(found: Postmaster | null): Promise<void> {
  if (found === null || dirname(found.socket_folder) !== '/tmp') return
  if (!basename(found.socket_folder).startsWith(SHORT_FOLDER)) return
  await rm(found.socket_folder, { recursive: true, force: true }).catch(() => undefined)
}

/**
 * Removes a postmaster.pid whose process is gone or a stranger: Postgres would refuse to start because of the stranger.
 * Moved before it is judged, and put back where another run has meanwhile started the server.
 */
export async function putAside(home: ServerHome, stale: Postmaster): Promise<void> {
  const aside = `${pidFile(home)}.${process.pid}.stale`
  try {
    await rename(pidFile(home), aside)
    const moved = Number.parseInt(readUnlinked(aside, home.user), 10) || 0
    if (moved !== stale.pid) await link(aside, pidFile(home))
    else await removeSocketFolder(stale)
  } catch {
    // another run was first
  } finally {
    await rm(aside, { force: true })
  }
}
