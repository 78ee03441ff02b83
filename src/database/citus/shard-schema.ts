/**
 * A schema for a shard, on the node on which it lies: its tables under their own names, as views of the shard's tables, and the
 * views of sql/views on them. Citus names a shard's tables `event_102008`, and lets nobody rename them.
 */

import type { Db } from '../handle.ts'
import { makeViews } from '../migrate.ts'
import { quoted } from '../own-schema.ts'

/** Grain: one row per table of the shard. $1 the shard of table business, $2 the schema of the distributed tables */
const TABLES = `
  select class.relname::text as name, format('%I.%I', $2::text, class.relname || '_' || shard.shardid) as shard,
    array(
      select attname::text from pg_attribute where attrelid = class.oid and attidentity <> '' order by attnum) as identities
  from pg_dist_shard business
  join pg_dist_partition own on own.logicalrelid = business.logicalrelid
  join pg_dist_partition part on part.colocationid = own.colocationid
  join pg_dist_shard shard on shard.logicalrelid = part.logicalrelid and shard.shardminvalue = business.shardminvalue
  join pg_class class on class.oid = part.logicalrelid
  join pg_namespace space on space.oid = class.relnamespace
  where business.shardid = $1::bigint and space.nspname = $2::text
  order by class.relname`

/** Grain: one row per column with a value of its own. $1 table */
const DEFAULTS = `
  select attname::text as name, pg_get_expr(adbin, adrelid) as value
  from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
  where adrelid = $1::text::regclass and attgenerated = ''`

/** Legs and rows are numbered together, by the sequence item_no. */
const ITEMS = { ledger_leg: 'leg_no', processor_row: 'row_no' } as const

/** Into which rows go by COPY, which takes no view that has no trigger for it. */
const COPIED_INTO = 'ledger_page'

interface ShardTable {
  name: string
  /** as it stands in a statement */
  shard: string
  identities: string[]
}

/** Whether the schema in which `db` works has the views of a shard: where the shard has left, they went with it. */
export async function hasShardSchema(db: Db): Promise<boolean> {
  const [found] = await db.query<{ has: boolean }>(`select to_regclass('business') is not null as has`)
  return found?.has === true
}

/**
 * Makes the schema of a shard. Its sequences go on behind what the shard holds, so that they need not go with it when it moves.
 * Several at once are fine. `db` is a transaction on the node.
 */
export async function makeShardSchema(db: Db, schema: string, tables_schema: string, shard_id: bigint): Promise<void> {
  // nothing of it is for other nodes
  await db.query(`
    set local citus.enable_ddl_propagation = off;
    select pg_advisory_xact_lock(hashtextextended('tieout shard ' || ${shard_id}, 0))`)
  if (await hasShardSchema(db)) return
  const own = quoted(schema)
  await db.query(`drop schema if exists ${own} cascade; create schema ${own}`)
  const tables = await db.query<ShardTable>(TABLES, [shard_id, tables_schema])
  for (const { name, shard } of tables) await db.query(`create view ${quoted(name)} as select * from ${shard}`)
  for (const table of tables) for (const column of table.identities) await number(db, table, column)
  await db.query(numberTogether())
  const base = quoted(tables_schema)
  await db.query(`
    create function row_step(step bigint) returns bytea language sql immutable return ${base}.row_step(step)`)
  for (const table of tables) if (table.name === COPIED_INTO) await copyThrough(db, table)
  await makeViews(db)
}

/** An identity column of a table is none of its shards: a sequence of the view takes its place. */
async function number(db: Db, { name }: ShardTable, column: string): Promise<void> {
  const [view, field, sequence] = [quoted(name), quoted(column), quoted(`${name}_${column}_seq`)]
  await db.query(`
    create sequence ${sequence};
    alter sequence ${sequence} owned by ${view}.${field};
    alter view ${view} alter column ${field} set default nextval('${sequence}');
    select setval('${sequence}', coalesce(max(${field}), 0) + 1, false) from ${view}`)
}

const numberTogether = (): string => {
  const columns = Object.entries(ITEMS)
  const last = columns.map(([table, column]) => `coalesce((select max(${column}) from ${table}), 0)`)
  return `
    create sequence item_no;
    select setval('item_no', greatest(${last.join(', ')}) + 1, false);
    ${columns.map(([table, column]) => `alter view ${table} alter column ${column} set default nextval('item_no')`).join('; ')}`
}

async function copyThrough(db: Db, { name, shard }: ShardTable): Promise<void> {
  for (const column of await db.query<{ name: string; value: string }>(DEFAULTS, [shard])) {
    await db.query(`alter view ${quoted(name)} alter column ${quoted(column.name)} set default ${column.value}`)
  }
  await db.query(`
    create function copy_through() returns trigger language plpgsql as $$
    begin
      insert into ${shard} select new.*;
      return new;
    end $$;
    create trigger copy_through instead of insert on ${quoted(name)} for each row execute function copy_through()`)
}
