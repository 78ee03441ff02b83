/** What a backfill says at its end: a table of months and verdicts for each business. */

import { counted } from '../core/words.ts'
import type { Job, Result } from '../job.ts'
import type { PullOutcome } from '../ledger/store/pull.ts'
import { type BusinessOutcome, exitOfOutcomes } from '../night/business-runs.ts'
import type { ReconcileOutcome } from '../reconciliation/reconcile.ts'
import type { Reason } from '../report/lines.ts'

/** What became of a month's files; `lines` are those that were new. */
export interface MonthFiles {
  month: string
  imported: number
  already: number
  empty: number
  refused: number
  lines: bigint
}

/** What was done for a business, as far as it came. */
export interface History {
  pulls: PullOutcome[] | null
  /** of dates outside the months */
  files_left: number
  months: MonthFiles[]
}

export interface BackfillOutcome extends BusinessOutcome<History> {
  result: History
  reconciliation: ReconcileOutcome | null
  /** of the months that have anything; they stand whoever reconciled them */
  verdicts: { month: string; verdict: string; reasons: Reason[] }[]
}

interface MonthLine extends MonthFiles {
  /** null: nothing happened in it, on either side */
  verdict: string | null
  reasons: Reason[]
}

const NOTHING = { imported: 0, already: 0, empty: 0, refused: 0, lines: 0n }

const linesOf = ({ result, verdicts }: BackfillOutcome, months: readonly string[]): MonthLine[] =>
  months.map((month) => {
    const { verdict = null, reasons = [] } = verdicts.find((each) => each.month === month) ?? {}
    return { verdict, reasons, ...(result.months.find((each) => each.month === month) ?? { month, ...NOTHING }) }
  })

export const backfillResult = (job: Job, months: readonly string[], outcomes: readonly BackfillOutcome[]): Result => ({
  text: outcomes.map((outcome) => tableOf(outcome, linesOf(outcome, months))).join('\n\n'),
  document: {
    command: job.name,
    as_of: job.as_of,
    from: months[0],
    to: months.at(-1),
    businesses: outcomes.map(({ verdicts, result, ...outcome }, index) => ({
      ...outcome,
      ...result,
      months: linesOf(outcomes[index] ?? { ...outcome, verdicts, result }, months),
    })),
  },
  exit: exitOfOutcomes(outcomes),
  open_errors: outcomes.reduce((sum, { reconciliation }) => sum + Number(reconciliation?.open_errors ?? 0), 0),
})

const tableOf = ({ name, problems, result }: BackfillOutcome, lines: readonly MonthLine[]): string => {
  const rows = lines.map(({ month, verdict, imported, already, empty, lines: added, reasons }) =>
    [
      month,
      (verdict ?? 'nothing').padEnd(10),
      String(imported + already + empty).padStart(5),
      added.toLocaleString('en-US').padStart(11),
      reasons.map(({ text }) => text).join('; '),
    ]
      .join('  ')
      .trimEnd(),
  )
  const { files_left } = result
  return [
    name,
    ...['Month    Verdict     Files    New lines', ...rows].map((row) => `  ${row}`),
    ...(files_left > 0 ? [`  ${counted(files_left, 'file')} of other months: left alone`] : []),
    ...problems.map((problem) => `  FAILED: ${problem}`),
  ].join('\n')
}
