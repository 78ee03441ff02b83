/** What every screen of the desk is given, and what it gives back. */

import type { BusinessConfig } from '../config/config.ts'
import { isMonth } from '../core/period.ts'
import type { Db } from '../database/connect.ts'
import { type RowOf, run } from '../database/statement.ts'
import type { Job } from '../job.ts'
import type { Markup } from '../report/html/markup.ts'
import type { BusinessLine } from '../report/lines.ts'
import type { Person, Session } from './session.ts'
import type { Worklists } from './worklist.ts'

/** One request of a person who is signed in. */
export interface Visit {
  job: Job
  people: readonly Person[]
  worklists: Worklists
  session: Session
  person: Person
  /** the path's parts by the names of its route */
  part(name: string): string
  query: URLSearchParams
  /** what a form sent; empty for a page that is only read */
  form: URLSearchParams
}

/** A page, a way to another one, or a file. */
export type Reply =
  | { page: Markup; title: string; status?: number; business?: BusinessConfig; month?: string }
  | { to: string; notice: string | null }
  | { file: string; name: string }

/** There is no such page: an id, a month or a name that nothing has. */
export class NotThere extends Error {}

/** The business of the address. */
export const businessAt = ({ job, part }: Visit): BusinessConfig => {
  const found = job.businesses.find(({ id }) => id === part('business'))
  if (found === undefined) throw new NotThere()
  return found
}

/** The month of the address. */
export const monthAt = ({ part }: Visit): string => {
  const month = part('month')
  if (!isMonth(month)) throw new NotThere()
  return month
}

/** A business as it is stored; null: nothing has run yet. */
export const storedBusiness = async (db: Db, id: string): Promise<BusinessLine | null> =>
  (await run<BusinessLine>(db, 'report/businesses', [[id]]))[0] ?? null

type Chain = RowOf<'event/last'>

/** The number of the last event of a business's chain: while it is the same, nothing was decided and nothing has run. */
export const chainEnd = async (db: Db, id: string): Promise<bigint> =>
  (await run<Chain>(db, 'event/last', [id]))[0]?.event_number ?? 0n

/** What is read for one page comes from one state of the database, and nothing is written; each statement is planned for what is asked. */
export const reading = async <T>({ job }: Visit, work: (db: Db) => Promise<T>): Promise<T> =>
  await job.database.transaction(async (db) => {
    await db.query(
      `set transaction read only; set local work_mem = '32MB'; set local plan_cache_mode = force_custom_plan`,
    )
    return await work(db)
  }, 'repeatable read')

/** The address of a business's page. */
export const addressOf = (business_id: string, ...parts: readonly string[]): string =>
  ['', 'b', business_id, ...parts.map(encodeURIComponent)].join('/')

/** An address with a query; what is empty is left out. */
export const withQuery = (address: string, query: Readonly<Record<string, string | null | undefined>>): string => {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const text = new URLSearchParams(given as [string, string][]).toString()
  return text === '' ? address : `${address}?${text}`
}
