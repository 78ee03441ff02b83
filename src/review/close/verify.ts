/** Closes held against what is stored of them and what the chain of events says (`close MONTH --verify`). */

import { ReviewFault } from '../../core/errors.ts'
import type { Db } from '../../database/connect.ts'
import { type RowOf, run } from '../../database/statement.ts'
import { closeSubject, verifyChain } from '../events.ts'
import { hashOfContent, type StoredClose, storedContent } from './content.ts'
import { closeDocument, type SigningEvent } from './document.ts'

/** A close of a month, and what of it does not hold. */
export interface ProvedClose {
  month: string
  edition: number
  /** null: no event speaks of it */
  state: string | null
  prepared_by: string
  reviewed_by: string | null
  closed_at: string | null
  sha256: string
  problems: string[]
}

/**
 * Recomputes the hash of every close of a month, those too that were superseded, and the chain of events. In a repeatable-read
 * transaction.
 */
export async function proveCloses(
  db: Db,
  business_id: string,
  month: string,
): Promise<{ closes: ProvedClose[]; chain: string | null }> {
  const stored = await run<StoredClose>(db, 'close/stored', [business_id, month])
  const { broken } = await verifyChain(db, business_id)
  const chain = broken === null ? null : `event ${broken.event_number} does not hold: ${broken.problem}`
  if (stored.length === 0 && chain === null)
    throw new ReviewFault(`${month} was never closed: there is nothing to verify`)
  const closes = stored.map((close) => {
    const { edition, state, prepared_by, reviewed_by, closed_at, sha256 } = close
    const now = hashOfContent(storedContent(business_id, close))
    const problems = [
      ...(now === sha256
        ? []
        : [`it was changed after it was signed: the hash of what is stored is ${now}, and ${sha256} was signed`]),
      ...(state === null ? ['no event says who signed it'] : []),
    ]
    return { month, edition, state, prepared_by, reviewed_by, closed_at, sha256, problems }
  })
  return { closes, chain }
}

/** A closed month as a file, which `tieout verify` proves by itself. Throws ReviewFault where it is not closed. */
export async function exportedClose(db: Db, business_id: string, month: string): Promise<object> {
  const stored = await run<StoredClose>(db, 'close/stored', [business_id, month])
  const close = stored.find(({ state }) => state === 'closed')
  const prepared = stored.find(({ state }) => state === 'prepared')
  if (prepared !== undefined)
    throw new ReviewFault(
      `${month} is prepared by ${prepared.prepared_by}, and not signed until another person reviews it`,
    )
  if (close === undefined) throw new ReviewFault(`${month} is not closed: there is nothing signed to export`)
  type Stored = RowOf<'close/signing_event', 'subject' | 'from_state' | 'to_state' | 'note' | 'details'>
  const [event] = await run<Stored>(db, 'close/signing_event', [business_id, closeSubject(month, close.edition)])
  if (event === undefined) throw new ReviewFault(`${month}: no event says who signed it`)
  const signing: SigningEvent = { ...event, at: new Date(event.at).toISOString() }
  return closeDocument(storedContent(business_id, close), close.sha256, signing)
}
