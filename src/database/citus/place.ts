/**
 * Where a business lies in a Citus cluster: on which node, and in which shard. Work on a business is done on its node, on the
 * tables of its shard, without the distributed planner (docs/decisions/0012-citus-keeps-tieout-works.md).
 */

import { DatabaseFault } from '../../core/errors.ts'
import type { Database, Db } from '../handle.ts'
import type { Guard } from '../on-connection.ts'
import { hasShardSchema, makeShardSchema } from './shard-schema.ts'

export interface Place {
  /** names it among the places of a database */
  key: string
  url: string
  /** of the shard: views of its tables by their names */
  schema: string
  guard: Guard
  shard_id: bigint
  /** of the distributed tables */
  tables_schema: string
}

/** Grain: one row, none where the tables are not distributed. $1 business */
const PLACE = `
  with shard as (
    select get_shard_id_for_distribution_column('business', $1::uuid) as shard_id
    where exists (select from pg_dist_partition where logicalrelid = to_regclass('business') and partmethod = 'h')
  )
  select shard.shard_id, node.nodename as host, node.nodeport as port
  from shard
  join pg_dist_placement placement on placement.shardid = shard.shard_id
  join pg_dist_node node on node.groupid = placement.groupid and node.noderole = 'primary'`

/**
 * While a shard is written to it is not moved: the lock is the one that Citus takes for its own writes. Only then it is
 * certain that the shard is still here.
 */
const guardOf = (shard_id: bigint): Guard => ({
  // Citus hides its shards' tables from whoever asks the catalogue, which the statistics do
  session: `set citus.override_table_visibility = off;
    prepare hold_shard as
      select lock_shard_metadata(5, array[shardid]) from pg_dist_shard where shardid = ${shard_id};
    prepare shard_is_here as
      select exists (
        select from pg_dist_placement placement join pg_dist_local_group here using (groupid)
        where placement.shardid = ${shard_id}) as is_here`,
  sql: 'execute hold_shard; execute shard_is_here',
  check([row]) {
    if ((row as { is_here?: boolean } | undefined)?.is_here === true) return
    throw new DatabaseFault(`shard ${shard_id} was moved to another node or split meanwhile: run again`)
  },
})

/** The same address with another server; of a socket's address the database, the user and the rest stay. */
const addressAt = (address: string, host: string, port: number): string => {
  const url = new URL(address)
  url.searchParams.delete('host')
  url.searchParams.delete('port')
  url.hostname = host
  url.port = String(port)
  return url.href
}

/** The place of a business; null where the tables are not distributed. */
export async function placeOf(database: Database, business_id: string): Promise<Place | null> {
  const [found] = await database.query<{ shard_id: bigint; host: string; port: number }>(PLACE, [business_id], 'place')
  if (found === undefined) return null
  const { shard_id, host, port } = found
  return {
    key: `${host}:${port}/${shard_id}`,
    url: addressAt(database.url, host, port),
    schema: `${database.schema}_${shard_id}`,
    guard: guardOf(shard_id),
    shard_id,
    tables_schema: database.schema,
  }
}

/** Gives `placed` when its schema is there; a shard that was moved here, or split off, has none yet. */
export async function openPlace(placed: Database, { shard_id, tables_schema }: Place): Promise<Database> {
  try {
    if (!(await hasShardSchema(placed))) {
      await placed.transaction(async (db: Db) => await makeShardSchema(db, placed.schema, tables_schema, shard_id))
    }
    return placed
  } catch (error) {
    await placed.close()
    throw error
  }
}
