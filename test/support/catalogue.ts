/** What Postgres says of the schema, as SQL for sql/schema.sql. The views are left out: sql/views has them. */

import type { Db } from '../../src/database/connect.ts'

interface Column {
  table_name: string
  column_name: string
  type: string
  collation: string | null
  not_null: boolean
  default_value: string | null
  identity: string
  generated: string
}

/** Grain: one row per column of a table; the migrator's own table is left out. */
const COLUMNS = `
  select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
         case when a.attcollation <> t.typcollation then quote_ident(l.collname) end as collation,
         a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default_value,
         a.attidentity as identity, a.attgenerated as generated
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_collation l on l.oid = a.attcollation
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_part'
  order by c.relname collate "C", a.attnum`

interface Named {
  table_name: string
  name: string
  definition: string
}

/** Grain: one row per primary, unique, check or foreign key; the not-null ones of Postgres 18 stand at the columns. */
const constraints = (kinds: string): string => `
  select c.relname as table_name, o.conname as name, pg_get_constraintdef(o.oid) as definition
  from pg_constraint o
  join pg_class c on c.oid = o.conrelid
  where c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_part' and o.contype in (${kinds})
  order by c.relname collate "C", array_position(array['p', 'u', 'c', 'f'], o.contype::text), o.conname collate "C"`

/** Grain: one row per index that no constraint made. */
const INDEXES = `
  select c.relname as table_name, i.relname as name, replace(pg_get_indexdef(x.indexrelid), ' public.', ' ') as definition
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  join pg_class c on c.oid = x.indrelid
  where c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_part'
    and not exists (select from pg_constraint o where o.conindid = x.indexrelid and o.contype in ('p', 'u', 'x'))
  order by c.relname collate "C", i.relname collate "C"`

/** Grain: one row per thing the planner is told to sample. */
const STATISTICS = `
  select c.relname as table_name, s.stxname as name, replace(pg_get_statisticsobjdef(s.oid), ' public.', ' ') as definition
  from pg_statistic_ext s
  join pg_class c on c.oid = s.stxrelid
  where c.relnamespace = 'public'::regnamespace
  order by c.relname collate "C", s.stxname collate "C"`

/** Grain: one row per sequence that is no identity column's. */
const SEQUENCES = `
  select s.relname as table_name, s.relname as name, '' as definition
  from pg_class s
  where s.relnamespace = 'public'::regnamespace and s.relkind = 'S'
    and not exists (select from pg_depend p where p.objid = s.oid and p.deptype = 'i')
  order by s.relname collate "C"`

/** Grain: one row per function, then per trigger. */
const REST = [
  `select proname as table_name, proname as name, pg_get_functiondef(oid) as definition
   from pg_proc where pronamespace = 'public'::regnamespace order by proname collate "C", oid`,
  `select c.relname as table_name, g.tgname as name, replace(pg_get_triggerdef(g.oid), ' public.', ' ') as definition
   from pg_trigger g join pg_class c on c.oid = g.tgrelid
   where c.relnamespace = 'public'::regnamespace and not g.tgisinternal
   order by c.relname collate "C", g.tgname collate "C"`,
]

/** Grain: one row per table and per column, a table before its columns; comment is null where it has none. */
const COMMENTS = `
  select c.relname as table_name,
    case when a.attnum is null then 'table ' || c.relname else format('column %s.%s', c.relname, a.attname) end as name,
    col_description(c.oid, coalesce(a.attnum, 0)) as comment
  from pg_class c
  left join lateral (
    select null::smallint as attnum, null::name as attname
    union all
    select attnum, attname from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
  ) a on true
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_part'
  order by c.relname collate "C", a.attnum nulls first`

interface Comment {
  table_name: string
  /** 'table business' or 'column business.name' */
  name: string
  comment: string | null
}

/** The tables and columns that bear no comment: 'column business.name'. */
export const uncommented = async (db: Db): Promise<string[]> =>
  (await db.query<Comment>(COMMENTS)).flatMap(({ name, comment }) => (comment === null ? [name] : []))

function columnSql(column: Column): string {
  const parts = [`  ${column.column_name} ${column.type}`]
  if (column.collation !== null) parts.push(`collate ${column.collation}`)
  if (column.not_null) parts.push('not null')
  if (column.identity !== '') parts.push(`generated ${column.identity === 'a' ? 'always' : 'by default'} as identity`)
  if (column.generated !== '') parts.push(`generated always as (${column.default_value}) stored`)
  else if (column.default_value !== null) parts.push(`default ${column.default_value}`)
  return parts.join(' ')
}

function byTable<T extends { table_name: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(row.table_name, [...(groups.get(row.table_name) ?? []), row])
  return groups
}

/** The whole schema as SQL that makes it anew, in an order that does not depend on history. */
export async function dumpSchema(db: Db): Promise<string> {
  const columns = byTable(await db.query<Column>(COLUMNS))
  const keys = byTable(await db.query<Named>(constraints(`'p', 'u', 'c'`)))
  const comments = byTable(await db.query<Comment>(COMMENTS))
  const parts = (await db.query<Named>(SEQUENCES)).map(({ name }) => `create sequence ${name};`)
  for (const [table, ofTable] of columns) {
    const inner = ofTable.map(columnSql)
    for (const key of keys.get(table) ?? []) inner.push(`  constraint ${key.name} ${key.definition}`)
    const said = (comments.get(table) ?? []).flatMap(({ name, comment }) =>
      comment === null ? [] : [`comment on ${name} is '${comment.replaceAll("'", "''")}';`],
    )
    parts.push([`create table ${table} (\n${inner.join(',\n')}\n);`, ...said].join('\n'))
  }
  for (const sql of [INDEXES, STATISTICS]) {
    parts.push((await db.query<Named>(sql)).map(({ definition }) => `${definition};`).join('\n'))
  }
  const foreign = await db.query<Named>(constraints(`'f'`))
  parts.push(
    foreign.map((key) => `alter table ${key.table_name} add constraint ${key.name} ${key.definition};`).join('\n'),
  )
  for (const sql of REST) for (const { definition } of await db.query<Named>(sql)) parts.push(`${definition};`)
  const head =
    '-- The tables as `tieout migrate` leaves them; sql/views has the views. Generated, and checked by\n' +
    '-- test/integration/database/schema.test.ts; `npx vitest run test/integration/database/schema.test.ts -u` renews it.'
  return `${[head, ...parts].filter((part) => part !== '').join('\n\n')}\n`
}
