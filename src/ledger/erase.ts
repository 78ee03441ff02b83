/** Takes people's details out of the refunds as received: of one person for good, or of all after a time. */

import { createHash } from 'node:crypto'
import type { Database, Db } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'
import { personsIn, withoutDetails } from './layer-api/persons.ts'
import { rewritePages } from './store/refund-content.ts'

/** What stands for a person who was erased: the id itself is a detail of theirs. */
export const personHash = (business_id: string, id: string): string =>
  createHash('sha256').update(`${business_id} ${id}`).digest('hex')

/** The people of a business who were erased, as hashes. */
export const erasedPersons = async (db: Db, business_id: string): Promise<ReadonlySet<string>> =>
  new Set((await run<{ person_sha256: string }>(db, 'pull/erasures', [business_id])).map((each) => each.person_sha256))

/** Whether a refund names a person who was erased. */
export const namesErased = (business_id: string, refund: unknown, erased: ReadonlySet<string>): boolean =>
  erased.size > 0 && personsIn(refund).some((id) => erased.has(personHash(business_id, id)))

/**
 * Erases a person by Layer's id or the business's own: every content that names them is kept without details, now and whenever
 * a pull brings another. Figures, keys and hashes stay as they are. Gives how many contents were rewritten.
 * In a transaction, under the business's lock.
 */
export async function erasePerson(db: Db, business_id: string, id: string, at: string): Promise<number> {
  await count(db, 'pull/erase', [business_id, personHash(business_id, id), at])
  const named = JSON.stringify(id).slice(1, -1)
  return await rewritePages(db, business_id, null, (content) => {
    // JSON may spell an id in another way only by escapes
    if (!content.includes(named) && !content.includes('\\')) return content
    const refund: unknown = JSON.parse(content)
    return personsIn(refund).includes(id) ? JSON.stringify(withoutDetails(refund)) : content
  })
}

const DAY_MILLIS = 86_400_000

/** Takes the details out of what was pulled more than `days` before `as_of`; gives how many contents that were. Under the lock. */
export async function keepRetention(
  database: Database,
  business_id: string,
  days: number,
  as_of: string,
): Promise<number> {
  const before = new Date(Date.parse(as_of) - days * DAY_MILLIS).toISOString()
  return await database.transaction(
    async (db) =>
      await rewritePages(db, business_id, before, (content) => JSON.stringify(withoutDetails(JSON.parse(content)))),
  )
}
