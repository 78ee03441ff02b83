import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type PlainWorld, describe as tell } from '../support/plain-matching.ts'
import { nextNight, type PlainNight } from '../support/plain-nights.ts'
import { quiet } from '../support/quiet.ts'
import { smallHistory } from '../support/random-worlds.ts'
import { storedResult, storeWorld } from '../support/stored-world.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('nights match what the contract, read item by item, keeps, undoes and matches', { timeout: 900_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallHistory, async (worlds) => {
      let earlier: { business_id: string; world: PlainWorld } | undefined
      let night: PlainNight | null = null
      for (const [place, world] of worlds.entries()) {
        const business_id: string = await storeWorld(database, world, earlier)
        earlier = { business_id, world }
        const at = `2026-11-${String(place + 10).padStart(2, '0')}T12:00:00Z`
        const outcome = await reconcile(database, business_id, { as_of: at, now: at, log: quiet })
        night = nextNight(night, world)
        expect({ night: place, told: tell(await storedResult(database, business_id)) }).toEqual({
          night: place,
          told: tell(night.result),
        })
        expect(outcome.unexplained_lines).toBe(0)
      }
    }),
    { numRuns: Number(process.env['TIEOUT_WORLDS'] ?? 40) },
  )
})
