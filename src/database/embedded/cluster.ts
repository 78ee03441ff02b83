/** The embedded server's data folder, made by initdb. */

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseFault } from '../../core/errors.ts'
import { type Binaries, SERVER_ENV } from './binaries.ts'
import { makeWhole } from './make-whole.ts'
import { dataFolder, passwordFile, type ServerHome } from './server-home.ts'

/** The version of the binaries that package.json names. */
const MAJOR = '18'

/** Postgres compares text by code unit and knows UTF-8's letters, on every machine alike; pages bear checksums. */
const FLAGS = [
  '--username=tieout',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--auth-local=trust',
  '--auth-host=scram-sha-256',
]

/** `half` will be home.folder/cluster: data/, and the password for where there is no Unix socket. */
async function initialize(half: string, home: ServerHome, binaries: Binaries): Promise<void> {
  const password = join(half, 'password')
  writeFileSync(password, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
  chmodSync(half, 0o700)
  if (home.user !== null) for (const path of [half, password]) chownSync(path, home.user.uid, home.user.gid)
  await promisify(execFile)(binaries.initdb, [...FLAGS, `--pwfile=${password}`, '-D', join(half, 'data')], {
    ...home.user,
    cwd: home.folder,
    env: SERVER_ENV,
  })
}

export const passwordOf = (home: ServerHome): string => readFileSync(passwordFile(home), 'utf8').trim()

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
  const found = readFileSync(join(dataFolder(home), 'PG_VERSION'), 'utf8').trim()
  if (found !== MAJOR) {
    throw new DatabaseFault(
      `${dataFolder(home)} was made by Postgres ${found}, the embedded one is ${MAJOR}; serve it with Postgres ${found} ` +
        'and name that server in database.url, or choose another data_dir',
    )
  }
}
