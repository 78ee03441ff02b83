/** Takes one processor file into the tables: staged by COPY while it is read, merged in sets, or not at all. */

import type { Database, Db } from '../database/connect.ts'
import { count, run, statement } from '../database/statement.ts'
import { FileFault } from '../errors.ts'
import { minorDigits } from '../money.ts'
import { type Chunk, type FileStage, openStage } from './file-stage.ts'

/** The database, as this side of the house hands it on. */
export type IntakeDatabase = Database

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

export interface TakeInOptions {
  /** refuse the file where a line would have to be set aside */
  strict: boolean
  /** how many lines are merged at once */
  chunkLines?: number
}

/**
 * Merged at once beside a history: what is compared fits into SORT_MEMORY, and the next lines are read meanwhile.
 * Without a history the whole file, up to two million lines: the index is then filled from left to right.
 */
const CHUNK_LINES = { history: 500_000, noHistory: 2_000_000 }
/** Of the server's memory, for this transaction only. */
const SORT_MEMORY = '128MB'
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
    await db.query(`set local work_mem = '${SORT_MEMORY}'`)
    await db.query(statement('intake/file_stage'))
    const merging = await openMerge(db, target)
    const stage = openStage(db, () => chunkLines ?? merging.chunkLines(), merging.merge)
    const record = await read(stage).catch(async (problem: unknown) => {
      await stage.abort()
      throw problem
    })
    await stage.end()
    return record === null ? null : await merging.close(record, strict)
  })
  if (counts !== null && counts.accepted >= MANY_ROWS) await database.query('analyze processor_row')
  return counts
}

interface Merged {
  new_lines: bigint
  added: bigint
  conflicts: bigint
  later: bigint
}

/** Merges the chunks of one file, and closes it with their counts. */
const openMerge = async (db: Db, target: FileTarget) => {
  const whose = [target.business_id, target.processor, target.account]
  const counts: FileCounts = { accepted: 0n, known: 0n, updated: 0n, unreadable: 0n, conflicts: 0n }
  const [account] = await run<{ has_history: boolean }>(db, 'intake/file_has_history', whose)
  let hasHistory = account?.has_history ?? true
  let file_id: bigint | null = null
  let isAnalysed = false

  const open = async (): Promise<bigint> => {
    if (file_id !== null) return file_id
    const [file] = await run<{ file_id: bigint }>(db, 'intake/file_open', [...whose, target.name, target.imported_at])
    if (!file) throw new Error(`${target.name} was not begun`)
    file_id = file.file_id
    return file_id
  }
  /** Takes lines in or compares them with what is known; gives how many were new but repeat another of them. */
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
  /** Likewise, of an account without history. */
  const mergeFirst = async (params: readonly unknown[], readable: number): Promise<bigint> => {
    const added = BigInt(await count(db, 'intake/file_first', params))
    counts.accepted += added
    hasHistory = true
    return BigInt(readable) - added
  }
  const merge = async ({ readable, unreadable }: Chunk): Promise<void> => {
    const params = [...whose, await open()]
    // without figures the planner takes nearly all lines for unreadable: 16 s of CPU a million known lines, not 6
    if (hasHistory && !isAnalysed) await db.query('analyze staged_line (reason, transaction_id)')
    isAnalysed ||= hasHistory
    if (unreadable > 0) counts.unreadable += BigInt(await count(db, 'intake/file_unreadable', params))
    const [last] = await run<{ row_no: bigint }>(db, 'intake/file_last_row_no')
    const before = counts.accepted + counts.conflicts
    const repeated = hasHistory ? await mergeKnown(params) : await mergeFirst(params, readable)
    if (repeated > 0n) {
      await count(db, 'intake/file_repeated', [...params, last?.row_no ?? 0n])
      await mergeKnown(params)
    }
    counts.known += BigInt(readable) - (counts.accepted + counts.conflicts - before)
    await db.query('truncate staged_line')
  }
  const close = async (record: FileRecord, strict: boolean): Promise<FileCounts> => {
    const id = await open()
    const aside = counts.unreadable + counts.conflicts
    if (strict && aside > 0n) throw new FileFault(await refusal(db, target, id, aside))
    await count(db, 'intake/file_close', [
      target.business_id,
      id,
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
      counts.accepted,
      counts.known,
      aside,
    ])
    return counts
  }
  return { merge, close, chunkLines: () => (hasHistory ? CHUNK_LINES.history : CHUNK_LINES.noHistory) }
}

const ODD_CURRENCIES = Intl.supportedValuesOf('currency').filter((currency) => minorDigits(currency) !== 2)
const ODD_DIGITS = ODD_CURRENCIES.map(minorDigits)

const refusal = async (db: Db, target: FileTarget, file_id: bigint, aside: bigint): Promise<string> => {
  const first = await run<{ line: bigint; reason: string }>(db, 'intake/file_reasons', [target.business_id, file_id])
  const reasons = first.map(({ line, reason }) => `line ${line}: ${reason}`).join('\n  ')
  return `${target.name} is refused whole, as asked for with --strict: ${aside} ${aside === 1n ? 'line' : 'lines'} would be set aside\n  ${reasons}`
}

/** A file of this account that was imported before. */
export interface KnownFile {
  name: string
  sha256: string
  imported_at: string
}

/** The imported files of this account that are as large: only they can be the same file. */
export const filesOfSize = async (
  database: Database,
  { business_id, processor, account }: Pick<FileTarget, 'business_id' | 'processor' | 'account'>,
  bytes: number,
): Promise<KnownFile[]> =>
  await run<KnownFile>(database, 'intake/file_same_size', [business_id, processor, account, bytes])
