/** Coverage, the tie-out and the verdicts (spec sections 3, 6 and 8); the rules stand in sql/tie_out/. */

import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import { CODES, type DiscrepancyClass } from '../discrepancy.ts'

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

/** The tie-out lines, the totals beside them, and what may be said of every month. */
export async function tieOut(db: Db, business_id: string, as_of: string, item_mark: bigint): Promise<void> {
  await run(db, 'tie_out/touched_months', [business_id, item_mark])
  await run(db, 'tie_out/summed_span', [item_mark])
  await db.query('analyze summed_span')
  await run(db, 'tie_out/settled_totals', [business_id, item_mark])
  await run(db, 'tie_out/forget_months', [business_id])
  await run(db, 'tie_out/lines', [business_id])
  await run(db, 'tie_out/outside_totals', [business_id])
  for (const step of ['effects_alone', 'explain', 'match_totals']) await run(db, `tie_out/${step}`, [business_id])
  await run(db, 'match/keep_open', [business_id])
  await run(db, 'tie_out/verdicts', [business_id, as_of, codesOf('error'), codesOf('timing')])
}
