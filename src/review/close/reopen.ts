/** A closed month is opened again; what was signed of it is kept (spec section 7, Close). */

import { ReviewFault, UsageFault } from '../../core/errors.ts'
import { personName } from '../../core/person.ts'
import type { Db } from '../../database/connect.ts'
import { count, type RowOf, run } from '../../database/statement.ts'
import { appendEvents, type NewEvent } from '../events.ts'
import type { Act } from '../repairs.ts'
import { monthStates, stateOf } from './closed-months.ts'
import { chainEnd, tell } from './record.ts'

/** Opens the last closed month, or takes a prepared close back. What was signed is kept. Gives the months that are open again. */
export async function reopenMonth(db: Db, business_id: string, month: string, act: Act): Promise<string[]> {
  const by = personName(act.by)
  if (act.note === null) throw new UsageFault('reopen-month: found no note, expected --note TEXT that says why')
  const states = await monthStates(db, business_id)
  const asked = stateOf(states, month)
  if (asked.state === null) throw new ReviewFault(`${month} is open`)
  const later = states.filter((state) => state.month > month && state.state !== null)
  const closed = later.findLast(({ state }) => state === 'closed')
  if (closed) throw new ReviewFault(`${closed.month} is closed too, and comes after: reopen that first`)
  const opened = [asked, ...later]
  for (const each of opened) {
    const kind = each.state === 'closed' ? 'month_reopened' : 'month_voided'
    await tell(db, business_id, { ...act, by }, kind, each.month, each.edition ?? 0, each.sha256 ?? '')
  }
  // nothing changed after a close that does not stand any more
  const changed = await run<RowOf<'close/changed_after'>>(db, 'close/changed_after', [business_id, month])
  await count(db, 'review/change_status', [business_id, changed.map(({ discrepancy_id }) => discrepancy_id), 'cleared'])
  const events = changed.map(
    ({ discrepancy_id, status }): NewEvent => ({
      ...{ at: act.at, actor: by, kind: 'cleared', subject: discrepancy_id, from_state: status, to_state: 'cleared' },
      ...{ note: `${month} was reopened`, details: { code: 'CHANGED_AFTER_CLOSE' } },
    }),
  )
  await appendEvents(db, business_id, await chainEnd(db, business_id), events)
  await count(db, 'close/not_late', [business_id])
  await count(db, 'tie_out/verdicts', [business_id])
  return opened.map((each) => each.month)
}
