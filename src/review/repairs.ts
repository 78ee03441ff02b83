/** What persons mend of files and quarantined lines, as events (spec sections 3 and 7). */

import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import { refuseClosed } from './close/closed-months.ts'
import { appendEvents, type ChainEnd, NO_EVENT } from './events.ts'

/** Who does it, when (UTC), and why. */
export interface Act {
  by: string
  at: string
  note: string | null
}

/** One thing that was mended. */
export interface Repair {
  kind:
    | 'file_withdrawn'
    | 'file_imported_again'
    | 'file_covered'
    | 'quarantine_accepted'
    | 'quarantine_dismissed'
    | 'person_erased'
    | 'fees_set'
  /** 'file 12', 'quarantine 7', 'person 3fa9...' or 'fees 2026-10 STRIPE USD' */
  subject: string
  from_state: string | null
  to_state: string | null
  /** the months whose figures it changes, '2026-10' */
  months: readonly string[]
  details: Readonly<Record<string, unknown>>
}

/**
 * Says in the business's chain what was mended, in the transaction that mends it and under the business's lock. Every repair
 * passes here before it is committed: one whose `months` hold a closed month is refused here.
 * @throws ReviewFault that names the month to reopen
 */
export async function recordRepairs(db: Db, business_id: string, act: Act, repairs: readonly Repair[]): Promise<void> {
  await refuseClosed(
    db,
    business_id,
    repairs.flatMap(({ months }) => months),
  )
  const [last] = await run<{ event_number: bigint; hash: string }>(db, 'event/last', [business_id])
  const end: ChainEnd = last ?? NO_EVENT
  const events = repairs.map(({ months, details, ...repair }) => ({
    ...repair,
    at: act.at,
    actor: act.by,
    note: act.note,
    details: { ...details, months },
  }))
  await appendEvents(db, business_id, end, events)
}
