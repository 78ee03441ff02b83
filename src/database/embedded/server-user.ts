/** Under which user the embedded server runs: Postgres refuses root, so a root job picks another. */

import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseFault } from '../../core/errors.ts'

export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Taken in this order where the machine has them; initdb wants a user with an entry in /etc/passwd. */
const NAMES = ['nobody', 'postgres', 'daemon']

/** name, uid, gid of /etc/passwd; negative ids (macOS's nobody) cannot be switched to. */
function passwdEntries(text: string): (ServerUser & { name: string })[] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid ?? 'NaN'), gid: Number(gid ?? 'NaN') }))
    .filter((entry) => entry.uid > 0 && entry.gid >= 0)
}

const readPasswd = (): string => (existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '')

/**
 * The user for a job that runs as root: the owner of what is there already (server folder, data_dir), else
 * uid 65534, else a well-known one. null: this job is not root, the server runs as its own user.
 */
export function serverUser(
  folders: readonly string[],
  uid: number = process.getuid?.() ?? -1,
  passwd: string = readPasswd(),
): ServerUser | null {
  if (uid !== 0) return null
  const entries = passwdEntries(passwd)
  for (const folder of folders) {
    const owner = existsSync(folder) ? statSync(folder).uid : 0
    const entry = entries.find((candidate) => candidate.uid === owner)
    if (entry !== undefined) return { uid: entry.uid, gid: entry.gid }
  }
  const found =
    entries.find((entry) => entry.uid === 65534) ??
    NAMES.map((name) => entries.find((entry) => entry.name === name)).find((entry) => entry !== undefined)
  if (found === undefined) {
    throw new DatabaseFault(
      'the embedded Postgres cannot run as root and /etc/passwd names no other user for it (looked for uid 65534, ' +
        `${NAMES.join(', ')}); run Tieout as an ordinary user, or set database.url`,
    )
  }
  return { uid: found.uid, gid: found.gid }
}

/** Whether a user may pass through a folder and all folders above it, by their permission bits. */
export function canEnter(folder: string, user: ServerUser): boolean {
  const { uid, gid, mode } = statSync(folder)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  if ((mode & bit) === 0) return false
  const above = dirname(folder)
  return above === folder || canEnter(above, user)
}
