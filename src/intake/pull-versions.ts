/** The contents of refunds as received: copied to where they are kept while the listing arrives, not staged first. */

import type { Db } from '../database/connect.ts'
import { copyLine } from '../database/copy.ts'
import { errorCode } from '../database/explain.ts'
import { count, run } from '../database/statement.ts'
import { copyGathered, type GatheredLines } from './pull-lines.ts'

/** Whose contents they are, and which pull brought them. */
export interface VersionsOf {
  business_id: string
  direction: string
  pull_id: bigint
}

const COLUMNS = ['business_id', 'direction', 'refund_id', 'content_hash', 'pull_id', 'raw']

/** A version as a line of COPY. In JSON line breaks and tabs are rare: looking for each is far quicker than a pattern. */
export const versionLine = (of: VersionsOf, refund_id: string, content_hash: string, raw: string): string => {
  const key = copyLine([of.business_id, of.direction, refund_id, content_hash, of.pull_id])
  const plain = !raw.includes('\\') && !raw.includes('\n') && !raw.includes('\r') && !raw.includes('\t')
  return `${key.slice(0, -1)}\t${plain ? `${raw}\n` : copyLine([raw])}`
}

const UNIQUE_VIOLATION = '23505'

/**
 * Keeps versions, given as lines. Nearly always all are new, and are copied into the table: they are the bulk of a
 * pull, and through a stage they would be written twice, the second time when nothing arrives any more. Where one is
 * there already (a change taken back, a page read again), these lines are undone and merged instead.
 */
export async function storeVersions(db: Db, versions: GatheredLines): Promise<void> {
  await db.query('savepoint versions')
  try {
    await copyGathered(db, 'ledger_refund_version', COLUMNS, versions)
    await db.query('release savepoint versions')
  } catch (error) {
    if (errorCode(error) !== UNIQUE_VIOLATION) throw error
    await db.query('rollback to savepoint versions; release savepoint versions')
    await run(db, 'intake/pull_version_stage')
    await copyGathered(db, 'pull_version', COLUMNS, versions)
    await count(db, 'intake/pull_add_versions')
  }
}
