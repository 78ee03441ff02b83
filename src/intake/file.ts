/** Takes one processor file into the tables: staged by COPY while it is read, then merged in sets, or not at all. */

import type { Database, Db } from '../database/connect.ts'
import { type CopyValue, copyRows } from '../database/copy.ts'
import { count, run } from '../database/statement.ts'
import { FileFault } from '../errors.ts'
import { minorDigits } from '../money.ts'

/** The database as this side of the house hands it on. */
export type IntakeDatabase = Database

/** Whose file it is. */
export interface FileTarget {
  business_id: string
  processor: string
  /** '' where the processor has just one */
  account: string
}

/** A line in canonical form; times and dates as text, amounts in minor units. */
export interface StagedRow {
  line: number
  transaction_id: string
  type: string
  category: string
  refund_id: string | null
  payment_ids: readonly string[]
  reference_ids: readonly string[]
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  occurred_at: string | null
  occurred_on: string
  available_on: string | null
  payout_id: string | null
}

/** A line that could not be read, with what could be read of it. */
export interface StagedUnreadable {
  line: number
  reason: string
  raw: string
  transaction_id: string | null
  occurred_on: string | null
}

const COLUMNS = [
  'line',
  'transaction_id',
  'type',
  'category',
  'refund_id',
  'payment_ids',
  'reference_ids',
  'amount',
  'refund_fee',
  'returned_fee',
  'currency',
  'occurred_at',
  'occurred_on',
  'available_on',
  'payout_id',
  'reason',
  'raw',
]

/** Where a file's lines go while it is read. Await what is returned, where something is: Postgres is behind. */
export interface FileStage {
  row(row: StagedRow): void | Promise<void>
  unreadable(record: StagedUnreadable): void | Promise<void>
}

/** What is known of a file when it has been read to its end. */
export interface FileRecord {
  name: string
  sha256: string
  bytes: number
  format: string
  refund_id_pattern: string | null
  imported_at: string
  covers_from: string | null
  covers_to: string | null
  coverage_source: 'given' | 'stated' | 'dates' | 'none'
  /** JSON arrays */
  totals: string
  totals_hold: boolean
  categories: string
}

export interface FileCounts {
  file_id: bigint
  accepted: bigint
  known: bigint
  /** known rows whose available_on or payout_id came with this file */
  updated: bigint
  unreadable: bigint
  conflicts: bigint
}

/** Above this many new rows the planner needs new figures of the table. */
const MANY_ROWS = 50_000n
/** Sorting a million lines of 300 bytes; of the server's memory, for this transaction only. */
const SORT_MEMORY = '96MB'

/**
 * Takes one file in, in one transaction: `read` stages its lines and returns what is known of it, or null where there is
 * nothing to keep. The caller holds the business's lock.
 * @throws whatever `read` throws, and FileFault where `strict` is set and a line had to be set aside: nothing is kept
 */
export const takeInFile = async (
  database: Database,
  target: FileTarget,
  read: (stage: FileStage) => Promise<FileRecord | null>,
  { strict }: { strict: boolean },
): Promise<FileCounts | null> => {
  const counts = await database.transaction(async (db) => {
    await db.query(`set local work_mem = '${SORT_MEMORY}'`)
    await run(db, 'intake/file_stage')
    const copy = copyRows(db, 'staged_line', COLUMNS)
    const record = await read({
      row: (row) => copy.write(rowValues(row)),
      unreadable: (record) => copy.write(unreadableValues(record)),
    })
    const staged = await copy.end()
    return record === null ? null : await merge(db, target, record, staged, strict)
  })
  if (counts !== null && counts.accepted >= MANY_ROWS) await database.query('analyze processor_row')
  return counts
}

const rowValues = (row: StagedRow): CopyValue[] => [
  row.line,
  row.transaction_id,
  row.type,
  row.category,
  row.refund_id,
  row.payment_ids,
  row.reference_ids,
  row.amount,
  row.refund_fee,
  row.returned_fee,
  row.currency,
  row.occurred_at,
  row.occurred_on,
  row.available_on,
  row.payout_id,
  null,
  null,
]

const unreadableValues = ({ line, transaction_id, occurred_on, reason, raw }: StagedUnreadable): CopyValue[] => [
  line,
  transaction_id,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  occurred_on,
  null,
  null,
  reason,
  raw,
]

const merge = async (
  db: Db,
  target: FileTarget,
  record: FileRecord,
  staged: bigint,
  strict: boolean,
): Promise<FileCounts> => {
  const whose = [target.business_id, target.processor, target.account]
  await db.query('analyze staged_line')
  const [file] = await run<{ file_id: bigint }>(db, 'intake/file_open', [
    ...whose,
    record.name,
    record.sha256,
    record.bytes,
    record.format,
    record.refund_id_pattern,
    record.imported_at,
    record.covers_from,
    record.covers_to,
    record.coverage_source,
    record.totals,
    record.totals_hold,
    record.categories,
  ])
  if (!file) throw new Error(`${record.name} was not recorded`)
  const params = [...whose, file.file_id]
  const accepted = BigInt(await count(db, 'intake/file_rows', params))
  const unreadable = BigInt(await count(db, 'intake/file_unreadable', params))
  const others = staged - accepted - unreadable
  const compared = others > 0n ? await compareKnown(db, params) : { known: 0n, conflicts: 0n, updated: 0n }
  if (compared.known + compared.conflicts !== others) {
    throw new Error(
      `${record.name}: ${others} lines were to be compared, but ${compared.known + compared.conflicts} were`,
    )
  }
  if (strict && unreadable + compared.conflicts > 0n) {
    throw new FileFault(await refusal(db, target, file.file_id, record.name, unreadable + compared.conflicts))
  }
  const aside = unreadable + compared.conflicts
  await count(db, 'intake/file_close', [target.business_id, file.file_id, accepted, compared.known, aside])
  return { file_id: file.file_id, accepted, unreadable, ...compared }
}

type Compared = Pick<FileCounts, 'known' | 'conflicts' | 'updated'>

const compareKnown = async (db: Db, params: readonly unknown[]): Promise<Compared> => {
  const odd = Intl.supportedValuesOf('currency').filter((currency) => minorDigits(currency) !== 2)
  const [compared] = await run<Compared>(db, 'intake/file_known', [...params, odd, odd.map(minorDigits)])
  return compared ?? { known: 0n, conflicts: 0n, updated: 0n }
}

const refusal = async (db: Db, target: FileTarget, file_id: bigint, name: string, aside: bigint): Promise<string> => {
  const first = await run<{ line: bigint; reason: string }>(db, 'intake/file_reasons', [target.business_id, file_id])
  const reasons = first.map(({ line, reason }) => `line ${line}: ${reason}`).join('\n  ')
  return `${name} is refused whole, as asked for with --strict: ${aside} ${aside === 1n ? 'line' : 'lines'} would be set aside\n  ${reasons}`
}

/** A file of this account that was imported before. */
export interface KnownFile {
  name: string
  sha256: string
  imported_at: string
}

/** The imported files of this account that are as large: only they can be the same file. */
export const filesOfSize = async (database: Database, target: FileTarget, bytes: number): Promise<KnownFile[]> =>
  await run<KnownFile>(database, 'intake/file_same_size', [target.business_id, target.processor, target.account, bytes])
