/** Imports processor files: each in one transaction, all or nothing, and once (spec section 3). */

import { basename, dirname } from 'node:path'
import type { BusinessConfig, Config, ProcessorConfig } from '../config/config.ts'
import { FileFault } from '../core/errors.ts'
import { periodText } from '../core/period.ts'
import type { Format } from './formats/format.ts'
import type { FileOutcome } from './import-outcome.ts'
import { filesMatching, unclaimedFiles } from './inbox.ts'
import { fingerprintOf, sizeOf } from './read/file-bytes.ts'
import type { IntakeDatabase } from './store/file.ts'
import { type FileOwner, type KnownFile, knownFiles } from './store/known-files.ts'
import type { ImportOptions } from './take-in-report.ts'

export type { FileOutcome } from './import-outcome.ts'
export type { ImportOptions } from './take-in-report.ts'

/** The files of a processor's inbox, by path. */
export const inboxFiles = async (processor: ProcessorConfig): Promise<string[]> => await filesMatching(processor.inbox)

/** The files that lie in the inboxes of a business and that no processor of any business takes, by path. */
export const unclaimedIn = async (config: Config, business: BusinessConfig): Promise<string[]> => {
  const patterns = ({ processors }: BusinessConfig): string[] => processors.flatMap(({ inbox }) => inbox)
  const every = (): string[] => config.businesses.flatMap(patterns)
  return await unclaimedFiles(patterns(business), every, dirname(config.path))
}

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
  let loaded: readonly Format[] | null = null
  // formats are loaded for a file that is to be read: most of a night's files were imported before
  const candidates = async (): Promise<readonly Format[]> => {
    loaded ??= (await import('./formats/reading.ts')).candidatesFor(processor, options.format)
    return loaded
  }
  // a name that is wrong is told whatever the files are
  if (options.format !== null) await candidates()
  const owner = { business_id: business.id, processor: processor.name, account: processor.account }
  const known = paths.length === 0 ? [] : await knownFiles(database, owner)
  const outcomes: FileOutcome[] = []
  for (const path of paths) {
    const file = nothingOf(path, processor)
    const takeIn = async (): Promise<FileOutcome> => {
      const { takeInReport } = await import('./take-in-report.ts')
      return (await takeInReport(database, business, processor, file, await candidates(), options)).outcome
    }
    const outcome = await importFile(database, owner, file, known, options, takeIn).catch(refused(file))
    outcomes.push(outcome)
    done(outcome)
  }
  return outcomes
}

/** A file of which nothing is known yet. */
export const nothingOf = (path: string, { name, account }: ProcessorConfig): FileOutcome => ({
  path,
  name: basename(path),
  processor: name,
  account,
  outcome: 'refused',
  says: '',
  problem: null,
  sha256: null,
  format: null,
  records: 0n,
  accepted: 0n,
  known: 0n,
  same_as_earlier: 0n,
  updated: 0n,
  unreadable: 0n,
  conflicts: 0n,
  covers_from: null,
  covers_to: null,
  stray_lines: [],
  totals: [],
  totals_hold: true,
})

/** What is wrong with a file is its outcome; all else is thrown on. */
const refused =
  (file: FileOutcome) =>
  (problem: unknown): FileOutcome => {
    if (!(problem instanceof FileFault)) throw problem
    return { ...file, outcome: 'refused', says: problem.message, problem: problem.message }
  }

const importFile = async (
  database: IntakeDatabase,
  owner: FileOwner,
  file: FileOutcome,
  known: KnownFile[],
  { imported_at, covers, named = false }: ImportOptions,
  takeIn: () => Promise<FileOutcome>,
): Promise<FileOutcome> => {
  const { path, name } = file
  const bytes = await sizeOf(path)
  const before = await importedBefore(known, path, bytes, covers)
  if (before?.state === 'withdrawn' && !named) return leftAside(file, before)
  if (before?.state === 'imported') {
    if (covers !== null) {
      const { coverFile } = await import('./store/stored-files.ts')
      await coverFile(database, owner, before, covers)
    }
    return already(file, before, covers)
  }
  const outcome = await takeIn()
  if (outcome.sha256 !== null) {
    if (before !== null) known.splice(known.indexOf(before), 1)
    const empty_for = outcome.records === 0n && covers !== null ? periodText(covers) : ''
    known.push({ name, sha256: outcome.sha256, bytes, imported_at, state: 'imported', empty_for })
  }
  return outcome
}

/**
 * The file with these very bytes that was imported before for this account, if any; of a file without a line the one of
 * the period given. Reads files of equal size only.
 */
const importedBefore = async (
  known: readonly KnownFile[],
  path: string,
  bytes: number,
  covers: ImportOptions['covers'],
): Promise<KnownFile | null> => {
  const alike = known.filter((file) => file.bytes === bytes)
  if (alike.length === 0) return null
  const { sha256 } = await fingerprintOf(path)
  const same = alike.filter((file) => file.sha256 === sha256)
  const period = covers === null ? null : periodText(covers)
  return same.find(({ empty_for }) => empty_for === '' || period === null || empty_for === period) ?? null
}

const leftAside = (file: FileOutcome, { sha256 }: KnownFile): FileOutcome => ({
  ...file,
  outcome: 'withdrawn',
  sha256,
  says: `${file.name} was withdrawn: the same bytes, nothing was done. \`tieout import ${file.path}\` brings it back`,
})

const already = (
  file: FileOutcome,
  { name, sha256, imported_at }: KnownFile,
  covers: ImportOptions['covers'],
): FileOutcome => {
  const once = name === file.name ? '' : ` as ${name}`
  const done = covers === null ? 'nothing was done' : `it now covers ${covers.from} to ${covers.to}, as given`
  const says = `${file.name} was imported before${once}, at ${imported_at}: the same bytes, ${done}`
  return {
    ...file,
    outcome: 'already',
    sha256,
    says,
    covers_from: covers?.from ?? null,
    covers_to: covers?.to ?? null,
  }
}
