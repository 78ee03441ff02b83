/** A database that counts what is sent to it. */

import type { Database, Db } from '../../src/database/connect.ts'

export interface CountedDatabase extends Database {
  /** of each transaction so far, begin and commit included, with what was sent outside of one before it */
  readonly statements: readonly number[]
}

export function countStatements(database: Database): CountedDatabase {
  const statements: number[] = []
  let sent = 0
  const counting = (db: Db): Pick<Db, 'query' | 'affected'> => ({
    query: async (sql, params) => {
      sent += 1
      return await db.query(sql, params)
    },
    affected: async (sql, params) => {
      sent += 1
      return await db.affected(sql, params)
    },
  })
  return {
    ...database,
    ...counting(database),
    statements,
    transaction: async (work, isolation) => {
      const result = await database.transaction(async (db) => await work({ ...db, ...counting(db) }), isolation)
      statements.push(sent + 2)
      sent = 0
      return result
    },
  }
}
