/** Coverage, the tie-out and the verdicts (spec sections 3, 6 and 8); the rules stand in sql/tie_out/ and sql/views/. */

import { CODES, type DiscrepancyClass } from '../core/discrepancy.ts'
import type { Db } from '../database/connect.ts'
import { count } from '../database/statement.ts'

/** The codes of a class, as the statements take them. */
export const codesOf = (wanted: DiscrepancyClass): string[] =>
  Object.entries(CODES)
    .filter(([, text]) => text.class === wanted)
    .map(([code]) => code)

/** The months in which legs or rows are new, changed or gone; all of them where everything is looked at or a setting changed. */
export interface TouchedMonths {
  every_month: boolean
  /** YYYY-MM */
  months: readonly string[]
}

/** Works out which dates each account and each processor covers, before the checks ask for it. */
export async function coverDates(db: Db, business_id: string): Promise<void> {
  await count(db, 'tie_out/coverage', [business_id])
}

/** Sums both sides of the touched months, before the fee checks read the differences. */
export async function sumMonths(db: Db, business_id: string, { every_month, months }: TouchedMonths): Promise<void> {
  if (!every_month && months.length === 0) return
  await count(db, 'tie_out/totals', [business_id, every_month, months])
}

/** Puts the effects beside the differences, and says what may be said of every month. After the findings are stored. */
export async function tieOut(db: Db, business_id: string): Promise<void> {
  await count(db, 'tie_out/explain', [business_id])
  await count(db, 'tie_out/verdicts', [business_id])
}

/** Notes what a reader should know beside the findings. Only the count of what lies before starts_on asks which months are touched. */
export async function takeNotes(db: Db, business_id: string, { every_month, months }: TouchedMonths): Promise<void> {
  await count(db, 'tie_out/notes', [business_id, every_month, months])
}
