/** The contents of refunds as received: copied to where they are kept while the listing arrives, not staged first. */

import type { Db } from '../database/connect.ts'
import { copyBinary } from '../database/copy-binary.ts'
import { errorCode } from '../database/explain.ts'
import { count, run } from '../database/statement.ts'
import { VERSIONS } from './pull-rows.ts'

const UNIQUE_VIOLATION = '23505'

/** Does what is done in a savepoint; where something of it is there already, it is undone again and gives false. */
export async function unlessThere(db: Db, write: () => Promise<unknown>): Promise<boolean> {
  await db.query('savepoint portion')
  try {
    await write()
    await db.query('release savepoint portion')
    return true
  } catch (error) {
    if (errorCode(error) !== UNIQUE_VIOLATION) throw error
    await db.query('rollback to savepoint portion; release savepoint portion')
    return false
  }
}

/**
 * Keeps versions, given as rows of VERSIONS. Nearly always all are new, and are copied into the table: they are the bulk
 * of a pull, and through a stage they would be written twice, the second time when nothing arrives any more. Where one
 * is there already (a change taken back, a refund that came twice), these are undone and merged instead.
 */
export async function storeVersions(db: Db, versions: Buffer): Promise<void> {
  const { table, columns } = VERSIONS
  if (await unlessThere(db, async () => await copyBinary(db, table, columns, [versions]))) return
  await run(db, 'intake/pull_version_stage')
  await copyBinary(db, 'pull_version', columns, [versions])
  await count(db, 'intake/pull_add_versions')
}
