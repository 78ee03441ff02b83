/** Coverage, the tie-out and the verdicts (spec sections 3, 6 and 8); the rules stand in sql/tie_out/. */

import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import { CODES, type DiscrepancyClass } from '../discrepancy.ts'
import { settleMatches } from './passes.ts'

/** The codes of a class, as the statements take them. */
export const codesOf = (wanted: DiscrepancyClass): string[] =>
  Object.entries(CODES)
    .filter(([, text]) => text.class === wanted)
    .map(([code]) => code)

/** Computes which dates each processor's data covers, before the checks ask for it. */
export async function coverDates(db: Db, business_id: string, item_mark: bigint): Promise<void> {
  await run(db, 'tie_out/forget', [business_id, item_mark])
  await run(db, 'tie_out/coverage', [business_id])
}

/** The days that are summed again, dates as text; null where there are none. */
interface Span {
  first_day: string | null
  day_after: string | null
  every_month: boolean
  months: string[] | null
}

/** The tie-out lines, the totals beside them, and what may be said of every month. */
export async function tieOut(db: Db, business_id: string, as_of: string, item_mark: bigint): Promise<void> {
  await run(db, 'tie_out/touched_months', [business_id, item_mark])
  const [span] = await run<Span>(db, 'tie_out/summed_span', [item_mark])
  if (span === undefined) throw new Error('no days to sum')
  const { first_day, day_after, every_month, months } = span
  for (const days of ['ledger_days', 'processor_days'])
    await run(db, `tie_out/${days}`, [business_id, first_day, day_after, every_month, months])
  await run(db, 'tie_out/settled_totals', [business_id, item_mark])
  await run(db, 'tie_out/forget_months', [business_id])
  await run(db, 'tie_out/lines', [business_id, every_month, months])
  await run(db, 'tie_out/outside_totals', [business_id])
  for (const step of ['effects_alone', 'explain', 'match_totals']) await run(db, `tie_out/${step}`, [business_id])
  await settleMatches(db, business_id)
  await run(db, 'tie_out/verdicts', [business_id, as_of, codesOf('error'), codesOf('timing')])
}
