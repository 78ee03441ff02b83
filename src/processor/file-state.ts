/** What the disk says of a file, by which one that was read before is known without being read. */

import { stat } from 'node:fs/promises'
import { notOpened } from './file-bytes.ts'

export interface FileState {
  bytes: number
  /**
   * Another whenever the file is written to, replaced, moved or touched, whatever time it then pretends to have; null where
   * nothing can be concluded from it being the same.
   */
  mark: string | null
}

/**
 * A file that was written to a moment ago can be written to once more without another time: file systems count in ticks,
 * of two seconds at most.
 */
const SETTLED_AFTER_MS = 3000n
const NANOSECONDS = 1_000_000n

/**
 * The state of a file at an instant of the clock that has come.
 * @throws FileFault where there is no such file
 */
export const stateOf = async (path: string, now: string): Promise<FileState> => {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true }).catch(notOpened(path))
  const changed = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  const isSettled = ctimeNs > 0n && changed / NANOSECONDS + SETTLED_AFTER_MS <= BigInt(Date.parse(now))
  return { bytes: Number(size), mark: isSettled ? `${ino} ${size} ${mtimeNs} ${ctimeNs}` : null }
}

/** Whether a file is still in the state of this mark. */
export const isStill = async (path: string, mark: string, now: string): Promise<boolean> =>
  (await stateOf(path, now).catch(() => null))?.mark === mark
