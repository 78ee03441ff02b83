/** The status of many businesses in short: how many stand where, and those that somebody has to look at. */

import { oneLine } from '../core/visible.ts'
import { countOf, standingTitle } from '../report/standing.ts'
import type { BusinessStatus } from './status.ts'

/** Up to so many are shown whole. */
export const FEW = 20
/** Lines of those to look at. */
const MOST_LINES = 50

/** '2,000 businesses: 1,994 done, 6 failed', the verdicts of the months to be closed, and a line for each that needs somebody. */
export const summaryText = (statuses: readonly BusinessStatus[]): string => {
  const ran = countsOf(statuses, outcomeOf)
  const verdicts = countsOf(statuses, ({ standing }) => standing.months[0]?.verdict ?? 'without a refund')
  const needy = statuses.map((status) => ({ status, rank: rankOf(status) })).filter(({ rank }) => rank > 0n)
  const shown = needy.toSorted((a, b) => Number(b.rank > a.rank) - Number(b.rank < a.rank)).slice(0, MOST_LINES)
  return [
    `${statuses.length.toLocaleString('en')} businesses; last run: ${ran}`,
    `Months to be closed: ${verdicts}`,
    ...shown.map(({ status }) => oneLine(`  ${lineOf(status)}`)),
    ...(needy.length > shown.length ? [`  and ${needy.length - shown.length} more, with less to correct`] : []),
    'One of them whole: `tieout status --business NAME`; all as data: `tieout status --json`',
  ].join('\n')
}

/** Of the last run of each command the latest. */
const lastOf = ({ runs }: BusinessStatus): BusinessStatus['runs'][number] | undefined =>
  runs.toSorted((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at))[0]

const outcomeOf = (status: BusinessStatus): string => lastOf(status)?.outcome ?? 'not run yet'

/** What somebody has to look at: a run that failed before all, then an incomplete month, then by items to correct; 0: nothing. */
const rankOf = (status: BusinessStatus): bigint => {
  const { standing } = status
  const failed = ['failed', 'killed', 'not run yet'].includes(outcomeOf(status)) ? 2n : 0n
  const incomplete = standing.months.some(({ verdict }) => verdict === 'incomplete') ? 1n : 0n
  return (failed + incomplete) * 10n ** 12n + countOf(standing, 'error')
}

const lineOf = (status: BusinessStatus): string => {
  const { name, standing } = status
  const last = lastOf(status)
  if (last === undefined) return `${name}: nothing has run yet`
  const problem = last.problem === null ? '' : `: ${last.problem}`
  const ran = last.outcome === 'done' || last.outcome === 'running' ? '' : `${last.job} ${last.outcome}${problem}; `
  return `${name}: ${ran}${standingTitle(standing)}`
}

/** '1,994 done, 6 failed', the most first. */
const countsOf = (statuses: readonly BusinessStatus[], of: (status: BusinessStatus) => string): string => {
  const counts = new Map<string, number>()
  for (const status of statuses) counts.set(of(status), (counts.get(of(status)) ?? 0) + 1)
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count.toLocaleString('en')} ${name}`)
    .join(', ')
}
