/** Merges the staged lines of one file into the tables. */

import { FileFault } from '../../core/errors.ts'
import { minorDigits } from '../../core/money.ts'
import { counted } from '../../core/words.ts'
import type { Db } from '../../database/connect.ts'
import { count, type RowOf, run } from '../../database/statement.ts'
import { TOTAL_MARK } from '../formats/refund-totals.ts'
import { DERIVED } from '../read/record-reader.ts'
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
  id_family: string
  refund_id_pattern: string | null
  payment_id_patterns: readonly string[]
  has_refund_fees: boolean
  has_returned_fees: boolean
  /** its refunds are totals of their payment so far */
  refunds_are_totals: boolean
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
  /** FROM..TO of a file without a line: the same bytes can stand for several periods; else '' */
  empty_for: string
}

export interface FileCounts {
  accepted: bigint
  known: bigint
  /** of these, lines without an id of their own that were taken for lines of earlier files, as they say the same */
  same_as_earlier: bigint
  /** known rows to which this file added something: a payout, a date of availability, a key, a presented amount */
  updated: bigint
  unreadable: bigint
  conflicts: bigint
  /** rows that were never stored before, and withdrawn ones that came back, of these those that say something else now */
  added: bigint
  revived: bigint
  changed: bigint
}

/**
 * Stores a file that was read to its end, with its staged lines.
 * @throws FileFault where `strict` is set and a line had to be quarantined
 */
export const mergeFile = async (
  db: Db,
  target: FileTarget,
  record: FileRecord,
  { rows, derived, unreadable }: StagedCounts,
  strict: boolean,
): Promise<FileCounts> => {
  const { file_id, has_withdrawn_rows, was_withdrawn } = await addFile(db, target, record)
  const owner = [target.business_id, target.processor, target.account, file_id] as const
  if (was_withdrawn) await count(db, 'file/forget_aside', [target.business_id, file_id])
  if (unreadable > 0n) await count(db, 'file/unreadable', [...owner, target.name])
  if (record.refunds_are_totals && rows > 0n) {
    await count(db, 'file/subtract', [target.business_id, target.processor, target.account, TOTAL_MARK])
  }
  const { revived, changed } = has_withdrawn_rows && rows > 0n ? await reviveRows(db, owner) : NOTHING_REVIVED
  const added = rows === 0n ? { accepted: 0n, brought: '[]' } : await addRows(db, owner, rows)
  const { updated, conflicts } =
    added.accepted === rows ? { updated: 0n, conflicts: 0n } : await compareRows(db, target, file_id)
  const aside = unreadable + conflicts
  if (strict && aside > 0n) throw new FileFault(await refusal(db, target, file_id, aside))
  const { accepted, brought } = was_withdrawn || revived > 0n ? await broughtAgain(db, owner) : added
  const known = rows - accepted - conflicts
  const same_as_earlier = known > 0n && derived > 0n ? await sameLines(db, owner) : 0n
  await count(db, 'file/count', [target.business_id, file_id, accepted, known, same_as_earlier, aside, brought])
  if (unreadable === 0n && accepted < rows) await count(db, 'file/settle_unreadable', owner)
  return { accepted, known, same_as_earlier, updated, unreadable, conflicts, added: added.accepted, revived, changed }
}

type FileAdded = RowOf<'file/add'> & { was_withdrawn: boolean }

const addFile = async (db: Db, target: FileTarget, record: FileRecord): Promise<FileAdded> => {
  const [file] = await run<FileAdded>(db, 'file/add', [
    ...([target.business_id, target.processor, target.account, target.name, target.path] as const),
    ...([target.as_of, target.imported_at, record.sha256, record.bytes, record.format] as const),
    ...([record.refund_id_pattern, record.payment_id_patterns] as const),
    ...([record.has_refund_fees, record.has_returned_fees, record.covers_from, record.covers_to] as const),
    ...([record.covers_from_at, record.covers_to_at, record.coverage_source] as const),
    ...([record.stray_lines, record.totals, record.totals_hold, record.categories] as const),
    ...([record.id_family, record.empty_for] as const),
  ])
  if (!file) throw new Error(`${target.name} was not stored`)
  return file
}

type Owner = readonly [business_id: string, processor: string, account: string, file_id: bigint]

interface Brought {
  accepted: bigint
  brought: string
}

const addRows = async (db: Db, owner: Owner, lines: bigint): Promise<Brought> => {
  const [added] = await run<Brought>(db, 'file/add_rows', [...owner, lines])
  if (!added) throw new Error('the staged lines were not added')
  return added
}

const NOTHING_REVIVED = { revived: 0n, changed: 0n }

const reviveRows = async (db: Db, owner: Owner): Promise<typeof NOTHING_REVIVED> =>
  (await run<typeof NOTHING_REVIVED>(db, 'file/revive', owner))[0] ?? NOTHING_REVIVED

const broughtAgain = async (db: Db, owner: Owner): Promise<Brought> => {
  const [brought] = await run<Brought>(db, 'file/brought_again', owner)
  if (!brought) throw new Error('the rows that the file brought were not counted')
  return brought
}

const sameLines = async (db: Db, owner: Owner): Promise<bigint> =>
  (await run<{ same: bigint }>(db, 'file/same_lines', [...owner, DERIVED]))[0]?.same ?? 0n

const ODD_CURRENCIES = Intl.supportedValuesOf('currency').filter((currency) => minorDigits(currency) !== 2)
const ODD_DIGITS = ODD_CURRENCIES.map(minorDigits)

/** What became of lines whose transaction id was known, or repeats that of an earlier line. */
const compareRows = async (
  db: Db,
  { business_id, processor, account }: FileOwner,
  file_id: bigint,
): Promise<Pick<FileCounts, 'updated' | 'conflicts'>> => {
  const owner = [business_id, processor, account] as const
  const [compared] = await run<{ conflicts: bigint; later: bigint; adding: bigint }>(db, 'file/compare', [
    ...owner,
    file_id,
  ])
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
  return `${target.name} is refused whole, as asked for with --strict: ${counted(aside, 'line')} would be quarantined\n  ${reasons}`
}
