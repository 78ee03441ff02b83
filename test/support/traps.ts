/** Functions and operators of a stranger, named as those that SQL files call, for more exact types: each raises an error. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Db } from '../../src/database/connect.ts'
import { SQL_FOLDER } from '../../src/database/statement.ts'

const SOURCES = join(import.meta.dirname, '../../src')

/** The names of built-in functions that any file of sql/ or src/ seems to call. */
export async function builtInNames(db: Db): Promise<string[]> {
  const called = new Set<string>()
  for (const [folder, ending] of [
    [SQL_FOLDER, '.sql'],
    [SOURCES, '.ts'],
  ] as const) {
    for (const file of readdirSync(folder, { recursive: true }).map(String)) {
      if (!file.endsWith(ending)) continue
      for (const [, name = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/\b([a-z_0-9]+)\(/g))
        called.add(name)
    }
  }
  const known = await db.query<{ name: string }>(
    `select distinct proname::text as name from pg_proc
     where pronamespace = 'pg_catalog'::regnamespace and prokind in ('f', 'a') and proname = any ($1::text[]) order by 1`,
    [[...called]],
  )
  return known.map(({ name }) => name)
}

const TYPES = [
  'text',
  'varchar',
  'integer',
  'bigint',
  'numeric',
  'date',
  'timestamptz',
  'text[]',
  'bigint[]',
  'uuid',
  'jsonb',
]
const OPERATORS = ['=', '<>', '<', '>', '+', '-', '||', '@>', '~']

/** One text that makes them in a schema. */
export const trapsIn = (schema: string, names: readonly string[]): string => {
  const pairs = TYPES.flatMap((one) => TYPES.map((other) => [one, other] as const))
  const body = `language plpgsql as $$ begin raise exception 'trap: a function of a stranger was called'; end $$`
  const made: string[] = []
  for (const name of names) {
    for (const type of TYPES) made.push(`create function ${schema}."${name}"(${type}) returns text ${body}`)
    for (const [one, other] of pairs)
      made.push(`create function ${schema}."${name}"(${one}, ${other}) returns text ${body}`)
  }
  for (const [index, [one, other]] of pairs.entries()) {
    made.push(`create function ${schema}.trap_${index}(${one}, ${other}) returns boolean ${body}`)
    for (const operator of OPERATORS)
      made.push(
        `create operator ${schema}.${operator} (leftarg = ${one}, rightarg = ${other}, function = ${schema}.trap_${index})`,
      )
  }
  return made.join(';\n')
}
