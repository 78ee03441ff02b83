/** Files that are there whole or not at all: each is written beside its place, and then takes its name. */

import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { DeliveryFault } from './errors.ts'

/** Whether a process of this id is there at all (another user's counts). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A temporary file bears the machine and the process that writes it. */
const TEMPORARY = /^\..*\.(\d+)\.[0-9a-f]{8}\.part$/
/** No file takes as long to write, whatever machine does it. */
const ABANDONED_MS = 3_600_000

const temporaryBeside = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${hostname()}.${process.pid}.${randomBytes(4).toString('hex')}.part`)

/** Removes the temporary files that killed jobs left in a folder. A folder that cannot be read has none. */
export async function sweepTemporary(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const found = TEMPORARY.exec(name)
    if (found === null) continue
    const isOurs = name.slice(0, -`.${found[1]}.01234567.part`.length).endsWith(`.${hostname()}`)
    const path = join(folder, name)
    const age = Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? 0)
    if (age > ABANDONED_MS || (isOurs && !isAlive(Number(found[1]))))
      await rm(path, { force: true }).catch(() => undefined)
  }
}

/** Throws a DeliveryFault that names the file where the system refuses: the disk is full, the folder may not be written. */
async function delivering<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    // without the rest, which names the temporary file
    throw new DeliveryFault(
      `${path} could not be written: ${/^\w+: [^,]+/.exec(cause.message)?.[0] ?? cause.message}`,
      {
        cause,
      },
    )
  }
}

/**
 * Writes a file through a temporary one beside it, which takes its name when `write` is done and its bytes are on the
 * disk: a reader finds the old file or the new one, never half of one. The folder is made where it is missing, and others
 * may write to neither, whatever the umask. `write` is given what appends.
 * @throws DeliveryFault where the file cannot be written; the old one is as it was
 */
export async function writeWhole(
  path: string,
  write: (append: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
  mode = 0o644,
): Promise<void> {
  const temporary = temporaryBeside(path)
  const file: FileHandle = await delivering(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 })
    return await open(temporary, 'wx', mode)
  })
  try {
    await write((bytes) =>
      delivering(path, async () => {
        for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten
      }),
    )
    await delivering(path, async () => {
      await file.sync()
      await file.close()
      await rename(temporary, path)
    })
  } catch (failure) {
    await file.close().catch(() => undefined)
    await rm(temporary, { force: true }).catch(() => undefined)
    throw failure
  }
}
