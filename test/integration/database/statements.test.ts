/** Every statement of sql/ is understood by the database: a table or column that is named wrong fails here, not at night. */

import { expect, test } from 'vitest'
import { freshDatabase } from '../../support/database.ts'
import { isPlanless, makeStages, statementNames, textOf } from '../../support/statement-plans.ts'

test('every statement can be prepared on a migrated, empty database', async () => {
  const database = await freshDatabase()
  const problems: Record<string, string> = {}
  await database.transaction(async (db) => {
    await makeStages(db)
    await db.query('savepoint stages')
    // settings and statistics cannot be prepared, and making the stages was a trial already
    for (const name of statementNames().filter((one) => !isPlanless(one))) {
      try {
        await db.query(`prepare asked as ${textOf(name)}`)
        await db.query('deallocate asked')
      } catch (error) {
        problems[name] = String(error)
        await db.query('rollback to savepoint stages')
      }
    }
  })
  await database.close()
  expect(problems).toEqual({})
})
