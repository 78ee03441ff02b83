import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { bareDatabase, copyDatabase, type FreshDatabase, freshDatabase } from '../support/database.ts'
import { FIRST, type Harbor, listing, type Night, openHarbor, SECOND, settled, TOKEN } from '../support/harbor.ts'
import { type Held, hold } from '../support/hold.ts'
import { tablesWith } from '../support/tables.ts'
import { until } from '../support/until.ts'

let built: Built
/** as the first night left it */
let after_first: FreshDatabase
/** the reports of the nights that nothing disturbed */
const undisturbed = new Map<Night, string>()
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  built = await buildSource()
  after_first = await freshDatabase()
  const copy = await live(after_first, FIRST).then(() => copyDatabase(after_first))
  await live(copy, SECOND)
  await copy.close()
})
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
afterAll(async () => {
  await after_first.close()
})

async function live(database: FreshDatabase, night: Night): Promise<void> {
  const harbor = await openFor(database, night)
  expect((await harbor.nightly(night)).code).toBe(0)
  undisturbed.set(night, settled(harbor.text(night)))
  await harbor.close()
}

/** Harbor Coffee with the files of a night and of those before. */
async function openFor(database: FreshDatabase, night: Night): Promise<Harbor> {
  const harbor = await openHarbor(built, database.url)
  harbor.arrives(FIRST)
  if (night === SECOND) harbor.arrives(SECOND)
  return harbor
}

async function take(make: () => Promise<FreshDatabase>, night: Night): Promise<[FreshDatabase, Harbor]> {
  const database = await make()
  endings.push(() => database.close())
  const harbor = await openFor(database, night)
  endings.push(() => harbor.close())
  return [database, harbor]
}

/**
 * A moment in the life of a job: reached when it waits for what the last of these statements holds. Each is taken
 * before the one before is given back.
 */
async function reach(database: FreshDatabase, holds: readonly string[]): Promise<Held | null> {
  let held: Held | null = null
  for (const statement of holds) {
    const next = await hold(database, statement)
    await held?.release()
    await next.awaited()
    held = next
  }
  return held
}

const locks = (...tables: string[]): string[] => tables.map((table) => `lock table ${table} in exclusive mode`)

interface Moment {
  during: string
  night: Night
  from: () => Promise<FreshDatabase>
  holds: readonly string[]
}

const empty = { night: FIRST, from: freshDatabase }
const second = { night: SECOND, from: async () => await copyDatabase(after_first) }

const MOMENTS: readonly Moment[] = [
  { during: 'the migration', night: FIRST, from: bareDatabase, holds: ['create table tie_out_line ()'] },
  { during: 'the merging of the first listing', ...empty, holds: locks('ledger_leg') },
  { during: 'the removal of the refund that is gone from Layer', ...second, holds: locks('ledger_refund') },
  { during: 'the import of a file', ...empty, holds: locks('processor_row') },
  { during: 'the storing of matches', ...empty, holds: locks('match_item') },
  { during: 'the storing of findings', ...empty, holds: locks('discrepancy_effect') },
  { during: 'the clearing of findings', ...second, holds: locks('event') },
  { during: 'the tie-out', ...second, holds: locks('month_verdict') },
  { during: 'the end of a run whose reconciliation stands', ...empty, holds: locks('month_verdict', 'run') },
  {
    during: 'the report',
    ...second,
    holds: [...locks('month_verdict', 'run'), 'lock table account_coverage in access exclusive mode'],
  },
]

async function expectAsUndisturbed(harbor: Harbor, night: Night): Promise<void> {
  const again = await harbor.nightly(night)
  expect(again.stderr).not.toContain('"level":"error"')
  expect(again.code).toBe(0)
  expect(settled(harbor.text(night))).toBe(undisturbed.get(night))
  const kept = readdirSync(join(harbor.folder, 'reports'), { recursive: true }).map(String)
  expect(kept.filter((name) => name.endsWith('.part'))).toEqual([])
}

describe('a nightly that is killed and run again reports what an undisturbed one reports', () => {
  it.each(MOMENTS.map((moment) => [moment.during, moment] as const))(
    'killed during %s',
    async (_, { during, night, from, holds }) => {
      const [database, harbor] = await take(from, night)
      const job = harbor.start('nightly', '--as-of', night.as_of)
      const reached = reach(database, holds)
      const early = job.ended.then(({ stderr }) => `ended before its moment: ${stderr}`)
      expect(await Promise.race([early, reached.then(() => 'reached')])).toBe('reached')
      job.process.kill('SIGKILL')
      expect((await job.ended).code).toBeNull()
      if (during === 'the report') {
        const half = readdirSync(join(harbor.folder, 'reports'), { recursive: true }).map(String)
        expect(half.filter((name) => name.endsWith('.part'))).toHaveLength(1)
      }
      await (await reached)?.release()
      await expectAsUndisturbed(harbor, night)
    },
  )

  it('killed halfway through a listing, of which nothing was stored', async () => {
    const [database, harbor] = await take(freshDatabase, FIRST)
    const half = JSON.stringify(FIRST.customer).slice(0, 60_000)
    harbor.answers((asked) =>
      asked.url.includes('/invoices/') ? { body: half, fault: 'stall' } : listing(FIRST)(asked),
    )
    const job = harbor.start('nightly', '--as-of', FIRST.as_of)
    await until(async () => (await database.query("select from pull where direction = 'vendor'")).length > 0)
    job.process.kill('SIGKILL')
    await job.ended
    expect(await database.query("select from ledger_refund where direction = 'customer'")).toEqual([])
    harbor.answers(listing(FIRST))
    await expectAsUndisturbed(harbor, FIRST)
    expect(await tablesWith(database, TOKEN)).toEqual([])
  })

  it('told to stop (SIGTERM) amid its reconciliation: it ends at once, with 1 and no word of what that broke', async () => {
    const [database, harbor] = await take(freshDatabase, FIRST)
    const held = await hold(database, 'lock table discrepancy_effect in exclusive mode')
    const job = harbor.start('nightly', '--as-of', FIRST.as_of)
    await held.awaited()
    job.process.kill('SIGTERM')
    const ended = await job.ended
    expect(ended.code).toBe(1)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toContain('SIGTERM: ending')
    expect(ended.stderr).not.toContain('"level":"error"')
    await held.release()
    await expectAsUndisturbed(harbor, FIRST)
  })
})
