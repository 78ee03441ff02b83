/** A report over many businesses reads the short lists of some at once: each has the lines that it has alone. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { type BusinessReport, listOf, withReport } from '../../../src/report/model.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { quiet } from '../../support/quiet.ts'
import { storeBusiness } from '../../support/stored-business.ts'

/** More than are read at once. */
const BUSINESSES = 23
const AS_OF = '2026-11-15T12:00:00Z'

let database: FreshDatabase
const ids: string[] = []
beforeAll(async () => {
  database = await freshDatabase()
  for (let n = 0; n < BUSINESSES; n += 1) ids.push(await storeOne(n))
})
afterAll(async () => await database.close())

/** n + 1 refunds booked, the first not paid, in cash or before the start, by turns; every fourth business has a closed month. */
async function storeOne(n: number): Promise<string> {
  const own = await storeBusiness(database, n % 3 === 0 ? { starts_on: '2026-10-05' } : { outside_methods: ['CASH'] })
  await own.processor('STRIPE')
  const file_id = await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-14' })
  await own.add('pull', { direction: 'customer', refunds: n })
  const run = { job: 'nightly', as_of: AS_OF, started_at: AS_OF, finished_at: AS_OF, outcome: 'done', steps: [] }
  await own.add('run', run)
  for (let item = 0; item <= n; item += 1) {
    const on = `2026-10-${String(1 + item).padStart(2, '0')}`
    const method = item % 5 === 4 ? { method: 'CASH', processor_named: null } : {}
    await own.leg({ amount: 100 + n, completed_on: on, identity_keys: [`re_${item}`], ...method })
    if (item > 0) await own.row({ refund_id: `re_${item}`, amount: 100 + n, occurred_on: on, file_id })
  }
  await reconcile(database, own.business_id, { as_of: AS_OF, now: AS_OF, log: quiet })
  return own.business_id
}

const LISTS = [
  ...(['verdicts', 'tie_out', 'roll_forward', 'closes', 'matches', 'outside', 'coverage'] as const),
  ...(['pulls', 'chain', 'notes', 'runs', 'files', 'discrepancies'] as const),
]

const linesOf = async (business: BusinessReport): Promise<Record<string, unknown>> => {
  const lines: Record<string, unknown> = { standing: await business.standing() }
  for (const list of LISTS) lines[list] = await listOf<unknown>(business[list]())
  return lines
}

const reported = async (business_ids: readonly string[]): Promise<Record<string, unknown>[]> => {
  const scope = { as_of: AS_OF, generated_at: AS_OF, from: null, to: null, business_ids }
  return await withReport(database, scope, async ({ businesses }) => {
    const lines: Record<string, unknown>[] = []
    for (const business of businesses) lines.push(await linesOf(business))
    return lines
  })
}

test('the lists of 23 businesses are those of each alone, in whatever order they are asked for', async () => {
  const alone: Record<string, unknown>[] = []
  for (const id of ids) alone.push(...(await reported([id])))
  expect(await reported(ids)).toEqual(alone)
  expect(await reported(ids.toReversed())).toEqual(alone.toReversed())
  // each list has lines somewhere, or it would be the same whatever is read
  for (const list of ['standing', ...LISTS].filter((name) => name !== 'closes'))
    expect([list, alone.some((lines) => JSON.stringify(lines[list], stringOf) !== '[]')]).toEqual([list, true])
})

const stringOf = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
