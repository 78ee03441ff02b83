/** Every finding of a run: the union of sql/check/ in one statement, the life of a discrepancy, and its events. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../database/connect.ts'
import { assemble, ofBusiness, run, SQL_FOLDER, statement } from '../database/statement.ts'
import { analyze } from '../database/statistics.ts'
import { appendEvents, type ChainEnd, type NewEvent } from '../review/events.ts'

/** What the checks give: those about a match, about a month as a whole, and about items or a refund. */
const COLUMNS = {
  match: 'code, direction, match_no, carries_amount, carries_refund_fee, carries_returned_fee',
  month: 'code, direction, processor, currency, month, measure, leg_nos, row_nos, differs, refund_fee, returned_fee',
  item: 'code, direction, refund_id, leg_nos, row_nos, carries_amount, carries_refund_fee, carries_returned_fee, due_on',
} as const

/** What the check sql/check/<check>.sql speaks of. */
export const kindOfCheck = (check: string): keyof typeof COLUMNS => {
  const text = statement(`check/${check}`)
  return /\bjudged\.match_no,/.test(text) ? 'match' : /\bas refund_fee\b/.test(text) ? 'month' : 'item'
}

const union = (checks: readonly string[], kind: keyof typeof COLUMNS): string =>
  checks
    .filter((check) => kindOfCheck(check) === kind)
    .map((check) => ofBusiness(`check/${check}`, COLUMNS[kind]))
    .join('\nunion all\n')

/** sql/reconcile/find.sql with all of sql/check/ in it. */
export function findStatement(): string {
  return assemble('reconcile/find', (template) => {
    const checks = readdirSync(join(SQL_FOLDER, 'check'))
      .filter((file) => file.endsWith('.sql'))
      .map((file) => file.slice(0, -'.sql'.length))
      .sort()
    return template
      .replace('{match_checks}', () => union(checks, 'match'))
      .replace('{item_checks}', () => union(checks, 'item'))
      .replace('{month_checks}', () => union(checks, 'month'))
  })
}

interface FoundChange {
  /** null: summed over timing findings that are no event of their own */
  discrepancy_id: string | null
  kind: 'opened' | 'reopened' | 'overdue' | 'waiting' | 'cleared'
  code: string | null
  status_before: string | null
  status: string | null
  count: bigint
  /** minor units, of the effects */
  amount: bigint
}

const NOTES: Readonly<Record<FoundChange['kind'], string | null>> = {
  opened: null,
  reopened: 'found again, or its effects changed since it was resolved',
  overdue: 'it was waited for until its due date',
  waiting: 'it is waited for again',
  cleared: 'no longer found',
}

export interface FindOptions {
  as_of: string
  as_of_before: string | null
  timing_codes: readonly string[]
  /** the end of the business's chain of events */
  chain: ChainEnd
}

/** Reading fewer new findings is fast by any plan. */
const MANY_FINDINGS = 1_000n

/** Brings the stored discrepancies to what the checks find, appends the run's events, and gives the chain's new end. */
export async function findDiscrepancies(
  db: Db,
  business_id: string,
  { as_of, as_of_before, timing_codes, chain }: FindOptions,
): Promise<ChainEnd> {
  findStatement()
  const changes = await run<FoundChange>(db, 'reconcile/find', [business_id, as_of, as_of_before, timing_codes])
  // else the planner would expect as few findings as there were before, and loop over all of them
  const opened = changes.reduce(
    (sum, { kind, count }) => (kind === 'opened' || kind === 'waiting' ? sum + count : sum),
    0n,
  )
  if (opened >= MANY_FINDINGS) await analyze(db, 'discrepancy', 'discrepancy_effect')
  return await appendEvents(db, business_id, chain, eventsOf(as_of, changes))
}

function eventsOf(at: string, changes: readonly FoundChange[]): NewEvent[] {
  const own = changes.filter(({ discrepancy_id }) => discrepancy_id !== null)
  const details: Record<string, unknown> = {}
  for (const { kind, discrepancy_id, count, amount } of changes) {
    if (discrepancy_id === null) details[`timing_${kind}`] = { count: String(count), amount: String(amount) }
  }
  for (const kind of ['opened', 'reopened', 'overdue', 'waiting', 'cleared']) {
    const some = own.filter((change) => change.kind === kind)
    const amount = some.reduce((sum, change) => sum + change.amount, 0n)
    if (some.length > 0) details[kind] = { count: String(some.length), amount: String(amount) }
  }
  return [
    { at, actor: 'run', kind: 'run', subject: null, from_state: null, to_state: null, note: null, details },
    ...own.map(({ discrepancy_id, kind, code, status_before, status }) => ({
      ...{ at, actor: 'run', kind, subject: discrepancy_id, from_state: status_before, to_state: status },
      ...{ note: NOTES[kind], details: { code } },
    })),
  ]
}
