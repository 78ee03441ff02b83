/** Takes a report in that is not known yet, line by line. Loaded where there is such a one: it brings all formats. */

import { isAbsolute, relative } from 'node:path'
import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { FileFault } from '../core/errors.ts'
import { dateInZone, periodText } from '../core/period.ts'
import { type Coverage, coverageOf } from './file-coverage.ts'
import type { Format } from './formats/format.ts'
import { acceptOwn, contextFor } from './formats/reading.ts'
import { emptyOutcome, type FileOutcome, importedOutcome } from './import-outcome.ts'
import { categoriesJson, type FileProfile, profileFile } from './read/file-profile.ts'
import { type ReadReport, type ReportBatch, readReport } from './read-report.ts'
import {
  type FileCounts,
  type FileRecord,
  type IntakeDatabase,
  type IntakeTransaction,
  takeInFile,
} from './store/file.ts'
import type { FileStage } from './store/stage.ts'
import { type FormatOfRows, formatsOfRows } from './store/stored-files.ts'

export interface ImportOptions {
  /** a format's name instead of the configured format; null: the configured one */
  format: string | null
  /** the dates that the files cover, whatever they say themselves */
  covers: { from: string; to: string } | null
  /** refuse a file of which a line would be quarantined */
  strict: boolean
  /** the run's UTC instant: later dates cover nothing */
  as_of: string
  /** the clock's UTC instant */
  imported_at: string
  /** of the configuration: paths of files below it are stored relative to it */
  folder: string
  /** whether a person named the files: one that was withdrawn is then imported again, else left where it lies */
  named?: boolean
  /** how far a long file is, some times a second */
  onProgress?: (file: { name: string; lines: number }) => void
}

/**
 * Reads a file as one of the candidate formats, and keeps its lines, in one transaction or in the one that is open. `file` is
 * what is known of it; no counts: there was nothing to keep.
 * @throws FileFault where it is refused: nothing is kept; DatabaseFault
 */
export const takeInReport = async (
  database: IntakeDatabase | IntakeTransaction,
  business: BusinessConfig,
  processor: ProcessorConfig,
  file: FileOutcome,
  candidates: readonly Format[],
  options: ImportOptions,
): Promise<{ outcome: FileOutcome; counts: FileCounts | null }> => {
  const { as_of, imported_at } = options
  const owner = { business_id: business.id, processor: processor.name, account: processor.account }
  const target = { ...owner, name: file.name, path: pathBelow(options.folder, file.path), as_of, imported_at }
  const accept = async (format: Format): Promise<void> => {
    acceptOwn(processor, options.format, file.name)(format)
    refuseOtherIds(file.name, format, await formatsOfRows(database, target))
  }
  const reading = readingOf(business, processor, file.path, candidates, { ...options, accept })
  const counts = await takeInFile(database, target, reading.read, options)
  const said = reading.said()
  const outcome = counts === null || said === null ? emptyOutcome(file) : importedOutcome(file, { ...said, counts })
  return { outcome, counts }
}

/** The path relative to the configuration's folder where the file lies below it. */
const pathBelow = (folder: string, path: string): string => {
  const below = relative(folder, path)
  return below.startsWith('..') || isAbsolute(below) ? path : below
}

/** Two reports of one account that give a refund different ids: both would count it. */
const refuseOtherIds = (file: string, { name, idFamily }: Format, earlier: readonly FormatOfRows[]): void => {
  const other = earlier.find(({ id_family }) => id_family !== idFamily)
  if (other === undefined) return
  // two mappings, one of them without a column for ids
  const [one, before] =
    other.format === name ? [`${name}, ${idFamily}`, `${name}, ${other.id_family}`] : [name, other.format]
  throw new FileFault(
    `${file} is a report of the format ${one}, but this account has rows of ${before}, which gives the same refund another ` +
      `id: both would count it; import one of the two, or ${name} under an account of its own`,
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
  options: ImportOptions & { accept: (format: Format) => Promise<void> },
): { read(stage: FileStage): Promise<FileRecord | null>; said(): FileSays | null } => {
  const profile = profileFile()
  let said: FileSays | null = null
  return {
    said: () => said,
    async read(stage) {
      const context = await contextFor(business, processor, path)
      const take = async (batch: ReportBatch): Promise<void> => {
        await stageBatch(stage, profile, batch)
        options.onProgress?.({ name: context.fileName, lines: profile.lines() })
      }
      const report = await readReport(path, candidates, context, take, options.accept)
      const coverage = coverageOf(
        profile.dates(),
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
        id_family: format.idFamily,
        refund_id_pattern: format.refundIdPattern,
        payment_id_patterns: format.paymentIdPatterns,
        has_refund_fees: format.hasRefundFees,
        has_returned_fees: format.hasReturnedFees,
        refunds_are_totals: format.refundsAreTotals ?? false,
        ...coverage,
        stray_lines: JSON.stringify(coverage.stray_lines),
        totals: JSON.stringify(summary.totals),
        totals_hold: summary.totals.every(({ holds }) => holds),
        categories: categoriesJson(profile.categories()),
        empty_for: profile.lines() === 0 && options.covers !== null ? periodText(options.covers) : '',
      }
    },
  }
}

const stageBatch = async (stage: FileStage, profile: FileProfile, { rows, unreadable }: ReportBatch): Promise<void> => {
  for (const row of rows) {
    profile.row(row)
    const behind = stage.row(row)
    if (behind) await behind
  }
  for (const record of unreadable) {
    profile.unreadable(record)
    await stage.unreadable(record)
  }
}
