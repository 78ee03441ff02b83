/** What was done for each business, for people: a paragraph each. */

import { oneLine } from '../core/visible.ts'
import { counted } from '../core/words.ts'
import type { PullOutcome } from '../ledger/store/pull.ts'
import type { FileOutcome } from '../processor/import-files.ts'
import type { ReconcileOutcome } from '../reconciliation/reconcile.ts'
import { processorName } from '../report/messages/phrases.ts'
import type { BusinessOutcome } from './business-runs.ts'

/** What was done for a business; what was not tried or failed is null. */
export interface Done {
  pulls: PullOutcome[] | null
  files: FileOutcome[] | null
  /** paths of files in the inboxes that no pattern takes; null where the inboxes were not looked into */
  unclaimed: string[] | null
  reconciliation: ReconcileOutcome | null
}

export const outcomesText = (outcomes: readonly BusinessOutcome<Done>[]): string =>
  outcomes
    .map((outcome) => [oneLine(outcome.name), ...linesOf(outcome).map((line) => `  ${oneLine(line)}`)].join('\n'))
    .join('\n')

const linesOf = ({ result, problems }: BusinessOutcome<Done>): string[] => {
  const lines: string[] = []
  for (const pull of result?.pulls ?? []) if (pull.problem === null) lines.push(pullLine(pull))
  for (const file of result?.files ?? []) {
    if (file.problem === null && file.outcome !== 'already')
      lines.push(`${processorName(file.processor)}: ${file.says}`)
  }
  const before = (result?.files ?? []).filter(({ outcome }) => outcome === 'already').length
  if (before > 0) lines.push(`${counted(before, 'file was', 'files were')} imported before`)
  if (result?.files?.length === 0) lines.push('no files in the inboxes')
  for (const path of result?.unclaimed ?? []) lines.push(`not imported, since no inbox takes it: ${path}`)
  if (result?.reconciliation) lines.push(...reconciliationLines(result.reconciliation))
  return [...lines, ...problems.map((problem) => `FAILED: ${problem}`)]
}

const pullLine = ({ direction, refunds, quarantined, added, changed, removed, maybe_cut }: PullOutcome): string => {
  const news = [
    [added, 'new'],
    [changed, 'changed'],
    [removed, 'gone'],
    [quarantined, 'quarantined'],
  ].flatMap(([count, word]) => (Number(count) === 0 ? [] : [`${count} ${word}`]))
  const cut = maybe_cut ? '; exactly 100 came, there may be more' : ''
  return `${counted(refunds, `${direction} refund`)} from Layer (${news.length === 0 ? 'nothing new' : news.join(', ')})${cut}`
}

const reconciliationLines = ({ matches_changed, full_run_advised, ...outcome }: ReconcileOutcome): string[] => [
  `${counted(outcome.legs_matched, 'ledger payment')} matched with ${counted(outcome.rows_matched, 'processor line')}; ` +
    `${counted(outcome.open_errors, 'item')} to correct, ${counted(outcome.open_timing, 'refund')} still to arrive`,
  ...(matches_changed === null ? [] : [`everything was matched anew: ${changed(matches_changed)}`]),
  ...(full_run_advised ? [FULL_RUN_ADVICE] : []),
]

const changed = (matches: number): string => {
  if (matches === 0) return 'no match changed'
  return `${counted(matches, 'match', 'matches')} changed`
}

/** The report has a note of its own: sql/report/notes.sql. */
export const FULL_RUN_ADVICE =
  'a setting that matters to matching changed; matches made before stay as they were until `tieout reconcile --full`'
