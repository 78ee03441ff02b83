/** Imports processor files: each in one transaction, all or nothing, and once (spec section 3). */

import type { BusinessConfig, ProcessorConfig } from '../config.ts'
import { FileFault } from '../errors.ts'
import { type FileTarget, filesOfSize, type IntakeDatabase } from '../intake/file.ts'
import { fileSize, fingerprintOf } from './file-bytes.ts'
import type { Format } from './format.ts'
import { type FileOutcome, nothingOf } from './import-outcome.ts'
import { filesMatching } from './inbox.ts'

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
  let known: readonly Format[] | null = null
  // formats are loaded for a file that is to be read: most of a night's files were imported before
  const candidates = async (): Promise<readonly Format[]> => {
    known ??= (await import('./reading.ts')).candidatesFor(processor, options.format)
    return known
  }
  // a name that is wrong is told whatever the files are
  if (options.format !== null) await candidates()
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
  candidates: () => Promise<readonly Format[]>,
  options: ImportOptions,
): Promise<FileOutcome> => {
  const nothing = nothingOf(path, processor)
  const { name: owner, account } = processor
  const { imported_at } = options
  const target = { business_id: business.id, processor: owner, account, name: nothing.name, imported_at }
  try {
    const before = await importedBefore(database, target, path)
    if (before !== null) return { ...nothing, outcome: 'already', says: before }
    const { takeInReport } = await import('./take-in-report.ts')
    return await takeInReport(database, business, processor, nothing, await candidates(), options)
  } catch (problem) {
    if (!(problem instanceof FileFault)) throw problem
    return { ...nothing, outcome: 'refused', says: problem.message, problem: problem.message }
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
