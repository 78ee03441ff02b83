/** The embedded server's data folder: made whole or not at all, and what postmaster.pid says of a running server. */

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseFault } from '../errors.ts'
import { type Binaries, SERVER_ENV } from './binaries.ts'
import type { ServerHome } from './server-home.ts'

const MAJOR = '18'

export const dataFolder = (home: ServerHome): string => join(home.folder, 'cluster', 'data')
export const passwordFile = (home: ServerHome): string => join(home.folder, 'cluster', 'password')

/** What postmaster.pid says, or null where there is none or it is not yet whole. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  /** '' where the server has no Unix socket */
  readonly socket_folder: string
  readonly ready: boolean
}

export function readPostmaster(home: ServerHome): Postmaster | null {
  try {
    const lines = readFileSync(join(dataFolder(home), 'postmaster.pid'), 'utf8').split('\n')
    const [pid = '', , , port = '', socket = '', , , status = ''] = lines
    return {
      pid: Math.abs(Number(pid)),
      port: Number(port),
      socket_folder: socket.trim(),
      ready: status.trim() === 'ready',
    }
  } catch {
    return null
  }
}

/** Whether a process of this id is there at all (another user's counts). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Whether a living process is the server of this data folder and not a stranger who got its number, as happens after
 * a crash or in a restarted container. Told by its command line; null where the machine does not show it.
 */
export async function isServerOf(home: ServerHome, pid: number): Promise<boolean | null> {
  const folder = dataFolder(home)
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder)
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'command=', '-p', String(pid)])
    return stdout.includes(folder)
  } catch {
    return isAlive(pid) ? null : false
  }
}

/** Removes what killed runs left half made; a folder's name bears the id of the run that was making it. */
async function sweep(home: ServerHome): Promise<void> {
  for (const name of readdirSync(home.folder)) {
    const maker = /\.(\d+)\.half$/.exec(name)?.[1]
    if (maker === undefined || isAlive(Number(maker))) continue
    await rm(join(home.folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function refuseOtherVersion(home: ServerHome): void {
  const found = readFileSync(join(dataFolder(home), 'PG_VERSION'), 'utf8').trim()
  if (found === MAJOR) return
  throw new DatabaseFault(
    `${dataFolder(home)} was made by Postgres ${found}, the embedded one is ${MAJOR}; serve it with Postgres ${found} ` +
      'and name that server in database.url, or choose another data_dir',
  )
}

/**
 * Makes the data folder where there is none: beside its place, then renamed, so that a kill leaves nothing half made.
 * Of two runs at once the first one's stands.
 */
export async function ensureCluster(home: ServerHome, binaries: Binaries): Promise<void> {
  await sweep(home)
  if (existsSync(dataFolder(home))) return refuseOtherVersion(home)
  const place = join(home.folder, 'cluster')
  const half = `${place}.${process.pid}.half`
  await rm(half, { recursive: true, force: true })
  mkdirSync(half, { mode: 0o700 })
  const password = join(half, 'password')
  writeFileSync(password, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
  if (home.user !== null) for (const path of [half, password]) chownSync(path, home.user.uid, home.user.gid)
  const flags = ['--username=tieout', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin']
  flags.push('--builtin-locale=C.UTF-8', '--data-checksums', '--auth-local=trust', '--auth-host=scram-sha-256')
  try {
    await promisify(execFile)(binaries.initdb, [...flags, `--pwfile=${password}`, '-D', join(half, 'data')], {
      ...home.user,
      cwd: home.folder,
      env: SERVER_ENV,
    })
    await rename(half, place)
  } catch (error) {
    await rm(half, { recursive: true, force: true }).catch(() => undefined)
    if (existsSync(dataFolder(home))) return
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    const hint = said.includes('could not look up effective user')
      ? 'run Tieout as a user with an entry in /etc/passwd'
      : 'make room or choose another data_dir'
    throw new DatabaseFault(`${place} cannot be made: ${said}; ${hint}, or set database.url`, { cause: error })
  }
}
