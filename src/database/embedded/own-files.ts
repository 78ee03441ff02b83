/**
 * Files and folders where another user may write: the server's user owns its folder, and a root job works in it. So each is
 * opened without following a link, looked at, and only then read, written or given away.
 */

import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  type Stats,
} from 'node:fs'
import { DatabaseFault } from '../../core/errors.ts'
import { errorCode } from '../explain.ts'
import type { ServerUser } from './server-user.ts'

/** Not on Windows, which has neither. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0 } = constants

const strange = (path: string, found: string): DatabaseFault =>
  new DatabaseFault(
    `${path} is ${found}, which Tieout did not make: nothing was done with it; move it away, choose another data_dir, or set database.url`,
  )

const openUnlinked = (path: string, flags: number, mode?: number): number => {
  try {
    return openSync(path, flags | O_NOFOLLOW | O_NONBLOCK, mode)
  } catch (error) {
    if (['ELOOP', 'EMLINK', 'ENOTDIR', 'ENXIO'].includes(errorCode(error))) throw strange(path, 'a link or no file')
    throw error
  }
}

/** Whether a file belongs to this job's user or to the server's. */
const isKnownOwner = ({ uid }: Stats, user: ServerUser | null): boolean =>
  process.getuid === undefined || uid === process.getuid() || uid === user?.uid

/** Opens a file under its one name. Throws DatabaseFault where it is a link, a device, or somebody else's. */
export function openFile(path: string, flags: number, user: ServerUser | null, mode = 0o600): number {
  const fd = openUnlinked(path, flags, mode)
  const found = fstatSync(fd)
  if (found.isFile() && found.nlink <= 1 && isKnownOwner(found, user)) return fd
  closeSync(fd)
  throw strange(path, found.isFile() ? "another user's file, or has another name too" : 'no file')
}

/** The text of a file; throws as openFile does, and what the system says where there is none. */
export function readUnlinked(path: string, user: ServerUser | null): string {
  const fd = openFile(path, constants.O_RDONLY, user)
  try {
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

/**
 * Gives a folder that this job's user has to the server's, closed to others. `holds`: what may be in it. Throws DatabaseFault
 * where it is a link, belongs to a third user, or holds something else.
 */
export function giveFolder(path: string, user: ServerUser, holds: RegExp): void {
  const fd = openUnlinked(path, constants.O_RDONLY | O_DIRECTORY)
  try {
    const found = fstatSync(fd)
    if (found.uid === user.uid) return
    if (!isKnownOwner(found, user)) throw strange(path, `a folder of user ${found.uid}`)
    const other = readdirSync(path).find((name) => !holds.test(name))
    if (other !== undefined) throw strange(path, `a folder that holds ${JSON.stringify(other)}`)
    fchmodSync(fd, 0o700)
    fchownSync(fd, user.uid, user.gid)
  } finally {
    closeSync(fd)
  }
}
