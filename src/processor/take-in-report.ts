/** Takes a report in that is not known yet, line by line. Loaded where there is such a one: it brings all formats. */

import type { BusinessConfig, ProcessorConfig } from '../config.ts'
import { FileFault } from '../errors.ts'
import { type FileRecord, type IntakeDatabase, takeInFile } from '../intake/file.ts'
import type { FileStage } from '../intake/file-stage.ts'
import { formatsOfRows } from '../intake/known-files.ts'
import { type KnownReportPieces, openKnownPieces, type ReportPiece } from '../intake/report-pieces.ts'
import { dateInZone } from '../period.ts'
import { type Coverage, coverageOf, type LinesDate } from './file-coverage.ts'
import { type Category, categoriesJson, type FileProfile, profileFile } from './file-profile.ts'
import type { Format } from './format.ts'
import { FORMATS } from './formats.ts'
import { emptyOutcome, type FileOutcome, importedOutcome } from './import-outcome.ts'
import type { KnownPiece, PieceMemory } from './read-pieces.ts'
import { type ReadOptions, type ReadReport, type ReportBatch, readReport } from './read-report.ts'
import { acceptOwn, contextFor } from './reading.ts'

export interface ImportOptions {
  /** a format's name instead of the configured format; null: the configured one */
  format: string | null
  /** the dates that the files cover, whatever they say themselves */
  covers: { from: string; to: string } | null
  /** refuse a file of which a line would be set aside */
  strict: boolean
  /** the run's UTC instant: later dates cover nothing */
  as_of: string
  /** the clock's UTC instant */
  imported_at: string
  /** how many lines are merged at once; only a test says so */
  chunkLines?: number
  /** how far a long file is, some times a second */
  onProgress?: (file: { name: string; lines: number }) => void
}

/**
 * Reads a file as one of the candidate formats, and keeps its lines, in one transaction. `file` is what is known of it.
 * @throws FileFault where it is refused: nothing is kept; DatabaseFault
 */
export const takeInReport = async (
  database: IntakeDatabase,
  business: BusinessConfig,
  processor: ProcessorConfig,
  file: FileOutcome,
  candidates: readonly Format[],
  options: ImportOptions,
): Promise<FileOutcome> => {
  const { imported_at } = options
  const { name, account } = processor
  const target = { business_id: business.id, processor: name, account, name: file.name, imported_at }
  const known = openKnownPieces(database, target)
  const accept = async (format: Format): Promise<void> => {
    acceptOwn(processor, options.format, file.name)(format)
    refuseOtherIds(file.name, format, await formatsOfRows(database, target))
  }
  const reading = readingOf(business, processor, file.path, candidates, { ...options, accept, memory: memoryOf(known) })
  const counts = await takeInFile(database, target, reading.read, options).finally(known.close)
  const said = reading.said()
  return counts === null || said === null ? emptyOutcome(file) : importedOutcome(file, { ...said, counts })
}

/** Two reports of one account that give a refund different ids: both would count it. */
const refuseOtherIds = (file: string, format: Format, earlier: readonly string[]): void => {
  const familyOf = (name: string): string => FORMATS.find((known) => known.name === name)?.idFamily ?? name
  const other = earlier.find((name) => familyOf(name) !== format.idFamily)
  if (other === undefined) return
  throw new FileFault(
    `${file} is a report of the format ${format.name}, but this account has rows of ${other}, which gives the same refund ` +
      `another id: both would count it; import one of the two, or ${format.name} under an account of its own`,
  )
}

/** What a file says of itself, when it has been read. */
interface FileSays extends Coverage {
  report: ReadReport
}

/** Reading one file into a stage: `read` does it, `said` is what came of it; null where there was nothing to keep. */
const readingOf = (
  business: BusinessConfig,
  processor: ProcessorConfig,
  path: string,
  candidates: readonly Format[],
  options: ImportOptions & Required<ReadOptions>,
): { read(stage: FileStage): Promise<FileRecord | null>; said(): FileSays | null } => {
  const context = contextFor(business, processor, path)
  const profile = profileFile()
  let said: FileSays | null = null
  return {
    said: () => said,
    async read(stage) {
      const take = async (batch: ReportBatch): Promise<void> => {
        await stageBatch(stage, profile, batch)
        options.onProgress?.({ name: context.fileName, lines: profile.lines() })
      }
      const report = await readReport(path, candidates, context, take, options)
      const coverage = coverageOf(
        profile.profile().dates,
        { given: options.covers, stated: report.summary.period },
        { as_of_date: dateInZone(Date.parse(options.as_of), business.time_zone), files_cover: processor.files_cover },
      )
      // a header alone says nothing, unless it is known which dates had no lines
      if (profile.lines() === 0 && coverage.coverage_source === 'none') return null
      said = { ...coverage, report }
      const { format, fingerprint, summary } = report
      return {
        sha256: fingerprint.sha256,
        bytes: fingerprint.bytes,
        format: format.name,
        refund_id_pattern: format.refundIdPattern,
        payment_id_patterns: format.paymentIdPatterns,
        has_refund_fees: format.hasRefundFees,
        has_returned_fees: format.hasReturnedFees,
        ...coverage,
        stray_lines: JSON.stringify(coverage.stray_lines),
        totals: JSON.stringify(summary.totals),
        totals_hold: summary.totals.every(({ holds }) => holds),
        categories: categoriesJson(profile.profile().categories),
      }
    },
  }
}

const stageBatch = async (stage: FileStage, profile: FileProfile, batch: ReportBatch): Promise<void> => {
  const { rows, unreadable, piece, known } = batch
  if (known !== null) {
    profile.add(known.profile, piece?.line ?? 0)
    stage.known(known.profile.lines)
  }
  // of a piece with a line that was set aside nothing is remembered
  const own = piece === null || unreadable.length > 0 ? null : profileFile(piece.line)
  for (const row of rows) {
    profile.row(row)
    own?.row(row)
    const behind = stage.row(row)
    if (behind) await behind
  }
  for (const record of unreadable) {
    profile.unreadable(record)
    await stage.unreadable(record)
  }
  if (piece === null || own === null || !own.isExact()) return
  const { key, line: first_line, lines } = piece
  const { lines: records, dates, categories } = own.profile()
  stage.piece({
    piece: key,
    first_line,
    lines,
    records,
    dates: datesText(dates),
    categories: textOf(categories),
  })
}

/** What was remembered of pieces, as it is used here. */
const memoryOf = (pieces: KnownReportPieces): PieceMemory => ({
  async find(keys) {
    const found = await pieces.find(keys)
    return new Map(found.map((known) => [known.piece, knownPieceOf(known)]))
  },
})

const knownPieceOf = ({ lines, records, dates, categories }: ReportPiece): KnownPiece => ({
  lines,
  profile: { lines: records, dates: datesOf(dates), categories: categoriesOf(categories) },
})

const datesText = (dates: readonly LinesDate[]): string =>
  JSON.stringify(dates.map(({ date, lines, line }): RememberedDate => [date, lines, line]))

const datesOf = (remembered: string): LinesDate[] => {
  const dates: RememberedDate[] = JSON.parse(remembered)
  return dates.map(([date, lines, line]) => ({ date, lines, line }))
}

type RememberedDate = [date: string, lines: number, line: number]

type Remembered = Omit<Category, 'amount'> & { amount: string }

const textOf = (categories: readonly Category[]): string =>
  JSON.stringify(categories.map((category): Remembered => ({ ...category, amount: String(category.amount) })))

const categoriesOf = (remembered: string): Category[] => {
  const categories: Remembered[] = JSON.parse(remembered)
  return categories.map((category) => ({ ...category, amount: BigInt(category.amount) }))
}
