/** What the planner knows of tables that have just grown. */

import type { Database, Db } from './handle.ts'
import { run } from './statement.ts'

/**
 * Of a table 300 rows are sampled for each unit, 100 units unless told; a quarter of them tells a key from a name as well,
 * and a table of a million takes 0.15 s, not 0.5.
 */
const TARGET = 25

/**
 * Fewer rows of a business than these are joined fast by any plan. On the first nights of 60 businesses in an empty database
 * the wrong plan took 0.83 CPU s a business of 1,000 refunds where the right one takes 0.54, of 300 the same 0.3.
 */
const MANY = 500n

/** Where the planner expects fewer rows of a business than this part of them, it loops where it should join. */
const EXPECTED_PART = 10n

/** The tables of a run that grow by the million. */
const LARGE = ['ledger_refund', 'ledger_leg', 'processor_row', 'match_item', 'open_item']

const SAMPLED_WITH = {
  ledger_leg: ['ledger_refund', 'ledger_leg'],
  processor_row: ['processor_row'],
} as const

/** How many rows a pull or a file brought of a business. */
export interface BroughtRows {
  business_id: string
  table: keyof typeof SAMPLED_WITH
  rows: bigint
}

/**
 * Samples the tables of a run that have outgrown what the planner knows of them, and those of a business of which it
 * expects next to nothing, though much was `brought`; where little was, nothing is done. In a transaction of its own:
 * within the run its locks would keep the runs of other businesses waiting. `db`: the run's own connection, which asks.
 */
export async function renewStatistics(
  database: Database,
  { brought, db = database }: { brought?: BroughtRows; db?: Db } = {},
): Promise<void> {
  if (brought !== undefined && brought.rows < MANY) return
  const unexpected = brought !== undefined && (await isUnexpected(db, brought)) ? SAMPLED_WITH[brought.table] : []
  const tables = await run<{ name: string }>(db, 'run/outgrown', [unexpected, LARGE])
  if (tables.length === 0) return
  await database.transaction(async (own) => {
    await own.query(`set local default_statistics_target = ${TARGET}; ${analyzeText(tables)}`)
  })
}

const analyzeText = (tables: readonly { name: string }[]): string =>
  `analyze ${[...new Set(tables.map(({ name }) => name))].join(', ')}`

/** Samples tables within a transaction that has just filled them. */
export async function analyze(db: Db, ...names: readonly string[]): Promise<void> {
  await db.query(analyzeText(await run<{ name: string }>(db, 'run/outgrown', [names, []])))
}

async function isUnexpected(db: Db, { business_id, table, rows }: BroughtRows): Promise<boolean> {
  const [plan] = await db.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) select from ${table} where business_id = '${business_id}'::uuid`,
  )
  return BigInt(plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0) * EXPECTED_PART < rows
}
