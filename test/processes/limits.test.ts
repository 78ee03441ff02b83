/** A job that cannot go on ends, whatever it waits for; nothing is held for ever. */

import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, listing, openHarbor } from '../support/harbor.ts'
import { until } from '../support/until.ts'

let built: Built
let database: FreshDatabase
let harbor: Harbor

beforeAll(async () => {
  built = await buildSource()
})
beforeEach(async () => {
  database = await freshDatabase()
  harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
})
afterEach(async () => {
  await harbor.close()
  await database.close()
})

/** Ends the sessions of the job: all, or only the one that holds the lock of the business. */
const cut = async (which: 'all' | 'lock'): Promise<void> => {
  await database.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'tieout' and pid <> pg_backend_pid()
      and (${which === 'all'} or pid in (select pid from pg_locks where locktype = 'advisory'))`)
}

it.each(['all', 'lock'] as const)(
  'a nightly that waits for a listing without end, and loses its database (%s), ends at once; the next one is whole',
  async (which) => {
    harbor.answers(() => ({ body: '[{"id": ', fault: 'trickle' }))
    const job = harbor.start('nightly', '--as-of', FIRST.as_of)
    await until(() => harbor.layer.asked.length === 2)
    await until(async () => (await database.query('select from processor_file')).length === 4)
    const cut_at = performance.now()
    await cut(which)
    const ended = await job.ended
    expect(ended.code).toBe(1)
    expect(performance.now() - cut_at).toBeLessThan(10_000)
    expect(ended.stderr).toContain('the lock on it was lost while it was at work')
    expect(await database.query('select from pull')).toEqual([])
    harbor.answers(listing(FIRST))
    expect((await harbor.nightly(FIRST)).code).toBe(0)
  },
)

it('a worker that loses its database ends, and says so', async () => {
  harbor.answers(() => ({ body: '[{"id": ', fault: 'trickle' }))
  expect((await harbor.nightly(FIRST, '--queue')).code).toBe(0)
  const worker = harbor.start('worker')
  await until(() => harbor.layer.asked.length === 2)
  await cut('lock')
  const ended = await worker.ended
  expect(ended.code).toBe(1)
  expect(ended.stderr).toContain('the lock on it was lost while it was at work')
})

it.each([
  [1000, 1000],
  [1, 10_000],
])('a refund of %i payments and %i allocations does not hold a night up', async (payments, allocations) => {
  const list = (count: number, make: (index: number) => object) =>
    Array.from({ length: count }, (_, index) => make(index))
  const huge = {
    ...{ id: 'huge', refunded_amount: 1_000_000, status: 'PAID', completed_at: '2026-10-05T12:00:00Z' },
    payments: list(payments, (i) => ({
      ...{ id: `p${i}`, external_id: `re_huge${i}`, processor: 'STRIPE' },
      refunded_amount: 1_000_000 / payments,
    })),
    allocations: list(allocations, (i) => ({
      ...{ id: `a${i}`, invoice_payment_external_id: `ch_huge${i}` },
      amount: 1_000_000 / allocations,
    })),
  }
  harbor.answers((asked) =>
    asked.url.includes('/invoices/') ? { body: [...FIRST.customer, huge] } : listing(FIRST)(asked),
  )
  const begun = performance.now()
  const ended = await harbor.nightly(FIRST)
  expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringContaining('"level":"error"')])
  expect(performance.now() - begun).toBeLessThan(45_000)
  const stored = await database.query("select count(*) as legs from ledger_leg where refund_id = 'huge'")
  expect(stored).toEqual([{ legs: BigInt(payments) }])
})
