/** The embedded server's data folder, made by initdb. */

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, constants, fchmodSync, fchownSync, ftruncateSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseFault } from '../../core/errors.ts'
import { type Binaries, SERVER_ENV } from './binaries.ts'
import { makeWhole } from './make-whole.ts'
import { giveFolder, openFile, readUnlinked } from './own-files.ts'
import { dataFolder, passwordFile, type ServerHome } from './server-home.ts'

/** The version of the binaries that package.json names. */
const MAJOR = '18'

const CREATE = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY

/** Postgres compares text by code unit and knows UTF-8's letters, on every machine alike; pages bear checksums. */
const FLAGS = [
  '--username=tieout',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--auth-local=scram-sha-256',
  '--auth-host=scram-sha-256',
]

/**
 * `half` will be home.folder/cluster: data/, and the password. That is the job's alone: initdb, which runs as the server's user,
 * is given it in a file that is removed again.
 */
async function initialize(half: string, home: ServerHome, binaries: Binaries): Promise<void> {
  const password = `${randomBytes(24).toString('hex')}\n`
  const given = join(half, 'password.initdb')
  for (const path of [join(half, 'password'), given]) {
    const fd = openFile(path, CREATE, null)
    writeSync(fd, password)
    fchmodSync(fd, 0o600)
    if (home.user !== null && path === given) fchownSync(fd, home.user.uid, home.user.gid)
    closeSync(fd)
  }
  if (home.user !== null) giveFolder(half, home.user, /^password(?:\.initdb)?$/)
  else chmodSync(half, 0o700)
  await promisify(execFile)(binaries.initdb, [...FLAGS, `--pwfile=${given}`, '-D', join(half, 'data')], {
    ...home.user,
    cwd: home.folder,
    env: SERVER_ENV,
  })
  rmSync(given)
}

/** A cluster that an earlier version made lets everyone of the server's user in by the socket: from now on with the password. */
function askForPassword(home: ServerHome): void {
  const path = join(dataFolder(home), 'pg_hba.conf')
  const rules = readUnlinked(path, home.user)
  const asking = rules.replace(/^(local\s.*\s)trust\s*$/gm, '$1scram-sha-256')
  if (asking === rules) return
  const fd = openFile(path, constants.O_WRONLY, home.user)
  writeSync(fd, asking)
  ftruncateSync(fd, Buffer.byteLength(asking))
  closeSync(fd)
}

export const passwordOf = (home: ServerHome): string => readUnlinked(passwordFile(home), home.user).trim()

/** Makes the data folder where there is none. Throws DatabaseFault where initdb fails or the data are another version's. */
export async function ensureCluster(home: ServerHome, binaries: Binaries): Promise<void> {
  const place = join(home.folder, 'cluster')
  try {
    await makeWhole(place, async (half) => await initialize(half, home, binaries))
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    const hint = said.includes('could not look up effective user')
      ? 'run Tieout as a user with an entry in /etc/passwd'
      : 'make room or choose another data_dir'
    throw new DatabaseFault(`${place} cannot be made: ${said}; ${hint}, or set database.url`, { cause: error })
  }
  const found = readUnlinked(join(dataFolder(home), 'PG_VERSION'), home.user).trim()
  if (found !== MAJOR) {
    throw new DatabaseFault(
      `${dataFolder(home)} was made by Postgres ${found}, the embedded one is ${MAJOR}; serve it with Postgres ${found} ` +
        'and name that server in database.url, or choose another data_dir',
    )
  }
  askForPassword(home)
}
