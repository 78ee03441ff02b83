import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { besides } from '../support/besides.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { whatIsWrong } from '../support/lived-history.ts'
import { smallHistory, spreadHistory } from '../support/random-worlds.ts'
import { runs } from '../support/runs.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('nights match what the contract, read item by item, keeps, undoes and matches, and everything ties out', {
  timeout: 900_000,
}, async () => {
  const worlds = fc.oneof({ weight: 3, arbitrary: smallHistory }, { weight: 1, arbitrary: spreadHistory })
  await fc.assert(
    fc.asyncProperty(fc.record({ worlds, besides }), async (history) => {
      expect(await whatIsWrong(database, history)).toBeNull()
    }),
    runs('TIEOUT_HISTORIES', 40),
  )
})
