/** Takes a report in that is not known yet, line by line. Loaded where there is such a one: it brings all formats. */

import type { BusinessConfig, ProcessorConfig } from '../config.ts'
import { type FileRecord, type IntakeDatabase, takeInFile } from '../intake/file.ts'
import type { FileStage } from '../intake/file-stage.ts'
import { type Coverage, categoriesJson, type FileProfile, profileFile } from './file-profile.ts'
import type { Format } from './format.ts'
import type { ImportOptions } from './import-files.ts'
import { emptyOutcome, type FileOutcome, importedOutcome } from './import-outcome.ts'
import { type ReadReport, type ReportBatch, readReport } from './read-report.ts'
import { contextFor } from './reading.ts'

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
  const reading = readingOf(business, processor, file.path, candidates, options)
  const counts = await takeInFile(database, target, reading.read, options)
  const said = reading.said()
  return counts === null || said === null ? emptyOutcome(file) : importedOutcome(file, { ...said, counts })
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
  options: ImportOptions,
): { read(stage: FileStage): Promise<FileRecord | null>; said(): FileSays | null } => {
  const context = contextFor(business, processor, path)
  const profile = profileFile()
  let said: FileSays | null = null
  return {
    said: () => said,
    async read(stage) {
      const report = await readReport(path, candidates, context, async (batch) => {
        await stageBatch(stage, profile, batch)
        options.onProgress?.({ name: context.fileName, lines: profile.lines() })
      })
      const coverage = profile.coverage(report.summary, options.covers)
      // a header alone says nothing, unless it is known which dates had no lines
      if (profile.lines() === 0 && coverage.coverage_source === 'none') return null
      said = { ...coverage, report }
      const { format, fingerprint, summary } = report
      return {
        sha256: fingerprint.sha256,
        bytes: fingerprint.bytes,
        format: format.name,
        refund_id_pattern: format.refundIdPattern,
        ...coverage,
        totals: JSON.stringify(summary.totals),
        totals_hold: summary.totals.every(({ holds }) => holds),
        categories: categoriesJson(profile.categories()),
      }
    },
  }
}

const stageBatch = async (stage: FileStage, profile: FileProfile, batch: ReportBatch): Promise<void> => {
  for (const row of batch.rows) {
    profile.row(row)
    const behind = stage.row(row)
    if (behind) await behind
  }
  for (const record of batch.unreadable) {
    profile.unreadable(record)
    await stage.unreadable(record)
  }
}
