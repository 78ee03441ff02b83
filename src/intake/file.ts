/** Takes one processor file into the tables: while it is read, and whole or not at all. */

import type { Database } from '../database/connect.ts'
import { renewStatistics } from '../database/statistics.ts'
import { type FileCounts, type FileRecord, type FileTarget, openMerge } from './file-merge.ts'
import { type FileStage, openStage } from './file-stage.ts'

export type { FileCounts, FileRecord, FileTarget } from './file-merge.ts'

/** The database, as this side of the house hands it on. */
export type IntakeDatabase = Database

export interface TakeInOptions {
  /** refuse the file where a line would have to be set aside */
  strict: boolean
  /** how many lines are taken in at once */
  chunkLines?: number
}

/** Above this many new rows the planner needs new figures of the table. */
const MANY_ROWS = 50_000n

/**
 * Takes one file in, in one transaction: `read` stages its lines and returns what is known of it, or null where there is
 * nothing to keep. The caller holds the business's lock.
 * @throws whatever `read` throws, and FileFault where `strict` is set and a line had to be set aside: nothing is kept
 */
export const takeInFile = async (
  database: Database,
  target: FileTarget,
  read: (stage: FileStage) => Promise<FileRecord | null>,
  { strict, chunkLines }: TakeInOptions,
): Promise<FileCounts | null> => {
  const counts = await database.transaction(async (db) => {
    const merge = await openMerge(db, target, chunkLines)
    const stage = openStage(merge.take, chunkLines)
    const record = await read(stage).catch(async (problem: unknown) => {
      await stage.abort()
      throw problem
    })
    await stage.end()
    return record === null ? null : await merge.close(record, strict)
  })
  if (counts !== null && counts.accepted >= MANY_ROWS) await renewStatistics(database)
  return counts
}
