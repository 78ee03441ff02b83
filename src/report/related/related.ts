/** Reads the hints of findings: among the open ones, and from what else is stored. */

import type { Db } from '../../database/connect.ts'
import { run } from '../../database/statement.ts'
import { byKey } from '../by-key.ts'
import { type AmongFindings, amongFindings, type OpenItem } from './among-findings.ts'
import { HINTED, type Hint, nearest } from './hint.ts'
import { type StoredHint, storedHint } from './stored.ts'

/** A finding whose hints are asked for. */
interface Asking {
  discrepancy_id: string
  code: string
  status: string
  dated_on: string | null
}

/**
 * Of more open items findings are not compared with one another: that would take their memory, and what is wrong then is the
 * set-up, not each refund. What else is stored is told of any number.
 */
const MOST_OPEN = 10_000

export type Related = (findings: readonly Asking[]) => Promise<(discrepancy_id: string) => Hint[]>

/** Where nobody is told of hints. */
export const withoutHints: Related = async () => () => []

/** The hints of a business's findings as the snapshot has them, nearest first, five at most; each is looked up once. */
export const relatedOf = (db: Db, business_id: string): Related => {
  const known = new Map<string, Hint[]>()
  let among: Promise<AmongFindings> | null = null
  const readOpen = async (): Promise<AmongFindings> => {
    const items = await run<OpenItem>(db, 'report/related_open', [business_id, HINTED, MOST_OPEN + 1])
    return items.length > MOST_OPEN ? () => [] : amongFindings(items)
  }
  return async (findings) => {
    const asked = findings.filter(
      ({ discrepancy_id, code, status }) =>
        !known.has(discrepancy_id) && status !== 'cleared' && HINTED.some((hinted) => hinted === code),
    )
    if (asked.length > 0) {
      among ??= readOpen()
      const others = await among
      const ids = asked.map(({ discrepancy_id }) => discrepancy_id)
      const stored = byKey(
        await run<StoredHint & { discrepancy_id: string }>(db, 'report/related_stored', [business_id, ids]),
        'discrepancy_id',
      )
      for (const { discrepancy_id: id, dated_on } of asked)
        known.set(id, nearest([...others(id), ...stored(id).map((found) => storedHint(found, dated_on))]))
    }
    return (discrepancy_id) => known.get(discrepancy_id) ?? []
  }
}
