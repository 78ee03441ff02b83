/** The queries of sql/integrity/, which must return no row. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../../src/database/connect.ts'
import { SQL_FOLDER, statement } from '../../src/database/statement.ts'

const names = readdirSync(join(SQL_FOLDER, 'integrity')).map((file) => file.replace(/\.sql$/, ''))

const UNION = names
  .map((name) => `select '${name}' as query, wrong.wrong from (\n${statement(`integrity/${name}`)}\n) wrong`)
  .join('\nunion all\n')

/** What is wrong in the whole database, a line each. */
export async function wrongsIn(db: Db): Promise<string[]> {
  const wrongs = await db.query<{ query: string; wrong: string }>(UNION)
  return wrongs.map(({ query, wrong }) => `${query}: ${wrong}`)
}
