/** Merges the staged lines of one file into the tables. */

import { FileFault } from '../../core/errors.ts'
import { minorDigits } from '../../core/money.ts'
import type { Db } from '../../database/connect.ts'
import { count, run } from '../../database/statement.ts'
import type { FileOwner } from './known-files.ts'
import type { StagedCounts } from './stage.ts'

/** Whose file it is, and where it comes from. */
export interface FileTarget extends FileOwner {
  /** without folders */
  name: string
  /** as given or found, relative to the configuration's folder where it lies below it */
  path: string
  /** UTC instants: of the run, and of the clock */
  as_of: string
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

/**
 * Stores a file that was read to its end, with its staged lines.
 * @throws FileFault where `strict` is set and a line had to be set aside
 */
export const mergeFile = async (
  db: Db,
  target: FileTarget,
  record: FileRecord,
  { rows, unreadable }: StagedCounts,
  strict: boolean,
): Promise<FileCounts> => {
  const file_id = await addFile(db, target, record)
  const owner = [target.business_id, target.processor, target.account, file_id] as const
  if (unreadable > 0n) await count(db, 'file/unreadable', [...owner, target.name])
  const { accepted, brought } = rows === 0n ? { accepted: 0n, brought: '[]' } : await addRows(db, owner)
  const { updated, conflicts } =
    accepted === rows ? { updated: 0n, conflicts: 0n } : await compareRows(db, target, file_id)
  const aside = unreadable + conflicts
  if (strict && aside > 0n) throw new FileFault(await refusal(db, target, file_id, aside))
  const known = rows - accepted - conflicts
  await count(db, 'file/count', [target.business_id, file_id, accepted, known, aside, brought])
  if (unreadable === 0n && accepted < rows) await count(db, 'file/settle_unreadable', owner)
  return { accepted, known, updated, unreadable, conflicts }
}

const addFile = async (db: Db, target: FileTarget, record: FileRecord): Promise<bigint> => {
  const [file] = await run<{ file_id: bigint }>(db, 'file/add', [
    ...([target.business_id, target.processor, target.account, target.name, target.path] as const),
    ...([target.as_of, target.imported_at, record.sha256, record.bytes, record.format] as const),
    ...([record.refund_id_pattern, record.payment_id_patterns] as const),
    ...([record.has_refund_fees, record.has_returned_fees, record.covers_from, record.covers_to] as const),
    ...([record.covers_from_at, record.covers_to_at, record.coverage_source] as const),
    ...([record.stray_lines, record.totals, record.totals_hold, record.categories] as const),
  ])
  if (!file) throw new Error(`${target.name} was not stored`)
  return file.file_id
}

type Owner = readonly [business_id: string, processor: string, account: string, file_id: bigint]

const addRows = async (db: Db, owner: Owner): Promise<{ accepted: bigint; brought: string }> => {
  const [added] = await run<{ accepted: bigint; brought: string }>(db, 'file/add_rows', owner)
  if (!added) throw new Error('the staged lines were not added')
  return added
}

const ODD_CURRENCIES = Intl.supportedValuesOf('currency').filter((currency) => minorDigits(currency) !== 2)
const ODD_DIGITS = ODD_CURRENCIES.map(minorDigits)

/** What became of lines whose transaction id was known, or repeats that of an earlier line. */
const compareRows = async (
  db: Db,
  { business_id, processor, account }: FileOwner,
  file_id: bigint,
): Promise<Pick<FileCounts, 'updated' | 'conflicts'>> => {
  const owner = [business_id, processor, account] as const
  const [compared] = await run<{ conflicts: bigint; later: bigint; adding: bigint }>(db, 'file/compare', owner)
  if (!compared) throw new Error('the staged lines were not compared')
  const { later, adding } = compared
  const contradictions = adding > 1n ? await count(db, 'file/contradictions') : 0
  const [brought] = later > 0n ? await run<{ updated: bigint }>(db, 'file/later', [business_id]) : []
  const conflicts = compared.conflicts + BigInt(contradictions)
  if (conflicts > 0n) await count(db, 'file/conflicts', [...owner, file_id, ODD_CURRENCIES, ODD_DIGITS])
  await count(db, 'file/settle', [...owner, file_id])
  return { updated: brought?.updated ?? 0n, conflicts }
}

/** Lines that a refused file is refused for: so many are named. */
const REASONS = 5

const refusal = async (db: Db, target: FileTarget, file_id: bigint, aside: bigint): Promise<string> => {
  const first = await (await db.kysely())
    .selectFrom('quarantine')
    .select(['line', 'reason'])
    .where('business_id', '=', target.business_id)
    .where('file_id', '=', file_id)
    .orderBy('line')
    .orderBy('quarantine_id')
    .limit(REASONS)
    .execute()
  const reasons = first.map(({ line, reason }) => `line ${line}: ${reason}`).join('\n  ')
  return `${target.name} is refused whole, as asked for with --strict: ${aside} ${aside === 1n ? 'line' : 'lines'} would be set aside\n  ${reasons}`
}
