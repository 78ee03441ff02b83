import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { besides } from '../support/besides.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { whatIsWrong } from '../support/lived-history.ts'
import type { PlainWorld } from '../support/plain-matching.ts'
import { smallHistory, spreadHistory } from '../support/random-worlds.ts'
import { runs } from '../support/runs.ts'
import { smallestHistory, textOf } from '../support/smallest-history.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const worlds = fc.oneof({ weight: 3, arbitrary: smallHistory }, { weight: 1, arbitrary: spreadHistory })

/** Each try takes as long as a history: so many have to do. */
const TRIES = 150

test('nights match what the contract, read item by item, keeps, undoes and matches, and everything ties out', {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.noShrink(fc.record({ worlds, besides })), async (history) => {
      if ((await whatIsWrong(database, history)) === null) return
      const isWrong = async (smaller: readonly PlainWorld[]): Promise<boolean> =>
        (await whatIsWrong(database, { ...history, worlds: smaller })) !== null
      const smallest = { ...history, worlds: await smallestHistory(history.worlds, isWrong, TRIES) }
      const wrong = await whatIsWrong(database, smallest)
      expect.fail(`${wrong}\n${textOf(smallest.worlds)}\n${JSON.stringify(smallest.besides)}`)
    }),
    runs('TIEOUT_HISTORIES', 40),
  )
})
