/**
 * The optional layout for many businesses: the tables that grow with every refund lie hash-partitioned by business_id, so
 * that a statement, which is always of one business, reads and locks one partition of each, whatever the others hold.
 *
 * What a migration has to heed, since it must do on both layouts: a unique key begins with business_id (as the house has
 * it anyway); no `alter table ... set (...)` on a table listed here (set it on each partition, through pg_inherits), no
 * identity column in one (Postgres has them in partitioned tables from 17 on), no `concurrently`, `only` or `not valid`.
 * A new table that grows with every refund is listed here: `migrate --partitions N`, run again, brings it in.
 */

import { BusyFault, DatabaseFault, UsageFault } from '../errors.ts'
import type { Database, Db } from './connect.ts'
import { lockKeyOf } from './lock.ts'

/**
 * Rows for every refund, or for every finding. Not: settings, pulls, files, runs, totals and verdicts, of which a business
 * has some hundreds; quarantine, events and corrections, written by the handful and read by key, which have identity columns.
 */
export const BIG_TABLES: readonly string[] = [
  'ledger_refund',
  'ledger_refund_version',
  'ledger_leg',
  'processor_row',
  'report_piece',
  'payment_key',
  'refund_key',
  'awaited_payment',
  'match_item',
  'settled_match',
  'settled_key',
  'open_item',
  'touched_leg',
  'discrepancy',
  'discrepancy_leg',
  'discrepancy_row',
  'discrepancy_effect',
]

/** Above some fifty the locks of the one transaction want a larger server setting. */
const FEWEST = 2
const MOST = 1024

/** The number that `--partitions` was given, or null. Throws UsageFault where it is none from 2 to 1024. */
export function partitionsOf(given: string | undefined): number | null {
  if (given === undefined) return null
  const partitions = /^[0-9]{1,4}$/.test(given) ? Number(given) : 0
  if (partitions >= FEWEST && partitions <= MOST) return partitions
  throw new UsageFault(`--partitions ${given}: give a whole number from ${FEWEST} to ${MOST}`)
}

interface Layout {
  name: string
  /** 0: a plain table */
  partitions: number
  /** of a plain table, or of its first partition: fillfactor=90, autovacuum_..., or null */
  options: string | null
  identity: string | null
  columns: string
}

/** Grain: one row per table asked for, in the order of the list. */
const LAYOUT = `
  select c.relname as name, count(p.inhrelid)::int as partitions,
    array_to_string(coalesce(c.reloptions, min(part.reloptions)), ', ') as options,
    (select min(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attidentity <> '') as identity,
    (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
  from pg_class c
  left join pg_inherits p on p.inhparent = c.oid and c.relkind = 'p'
  left join pg_class part on part.oid = p.inhrelid
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and c.relname = any($1::text[])
  group by c.oid order by array_position($1::text[], c.relname::text)`

/** The foreign keys from and to the tables. Grain: one row per key; those that Postgres made for partitions left out. */
const FOREIGN_KEYS = `
  select own.relname as table_name, format('alter table %I drop constraint %I', own.relname, k.conname) as drop,
    format('alter table %I add constraint %I %s', own.relname, k.conname, pg_get_constraintdef(k.oid)) as make
  from pg_constraint k
  join pg_class own on own.oid = k.conrelid
  join pg_class other on other.oid = k.confrelid
  where k.contype = 'f' and k.conparentid = 0 and own.relnamespace = current_schema()::regnamespace
    and (own.relname = any($1::text[]) or other.relname = any($1::text[]))
  order by own.relname, k.conname`

/** The views on the tables, and the views on these. Grain: one row per view, the lowest first. */
const VIEWS = `
  with recursive on_them (view, level) as (
    select r.ev_class, 1 from pg_depend d join pg_rewrite r on r.oid = d.objid and r.ev_class <> d.refobjid
    where d.classid = 'pg_rewrite'::regclass and d.refobjid = any($1::text[]::regclass[])
    union
    select r.ev_class, level + 1 from on_them
    join pg_depend d on d.refobjid = on_them.view and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite r on r.oid = d.objid and r.ev_class <> d.refobjid
  )
  select c.oid::regclass::text as name,
    format('create view %s%s as %s', c.oid::regclass, ' with (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid)) as make
  from on_them join pg_class c on c.oid = on_them.view and c.relkind = 'v'
  group by c.oid order by max(level), name`

/** What LIKE does not copy under its own name, or not at all. Grain: one row per key, index, statistics and trigger. */
const REST = `
  select 1 as turn, k.conname as name, format('alter table %I add constraint %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid)) as make
  from pg_class c join pg_constraint k on k.conrelid = c.oid
  where c.oid = $1::regclass and k.contype in ('p', 'u', 'x')
  union all
  select 2, i.relname, replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ')
  from pg_index x join pg_class i on i.oid = x.indexrelid
  where x.indrelid = $1::regclass and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))
  union all
  select 3, s.stxname, pg_get_statisticsobjdef(s.oid) from pg_statistic_ext s where s.stxrelid = $1::regclass
  union all
  select 4, t.tgname, pg_get_triggerdef(t.oid) from pg_trigger t where t.tgrelid = $1::regclass and not t.tgisinternal
  order by turn, name`

/** Grain: one row per right that somebody was given on a table or view. */
const GRANTS = `
  select format('grant %s on %s to %s%s', a.privilege_type, c.oid::regclass,
    case a.grantee when 0 then 'public' else a.grantee::regrole::text end,
    case when a.is_grantable then ' with grant option' else '' end) as make
  from pg_class c cross join aclexplode(c.relacl) a where c.oid = any($1::text[]::regclass[]) and a.grantee <> c.relowner`

/** Locks that a transaction may take before the server runs out of them, and relations that a rewrite makes and drops. */
const ROOM = `
  select current_setting('max_locks_per_transaction')::bigint as each,
    current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint as sessions,
    -- the table itself, its overflow with an index, and its indexes
    (select sum(3 + (select count(*) from pg_index x where x.indrelid = c.oid)) from pg_class c where c.oid = any($1::regclass[])) as relations,
    (select count(*) from business) as businesses`

const AT_WORK = `select business_id from business where not pg_try_advisory_xact_lock(${lockKeyOf('business_id::text')}) limit 1`

const ONE_AT_A_TIME = `select pg_advisory_xact_lock(hashtextextended('tieout partitions', 0))`

async function checkRoom(db: Db, tables: readonly Layout[], partitions: number): Promise<void> {
  const [room] = await db.query<{ each: bigint; sessions: bigint; relations: string; businesses: bigint }>(ROOM, [
    tables.map(({ name }) => name),
  ])
  if (room === undefined) return
  const most = Math.max(partitions, ...tables.map((table) => table.partitions))
  const wanted = BigInt(room.relations) * BigInt(most) + room.businesses
  if (wanted <= room.each * room.sessions) return
  const setting = (wanted + room.sessions - 1n) / room.sessions
  throw new DatabaseFault(
    `--partitions ${partitions}: one transaction would make about ${wanted} tables and indexes, and this server can lock ` +
      `${room.each * room.sessions}; set max_locks_per_transaction to ${setting} or more and restart it, or take fewer partitions`,
  )
}

/** One table anew in `partitions` partitions, with its rows; gives what remains to be made when all tables are there. */
async function rewrite(db: Db, { name, options, columns }: Layout, partitions: number): Promise<void> {
  const rest = await db.query<{ make: string }>(REST, [name])
  await db.query(`alter table ${name} rename to ${name}_before`)
  await db.query(
    `create table ${name} (like ${name}_before including all excluding indexes excluding statistics) partition by hash (business_id)`,
  )
  const settings = options === null ? '' : ` with (${options})`
  for (let part = 0; part < partitions; part += 1) {
    await db.query(
      `create table ${name}_${part}_of_${partitions} partition of ${name}
       for values with (modulus ${partitions}, remainder ${part})${settings}`,
    )
  }
  await db.query(`insert into ${name} (${columns}) select ${columns} from ${name}_before`)
  await db.query(`drop table ${name}_before`)
  for (const { make } of rest) await db.query(make)
}

/**
 * Lays the tables out in `partitions` hash partitions, all in one transaction, and gives the names of those that were
 * not laid out so before: none where there is nothing to do. Other numbers of partitions are re-partitioned: all rows are
 * written anew either way. Keeps the names of keys and indexes, views and grants. Takes twice the room of the tables while it runs, and
 * locks them; runs of businesses must not be under way. Publications that name a table must be told of it again.
 * Throws BusyFault where a business is being worked on, DatabaseFault where the server has no room for so many locks.
 */
export async function partitionTables(
  database: Database,
  partitions: number,
  tables: readonly string[] = BIG_TABLES,
): Promise<string[]> {
  const changed = await database.transaction(async (db) => {
    await db.query(ONE_AT_A_TIME)
    const all = await db.query<Layout>(LAYOUT, [tables])
    const other = all.filter((table) => table.partitions !== partitions)
    if (other.length === 0) return []
    const names = other.map(({ name }) => name)
    const identity = other.find((table) => table.identity !== null)
    if (identity)
      throw new DatabaseFault(`${identity.name}.${identity.identity} is an identity column: not to be partitioned`)
    const [busy] = await db.query<{ business_id: string }>(AT_WORK)
    if (busy) {
      throw new BusyFault(
        `business ${busy.business_id} is being worked on; lay the tables out when no run is under way, and none is due soon`,
      )
    }
    await checkRoom(db, other, partitions)
    await db.query(`lock table ${names.join(', ')} in access exclusive mode`)
    const keys = await db.query<{ drop: string; make: string }>(FOREIGN_KEYS, [names])
    const views = await db.query<{ name: string; make: string }>(VIEWS, [names])
    const grants = await db.query<{ make: string }>(GRANTS, [[...names, ...views.map(({ name }) => name)]])
    for (const { name } of views.toReversed()) await db.query(`drop view ${name}`)
    for (const { drop } of keys) await db.query(drop)
    for (const table of other) await rewrite(db, table, partitions)
    for (const { make } of [...keys, ...views, ...grants]) await db.query(make)
    return names
  })
  // the new tables have no statistics yet
  if (changed.length > 0) await database.query(`analyze ${changed.join(', ')}`)
  return changed
}
