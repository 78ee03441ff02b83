/** What the planner makes of every statement of sql/, on a layout in which every table is partitioned by business. */

import { readdirSync } from 'node:fs'
import type { Db } from '../../src/database/connect.ts'
import { SQL_FOLDER, statement } from '../../src/database/statement.ts'
import { findStatement } from '../../src/reconciliation/find.ts'
import { tableOfPartition } from './spread-tables.ts'

/** Of all businesses there is one that the statements are asked about. */
const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

/** A statement with a check in it, as one of them is printed. */
const withCheck = (name: string, check: string) => (): string =>
  statement(name).replace('{check}\n', () => statement(`check/${check}`))

/** Texts into which others are put where they name them in braces: what is run is put together. */
const PUT_TOGETHER: Readonly<Record<string, () => string>> = {
  'reconcile/find': findStatement,
  'explain/check_match': withCheck('explain/check_match', 'amount_mismatch'),
  'explain/check_items': withCheck('explain/check_items', 'missing_at_processor'),
  'explain/check_month': withCheck('explain/check_month', 'fee_total_mismatch'),
}

/** What is run under this name. */
export const textOf = (name: string): string => PUT_TOGETHER[name]?.() ?? statement(name)

/** The text without comments and literals. */
const bare = (name: string): string =>
  textOf(name)
    .replace(/--.*$/gm, '')
    .replace(/'(?:[^']|'')*'/g, "''")

/** Every statement, by name: not what makes the tables, and not what the demo forgets with. */
export const statementNames = (): string[] =>
  readdirSync(SQL_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql') && file.includes('/') && !/^(?:schema|demo)\//.test(file))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort()

/** The relations that a statement names. */
export const relationsOf = (name: string): Set<string> =>
  new Set(
    [...bare(name).matchAll(/\b(?:from|join|into|update|using)\s+([a-z_]+)/g)].map(([, relation]) => relation ?? ''),
  )

const MADE_OF = /^(?:\s*--.*\n)*\s*create temporary table \w+ on commit drop as\n/

/** Views of words, of no business. */
const OF_NONE: ReadonlySet<string> = new Set(['views/check_code', 'views/processor_name', 'views/minor_unit'])

/** Views, checks and integrity queries are of all businesses; what reads them says which one is meant. */
const isOfAll = (name: string): boolean => /^(?:views|check|integrity)\//.test(name) && !OF_NONE.has(name)

/** What a statement asks of one business; of one that makes a working table of an answer, the question. */
export const questionOf = (name: string): string =>
  isOfAll(name)
    ? `select * from (\n${textOf(name)}\n) answer where answer.business_id = $1::uuid`
    : textOf(name).replace(MADE_OF, '')

const isStage = (name: string): boolean => /^\s*create temp/.test(bare(name))
const isView = (name: string): boolean => /^\s*create temporary view/.test(bare(name))
const isMadeOfAnswer = (name: string): boolean => MADE_OF.test(statement(name))

/** Makes the working tables of a transaction, empty: first those that others are made of, last the views of them. */
export async function makeStages(db: Pick<Db, 'query'>): Promise<void> {
  const stages = statementNames().filter(isStage)
  for (const name of stages) if (!isMadeOfAnswer(name) && !isView(name)) await db.query(statement(name))
  for (const name of stages) {
    if (isMadeOfAnswer(name)) await db.query(statement(name), await answersTo(db, questionOf(name), 0))
  }
  for (const name of stages) if (isView(name)) await db.query(statement(name))
}

/** Settings, statistics and empty working tables: nothing that has a plan. */
export const isPlanless = (name: string): boolean =>
  (isStage(name) && !isMadeOfAnswer(name)) || /^\s*(?:set|analyze|truncate|drop)\b/.test(bare(name))

/** Two answers each, since a condition on a parameter may decide whether a table is read at all; none is null. */
const ANSWERS: Readonly<Record<string, readonly [unknown, unknown]>> = {
  uuid: [BUSINESS, BUSINESS],
  text: ['2026-10', '2026-11'],
  bigint: ['0', '7'],
  integer: [0, 7],
  numeric: ['0', '7'],
  boolean: [false, true],
  date: ['2026-10-31', '2026-11-01'],
  'timestamp with time zone': ['2026-10-31T06:00:00Z', '2026-11-01T06:00:00Z'],
  json: ['[]', '[]'],
  jsonb: ['[]', '[]'],
  bytea: ['\\x00', '\\x01'],
}

/** An answer of a type; of an array of it, an array with one. */
const answerOf = (type: string, turn: 0 | 1): unknown => {
  const answers = ANSWERS[type.replace('[]', '')]
  if (answers === undefined) throw new Error(`no answer for a parameter of type ${type}`)
  return type.endsWith('[]') ? [answers[turn]] : answers[turn]
}

/** Something to ask a statement: one value for each of its parameters. */
export const answersTo = async (db: Pick<Db, 'query'>, text: string, turn: 0 | 1): Promise<unknown[]> => {
  await db.query(`prepare asked as ${text}`)
  const [prepared] = await db.query<{ types: string[] }>(
    `select parameter_types::text[] as types from pg_prepared_statements where name = 'asked'`,
  )
  await db.query('deallocate asked')
  return (prepared?.types ?? []).map((type) => answerOf(type, turn))
}

interface PlanNode {
  'Node Type': string
  Operation?: string
  'Relation Name'?: string
  'Index Cond'?: string
  'Recheck Cond'?: string
  Filter?: string
  Plans?: PlanNode[]
}

/** Whether a scan takes rows of one business at a time: that of the row it is looked up for, which is found when it runs. */
const isLookedUp = (node: PlanNode): boolean =>
  [node['Index Cond'], node['Recheck Cond'], node.Filter].some(
    (condition) =>
      condition !== undefined && /\bbusiness_id = (?:(?:\w+|"[^"]+")\.)?(?:business_id|\$\d+)/.test(condition),
  )

/** What a plan reads; of an update or a delete, what it looks through for the rows to change. */
const readIn = (node: PlanNode): PlanNode[] => {
  const inner = (node.Plans ?? []).flatMap(readIn)
  return node['Relation Name'] === undefined || node['Node Type'] === 'ModifyTable' ? inner : [node, ...inner]
}

const insertedIn = (node: PlanNode): string[] => [
  ...(node.Plans ?? []).flatMap(insertedIn),
  ...(node['Node Type'] === 'ModifyTable' && node.Operation === 'Insert' ? [node['Relation Name'] ?? ''] : []),
]

/** table -> the partitions of it that are read, updated or deleted from, or 'looked up'; none where rows are only inserted. */
export type Touched = Map<string, Set<string>>

const note = (touched: Touched, table: string): Set<string> => {
  const partitions = touched.get(table) ?? new Set()
  touched.set(table, partitions)
  return partitions
}

/**
 * The partitions that the plans of a statement touch, with both answers to each parameter: asked for as the driver does,
 * with the values at hand. Working tables are left out.
 */
export async function touchedBy(db: Db, text: string): Promise<Touched> {
  const touched: Touched = new Map()
  for (const turn of [0, 1] as const) {
    const values = await answersTo(db, text, turn)
    const rows = await db.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) ${text}`, values)
    for (const { Plan } of rows.flatMap((row) => row['QUERY PLAN'])) {
      for (const node of readIn(Plan)) {
        const relation = node['Relation Name'] ?? ''
        const table = tableOfPartition(relation)
        if (table !== null) note(touched, table).add(isLookedUp(node) ? 'looked up' : relation)
      }
      for (const table of insertedIn(Plan)) note(touched, table)
    }
  }
  return touched
}
