/** Imports processor files: each in one transaction, all or nothing, and once (spec section 3). */

import type { BusinessConfig, ProcessorConfig } from '../config.ts'
import { FileFault } from '../errors.ts'
import { type FileRecord, type FileTarget, filesOfSize, type IntakeDatabase, takeInFile } from '../intake/file.ts'
import type { FileStage } from '../intake/file-stage.ts'
import { fileSize, fingerprintOf } from './file-bytes.ts'
import { type Coverage, categoriesJson, type FileProfile, profileFile } from './file-profile.ts'
import type { Format } from './format.ts'
import { emptyOutcome, type FileOutcome, importedOutcome, nothingOf } from './import-outcome.ts'
import { filesMatching } from './inbox.ts'
import { type ReadReport, type ReportBatch, readReport } from './read-report.ts'
import { candidatesFor, contextFor } from './reading.ts'

export type { FileOutcome } from './import-outcome.ts'

export interface ImportOptions {
  /** a format's name instead of the configured format; null: the configured one */
  format: string | null
  /** the dates that the files cover, whatever they say themselves */
  covers: { from: string; to: string } | null
  /** refuse a file of which a line would be set aside */
  strict: boolean
  /** the clock's UTC instant */
  imported_at: string
  /** how many lines are merged at once; only a test says so */
  chunkLines?: number
  /** how far a long file is, some times a second */
  onProgress?: (file: { name: string; lines: number }) => void
}

/** The files of a processor's inbox, by path. */
export const inboxFiles = async (processor: ProcessorConfig): Promise<string[]> => await filesMatching(processor.inbox)

/**
 * Imports files of one processor account of a business, one after the other; a file that is refused does not stop the
 * others. The caller holds the business's lock and has stored its settings. `done` is told each outcome as it comes.
 * @throws UsageFault where there is no format of the name given; DatabaseFault
 */
export const importFiles = async (
  database: IntakeDatabase,
  business: BusinessConfig,
  processor: ProcessorConfig,
  paths: readonly string[],
  options: ImportOptions,
  done: (outcome: FileOutcome) => void = () => undefined,
): Promise<FileOutcome[]> => {
  const candidates = candidatesFor(processor, options.format)
  const outcomes: FileOutcome[] = []
  for (const path of paths) {
    const outcome = await importFile(database, business, processor, path, candidates, options)
    outcomes.push(outcome)
    done(outcome)
  }
  return outcomes
}

const importFile = async (
  database: IntakeDatabase,
  business: BusinessConfig,
  processor: ProcessorConfig,
  path: string,
  candidates: readonly Format[],
  options: ImportOptions,
): Promise<FileOutcome> => {
  const nothing = nothingOf(path, processor)
  const { name: owner, account } = processor
  const { imported_at } = options
  const target = { business_id: business.id, processor: owner, account, name: nothing.name, imported_at }
  try {
    const before = await importedBefore(database, target, path)
    if (before !== null) return { ...nothing, outcome: 'already', says: before }
    const file = readingOf(business, processor, path, candidates, options)
    const counts = await takeInFile(database, target, file.read, options)
    const said = file.said()
    return counts === null || said === null ? emptyOutcome(nothing) : importedOutcome(nothing, { ...said, counts })
  } catch (problem) {
    if (!(problem instanceof FileFault)) throw problem
    return { ...nothing, outcome: 'refused', says: problem.message, problem: problem.message }
  }
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

/** A sentence where these very bytes were imported before for this account, else null. Reads files of equal size only. */
const importedBefore = async (database: IntakeDatabase, target: FileTarget, path: string): Promise<string | null> => {
  const alike = await filesOfSize(database, target, await fileSize(path))
  if (alike.length === 0) return null
  const { sha256 } = await fingerprintOf(path)
  const same = alike.find((file) => file.sha256 === sha256)
  if (!same) return null
  const once = same.name === target.name ? '' : ` as ${same.name}`
  return `${target.name} was imported before${once}, at ${same.imported_at}: the same bytes, nothing was done`
}
