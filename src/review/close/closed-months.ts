/** Which months are closed, and what that forbids (spec sections 3 and 7). */

import { ReviewFault, UsageFault } from '../../core/errors.ts'
import { isMonth } from '../../core/period.ts'
import type { Db } from '../../database/connect.ts'
import { type RowOf, run } from '../../database/statement.ts'

/** Where a month stands. `state` null: nobody closed or prepared it. Dates and instants as text. */
export type MonthState = RowOf<
  'close/months',
  'verdict' | 'reasons' | 'edition' | 'state' | 'prepared_by' | 'prepared_at' | 'reviewed_by' | 'closed_at' | 'sha256'
>

/** The months of a business with a verdict or a close, ascending. */
export const monthStates = async (db: Db, business_id: string): Promise<MonthState[]> =>
  await run<MonthState>(db, 'close/months', [business_id])

/** @throws UsageFault where the text is no month, ReviewFault where nothing is known of it */
export const stateOf = (states: readonly MonthState[], month: string): MonthState => {
  if (!isMonth(month)) throw new UsageFault(`${month}: expected a month such as 2026-10`)
  const found = states.find((state) => state.month === month)
  if (found) return found
  const known = states.map((state) => state.month)
  const there = known.length === 0 ? 'none yet' : `those from ${known[0]} to ${known.at(-1)}`
  throw new ReviewFault(`${month}: nothing is known of this month, expected one with a verdict: ${there}`)
}

/**
 * Refuses what would change a figure of a closed month.
 * @throws ReviewFault that names the month to reopen
 */
export async function refuseClosed(db: Db, business_id: string, months: readonly string[]): Promise<void> {
  if (months.length === 0) return
  const closed = (await monthStates(db, business_id)).filter(({ state }) => state === 'closed')
  const hit = closed.filter(({ month }) => months.includes(month)).map(({ month }) => month)
  const last = closed.at(-1)?.month
  if (hit.length === 0 || last === undefined) return
  const first = hit[0] ?? last
  const reopen = closed
    .filter(({ month }) => month >= first)
    .map(({ month }) => month)
    .reverse()
  throw new ReviewFault(
    `nothing was changed: it would change figures of ${hit.join(' and ')}, which ${hit.length === 1 ? 'is' : 'are'} closed; \`tieout reopen-month ${reopen.join('`, then `tieout reopen-month ')}\` first`,
  )
}
