/** Which refunds of a listing the ledger holds already, asked in batches while the listing arrives. */

import type { Database } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { Direction } from './pull.ts'

export interface KnownRefunds {
  /** The hashes of those whose content is the stored one. `ids` and `hashes` lie beside each other. */
  sameAs(direction: Direction, ids: readonly string[], hashes: readonly string[]): Promise<ReadonlySet<string>>
  close(): Promise<void>
}

/**
 * Asks on a connection of its own: the pull's is busy with its COPY, and one of the pool might be waited for by
 * those who hold the others. The business's lock keeps the answers true until the merge.
 */
export async function openKnownRefunds(database: Database, business_id: string): Promise<KnownRefunds> {
  const session = await database.session()
  const held = new Map<Direction, Promise<boolean>>()

  const holdsAny = (direction: Direction): Promise<boolean> => {
    const asked =
      held.get(direction) ?? run(session, 'intake/pull_any', [business_id, direction]).then((rows) => rows.length > 0)
    held.set(direction, asked)
    return asked
  }

  return {
    async sameAs(direction, ids, hashes) {
      if (ids.length === 0 || !(await holdsAny(direction))) return new Set()
      const same = await run<{ content_hash: string }>(session, 'intake/pull_known', [
        business_id,
        direction,
        ids,
        hashes,
      ])
      return new Set(same.map(({ content_hash }) => content_hash))
    },
    close: () => session.close(),
  }
}
