/** Spreads the tables over the nodes of a Citus cluster: each by business_id, and all rows of a business together. */

import { DatabaseFault } from '../../core/errors.ts'
import type { Db } from '../handle.ts'
import { quoted } from '../own-schema.ts'

/** By whose shards all others lie. */
const FIRST = 'business'

/**
 * Grain: one row per table that is not distributed, what others refer to first: tables of a restored dump are made in the
 * order of their names. Without a key, a row is known by all of it.
 */
const TABLES = `
  with recursive own as (
    select class.oid, class.relname::text as name from pg_class class
    where class.relnamespace = current_schema()::regnamespace and class.relkind = 'r'
      and exists (select from pg_attribute where attrelid = class.oid and attname = 'business_id')
  ),
  referring as (
    select oid, 0 as steps from own
    union
    select conrelid, steps + 1 from referring
    join pg_constraint on confrelid = referring.oid and contype = 'f' and conrelid <> confrelid
  )
  select name, not exists (select from pg_index where indrelid = own.oid and indisprimary) as has_no_key
  from own join referring using (oid)
  where not exists (select from pg_dist_partition where logicalrelid = own.oid)
  group by oid, name
  order by name <> '${FIRST}', max(steps), name`

/** Grain: one row per trigger of a table that is not distributed. */
const TRIGGERS = `
  select format('%I on %I', tgname, class.relname) as name, pg_get_triggerdef(pg_trigger.oid) as text
  from pg_trigger
  join pg_class class on class.oid = tgrelid
  where class.relnamespace = current_schema()::regnamespace and not tgisinternal
    and not exists (select from pg_dist_partition where logicalrelid = class.oid)`

const SET_LOCAL = `set local citus.enable_unsafe_triggers = on; set local citus.multi_shard_modify_mode = 'sequential'`

const CITUS = `select to_regclass('pg_catalog.pg_dist_partition') is not null as is_there`

/** The schemas of shards on a node: see shard-schema.ts. */
const dropShardSchemas = (prefix: string): string => `
  do $drop$
  declare
    shard record;
  begin
    set local citus.enable_ddl_propagation = off;
    for shard in
      select nspname from pg_namespace
      where nspname ~ '_[0-9]+$' and starts_with(nspname, '${prefix}')
        and exists (select from pg_class where relnamespace = pg_namespace.oid and relname = 'item_no' and relkind = 'S')
    loop
      execute format('drop schema %I cascade', shard.nspname);
    end loop;
  end $drop$`

/** Grain: one row, on how many nodes shards may lie. A coordinator that has no workers yet holds them itself. */
const NODES = `
  select greatest(count(*), 1)::integer as nodes from pg_dist_node where noderole = 'primary' and shouldhaveshards and isactive`

/**
 * Looks whether the tables can be spread as is asked. `shards`: a given number of them.
 * @throws DatabaseFault where the database has no Citus, or is given a number and is distributed already
 */
export async function checkSpread(db: Db, shards: number | null): Promise<void> {
  const [citus] = await db.query<{ is_there: boolean }>(CITUS)
  if (citus?.is_there !== true) {
    throw new DatabaseFault(
      'this database has no Citus: run "create extension citus" in it on each node, and add the workers on the coordinator ' +
        'with citus_add_node; nothing was changed',
    )
  }
  const [first] = await db.query<{ shards: number }>(
    `select count(*)::integer as shards from pg_dist_shard where logicalrelid = to_regclass('${FIRST}')`,
  )
  if (shards === null || first === undefined || first.shards === 0) return
  throw new DatabaseFault(
    `--shards ${shards}: the tables are distributed already, into ${first.shards === 1 ? 'one shard' : `${first.shards} shards`}; ` +
      'isolate_tenant_to_new_shard gives a business a shard of its own, citus_split_shard_by_split_points splits a shard; ' +
      'nothing was changed',
  )
}

/**
 * Distributes what is not yet distributed, with what it holds; gives how many tables that were. In a transaction.
 * They lie beside the first; where that is not distributed yet, it goes into as many `shards`, or else one for each node: a
 * process has connections and plans of its own for each shard.
 */
export async function distributeTables(db: Db, shards: number | null = null): Promise<number> {
  const [{ nodes } = { nodes: 1 }] = await db.query<{ nodes: number }>(NODES)
  const tables = await db.query<{ name: string; has_no_key: boolean }>(TABLES)
  // the triggers only look at rows of their own business, which lie on the same node. What is only
  // copied there they have seen before, and connections of Citus do not find the tables that they ask
  await db.query(SET_LOCAL)
  const triggers = await db.query<{ name: string; text: string }>(TRIGGERS)
  for (const { name } of triggers) await db.query(`drop trigger ${name}`)
  for (const { name, has_no_key } of tables) {
    const place =
      name === FIRST ? `colocate_with => 'none', shard_count => ${shards ?? nodes}` : `colocate_with => '${FIRST}'`
    await db.query(`select create_distributed_table('${quoted(name)}', 'business_id', ${place})`)
    // a shard that is moved is copied while it is written to
    if (has_no_key) await db.query(`alter table ${quoted(name)} replica identity full`)
  }
  for (const { text } of triggers) await db.query(text)
  return tables.length
}

/** Before a migration of a distributed database: what was made for its shards stands in the way, and is made anew. */
export async function prepareMigration(db: Db, schema: string): Promise<boolean> {
  const [table] = await db.query<{ is_distributed: boolean }>(
    `select exists (select from pg_dist_partition where logicalrelid = to_regclass('${FIRST}')) as is_distributed`,
  )
  if (table?.is_distributed !== true) return false
  await db.query('select run_command_on_all_nodes($1)', [dropShardSchemas(`${schema.replaceAll("'", "''")}_`)])
  await db.query(SET_LOCAL)
  return true
}

/** A statement with the comments before it; texts, quoted names and bodies of functions are taken whole. */
const STATEMENT = /(?:--[^\n]*|'[^']*'|"[^"]*"|\$(\w*)\$[\s\S]*?\$\1\$|[^;])+/g

/** The statements of a migration one by one: of several at once Citus sends each node all, and the node refuses that. */
export const statementsOf = (text: string): string[] =>
  (text.match(STATEMENT) ?? []).filter((statement) => /\S/.test(statement.replaceAll(/--.*/g, '')))
