/** `doctor --deep` finds what somebody broke by hand in the tables, says whose it is and what to do. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { examineStored, QUERIES } from '../../../src/command/doctor-deep.ts'
import { openDatabase } from '../../../src/database/connect.ts'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { isCitus } from '../../support/citus.ts'
import { copyDatabase, type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { liveTheDemo } from '../../support/demo.ts'
import { PLAIN_BUSINESS } from '../../support/plain-config.ts'
import { quiet } from '../../support/quiet.ts'
import { storedTable } from '../../support/tables.ts'

const INTEGRITY = readdirSync(join(SQL_FOLDER, 'integrity'), 'utf8')
const HARBOR = PLAIN_BUSINESS
const OTHER = { ...PLAIN_BUSINESS, id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02', name: 'Pier Books' }

let demo: FreshDatabase | null = null
let database: FreshDatabase
beforeAll(async () => {
  if (isCitus) return
  demo = await freshDatabase()
  // a database can be copied while nobody is connected to it
  const own = await openDatabase({ url: demo.url, data_dir: '' }, quiet)
  expect(await liveTheDemo(own)).toBe(HARBOR.id)
  await own.close()
}, 120_000)
afterAll(async () => await demo?.close())
/** A database on a cluster cannot be copied: there each lives through the demo. */
const anew = async (): Promise<FreshDatabase> => {
  const fresh = await freshDatabase()
  await liveTheDemo(fresh)
  return fresh
}
beforeEach(async () => {
  database = demo === null ? await anew() : await copyDatabase(demo)
})
afterEach(async () => await database.close())

/** 'Harbor Coffee: what is wrong. What to do' */
async function said(businesses = [HARBOR]): Promise<string[]> {
  const { faults } = await examineStored(database, businesses, () => undefined)
  return faults.map(({ business, found, advice }) => `${business.name}: ${found}. ${advice}`)
}

test('it asks every query of sql/integrity, and knows which of them hold only after a run', () => {
  expect(
    Object.keys(QUERIES)
      .map((name) => `${name}.sql`)
      .sort(),
  ).toEqual([...INTEGRITY].sort())
  const afterRun = INTEGRITY.filter((file) =>
    /after a run/.test(readFileSync(join(SQL_FOLDER, 'integrity', file), 'utf8')),
  )
  const known = Object.entries(QUERIES).filter(([, { is_after_run }]) => is_after_run)
  expect(known.map(([name]) => `${name}.sql`).sort()).toEqual(afterRun.sort())
})

test('of the demo as its nights leave it nothing is wrong', async () => {
  const { faults, queries, unsettled } = await examineStored(database, [HARBOR], () => undefined)
  expect(faults).toEqual([])
  expect(queries).toBe(INTEGRITY.length)
  expect(unsettled).toEqual([])
})

const ANEW =
  'Run `tieout reconcile --full --business "Harbor Coffee"`; if it is found again, report it as a fault of Tieout'
const BACKUP = 'Somebody changed the database by hand, or it is damaged: restore it from a backup'

describe('what is broken by hand', () => {
  test.each([
    {
      what: 'an effect one cent too small',
      sql: `update discrepancy_effect set amount = amount + 1 where amount = -8640`,
      wrong: [
        'the roll-forward of open items does not carry from month to month: customer STRIPE USD 2026-10 amount',
        'the roll-forward of open items does not carry from month to month: customer STRIPE USD 2026-11 amount',
        `no finding explains a difference: customer STRIPE USD 2026-10 amount: -1 is unexplained. ${ANEW}`,
        `the tie-out is not what refunds, lines and findings come to: customer STRIPE USD 2026-10 amount: stored `,
      ],
    },
    {
      what: 'a refund in no place',
      sql: `delete from open_item where item_no = (select min(item_no) from open_item where side = 'leg')`,
      wrong: [`a refund or a line is neither matched nor open, or both: leg \\d+ is in 0 places. ${ANEW}`],
    },
    {
      what: 'a refund that is not as Layer sent it',
      sql: `update ledger_refund set content_place = 9999 where refund_id = (select min(refund_id) from ledger_refund)`,
      wrong: [
        `a refund is not stored as Layer sent it: (customer|vendor) refund .*: its content is not at place .*\\. ${BACKUP}`,
      ],
    },
    {
      what: 'an event that was rewritten',
      sql: `set local session_replication_role = replica;
            update event set details = '{"code":"NOTHING"}' where event_number = 3`,
      wrong: [`the history does not hold from event 3 on: it was changed after it was written. ${BACKUP}`],
    },
    {
      what: 'the last events cut off but for one',
      sql: `set local session_replication_role = replica;
            delete from event where event_number between 5 and (select max(event_number) - 1 from event)`,
      wrong: [
        `the history was cut or changed: event \\d+: the one before it is missing. ${BACKUP}`,
        `the history does not hold from event \\d+ on: the event before it is missing. ${BACKUP}`,
      ],
    },
  ])('$what', async ({ sql, wrong }) => {
    await database.transaction(async (db) => await db.query(sql))
    const pattern = (line: string): unknown => expect.stringMatching(new RegExp(`^Harbor Coffee: ${line}`))
    expect(await said()).toEqual(wrong.map(pattern))
  })

  test('of one query ten rows are listed, the others are counted', async () => {
    await database.query(`update ledger_refund set content_place = 9999`)
    const lines = await said()
    expect(lines).toHaveLength(11)
    expect(lines[10]).toMatch(/^Harbor Coffee: a refund is not stored as Layer sent it: \d\d+ more of these\. Somebody/)
  })

  test('each business is told of its own', async () => {
    await database.query(
      `update ledger_refund set content_place = 9999 where refund_id = (select min(refund_id) from ledger_refund)`,
    )
    expect(await said([OTHER])).toEqual([])
    expect(await said([OTHER, HARBOR])).toHaveLength(1)
  })
})

test('what came in after the last run is no fault: what a run leaves is then not asked', async () => {
  await database.query(`update discrepancy_effect set amount = amount + 1 where amount = -8640`)
  await database.query(
    `insert into run (business_id, job, as_of, started_at, outcome)
     select business_id, 'import', as_of, finished_at + interval '1 second', 'done' from reconciliation`,
  )
  const { faults, unsettled } = await examineStored(database, [HARBOR, OTHER], () => undefined)
  expect(faults).toEqual([])
  expect(unsettled).toEqual([HARBOR, OTHER])
})

test('it reads, and writes nothing', async () => {
  await database.query(`update discrepancy_effect set amount = amount + 1 where amount = -8640`)
  const stored = await storedTable(database, 'reconciliation')
  const written = async (): Promise<unknown> =>
    await database.query(`select pg_current_xact_id_if_assigned() as none, xmin, ctid from ${stored}`)
  const before = await written()
  await said()
  expect(await written()).toEqual(before)
})
