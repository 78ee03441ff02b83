/** The short lists of a report over many businesses, each read for some businesses at once. */

import type { Db } from '../database/connect.ts'
import { type Giving, run, runForEach } from '../database/statement.ts'

/** Reads the rows of a statement whose first parameter is the business. */
export type ReadRows = <T>(...call: Giving<T>) => Promise<T[]>

/** So many are in memory: such lists grow with months, accounts and files, not with refunds. */
const AT_ONCE = 20

/** In a report over so many businesses, asking and planning a statement for each takes longer than the statement. */
export const MANY = 6

/** How to read the lists of these businesses, which are asked for in this order. */
export const readerOf = (db: Db, business_ids: readonly string[]): ((business_id: string) => ReadRows) =>
  business_ids.length < MANY ? () => readAlone(db) : readAhead(db, business_ids)

/** Reads the lists of a business alone. */
export const readAlone =
  (db: Db): ReadRows =>
  (...call) =>
    run(db, ...call)

/** Reads with the list of the business asked for those that will be. */
const readAhead = (db: Db, business_ids: readonly string[]): ((business_id: string) => ReadRows) => {
  const places = new Map(business_ids.map((id, place) => [id, place]))
  const read = new Map<string, ReadonlyMap<string, unknown[]>>()
  return (business_id) =>
    async <T>(...call: Giving<T>): Promise<T[]> => {
      const [name, [, ...params] = []] = call as [string, (readonly unknown[])?]
      const list = JSON.stringify([name, ...params])
      const known = read.get(list)?.get(business_id)
      if (known !== undefined) return known as T[]
      const place = places.get(business_id) ?? 0
      const rows = await runForEach<T>(db, business_ids.slice(place, place + AT_ONCE), ...call)
      read.set(list, rows)
      return rows.get(business_id) ?? []
    }
}
