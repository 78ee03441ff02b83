/** Takes the lines of one file into the tables: straight where they are new, else by a stage and compared with what is known. */

import type { Db } from '../database/connect.ts'
import { copyBinary } from '../database/copy-binary.ts'
import { errorCode } from '../database/explain.ts'
import { count, run, statement } from '../database/statement.ts'
import { FileFault } from '../errors.ts'
import { minorDigits } from '../money.ts'
import type { Batch, StagedUnreadable } from './file-stage.ts'
import { OWNER_COLUMNS, ROW_COLUMNS, type RowBatch } from './row-batch.ts'

/** Whose file it is, and its name without folders. */
export interface FileTarget {
  business_id: string
  processor: string
  /** '' where the processor has just one */
  account: string
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
  covers_from: string | null
  covers_to: string | null
  coverage_source: 'given' | 'stated' | 'dates' | 'none'
  /** JSON arrays */
  totals: string
  totals_hold: boolean
  categories: string
}

export interface FileCounts {
  accepted: bigint
  known: bigint
  /** known rows whose available_on or payout_id came with this file */
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

/**
 * Lines merged at once: what is compared fits into SORT_MEMORY, and the next lines are read meanwhile. The first ones
 * only find out whether the account's history knows the file's lines at all.
 */
const CHUNK_LINES = { first: 20_000, later: 500_000 }
/** Of the server's memory, for this transaction only. */
const SORT_MEMORY = '128MB'
const UNIQUE_VIOLATION = '23505'

interface Merged {
  new_lines: bigint
  added: bigint
  conflicts: bigint
  later: bigint
}

/**
 * Opens the merge of one file. Lines of an account without history, and those after a chunk that was new throughout, are
 * taken for new: they are copied into the table as they are, which the unique key refuses where it was wrong. Then the
 * batch goes by the stage, and so does what follows, until a chunk is new throughout again. A million first lines take
 * 5.9 s so, while they are read; by a stage 3.2 s, and another 6.8 s when they have been.
 * @param chunkLines lines merged at once; only a test says so
 */
export const openMerge = async (db: Db, target: FileTarget, chunkLines?: number): Promise<FileMerge> => {
  const whose = [target.business_id, target.processor, target.account]
  const counts: FileCounts = { accepted: 0n, known: 0n, updated: 0n, unreadable: 0n, conflicts: 0n }
  const [account] = await run<{ has_history: boolean }>(db, 'intake/file_has_history', whose)
  let isNew = account?.has_history === false
  let mostStaged = chunkLines ?? CHUNK_LINES.first
  let staged = 0
  let hasStage = false
  let file_id: bigint | null = null

  const open = async (): Promise<bigint> => {
    if (file_id !== null) return file_id
    const [file] = await run<{ file_id: bigint }>(db, 'intake/file_open', [...whose, target.name, target.imported_at])
    if (!file) throw new Error(`${target.name} was not begun`)
    file_id = file.file_id
    return file_id
  }
  const setAside = async (records: readonly StagedUnreadable[]): Promise<void> => {
    const of = <Column extends keyof StagedUnreadable>(column: Column) => records.map((record) => record[column])
    const columns = [of('line'), of('reason'), of('raw'), of('transaction_id'), of('occurred_on')]
    counts.unreadable += BigInt(await count(db, 'intake/file_unreadable', [...whose, await open(), ...columns]))
  }
  /** Whether they were new, and are there now. */
  const addNew = async (rows: RowBatch): Promise<boolean> => {
    const owner = { ...target, file_id: await open() }
    await db.query('savepoint before_batch')
    try {
      counts.accepted += await copyBinary(db, 'processor_row', [...OWNER_COLUMNS, ...ROW_COLUMNS], rows.byId(owner))
    } catch (problem) {
      if (errorCode(problem) !== UNIQUE_VIOLATION) throw problem
      await db.query('rollback to savepoint before_batch')
      return false
    }
    await db.query('release savepoint before_batch')
    return true
  }
  const stage = async (rows: RowBatch): Promise<void> => {
    if (!hasStage) await db.query(`set local work_mem = '${SORT_MEMORY}'; ${statement('intake/file_stage')}`)
    hasStage = true
    await copyBinary(db, 'staged_line', ROW_COLUMNS, rows.asTheyCame())
    staged += rows.rows()
  }
  /** Takes staged lines in or compares them with what is known; gives how many were new but repeat another of them. */
  const mergeKnown = async (params: readonly unknown[]): Promise<bigint> => {
    const [merged] = await run<Merged>(db, 'intake/file_merge', params)
    if (!merged) throw new Error(`${target.name} was not merged`)
    if (merged.later > 0n) counts.updated += BigInt(await count(db, 'intake/file_later', [target.business_id]))
    if (merged.conflicts > 0n) await count(db, 'intake/file_conflicts', [...params, ODD_CURRENCIES, ODD_DIGITS])
    if (merged.later + merged.conflicts > 0n) await db.query('truncate differing_line')
    counts.accepted += merged.added
    counts.conflicts += merged.conflicts
    return merged.new_lines - merged.added
  }
  const mergeStaged = async (): Promise<void> => {
    const params = [...whose, await open()]
    await db.query('analyze staged_line (transaction_id)')
    const [last] = await run<{ row_no: bigint }>(db, 'intake/file_last_row_no')
    const { accepted, conflicts } = counts
    const repeated = await mergeKnown(params)
    if (repeated > 0n) {
      await count(db, 'intake/file_repeated', [...params, last?.row_no ?? 0n])
      await mergeKnown(params)
    }
    const added = counts.accepted - accepted
    counts.known += BigInt(staged) - added - (counts.conflicts - conflicts)
    isNew = added === BigInt(staged)
    mostStaged = chunkLines ?? CHUNK_LINES.later
    staged = 0
    await db.query('truncate staged_line')
  }
  const take = async ({ rows, unreadable }: Batch): Promise<void> => {
    if (unreadable.length > 0) await setAside(unreadable)
    if (rows.rows() === 0 || (isNew && (await addNew(rows)))) return
    isNew = false
    await stage(rows)
    if (staged >= mostStaged) await mergeStaged()
  }
  const close = async (record: FileRecord, strict: boolean): Promise<FileCounts> => {
    if (staged > 0) await mergeStaged()
    const id = await open()
    const aside = counts.unreadable + counts.conflicts
    if (strict && aside > 0n) throw new FileFault(await refusal(db, target, id, aside))
    await closeFile(db, target.business_id, id, record, counts)
    return counts
  }
  return { take, close }
}

const closeFile = async (
  db: Db,
  business_id: string,
  file_id: bigint,
  record: FileRecord,
  { accepted, known, unreadable, conflicts }: FileCounts,
): Promise<void> => {
  await count(db, 'intake/file_close', [
    business_id,
    file_id,
    record.sha256,
    record.bytes,
    record.format,
    record.refund_id_pattern,
    record.covers_from,
    record.covers_to,
    record.coverage_source,
    record.totals,
    record.totals_hold,
    record.categories,
    accepted,
    known,
    unreadable + conflicts,
  ])
}

const ODD_CURRENCIES = Intl.supportedValuesOf('currency').filter((currency) => minorDigits(currency) !== 2)
const ODD_DIGITS = ODD_CURRENCIES.map(minorDigits)

const refusal = async (db: Db, target: FileTarget, file_id: bigint, aside: bigint): Promise<string> => {
  const first = await run<{ line: bigint; reason: string }>(db, 'intake/file_reasons', [target.business_id, file_id])
  const reasons = first.map(({ line, reason }) => `line ${line}: ${reason}`).join('\n  ')
  return `${target.name} is refused whole, as asked for with --strict: ${aside} ${aside === 1n ? 'line' : 'lines'} would be set aside\n  ${reasons}`
}
