/** The reconciliation run of one business, on one screen: one transaction, there whole or not at all (spec section 8). */

import type { Log } from '../core/log.ts'
import { VERSION } from '../core/product.ts'
import type { Database } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { renewStatistics } from '../database/statistics.ts'
import { NO_EVENT } from '../review/events.ts'
import { findDiscrepancies } from './find.ts'
import { type Bulk, matchItems } from './match.ts'
import { linkOverRefunds } from './over-refund.ts'
import { codesOf, coverDates, sumMonths, takeNotes, tieOut } from './tie-out.ts'
import { freshItems, type RunState } from './working-set.ts'

export interface ReconcileOptions {
  /** UTC instant; it dates lags and ages and filters nothing */
  as_of: string
  /** the clock of the run, UTC instant */
  now: string
  /** forgets all matches but those made by people, and matches everything anew */
  full?: boolean
  /** when to pair in bulk what needs no thought; the results are the same. Only a test says other than auto */
  bulk?: Bulk
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
  /** of a run over everything: how many matches are not what they were; else null */
  matches_changed: number | null
  /** a setting that matters to matching changed since everything was last matched: see view full_run_advised */
  full_run_advised: boolean
}

/** `has_unlisted`: some findings are new or changed since the worklist was told of them, see listFindings. */
export type Reconciled = ReconcileOutcome & { has_unlisted: boolean }

/** A night over so few is small: planning a statement for it takes longer than the statement. */
const SMALL = { loose: 500n, all: 20_000n }

/**
 * Joins and sorts of a business's open items stay in the server's memory; one run at a time uses it. The statements of a
 * small night are planned once for each connection, those of a large one for what they are asked.
 */
function planBy(loose: bigint, matched: bigint): string {
  const mode = loose <= SMALL.loose && loose + matched <= SMALL.all ? 'force_generic_plan' : 'force_custom_plan'
  return `select set_config('work_mem', '64MB', true), set_config('random_page_cost', '1.1', true),
    set_config('plan_cache_mode', '${mode}', true)`
}

/**
 * Matches what is new, changed or open, finds every discrepancy and ties the totals out. The caller holds the business's
 * lock. One more run over the same items changes nothing, unless a match made another one possible (decision 0003).
 */
export async function reconcile(
  database: Database,
  business_id: string,
  { as_of, now, full = false, bulk = 'auto', log }: ReconcileOptions,
): Promise<Reconciled> {
  return await database.transaction(async (db): Promise<Reconciled> => {
    const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const started = performance.now()
      const result = await work()
      const milliseconds = Math.round(performance.now() - started)
      log.debug({ business_id, step: name, milliseconds }, 'reconciliation step')
      return result
    }
    const [state] = await run<RunState>(db, 'reconcile/begin', [business_id, as_of, now, full, VERSION])
    if (state === undefined) throw new Error(`business ${business_id} is not there`)
    const { is_first, matching_changed, judging_changed } = state
    const anew = is_first || full
    const again = full && !is_first
    // where nothing came, no table has grown for this business
    if (state.new_item_mark > state.item_mark) await renewStatistics(database, { db })
    if (again) await step('forget', async () => await count(db, 'reconcile/forget', [business_id]))
    if (judging_changed && !anew) await count(db, 'reconcile/touch_outside', [business_id, state.item_mark])
    const every_month = anew || judging_changed
    const fresh = await freshItems(db, business_id, state, anew)
    await db.query(planBy(fresh.loose_legs + fresh.loose_rows, state.matched))
    const months = every_month ? [] : [...fresh.months]

    // else the last run changed no match, and nothing came or was changed since: this one would match and note the same
    let has_matched = false
    if (!state.is_same) {
      const { payment_ids } = fresh
      if (!anew) await doubt(db, business_id, judging_changed ? null : payment_ids)
      const matched = await step(
        'match',
        async () => await matchItems(db, business_id, state, fresh, { anew, again, bulk }),
      )
      const { undone, turned_months, retied_payment_ids } = matched
      has_matched = matched.has_matched
      months.push(...turned_months)
      for (const { match_no, reason } of undone) log.debug({ business_id, match_no, reason }, 'match undone')
      await step('judge', async () => await count(db, 'reconcile/judge', [business_id]))
      await step(
        'link over-refunds',
        async () =>
          await linkOverRefunds(db, business_id, payment_ids === null ? null : [...payment_ids, ...retied_payment_ids]),
      )
    }
    await step('cover dates', async () => await coverDates(db, business_id))
    await step('sum months', async () => await sumMonths(db, business_id, { every_month, months }))
    const chain =
      state.event_number === null || state.event_hash === null
        ? NO_EVENT
        : { event_number: state.event_number, hash: state.event_hash }
    const timing_codes = codesOf('timing')
    const { as_of_before } = state
    const end = await step(
      'find',
      async () => await findDiscrepancies(db, business_id, { as_of, as_of_before, timing_codes, chain }),
    )
    log.info({ event_number: Number(end.event_number), event_hash: end.hash }, 'the chain of events ends here')
    if (as_of_before !== null) await count(db, 'reconcile/prune', [business_id, as_of_before, timing_codes])
    await step('tie out', async () => await tieOut(db, business_id))
    if (!state.is_same) await step('notes', async () => await takeNotes(db, business_id, { every_month, months }))

    const [outcome] = await run<Omit<Reconciled, 'matches_changed' | 'full_run_advised'>>(db, 'reconcile/finish', [
      ...([business_id, state.new_item_mark] as const),
      ...([anew ? state.matching_settings : null, state.judging_settings, state.matched_by, has_matched] as const),
      ...([codesOf('error'), timing_codes] as const),
    ])
    if (outcome === undefined) throw new Error(`business ${business_id} is not there`)
    const matches_changed = again ? await changedMatches(db, business_id, state.matches) : null
    return { ...outcome, matches_changed, full_run_advised: matching_changed && !anew }
  })
}

type Db = Parameters<Parameters<Database['transaction']>[0]>[0]

/** Takes back that matches are balanced: those that new payments may concern, or all. */
async function doubt(db: Db, business_id: string, payment_ids: readonly string[] | null): Promise<void> {
  if (payment_ids === null) await count(db, 'reconcile/doubt_all', [business_id])
  else if (payment_ids.length > 0) await count(db, 'reconcile/doubt', [business_id, payment_ids])
}

/** How many matches are not what they were; `before`: how many there were. */
async function changedMatches(db: Db, business_id: string, before: bigint): Promise<number> {
  const [changes] = await run<{ changed: bigint }>(db, 'reconcile/count_changed', [business_id, before])
  return Number(changes?.changed ?? 0n)
}
