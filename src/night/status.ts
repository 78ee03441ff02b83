/** What ran last for a business, what is waited for, and what is due: read from the tables, for status and doctor. */

import type { BusinessConfig } from '../config/config.ts'
import { CODES, type Code } from '../core/discrepancy.ts'
import type { Months } from '../core/months.ts'
import { oneLine } from '../core/visible.ts'
import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { FailedNotice } from '../notify/keep.ts'
import type { VerdictLine } from '../report/lines.ts'
import { dueText, processorName } from '../report/messages/phrases.ts'
import { readStanding, type Standing, standingLines } from '../report/standing.ts'
import { FULL_RUN_ADVICE } from './outcome-text.ts'

interface LastRun {
  job: string
  as_of: string
  started_at: string
  finished_at: string | null
  /** killed: it has no end and nobody is at work */
  outcome: 'done' | 'failed' | 'running' | 'killed'
  problem: string | null
}

interface LastPull {
  direction: 'customer' | 'vendor'
  as_of: string
  complete: boolean
  maybe_cut: boolean
  refunds: bigint
  quarantined: bigint
  problem: string | null
  /** of the last complete one; null: there was none */
  complete_as_of: string | null
}

interface ImportedTo {
  processor: string
  files: bigint
  /** null: an account has no file */
  covers_to: string | null
}

export interface BusinessStatus {
  business_id: string
  name: string
  runs: LastRun[]
  pulls: LastPull[]
  imported: ImportedTo[]
  open: { code: Code; class: string; findings: bigint; due_on: string | null }[]
  /** when the first timing finding becomes an error */
  next_due_on: string | null
  /** the month to be closed, the worst one, and how many findings are open, new and cleared */
  standing: Standing
  /** what may be said of each month, of those asked for */
  verdicts: Pick<VerdictLine, 'month' | 'verdict' | 'reasons'>[]
  /** a setting that matters to matching changed since everything was last matched */
  full_run_advised: boolean
}

const EVERY_MONTH: Months = { from: null, to: null }
/** Verdicts that are shown where no months are asked for: the latest. */
const SHOWN_MONTHS = 3

/** Reads the status of one business; of one that never ran, an empty one. */
export const readStatus = async (
  db: Db,
  business: BusinessConfig,
  { from, to }: Months = EVERY_MONTH,
): Promise<BusinessStatus> => {
  const id = [business.id] as const
  const runs = await run<LastRun & { is_working: boolean }>(db, 'run/last', id)
  const due = await run<{ code: Code; findings: bigint; due_on: string | null }>(db, 'run/due', id)
  const verdicts = await run<VerdictLine>(db, 'report/verdicts', [...id, from, to])
  const standing = await readStanding(db, business.id)
  const [advice] = await run<{ full_run_advised: boolean }>(db, 'run/full_run_advised', id)
  const waiting = due.flatMap(({ due_on }) => due_on ?? []).sort()
  return {
    business_id: business.id,
    name: business.name,
    runs: runs.map(({ is_working, ...last }) => ({
      ...last,
      outcome: last.outcome === 'running' && !is_working ? 'killed' : last.outcome,
    })),
    pulls: await run<LastPull>(db, 'run/last_pulls', id),
    imported: await run<ImportedTo>(db, 'run/imported_to', id),
    open: due.map((line) => ({ ...line, class: CODES[line.code].class })),
    next_due_on: waiting[0] ?? null,
    standing,
    verdicts: verdicts.map(({ month, verdict, reasons }) => ({ month, verdict, reasons })),
    full_run_advised: advice?.full_run_advised === true,
  }
}

/** The status for people; `today` is the date in the business's time zone. */
export const statusText = (status: BusinessStatus, today: string, { from, to }: Months = EVERY_MONTH): string => {
  const lines = [`${status.name} (${status.business_id})`]
  if (status.runs.length === 0) return `${lines[0]}\n  nothing has run yet: start with \`tieout nightly\``
  lines.push(...standingLines(status.standing).map((line) => `  ${line}`))
  const rows: [head: string, text: string][] = []
  for (const last of status.runs) {
    const ended = last.outcome === 'killed' ? 'did not end: it was killed; run it again' : last.outcome
    rows.push([last.job, `${last.started_at}  ${ended}${last.problem ? `: ${last.problem}` : ''}`])
  }
  for (const pull of status.pulls) {
    const state = pull.complete
      ? pull.maybe_cut
        ? 'complete, or cut at 100'
        : 'complete'
      : `not complete: ${pull.problem}`
    rows.push(['Layer', `${pull.direction} refunds as of ${pull.as_of}: ${pull.refunds}, ${state}`])
  }
  for (const { processor, covers_to } of status.imported) {
    const imported = covers_to === null ? 'no reports imported' : `reports imported up to ${covers_to}`
    rows.push([processorName(processor), imported])
  }
  if (status.next_due_on !== null) rows.push(['waiting', `the first is ${dueText(status.next_due_on, today)}`])
  const months = from === null && to === null ? status.verdicts.slice(-SHOWN_MONTHS) : status.verdicts
  for (const { month, verdict, reasons } of months) {
    const why = reasons.map(({ text }) => text).join('; ')
    rows.push([month, `${verdict}${why === '' ? '' : `: ${why}`}`])
  }
  if (status.full_run_advised) rows.push(['advice', FULL_RUN_ADVICE])
  const width = Math.max(...rows.map(([head]) => head.length))
  lines.push(...rows.map(([head, text]) => `  ${head.padEnd(width)}  ${text}`))
  return lines.map(oneLine).join('\n')
}

/** What could not be told when it was last tried; on this machine, if several do the nights. */
export const failedNotices = async (data_dir: string): Promise<FailedNotice[]> =>
  (await (await import('../notify/keep.ts')).readNotices(data_dir)).failed

/** The same for people, a line a channel. */
export const noticeText = (failed: readonly FailedNotice[]): string[] =>
  failed.map(({ channel, problem, as_of }) =>
    oneLine(`notify.${channel} did not go out for the night of ${as_of}: ${problem}`),
  )
