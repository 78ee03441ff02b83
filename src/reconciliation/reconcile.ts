/** The reconciliation run of one business, on one screen: one transaction, there whole or not at all (spec section 8). */

import type { Database } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import { renewStatistics } from '../database/statistics.ts'
import type { Log } from '../log.ts'
import { findDiscrepancies, storeDiscrepancies } from './checks.ts'
import { areMany, readMarks } from './marks.ts'
import { chooseItems, matchItems, storeMatches, takeItems, tieReversals } from './passes.ts'
import { knowRowKeys } from './row-keys.ts'
import { codesOf, coverDates, tieOut } from './tie-out.ts'

export interface ReconcileOptions {
  /** UTC instant; it dates lags and ages and filters nothing */
  as_of: string
  /** the clock of the run, UTC instant */
  now: string
  /** looks at everything again, not only at what is new, open or touched; gives the same */
  full?: boolean
  log: Pick<Log, 'debug' | 'info'>
}

/** What a run found, counted over the business. */
export interface ReconcileOutcome {
  open_errors: number
  open_timing: number
  legs_matched: number
  rows_matched: number
  /** months whose tie-out holds something unexplained: a bug when it is not 0 */
  unexplained_lines: number
  /** whether it was a run over everything: asked for, the first one, or after a change of the settings */
  looked_at_everything: boolean
}

/** Joins of a million legs with a million rows stay in the server's memory; one run at a time uses it. */
const ROOM = "set local work_mem = '128MB'; set local random_page_cost = 1.1"

/**
 * Matches everything the business has, finds every discrepancy and ties the totals out. The caller holds the business's
 * lock. The same stored items and the same `as_of` give the same result, and a second run writes no finding again.
 */
export async function reconcile(
  database: Database,
  business_id: string,
  { as_of, now, full = false, log }: ReconcileOptions,
): Promise<ReconcileOutcome> {
  const marks = await readMarks(database, business_id, full)
  const { item_mark } = marks
  // on its own: within the run its locks would keep the runs of other businesses waiting
  if (areMany(marks)) await renewStatistics(database, 'run/analyze')
  if (item_mark > 0n) await knowRowKeys(database, business_id, marks, ROOM)
  const result = await database.transaction(async (db): Promise<ReconcileOutcome> => {
    const step = async (name: string, work: () => Promise<void>): Promise<void> => {
      const started = performance.now()
      await work()
      log.debug(
        { business_id, step: name, milliseconds: Math.round(performance.now() - started) },
        'reconciliation step',
      )
    }
    await db.query(ROOM)
    await step('choose items', async () => await chooseItems(db, business_id, item_mark))
    await step('tie reversals', async () => await tieReversals(db, business_id, item_mark))
    await step('take items', async () => await takeItems(db, business_id, marks))
    await step('match', async () => await matchItems(db, business_id))
    await step('store matches', async () => await storeMatches(db, business_id, item_mark))
    await step('cover dates', async () => await coverDates(db, business_id, item_mark))
    await step('find discrepancies', async () => await findDiscrepancies(db, business_id, as_of, marks))
    await step('store discrepancies', async () => await storeDiscrepancies(db, business_id, as_of))
    await step('tie out', async () => await tieOut(db, business_id, as_of, item_mark))
    const { new_item_mark, new_pull_mark, settings } = marks
    await run(db, 'tie_out/finish', [business_id, as_of, now, new_item_mark, new_pull_mark, settings])
    const [outcome] = await run<Omit<ReconcileOutcome, 'looked_at_everything'>>(db, 'tie_out/outcome', [
      business_id,
      codesOf('error'),
      codesOf('timing'),
    ])
    if (outcome === undefined) throw new Error(`business ${business_id} is not there`)
    return { ...outcome, looked_at_everything: item_mark === 0n }
  })
  // the next run's plans count on how many matches and findings there are
  if (result.looked_at_everything) await database.query('analyze match_item, awaited_payment, open_item, discrepancy')
  return result
}
