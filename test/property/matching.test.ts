import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { matchPlainly, type PlainWorld } from '../support/plain-matching.ts'
import { quiet } from '../support/quiet.ts'
import { smallWorld } from '../support/random-worlds.ts'
import { describe, storedResult, storeWorld } from '../support/stored-world.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

async function matchByStatements(given: PlainWorld): Promise<string[]> {
  const business_id = await storeWorld(database, given)
  const at = '2026-11-20T12:00:00Z'
  const outcome = await reconcile(database, business_id, { as_of: at, now: at, log: quiet })
  expect(outcome.unexplained_lines).toBe(0)
  return describe(await storedResult(database, business_id))
}

test('the statements match what the rules, read item by item, match', { timeout: 280_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallWorld, async (given) => {
      expect(await matchByStatements(given)).toEqual(describe(matchPlainly(given)))
    }),
    { numRuns: Number(process.env['TIEOUT_WORLDS'] ?? 80), interruptAfterTimeLimit: 250_000 },
  )
})
