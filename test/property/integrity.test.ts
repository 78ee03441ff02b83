import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SQL_FOLDER } from '../../src/database/statement.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import type { PlainWorld } from '../next/plain-matching.ts'
import { smallHistory } from '../next/random-worlds.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { quiet } from '../support/quiet.ts'
import { storeWorld } from '../support/stored-world.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** The worlds have no versions of refunds, and rows of accounts without a file. */
const NOT_ASKED = ['refunds.sql', 'rows.sql']
const FOLDER = join(SQL_FOLDER, 'integrity')
const QUERIES = readdirSync(FOLDER)
  .filter((file) => !NOT_ASKED.includes(file))
  .map(
    (file) =>
      `select '${file}: ' || wrong as wrong from (${readFileSync(join(FOLDER, file), 'utf8')}) said where business_id = $1`,
  )

const POLICY = `
  insert into fee_policy (business_id, processor, from_month, tie, categories)
  select $1, 'STRIPE', $2, $3, case $3 when 'month' then array['Fee'] else '{}' end`

/** Fees of 0.00, 0.30 or 0.60 on the legs that are new tonight. */
const FEES = `
  update ledger_leg leg set refund_fee = leg.leg_no % 3 * 30, returned_fee = leg.leg_no % 2 * 7
  where leg.business_id = $1
    and leg.leg_no > coalesce((select run.item_mark from reconciliation run where run.business_id = leg.business_id), 0)`

const FEE_LINE = `
  insert into processor_row (business_id, processor, account, transaction_id, type, category, payment_ids, reference_ids,
    amount, refund_fee, returned_fee, currency, occurred_on, file_id, line)
  values ($1, 'STRIPE', '', $2, 'other', 'Fee', '{}', '{}', $3, 0, 0, 'USD', $4, 1, 1)`

const policies = fc.uniqueArray(
  fc.record({
    from_month: fc.constantFrom('2026-09-01', '2026-10-01'),
    tie: fc.constantFrom('per_refund', 'month', 'none'),
  }),
  { selector: ({ from_month }) => from_month, maxLength: 2 },
)
const feeLines = fc.array(
  fc.record({ amount: fc.constantFrom(-90, 40), date: fc.constantFrom('2026-09-30', '2026-10-05') }),
  { maxLength: 2 },
)

test('after each night no integrity query returns a row, whatever the fee policies', { timeout: 900_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(smallHistory, policies, feeLines, async (worlds, policy, lines) => {
      let earlier: { business_id: string; world: PlainWorld } | undefined
      for (const [night, world] of worlds.entries()) {
        const business_id: string = await storeWorld(database, world, earlier)
        if (earlier === undefined)
          for (const { from_month, tie } of policy) await database.query(POLICY, [business_id, from_month, tie])
        earlier = { business_id, world }
        await database.query(FEES, [business_id])
        for (const [place, { amount, date }] of lines.entries())
          await database.query(FEE_LINE, [business_id, `fee ${night} ${place}`, amount, date])
        const at = `2026-10-${String(night + 20).padStart(2, '0')}T12:00:00Z`
        await reconcile(database, business_id, {
          as_of: night === 0 ? at : at.replace('-10-', '-11-'),
          now: at,
          log: quiet,
        })
        const said: string[] = []
        for (const query of QUERIES) {
          const rows = await database.query<{ wrong: string }>(query, [business_id])
          said.push(...rows.map(({ wrong }) => wrong))
        }
        expect({ night, said }).toEqual({ night, said: [] })
      }
    }),
    { numRuns: Number(process.env['TIEOUT_WORLDS'] ?? 15) },
  )
})
