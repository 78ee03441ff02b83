/** What worklists sort, filter and search by, noted with findings that are new or changed. */

import type { Database } from '../database/connect.ts'
import { count } from '../database/statement.ts'

/**
 * Notes figure, months and words of those findings of a business that a run marked: after each run, outside of it, and before
 * a worklist is shown. Gives how many; a second call finds none.
 */
export const listFindings = async (database: Database, business_id: string): Promise<number> =>
  await count(database, 'review/list_findings', [business_id])
