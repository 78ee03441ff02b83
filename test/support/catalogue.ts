/** What Postgres says of the schema: as SQL for sql/schema.sql, and as row types for src/database/schema.ts. */

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

/** Grain: one row per column of a table; Kysely's own two tables are left out, and so are a table's partitions. */
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
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname not like 'kysely%'
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
  where c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely%' and o.contype in (${kinds})
    and o.conparentid = 0 and not c.relispartition
  order by c.relname collate "C", array_position(array['p', 'u', 'c', 'f'], o.contype::text), o.conname collate "C"`

/** Grain: one row per index that no constraint made. */
const INDEXES = `
  select c.relname as table_name, i.relname as name, replace(replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON '), ' public.', ' ') as definition
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  join pg_class c on c.oid = x.indrelid
  where c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely%' and not c.relispartition
    and not exists (select from pg_constraint o where o.conindid = x.indexrelid and o.contype in ('p', 'u', 'x'))
  order by c.relname collate "C", i.relname collate "C"`

/** Grain: one row per sequence that is no identity column's. */
const SEQUENCES = `
  select s.relname as table_name, s.relname as name, '' as definition
  from pg_class s
  where s.relnamespace = 'public'::regnamespace and s.relkind = 'S'
    and not exists (select from pg_depend p where p.objid = s.oid and p.deptype = 'i')
  order by s.relname collate "C"`

/** Grain: one row per function, then per view, then per trigger. */
const REST = [
  `select proname as table_name, proname as name, pg_get_functiondef(oid) as definition
   from pg_proc where pronamespace = 'public'::regnamespace order by proname collate "C", oid`,
  `select relname as table_name, relname as name,
          'create view ' || quote_ident(relname) || ' as' || chr(10) || rtrim(pg_get_viewdef(oid), ';') as definition
   from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v' order by relname collate "C"`,
  `select c.relname as table_name, g.tgname as name, replace(pg_get_triggerdef(g.oid), ' public.', ' ') as definition
   from pg_trigger g join pg_class c on c.oid = g.tgrelid
   where c.relnamespace = 'public'::regnamespace and not g.tgisinternal
   order by c.relname collate "C", g.tgname collate "C"`,
]

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
  const parts = (await db.query<Named>(SEQUENCES)).map(({ name }) => `create sequence ${name};`)
  for (const [table, ofTable] of columns) {
    const inner = ofTable.map(columnSql)
    for (const key of keys.get(table) ?? []) inner.push(`  constraint ${key.name} ${key.definition}`)
    parts.push(`create table ${table} (\n${inner.join(',\n')}\n);`)
  }
  parts.push((await db.query<Named>(INDEXES)).map(({ definition }) => `${definition};`).join('\n'))
  const foreign = await db.query<Named>(constraints(`'f'`))
  parts.push(
    foreign.map((key) => `alter table ${key.table_name} add constraint ${key.name} ${key.definition};`).join('\n'),
  )
  for (const sql of REST) for (const { definition } of await db.query<Named>(sql)) parts.push(`${definition};`)
  const head =
    '-- The schema as the migrations leave it: read this to know the database. Generated, and checked by\n' +
    '-- test/integration/database/schema.test.ts; `npx vitest run test/integration/database/schema.test.ts -u` renews it.'
  return `${[head, ...parts].filter((part) => part !== '').join('\n\n')}\n`
}

const SCALARS: Readonly<Record<string, string>> = {
  uuid: 'string',
  text: 'string',
  bigint: 'bigint',
  integer: 'number',
  smallint: 'number',
  boolean: 'boolean',
  date: 'string',
  'timestamp with time zone': 'string',
  numeric: 'string',
  'text[]': 'string[]',
  'bigint[]': '(bigint | null)[]',
  'uuid[]': 'string[]',
  'integer[]': 'number[]',
}

/** The words a check allows, e.g. CHECK ((verdict = ANY (ARRAY['waiting'::text, 'reconciled'::text]))), as a union. */
function wordsOf(column: Column, checks: readonly Named[]): string | null {
  for (const { definition } of checks) {
    const found = /^CHECK \(\((\w+) = ANY \(ARRAY\[([^\]]*)\]\)\)\)$/.exec(definition)
    if (found?.[1] === column.column_name && column.type === 'text') {
      return [...(found[2] ?? '').matchAll(/'([^']*)'::text/g)].map(([, word]) => `'${word}'`).join(' | ')
    }
  }
  return null
}

function columnType(column: Column, checks: readonly Named[]): string {
  const json = column.type === 'json' || column.type === 'jsonb'
  const scalar = json ? 'Json' : (wordsOf(column, checks) ?? SCALARS[column.type])
  if (scalar === undefined)
    throw new Error(`${column.table_name}.${column.column_name}: no row type for ${column.type}`)
  const whole = column.not_null ? scalar : json ? 'JsonOrNull' : `${scalar} | null`
  if (column.identity === 'a' || column.generated !== '') return `GeneratedAlways<${whole}>`
  return column.default_value === null && column.identity === '' ? whole : `Generated<${whole}>`
}

const interfaceName = (table: string): string =>
  `${table.replace(/(^|_)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase())}Table`

const LONGEST_LINE = 120

/** One line, or where that is too long one for each word. */
const property = (name: string, type: string): string => {
  const line = `  ${name}: ${type}`
  return line.length <= LONGEST_LINE ? line : `  ${name}:\n    | ${type.replaceAll(' | ', '\n    | ')}`
}

/** The text of src/database/schema.ts: one interface per table, columns in their order. */
export async function rowTypes(db: Db): Promise<string> {
  const columns = byTable(await db.query<Column>(COLUMNS))
  const checks = byTable(await db.query<Named>(constraints(`'c'`)))
  const tables = [...columns].map(([table, ofTable]) => {
    const lines = ofTable.map((column) => property(column.column_name, columnType(column, checks.get(table) ?? [])))
    return `export interface ${interfaceName(table)} {\n${lines.join('\n')}\n}\n`
  })
  const members = [...columns.keys()].map((table) => `  ${table}: ${interfaceName(table)}`)
  const body = `${tables.join('\n')}\nexport interface Schema {\n${members.join('\n')}\n}\n`
  const used = ['ColumnType', 'Generated', 'GeneratedAlways'].filter((name) => new RegExp(`${name}<|Json`).test(body))
  return `/**
 * Row types of all tables, for Kysely: bigint for int8, text for dates ('2026-10-31') and instants (UTC, 'Z').
 * Generated from the migrated database and checked by test/integration/database/schema.test.ts (-u renews it).
 */

import type { ${used.join(', ')} } from 'kysely'

/** Parsed when read; written as JSON text. It never holds an amount as a JSON number. */
type Json = ColumnType<unknown, string, string>
type JsonOrNull = ColumnType<unknown, string | null | undefined, string | null>

${body}`
}
