/** Takes the lines of one file into the tables: straight where they are new, else by a stage and compared with what is known. */

import { bulkInsert } from '../database/bulk.ts'
import type { Db } from '../database/connect.ts'
import { errorCode } from '../database/explain.ts'
import { count, run } from '../database/statement.ts'
import { FileFault } from '../errors.ts'
import { heldKey } from '../keys.ts'
import { type Brought, openBrought } from './brought.ts'
import type { Batch, StagedUnreadable } from './file-stage.ts'
import type { FileOwner } from './known-files.ts'
import type { PlacedPiece } from './report-pieces.ts'
import { OWNER_COLUMNS, type Owner, ROW_COLUMNS, type RowBatch } from './row-batch.ts'
import { openStagedLines } from './staged-lines.ts'

/** Whose file it is, and its name without folders. */
export interface FileTarget extends FileOwner {
  name: string
  /** UTC instant */
  imported_at: string
}

/** What is known of a file when it has been read to its end. */
export interface FileRecord {
  sha256: string
  bytes: number
  format: string
  refund_id_pattern: string | null
  payment_id_patterns: readonly string[]
  has_refund_fees: boolean
  has_returned_fees: boolean
  covers_from: string | null
  covers_to: string | null
  /** of a stated period with times: its first and last instant */
  covers_from_at: string | null
  covers_to_at: string | null
  coverage_source: 'given' | 'stated' | 'dates' | 'none'
  /** JSON arrays */
  stray_lines: string
  totals: string
  totals_hold: boolean
  categories: string
}

export interface FileCounts {
  accepted: bigint
  known: bigint
  /** known rows to which this file added something: a payout, a date of availability, a key, a presented amount */
  updated: bigint
  unreadable: bigint
  conflicts: bigint
}

/** Merges a file into the tables, within one transaction. */
export interface FileMerge {
  take(batch: Batch): Promise<void>
  /**
   * The end of the file: what is left is merged, the file is closed.
   * @throws FileFault where `strict` is set and a line had to be set aside
   */
  close(record: FileRecord, strict: boolean): Promise<FileCounts>
}

const UNIQUE_VIOLATION = '23505'

/**
 * Opens the merge of one file. Lines of an account without history, and those after a chunk that was new throughout, are
 * taken for new: they are copied into the table as they are, which the unique key refuses where it was wrong. Then the
 * batch goes by the stage, and so does what follows, until a chunk is new throughout again. A million first lines take
 * 5.9 s so, while they are read; by a stage 3.2 s, and another 6.8 s when they have been. On a history of a million they
 * take 6.8 s of the server's CPU, and 15.7 s by the stage alone.
 * @param chunkLines lines merged at once; only a test says so
 */
export const openMerge = async (db: Db, target: FileTarget, chunkLines?: number): Promise<FileMerge> => {
  const { business_id, processor, account } = target
  const counts: FileCounts = { accepted: 0n, known: 0n, updated: 0n, unreadable: 0n, conflicts: 0n }
  const [history] = await run<{ has_history: boolean }>(db, 'intake/file_has_history', [
    business_id,
    processor,
    account,
  ])
  const brought = openBrought()
  const stage = openStagedLines(db, chunkLines)
  let isNew = history?.has_history === false
  let file_id: bigint | null = null

  const opened = async (): Promise<Owner> => {
    file_id ??= await openFile(db, target)
    return { business_id, processor, account, file_id }
  }
  const mergeStaged = async (isLast: boolean): Promise<void> => {
    const merged = await stage.merge(await opened(), isLast)
    if (merged === null) return
    isNew = merged.accepted === merged.lines
    counts.accepted += merged.accepted
    brought.addAll(merged.brought)
    counts.known += merged.known
    counts.updated += merged.updated
    counts.conflicts += merged.conflicts
  }
  return {
    async take({ rows, unreadable, pieces, known }) {
      counts.known += BigInt(known)
      if (pieces.length > 0) await remember(db, await opened(), pieces)
      if (unreadable.length > 0) counts.unreadable += await setAside(db, await opened(), unreadable)
      if (rows.rows() === 0) return
      const added = isNew ? await addNew(db, await opened(), rows) : null
      if (added !== null) {
        counts.accepted += added
        brought.addAll(rows.brought())
        return
      }
      isNew = false
      await stage.put(rows)
      if (stage.isFull()) await mergeStaged(false)
    },
    async close(record, strict) {
      await mergeStaged(true)
      const owner = await opened()
      const aside = counts.unreadable + counts.conflicts
      if (strict && aside > 0n) throw new FileFault(await refusal(db, target, owner.file_id, aside))
      // a conflict is settled by a later file that has the stored line: no piece with it may be passed over
      if (counts.conflicts > 0n) await count(db, 'intake/piece_forget', [business_id, processor, account])
      await closeFile(db, owner, record, counts, brought.all())
      return counts
    },
  }
}

const openFile = async (db: Db, target: FileTarget): Promise<bigint> => {
  const { business_id, processor, account, name, imported_at } = target
  const params = [business_id, processor, account, name, imported_at]
  const [file] = await run<{ file_id: bigint }>(db, 'intake/file_open', params)
  if (!file) throw new Error(`${name} was not begun`)
  return file.file_id
}

/** How many rows were added; null where one of them is known, or is there twice: then none was. */
const addNew = async (db: Db, owner: Owner, rows: RowBatch): Promise<bigint | null> => {
  await db.query('savepoint before_batch')
  try {
    const added = await bulkInsert(db, 'processor_row', [...OWNER_COLUMNS, ...ROW_COLUMNS], rows.byId(owner))
    await db.query('release savepoint before_batch')
    return added
  } catch (problem) {
    if (errorCode(problem) !== UNIQUE_VIOLATION) throw problem
    await db.query('rollback to savepoint before_batch')
    return null
  }
}

const remember = async (db: Db, owner: Owner, pieces: readonly PlacedPiece[]): Promise<void> => {
  const { business_id, processor, account, file_id } = owner
  const lists = [
    pieces.map(({ piece }) => piece),
    pieces.map(({ first_line }) => first_line),
    pieces.map(({ lines }) => lines),
    pieces.map(({ records }) => records),
    pieces.map(({ dates }) => dates),
    pieces.map(({ categories }) => categories),
  ]
  await count(db, 'intake/piece_add', [business_id, processor, account, file_id, ...lists])
}

const setAside = async (db: Db, owner: Owner, records: readonly StagedUnreadable[]): Promise<bigint> => {
  const { business_id, processor, account, file_id } = owner
  const lists = [
    records.map(({ line }) => line),
    records.map(({ reason }) => reason),
    records.map(({ raw }) => raw),
    records.map(({ transaction_id }) => (transaction_id === null ? null : heldKey(transaction_id) || null)),
    records.map(({ occurred_on }) => occurred_on),
  ]
  return BigInt(await count(db, 'intake/file_unreadable', [business_id, processor, account, file_id, ...lists]))
}

const closeFile = async (
  db: Db,
  { business_id, file_id }: Owner,
  record: FileRecord,
  { accepted, known, unreadable, conflicts }: FileCounts,
  brought: readonly Brought[],
): Promise<void> => {
  await count(db, 'intake/file_close', [
    business_id,
    file_id,
    record.sha256,
    record.bytes,
    record.format,
    record.refund_id_pattern,
    record.payment_id_patterns,
    record.has_refund_fees,
    record.has_returned_fees,
    record.covers_from,
    record.covers_to,
    record.covers_from_at,
    record.covers_to_at,
    record.coverage_source,
    record.stray_lines,
    record.totals,
    record.totals_hold,
    record.categories,
    accepted,
    known,
    unreadable + conflicts,
    JSON.stringify(brought.map((sum) => ({ ...sum, rows: String(sum.rows), amount: String(sum.amount) }))),
  ])
}

const refusal = async (db: Db, target: FileTarget, file_id: bigint, aside: bigint): Promise<string> => {
  const first = await run<{ line: bigint; reason: string }>(db, 'intake/file_reasons', [target.business_id, file_id])
  const reasons = first.map(({ line, reason }) => `line ${line}: ${reason}`).join('\n  ')
  return `${target.name} is refused whole, as asked for with --strict: ${aside} ${aside === 1n ? 'line' : 'lines'} would be set aside\n  ${reasons}`
}
