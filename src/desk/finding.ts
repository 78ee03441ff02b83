/** Findings by their whole ids, with all that is known of them. */

import { dateInZone } from '../core/period.ts'
import type { Db } from '../database/connect.ts'
import { type RowOf, run } from '../database/statement.ts'
import { describeFindings, type FindingHead } from '../report/discrepancies.ts'
import type { BusinessLine } from '../report/lines.ts'
import { type Related, relatedOf, withoutHints } from '../report/related/related.ts'
import { NotThere, storedBusiness } from './desk.ts'

export type Finding = Omit<Awaited<ReturnType<typeof describeFindings<Head>>>[number], 'status'> & { status: string }
type Head = RowOf<'review/heads', 'processor' | 'refund_id' | 'month' | 'measure' | 'dated_on' | 'due_on'> & FindingHead

interface Found {
  stored: BusinessLine
  findings: Finding[]
  /** the date of the last run */
  today: string
}

/** Those of these findings that are there, without hints where nothing else is said. Throws NotThere where nothing has run. */
export const findingsOf = async (
  db: Db,
  business_id: string,
  ids: readonly string[],
  related: Related = withoutHints,
): Promise<Found> => {
  const stored = await storedBusiness(db, business_id)
  if (stored === null) throw new NotThere()
  const heads = await run<Head>(db, 'review/heads', [business_id, ids])
  const today = dateInZone(Date.parse(stored.reconciled_as_of ?? '2000-01-01T00:00:00Z'), stored.time_zone)
  return { stored, today, findings: await describeFindings(db, stored, today, heads, related) }
}

/** A finding by its whole id. Throws NotThere. */
export const findingOf = async (db: Db, business_id: string, id: string): Promise<Found & { finding: Finding }> => {
  const found = await findingsOf(db, business_id, [id], relatedOf(db, business_id))
  const [finding] = found.findings
  if (finding === undefined) throw new NotThere()
  return { ...found, finding }
}
