import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { matchPlainly, type PlainLeg, type PlainRow, type PlainWorld } from '../support/plain-matching.ts'
import { quiet } from '../support/quiet.ts'
import { describe, storedResult, storeWorld } from '../support/stored-world.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

// Few ids, amounts and days, so that everything meets everything.
const date = fc.integer({ min: 1, max: 14 }).map((day) => `2026-10-${String(day).padStart(2, '0')}`)
const refund_id = fc.constantFrom('re_1', 're_2', 're_3', 're_4', 'own-1')
const amount = fc.constantFrom(100, 200, 300)
const payment_ids = fc.uniqueArray(fc.constantFrom('ch_1', 'ch_2', 'ch_3'), { maxLength: 2 })
const references = fc.uniqueArray(fc.constantFrom('order-1', 'order-2', 'ch_1'), { maxLength: 2 })

const leg: fc.Arbitrary<Omit<PlainLeg, 'id'>> = fc.record({
  direction: fc.constantFrom('customer', 'customer', 'customer', 'vendor'),
  processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY', 'SQUARE', 'UNASSIGNED'),
  date,
  amount,
  identity: fc.uniqueArray(fc.oneof(refund_id, fc.constantFrom('t0', 't1')), { maxLength: 2 }),
  references: fc.uniqueArray(fc.constantFrom('ch_1', 'ch_2', 'ch_3', 'order-1', 'order-2'), { maxLength: 2 }),
})

const row: fc.Arbitrary<Omit<PlainRow, 'id'>> = fc
  .record({
    type: fc.constantFrom('refund', 'refund', 'refund', 'refund', 'vendor_refund', 'refund_reversal'),
    processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY'),
    date,
    amount,
    currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'USD', 'CAD'),
    refund_id: fc.option(refund_id, { freq: 3 }),
    payment_ids,
    references,
  })
  .map((one) => ({
    ...one,
    type: one.type as PlainRow['type'],
    amount: one.type === 'refund_reversal' ? -one.amount : one.amount,
  }))

const world: fc.Arbitrary<PlainWorld> = fc
  .record({
    legs: fc.array(leg, { maxLength: 8 }),
    rows: fc.array(row, { maxLength: 9 }),
    window: fc.constantFrom(0, 1, 3),
  })
  .map(({ legs, rows, window }) => ({
    currency: 'USD',
    window,
    shapes: new Map([
      ['STRIPE', /^re_[0-9]$/],
      ['BILLPAY', /^own-[0-9]$/],
    ]),
    legs: legs.map((one, place) => ({ ...one, id: `l${place}` }) as PlainLeg),
    rows: rows.map((one, place) => ({ ...one, id: `t${place}` })),
  }))

async function matchByStatements(given: PlainWorld): Promise<string[]> {
  const business_id = await storeWorld(database, given)
  const at = '2026-11-20T12:00:00Z'
  const outcome = await reconcile(database, business_id, { as_of: at, now: at, log: quiet })
  expect(outcome.unexplained_lines).toBe(0)
  return describe(await storedResult(database, business_id))
}

test('the statements match what the rules, read item by item, match', { timeout: 280_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(world, async (given) => {
      expect(await matchByStatements(given)).toEqual(describe(matchPlainly(given)))
    }),
    { numRuns: Number(process.env['TIEOUT_WORLDS'] ?? 80), interruptAfterTimeLimit: 250_000 },
  )
})
