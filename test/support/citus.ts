/** TIEOUT_TEST_DATABASE_LAYOUT=citus: fresh databases on a given Citus cluster, of which DATABASE_URL is the coordinator. */

import { inject } from 'vitest'
import { type Database, openDatabase, openSession } from '../../src/database/connect.ts'
import { distribute, migrate } from '../../src/database/migrate.ts'
import { quiet } from './quiet.ts'

export const isCitus = process.env['TIEOUT_TEST_DATABASE_LAYOUT'] === 'citus'

interface Node {
  host: string
  port: number
}

const withDatabase = (url: string, database: string): string => url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${database}`)

const at = (url: string, { host, port }: Node): string => {
  const address = new URL(url)
  address.hostname = host
  address.port = String(port)
  return address.href
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const session = await openSession(url)
  try {
    return await session.query<T>(sql)
  } finally {
    await session.close()
  }
}

const workersOf = async (url: string): Promise<Node[]> =>
  await ask<Node>(
    url,
    `select nodename as host, nodeport as port from pg_dist_node where noderole = 'primary' and groupid <> 0 order by nodeid`,
  )

/** Makes an empty database on all nodes of the cluster. */
export async function makeCitusDatabase(name: string): Promise<string> {
  const { url } = inject('server')
  const workers = await workersOf(url)
  const nodes = [url, ...workers.map((worker) => at(url, worker))]
  await Promise.all(
    nodes.map(async (node) => {
      await ask(node, `create database ${name} encoding 'UTF8' template template0`)
      await ask(withDatabase(node, name), 'create extension citus')
    }),
  )
  const own = withDatabase(url, name)
  for (const { host, port } of workers) await ask(own, `select citus_add_node('${host}', ${port})`)
  return own
}

export async function dropCitusDatabase(name: string): Promise<void> {
  const { url } = inject('server')
  const nodes = [url, ...(await workersOf(url)).map((worker) => at(url, worker))]
  await Promise.all(nodes.map(async (node) => await ask(node, `drop database if exists ${name} with (force)`)))
}

const SOME_BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

/** A migrated database on the cluster, seen as work on a business sees it: all businesses lie in one shard. */
export async function openCitusDatabase(name: string): Promise<{ database: Database; coordinator: Database }> {
  const url = await makeCitusDatabase(name)
  const coordinator = await openDatabase({ url, data_dir: '' }, quiet)
  await migrate(coordinator)
  await distribute(coordinator, 1)
  const placed = await coordinator.elsewhere(SOME_BUSINESS)
  if (placed === null) throw new Error('the tables are not distributed')
  const close = async (): Promise<void> => {
    await placed.close()
    await coordinator.close()
    await dropCitusDatabase(name)
  }
  return { database: { ...placed, close }, coordinator }
}
