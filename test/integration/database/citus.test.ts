/**
 * On a Citus cluster: TIEOUT_TEST_DATABASE_LAYOUT=citus with the coordinator in DATABASE_URL. Work on a business is plain
 * Postgres on the tables of its shard, and every statement is asked there.
 */

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BusinessConfig } from '../../../src/config/config.ts'
import { type Database, openDatabase, openSession, type Session } from '../../../src/database/connect.ts'
import { distribute, migrate } from '../../../src/database/migrate.ts'
import { count, run } from '../../../src/database/statement.ts'
import { dropCitusDatabase, isCitus, makeCitusDatabase } from '../../support/citus.ts'
import { openDesk } from '../../support/desk.ts'
import { quiet } from '../../support/quiet.ts'
import { answersTo, isPlanless, makeStages, questionOf, statementNames } from '../../support/statement-plans.ts'

const NAME = `tieout_test_citus_${process.pid}`

interface PlanNode {
  'Node Type': string
  'Custom Plan Provider'?: string
  'Relation Name'?: string
  Plans?: PlanNode[]
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

async function planOf(db: Pick<Session, 'query'>, text: string): Promise<PlanNode[]> {
  const values = await answersTo(db, text, 0)
  const rows = await db.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) ${text}`, values)
  return rows.flatMap((row) => row['QUERY PLAN']).flatMap(({ Plan }) => nodesOf(Plan))
}

describe.skipIf(!isCitus)('on Citus (skipped where TIEOUT_TEST_DATABASE_LAYOUT is not citus)', () => {
  let coordinator: Database
  let url: string

  beforeAll(async () => {
    url = await makeCitusDatabase(NAME)
    coordinator = await openDatabase({ url, data_dir: '' }, quiet)
    await migrate(coordinator)
  }, 120_000)
  afterAll(async () => {
    await coordinator?.close()
    await dropCitusDatabase(NAME)
  })

  test('before it is distributed, all lies here', async () => {
    expect(await coordinator.elsewhere(randomUUID())).toBeNull()
  })

  const spread = async (db: Pick<Session, 'query'>): Promise<unknown[]> =>
    await db.query(`select distinct colocation_id > 0 as together, distribution_column, shard_count from citus_tables`)

  test('all tables of businesses are distributed together, once, into a shard for each node', async () => {
    expect(await distribute(coordinator)).toBeGreaterThan(40)
    expect(await distribute(coordinator)).toBe(0)
    const [nodes] = await coordinator.query<{ count: bigint }>('select count(*) from citus_get_active_worker_nodes()')
    expect(nodes?.count).toBeGreaterThan(1n)
    expect(await spread(coordinator)).toEqual([
      { together: true, distribution_column: 'business_id', shard_count: nodes?.count },
    ])
    const placed = await coordinator.query(
      `select from citus_shards where table_name = 'run'::regclass group by nodename, nodeport`,
    )
    expect(placed).toHaveLength(Number(nodes?.count))
  })

  test('into a given number of shards, which cannot be changed later', async () => {
    const name = `${NAME}_5`
    const database = await openDatabase({ url: await makeCitusDatabase(name), data_dir: '' }, quiet)
    try {
      await migrate(database)
      await distribute(database, 5)
      const five = [{ together: true, distribution_column: 'business_id', shard_count: 5n }]
      expect(await spread(database)).toEqual(five)
      await expect(distribute(database, 6)).rejects.toThrow(
        '--shards 6: the tables are distributed already, into 5 shards; isolate_tenant_to_new_shard gives a business a shard',
      )
      expect(await spread(database)).toEqual(five)
    } finally {
      await database.close()
      await dropCitusDatabase(name)
    }
  }, 60_000)

  test('every statement about a business is planned by plain Postgres, on the tables of its shard', async () => {
    const business_id = randomUUID()
    const own = await coordinator.elsewhere(business_id)
    if (own === null) throw new Error('it is here')
    const shard_id = own.schema.replace(/.*_/, '')
    const session = await openSession(own.url, own.schema)
    const wrong: string[] = []
    try {
      await session.query('begin')
      await makeStages(session)
      const shards = await session.query<{ shard: string }>(
        `select shard.logicalrelid || '_' || shard.shardid as shard from pg_dist_shard business join pg_dist_shard shard
         using (shardminvalue) where business.shardid = ${shard_id}`,
      )
      const mine = new Set(shards.map(({ shard }) => shard.replace(/.*\./, '')))
      for (const name of statementNames().filter((each) => !isPlanless(each))) {
        await session.query('savepoint asked')
        const nodes = await planOf(session, questionOf(name)).catch(async (error: unknown) => {
          await session.query('rollback to savepoint asked')
          wrong.push(`${name}: has no plan, ${String(error)}`)
          return []
        })
        for (const node of nodes) {
          const relation = node['Relation Name']
          if (node['Custom Plan Provider'] !== undefined) wrong.push(`${name}: ${node['Custom Plan Provider']}`)
          if (relation !== undefined && /_\d+$/.test(relation) && !mine.has(relation))
            wrong.push(`${name}: ${relation}`)
        }
      }
      await session.query('rollback')
    } finally {
      await session.close()
    }
    expect(wrong).toEqual([])
  })

  test('a statement on the coordinator is asked where its business lies, several businesses in the order asked for', async () => {
    const ids = Array.from({ length: 12 }, () => randomUUID())
    for (const id of ids) {
      const own = await coordinator.elsewhere(id)
      if (own !== null) await count(own, 'business/store_business', [id, JSON.stringify({ ...SETTINGS, name: id }), id])
    }
    const places = new Set(await Promise.all(ids.map(async (id) => (await coordinator.elsewhere(id))?.schema)))
    expect(places.size).toBeGreaterThan(1)
    const read = async (): Promise<unknown> =>
      await coordinator.transaction(async (db) => {
        await db.query('set transaction read only')
        return await run(db, 'business/settings_before', [ids[11] ?? ''])
      })
    // what is set for the transaction is set in each place: this one locks
    await expect(read()).rejects.toThrow('read-only transaction')
    const lines = await run<{ name: string }>(coordinator, 'report/businesses', [ids])
    expect(lines.map(({ name }) => name)).toEqual(ids)

    // the desk lists them by name
    const desk = await openDesk(
      coordinator,
      ids.map((id) => ({ id, name: id }) as BusinessConfig),
    )
    const { text } = await desk.send({ path: '/', headers: { cookie: await desk.signIn('Rae') } })
    await desk.close()
    expect([...text.matchAll(/<th[^>]*><a href="\/b\/([0-9a-f-]{36})/g)].map(([, id]) => id)).toEqual(ids.toSorted())
  })

  test('what is asked one after the other is asked on one connection, a new one when that breaks', async () => {
    const own = await coordinator.elsewhere(randomUUID())
    if (own === null) throw new Error('it is here')
    const pidOf = async (): Promise<bigint> =>
      (await own.query<{ pid: bigint }>('select pg_backend_pid()::bigint as pid'))[0]?.pid ?? 0n
    const first = await pidOf()
    const beside = await Promise.all([own.query('select pg_sleep(0.2)'), pidOf(), pidOf()])
    expect(beside.slice(1)).not.toContain(first)
    expect([await pidOf(), await pidOf()]).toEqual([first, first])
    await own.transaction(async () => expect(await pidOf()).not.toBe(first))
    await coordinator.query('select run_command_on_workers($1)', [`select pg_terminate_backend(${first})`])
    await new Promise((resolve) => setTimeout(resolve, 500))
    const second = await pidOf()
    expect(second).not.toBe(first)
    expect(await pidOf()).toBe(second)
  })

  test('numbers go on where a shard was moved to, and what is written under a lock is not left behind', async () => {
    const business_id = randomUUID()
    const own = await coordinator.elsewhere(business_id)
    if (own === null) throw new Error('it is here')
    await count(own, 'business/store_business', [business_id, JSON.stringify(SETTINGS), 'hash'])
    const opened = async (db: Database): Promise<bigint> =>
      (await db.query<{ run_id: bigint }>(OPEN, [business_id]))[0]?.run_id ?? 0n
    expect(await opened(own)).toBe(1n)

    const shard_id = own.schema.replace(/.*_/, '')
    const [other] = await coordinator.query<{ host: string; port: number }>(
      `select nodename as host, nodeport as port from pg_dist_node node
       where groupid <> 0 and not exists (
         select from pg_dist_placement placement where placement.groupid = node.groupid and shardid = ${shard_id}) limit 1`,
    )
    const from = new URL(own.url)
    let isMoved = false
    const moving = own.transaction(async (db) => {
      await db.query(OPEN, [business_id])
      const move = coordinator
        .query(
          `select citus_move_shard_placement(${shard_id}, '${from.hostname}', ${from.port}, '${other?.host}', ${other?.port},
           'block_writes')`,
        )
        .then(() => {
          isMoved = true
        })
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      expect(isMoved).toBe(false)
      // in an object: the move waits for this transaction to end
      return { move }
    })
    await (await moving).move
    await expect(opened(own)).rejects.toThrow(`shard ${shard_id} was moved to another node or split meanwhile`)
    const there = await coordinator.elsewhere(business_id)
    expect(there?.url).not.toBe(own.url)
    if (there !== null) expect(await opened(there)).toBe(3n)
  }, 120_000)
})

const OPEN = `insert into run (business_id, job, as_of, started_at, outcome) values ($1, 'pull', now(), now(), 'running') returning run_id`

const SETTINGS = {
  ...{ name: 'Harbor', currency: 'USD', time_zone: 'UTC', ledger_lag_days: 5, four_eyes: false, starts_on: null },
  ...{ ledger_dates: 'instant', outside_methods: [], outside_processors: [], rate_tolerance_bp: 300 },
}
