/** What became of a file that was to be imported, for people and programs. */

import { counted } from '../core/words.ts'
import type { Coverage, StrayLine } from './file-coverage.ts'
import type { StatedTotal } from './formats/format.ts'
import type { ReadReport } from './read-report.ts'
import type { FileCounts } from './store/file.ts'

export interface FileOutcome {
  /** as given or found */
  path: string
  /** without folders */
  name: string
  processor: string
  /** '' where the processor has just one */
  account: string
  /**
   * imported: its lines are in; already: the same bytes were imported before; withdrawn: a person withdrew these bytes;
   * empty: a header and no line, and no dates that it covers, so that there is nothing to keep; refused: nothing of it was
   * kept, `problem` says why
   */
  outcome: 'imported' | 'already' | 'withdrawn' | 'empty' | 'refused'
  /** a sentence for a person */
  says: string
  problem: string | null
  /** of its bytes, hexadecimal, where it was imported, now or before */
  sha256: string | null
  /** the format it was read as */
  format: string | null
  /** lines: accepted + known + unreadable + conflicts */
  records: bigint
  accepted: bigint
  known: bigint
  /** of these, lines without an id of their own that were taken for lines of earlier files, as they say the same */
  same_as_earlier: bigint
  /** known rows to which this file added something: a payout, a date of availability, a key, a presented amount */
  updated: bigint
  unreadable: bigint
  conflicts: bigint
  covers_from: string | null
  covers_to: string | null
  /** lines whose dates cover nothing: too late, or far from all others; ten at most */
  stray_lines: readonly StrayLine[]
  /** totals that the file states of itself */
  totals: readonly StatedTotal[]
  totals_hold: boolean
}

export const emptyOutcome = (file: FileOutcome): FileOutcome => ({
  ...file,
  outcome: 'empty',
  says:
    `${file.name} has a header and no line, and does not say which dates it is about: nothing was imported. ` +
    'If nothing happened in that time, import it with --covers FROM..TO',
})

/** What a file gave, when it has been merged. */
export interface Merged extends Coverage {
  report: ReadReport
  counts: FileCounts
}

export const importedOutcome = (
  file: FileOutcome,
  { report, counts, covers_from, covers_to, stray_lines }: Merged,
): FileOutcome => {
  const { accepted, known, same_as_earlier, updated, unreadable, conflicts } = counts
  const { totals } = report.summary
  const outcome = {
    ...file,
    sha256: report.fingerprint.sha256,
    format: report.format.name,
    records: accepted + known + unreadable + conflicts,
    accepted,
    known,
    same_as_earlier,
    updated,
    unreadable,
    conflicts,
    covers_from,
    covers_to,
    stray_lines,
    totals,
    totals_hold: totals.every(({ holds }) => holds),
  }
  return { ...outcome, outcome: 'imported', says: sentence(outcome) }
}

const sentence = (file: FileOutcome): string => {
  const parts = [
    `${file.accepted} new`,
    ...(file.known > 0n
      ? [`${file.known} known${file.updated > 0n ? ` (${file.updated} brought up to date)` : ''}`]
      : []),
    ...(file.unreadable > 0n ? [`${file.unreadable} quarantined (cannot be read)`] : []),
    ...(file.conflicts > 0n ? [`${file.conflicts} quarantined (in conflict with known lines)`] : []),
  ]
  const dates = file.covers_from === null ? '' : `; covers ${file.covers_from} to ${file.covers_to}`
  const strays = file.stray_lines.map(({ line, dated_on }) => `; line ${line} is dated ${dated_on} and covers nothing`)
  const same = file.same_as_earlier === 0n ? '' : `; ${sameLinesText(file.same_as_earlier)}`
  const wrong = file.totals
    .filter(({ holds }) => !holds)
    .map(({ name, stated, read }) => `; it states ${name} ${stated}, but ${read} was read`)
  const lines = counted(file.records, 'line')
  return `${file.name} (${file.format}): ${lines}, ${parts.join(', ')}${same}${dates}${strays.join('')}${wrong.join('')}`
}

const sameLinesText = (count: bigint): string =>
  `${count} without an id ${count === 1n ? 'was' : 'were'} taken for ${count === 1n ? 'a line' : 'lines'} of earlier files ` +
  'that say the same (where these files never overlap, set lines: distinct and import with --again)'
