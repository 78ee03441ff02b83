/** Takes one processor file into the tables: whole or not at all. */

import type { Database, Db } from '../../database/connect.ts'
import { statement } from '../../database/statement.ts'
import { renewStatistics } from '../../database/statistics.ts'
import { type FileCounts, type FileRecord, type FileTarget, mergeFile } from './merge.ts'
import { type FileStage, openStage } from './stage.ts'

export type { FileCounts, FileRecord, FileTarget } from './merge.ts'

/** The database, as this side of the house hands it on. */
export type IntakeDatabase = Database
export type IntakeTransaction = Db

/**
 * Takes one file in, in one transaction: `read` stages its lines and returns what is known of it, or null where there is
 * nothing to keep; then the lines are merged with what is stored. The caller holds the business's lock; where it gives a
 * transaction that is open, the file is one of several in it.
 * @throws whatever `read` throws, and FileFault where `strict` is set and a line had to be quarantined: nothing is kept
 */
export const takeInFile = async (
  database: Database | Db,
  target: FileTarget,
  read: (stage: FileStage) => Promise<FileRecord | null>,
  { strict }: { strict: boolean },
): Promise<FileCounts | null> => {
  const takeIn = async (db: Db): Promise<FileCounts | null> => {
    const stage = openStage(db)
    const record = await read(stage).catch(async (problem: unknown) => {
      await stage.stop()
      throw problem
    })
    const staged = await stage.end()
    return record === null ? null : await mergeFile(db, target, record, staged, strict)
  }
  if (!('transaction' in database)) {
    await database.query(`${statement('file/stage')};\n${statement('file/clear_stage')}`)
    return await takeIn(database)
  }
  const counts = await database.transaction(takeIn)
  if (counts !== null) {
    const brought = { business_id: target.business_id, table: 'processor_row', rows: counts.accepted } as const
    await renewStatistics(database, { brought })
  }
  return counts
}
