/** Lines of COPY on their way from a listing to a table, gathered as bytes. */

import type { Db } from '../database/connect.ts'
import { copyLines } from '../database/copy.ts'

/** Sent at once. */
const CHUNK = 64 * 1024

export interface GatheredLines {
  add(line: string): void
  /** about as many bytes as bytes() has */
  size(): number
  /** All lines added since clear(); good until the next add() or clear(). */
  bytes(): Buffer
  clear(): void
}

/**
 * Gathers lines in one buffer that is used again after clear(): thousands of small ones, alive until they are sent,
 * cost a sixth of a job's time in collecting them.
 */
export function gatherLines(): GatheredLines {
  let bytes = Buffer.allocUnsafeSlow(4 * CHUNK)
  let used = 0
  let last = ''
  const take = (): void => {
    const most = 3 * last.length // bytes of UTF-8
    if (bytes.length - used < most) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, used + most))
      bytes.copy(larger, 0, 0, used)
      bytes = larger
    }
    used += bytes.write(last, used)
    last = ''
  }
  return {
    add(line) {
      last += line
      if (last.length >= CHUNK) take()
    },
    size: () => used + last.length,
    bytes() {
      if (last !== '') take()
      return bytes.subarray(0, used)
    },
    clear() {
      used = 0
      last = ''
    },
  }
}

/** A COPY of gathered lines, which are left as they are; gives the number of rows copied. */
export async function copyGathered(
  db: Db,
  table: string,
  columns: readonly string[],
  lines: GatheredLines,
): Promise<bigint> {
  const stream = copyLines(db, table, columns)
  // at once: the sockets take megabytes, and Postgres reads them while the next lines are put together
  await stream.write(lines.bytes())
  return await stream.end()
}
