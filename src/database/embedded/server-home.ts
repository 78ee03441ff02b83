/** Where the embedded server's files lie: data_dir/postgres, or for a root job outside a closed home. */

import { createHash } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseFault } from '../../core/errors.ts'
import { errorCode } from '../explain.ts'
import type { DatabaseLog } from '../handle.ts'
import { giveFolder } from './own-files.ts'
import { canEnter, type ServerUser, serverUser } from './server-user.ts'

export interface ServerHome {
  /** absolute, without symbolic links */
  readonly folder: string
  /** null: the server runs as the job's own user */
  readonly user: ServerUser | null
}

/** The data folder of Postgres, and the password of its user; made as one. */
export const dataFolder = (home: ServerHome): string => join(home.folder, 'cluster', 'data')
export const passwordFile = (home: ServerHome): string => join(home.folder, 'cluster', 'password')

/** How a folder in /tmp for the socket begins. */
export const SHORT_FOLDER = 'tieout-pg-'

/** For root jobs whose data_dir lies in a folder closed to the server's user, such as /root. */
const OUTSIDE = '/var/lib/tieout'

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** What Tieout and its server make in the server's folder. */
const HELD = /^(?:cluster|programs-[\w.-]+|server\.log|\.s\.PGSQL\..*|.*\.half)$/

function makeFolder(path: string, user: ServerUser | null): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (user !== null) giveFolder(path, user, HELD)
}

/** The place outside for a data_dir. */
const outsideOf = (data_dir: string): string =>
  join(OUTSIDE, createHash('sha256').update(data_dir).digest('hex').slice(0, 16))

/** A link data_dir/postgres -> /var/lib/tieout/<hash of data_dir>: the files must lie where their user may go. */
function makeOutside(data_dir: string, link: string, user: ServerUser, log: DatabaseLog): void {
  const folder = outsideOf(data_dir)
  mkdirSync(OUTSIDE, { recursive: true })
  chmodSync(OUTSIDE, 0o755)
  makeFolder(folder, user)
  try {
    symlinkSync(folder, link)
    log.info({ folder, link }, 'the embedded database lies outside data_dir, which its user may not enter')
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** For a root job the owner of data that are there, even where he has no entry here: only initdb wants one. */
function ownerOfData(data: string): ServerUser | null {
  const found = process.getuid?.() === 0 ? statSync(data, { throwIfNoEntry: false }) : undefined
  return found === undefined || found.uid === 0 ? null : { uid: found.uid, gid: found.gid }
}

function prepare(data_dir: string, log: DatabaseLog): ServerHome {
  const made = mkdirSync(data_dir, { recursive: true })
  const real = realpathSync(data_dir)
  const path = join(real, 'postgres')
  const user = ownerOfData(join(path, 'cluster', 'data')) ?? serverUser([path, real])
  if (user !== null && made !== undefined) chmodSync(real, statSync(real).mode | 0o011)
  if (!existsSync(path)) {
    if (isThere(path)) {
      throw new DatabaseFault(`${path} leads nowhere: the database's folder is gone; remove the link to start anew`)
    }
    if (user === null || canEnter(real, user)) makeFolder(path, user)
    else makeOutside(real, path, user, log)
  }
  // the one link that a root job follows is its own: any other may lead to what is not Tieout's
  if (user !== null && lstatSync(path).isSymbolicLink()) {
    const target = readlinkSync(path)
    if (target !== outsideOf(real)) {
      throw new DatabaseFault(
        `${path} is a link to ${target}, which Tieout did not make: a job of root does not follow it; remove the link, or name ` +
          'the folder itself as data_dir',
      )
    }
  }
  const folder = realpathSync(path)
  if (user !== null) makeFolder(folder, user)
  const owner = statSync(folder).uid
  const own = process.getuid?.() ?? owner
  if (user === null && owner !== own) {
    throw new DatabaseFault(
      `${folder} belongs to user ${owner}, this job runs as ${own}; run it as the user who made it ` +
        '(uid 65534: made by root), choose another data_dir, or set database.url',
    )
  }
  if (user !== null && !canEnter(folder, user)) {
    throw new DatabaseFault(
      `${folder} cannot be entered by uid ${user.uid}, as which the embedded Postgres runs; ` +
        'open the folders above it (chmod o+x), choose another data_dir, or set database.url',
    )
  }
  return { folder, user }
}

/** Makes the server's folder where it is not there, owned by the server's user and closed to others. */
export function serverHome(data_dir: string, log: DatabaseLog): ServerHome {
  try {
    return prepare(data_dir, log)
  } catch (error) {
    if (error instanceof DatabaseFault) throw error
    const text = error instanceof Error ? error.message : String(error)
    throw new DatabaseFault(
      `the embedded database's folder under ${data_dir} cannot be made: ${text}; choose another data_dir, or set database.url`,
      { cause: error },
    )
  }
}
