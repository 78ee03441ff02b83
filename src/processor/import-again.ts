/** Reads imported files anew, under other settings: withdraws them and imports them in one transaction (spec section 3, Repair). */

import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { FileFault } from '../core/errors.ts'
import { candidatesFor } from './formats/reading.ts'
import { nothingOf } from './import-files.ts'
import type { FileOutcome } from './import-outcome.ts'
import type { IntakeDatabase, IntakeTransaction } from './store/file.ts'
import { readAgain, type StoredFile, storedFiles } from './store/stored-files.ts'
import { withdrawFiles } from './store/withdraw.ts'
import { type ImportOptions, takeInReport } from './take-in-report.ts'

/** A file as it lies there now, and the stored ones of the same bytes. */
export interface KnownPath {
  path: string
  /** whose it is now */
  processor: ProcessorConfig
  known: readonly StoredFile[]
}

/** What reading files anew came to. */
export interface Again {
  outcomes: (FileOutcome & { file_id: bigint })[]
  /** lines that were not there before, that say something else, and that are there no longer */
  fresh: bigint
  changed: bigint
  gone: bigint
  /** the months of the lines that left and of those that are there now, ascending */
  months: readonly string[]
}

/**
 * Withdraws all the files, and imports one after the other as the settings say now, in one transaction under the business's
 * lock; `note` writes what else belongs to it there.
 * @throws FileFault where one is refused or empty: nothing is changed then
 */
export const importAgain = async (
  database: IntakeDatabase,
  business: BusinessConfig,
  paths: readonly KnownPath[],
  options: ImportOptions,
  note: (db: IntakeTransaction, again: Again) => Promise<void>,
): Promise<Again> =>
  await database.transaction(async (db) => {
    const gone: bigint[] = []
    const months: string[] = []
    for (const file of paths.flatMap(({ known }) => known).filter(({ state }) => state === 'imported')) {
      const withdrawn = await withdrawFiles(db, file, [file.file_id])
      gone.push(...withdrawn.gone)
      months.push(...withdrawn.months)
    }
    const outcomes: FileOutcome[] = []
    const sum = { came: 0n, changed: 0n }
    for (const { path, processor } of paths) {
      const candidates = candidatesFor(processor, options.format)
      const file = nothingOf(path, processor)
      const { outcome, counts } = await takeInReport(db, business, processor, file, candidates, options)
      if (counts === null) throw new FileFault(outcome.says)
      outcomes.push(outcome)
      sum.came += counts.added + counts.revived
      sum.changed += counts.changed
    }
    const stored = await storedFiles(db, business.id)
    const numbered = outcomes.map((outcome) => ({ ...outcome, file_id: numberOf(outcome, stored) }))
    const left = await readAgain(
      db,
      business.id,
      gone,
      numbered.map(({ file_id }) => file_id),
    )
    const again = {
      outcomes: numbered,
      fresh: sum.came - (BigInt(gone.length) - left.gone),
      changed: sum.changed,
      gone: left.gone,
      months: [...new Set([...months, ...left.months])].sort(),
    }
    await note(db, again)
    return again
  })

const numberOf = (outcome: FileOutcome, stored: readonly StoredFile[]): bigint => {
  const { name, sha256, processor, account, covers_from } = outcome
  const same = stored.filter((file) => file.sha256 === sha256 && file.processor === processor)
  const found = same.find((file) => file.account === account && file.covers_from === covers_from)
  if (!found) throw new Error(`${name} was not stored`)
  return found.file_id
}
