/** What becomes of a close, as events in the business's chain. */

import type { Db } from '../../database/connect.ts'
import { run } from '../../database/statement.ts'
import { appendEvents, type ChainEnd, closeSubject, NO_EVENT } from '../events.ts'
import type { Act } from '../repairs.ts'

export const chainEnd = async (db: Db, business_id: string): Promise<ChainEnd> =>
  (await run<ChainEnd>(db, 'event/last', [business_id]))[0] ?? NO_EVENT

type Told = 'month_prepared' | 'month_closed' | 'month_voided' | 'month_reopened'
const STATES = {
  month_prepared: ['open', 'prepared'],
  month_closed: ['open', 'closed'],
  month_voided: ['prepared', 'open'],
  month_reopened: ['closed', 'open'],
} as const satisfies Record<Told, readonly [string, string]>

/** Says in the chain what became of a close. */
export async function tell(
  db: Db,
  business_id: string,
  { by, at, note }: Act,
  kind: Told,
  month: string,
  edition: number,
  sha256: string,
): Promise<void> {
  const [from_state, to_state] = STATES[kind]
  await appendEvents(db, business_id, await chainEnd(db, business_id), [
    { at, actor: by, kind, subject: closeSubject(month, edition), from_state, to_state, note, details: { sha256 } },
  ])
}
