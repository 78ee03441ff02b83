/** The findings of a report: each with its legs, rows, effects, its sentence and what to do about it. */

import type { Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import { run } from '../database/statement.ts'
import { CODES, type Code, type DiscrepancyClass } from '../discrepancy.ts'
import { dateInZone, daysBetween } from '../period.ts'
import { byKey } from './by-key.ts'
import type { BusinessLine, DiscrepancyLine, EffectLine, LegLine, RowLine, Status } from './lines.ts'
import { messageOf, type RefundFacts } from './messages.ts'

const CLASSES: readonly DiscrepancyClass[] = ['error', 'timing', 'info']
const REPORTED: readonly Status[] = ['open', 'acknowledged', 'resolved']

/** All codes as a report orders them: errors, timing, info; within a class as the specification lists them. */
export const CODES_IN_ORDER: readonly Code[] = CLASSES.flatMap((wanted) =>
  (Object.keys(CODES) as Code[]).filter((code) => CODES[code].class === wanted),
)

/** Codes whose sentence needs more of the ledger's refunds than their legs. */
const ABOUT_REFUNDS: ReadonlySet<Code> = new Set<Code>([
  'ALLOCATION_TARGET_MISMATCH',
  'ALLOCATION_IMBALANCE',
  'PAYMENT_IMBALANCE',
  'LINE_ITEM_IMBALANCE',
  'LEDGER_REFUND_REMOVED',
  'CHANGED_AFTER_CLOSE',
])

export interface DiscrepancyReading {
  from: string | null
  to: string | null
  statuses?: readonly Status[]
  per_code?: number
}

interface Head {
  business_id: string
  discrepancy_id: string
  code: Code
  direction: DiscrepancyLine['direction']
  processor: string | null
  currency: string
  refund_id: string | null
  status: Status
  dated_on: string | null
  due_on: string | null
  first_seen_at: string
  last_seen_at: string
  late: boolean
  of_code: bigint
}
type Of<T> = T & { discrepancy_id: string }
type LegRow = Of<Omit<LegLine, 'completed_at'> & { completed_at: string | null }>

/** The findings in order, a batch of them in memory at a time. `as_of` dates their age. */
export async function* readDiscrepancies(
  db: Db,
  business: BusinessLine,
  as_of: string,
  reading: DiscrepancyReading,
): AsyncGenerator<DiscrepancyLine> {
  const today = dateInZone(Date.parse(as_of), business.time_zone)
  const { from, to, statuses = REPORTED, per_code = null } = reading
  const params = [business.business_id, from, to, CODES_IN_ORDER, statuses, per_code]
  for await (const heads of batches<Head>(db, 'report/discrepancies', params)) {
    const ids = [business.business_id, heads.map((head) => head.discrepancy_id)]
    const legs = byKey(await run<LegRow>(db, 'report/discrepancy_legs', ids), 'discrepancy_id')
    const rows = byKey(await run<Of<RowLine>>(db, 'report/discrepancy_rows', ids), 'discrepancy_id')
    const effects = byKey(await run<Of<EffectLine>>(db, 'report/discrepancy_effects', ids), 'discrepancy_id')
    const about = heads.filter((head) => ABOUT_REFUNDS.has(head.code)).map((head) => head.discrepancy_id)
    const facts =
      about.length === 0
        ? []
        : await run<Of<RefundFacts>>(db, 'report/discrepancy_refunds', [business.business_id, about])
    const refunds = byKey(facts, 'discrepancy_id')
    for (const { discrepancy_id, ...head } of heads) {
      const found = {
        ...head,
        id: discrepancy_id,
        class: CODES[head.code].class,
        suggestion: CODES[head.code].suggestion,
        age_days: head.dated_on === null ? null : daysBetween(head.dated_on, today),
        legs: legs(discrepancy_id).map((leg) => ({ ...leg, completed_at: leg.completed_at ?? leg.completed_on })),
        rows: rows(discrepancy_id),
        effects: effects(discrepancy_id),
      }
      yield { ...found, message: messageOf(found, refunds(discrepancy_id), business) }
    }
  }
}
