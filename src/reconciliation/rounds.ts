/** Statements that are called again until they change nothing. */

import type { Db } from '../database/connect.ts'
import { count } from '../database/statement.ts'

/** Far above any real chain of items; a statement that still changes something then is a bug. */
const MOST_ROUNDS = 1_000_000

/** Calls sql/<name>.sql until it changes no row, `between` after every call that did. Returns the number of rounds. */
export async function untilStill(
  db: Db,
  name: string,
  params: readonly unknown[] = [],
  between: () => Promise<unknown> = async () => undefined,
): Promise<number> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if ((await count(db, name, params)) === 0) return round
    await between()
  }
  throw new Error(`sql/${name}.sql does not come to rest`)
}
