/**
 * Every file of sql/check/ says by itself, pasted into psql, what a run found: over the demo's database, and over the
 * smallest nights of all codes, once of customers and once of vendors.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { liveTheDemo } from '../../support/demo.ts'
import { DISCREPANCIES, nightOf } from '../../support/discrepancy-nights.ts'
import { wrongsIn } from '../../support/integrity.ts'
import { inOtherDirection, liveThrough } from '../../support/small-night.ts'

let database: FreshDatabase
/** of the nights, by code: as they are written, and with the directions exchanged */
const businesses = new Map<string, { written: string; exchanged: string }>()
let demo: string

beforeAll(async () => {
  database = await freshDatabase()
  demo = await liveTheDemo(database)
  for (const code of DISCREPANCIES) {
    const night = nightOf(code, 'provokes')
    const { business_id } = await liveThrough(database, night)
    const exchanged = await liveThrough(database, inOtherDirection(night))
    businesses.set(code, { written: business_id, exchanged: exchanged.business_id })
  }
}, 120_000)
afterAll(async () => await database.close())

/** What a check gives: its columns differ by what it is about. */
interface Checked {
  business_id: string
  code: string
  direction: string
  match_no?: bigint
  refund_id?: string | null
  leg_nos?: bigint[]
  row_nos?: bigint[]
  processor?: string
  currency?: string
  month?: string
  measure?: string | null
}

interface Listed {
  leg_nos: bigint[]
  row_nos: bigint[]
}

const ascending = (numbers: readonly bigint[]): string =>
  numbers
    .map(Number)
    .sort((a, b) => a - b)
    .join(',')

/** One line for a finding: whose it is, and what it is about. */
const lineOf = (found: Checked, { leg_nos, row_nos }: Listed): string =>
  JSON.stringify([
    ...[found.business_id, found.code, found.direction, found.refund_id ?? null],
    ...[ascending(leg_nos), ascending(row_nos)],
    // of a month
    ...(found.month == null ? [] : [found.processor, found.currency, found.month, found.measure]),
  ])

/** The statement as it stands in the file, sent as psql sends it. */
async function checked(code: string): Promise<string[]> {
  const rows = await database.query<Checked>(
    readFileSync(join(SQL_FOLDER, 'check', `${code.toLowerCase()}.sql`), 'utf8'),
  )
  const lines: string[] = []
  for (const row of rows) {
    const [match] = await database.query<Listed>(
      `select coalesce(array_agg(leg_no) filter (where leg_no is not null), '{}') as leg_nos,
         coalesce(array_agg(row_no) filter (where row_no is not null), '{}') as row_nos
       from match_item where business_id = $1 and match_no = $2`,
      [row.business_id, row.match_no ?? null],
    )
    const listed = row.match_no === undefined ? { leg_nos: row.leg_nos ?? [], row_nos: row.row_nos ?? [] } : match
    lines.push(lineOf(row, listed ?? { leg_nos: [], row_nos: [] }))
  }
  return lines.sort()
}

/** The findings of a code that stand. */
async function standing(code: string): Promise<string[]> {
  const rows = await database.query<Required<Checked>>(
    `select business_id, code, direction, refund_id, leg_nos, row_nos, processor, currency, month, measure
     from discrepancy where code = $1 and status <> 'cleared'`,
    [code],
  )
  return rows.map((row) => lineOf(row, row)).sort()
}

test.each(DISCREPANCIES)('%s: the check run by itself gives the findings that stand, and no other', async (code) => {
  const found = await checked(code)
  expect(found).toEqual(await standing(code))
  const { written, exchanged } = businesses.get(code) ?? { written: '', exchanged: '' }
  const directionsOf = (business_id: string): string[] =>
    found.filter((line) => line.includes(business_id)).map((line) => (JSON.parse(line) as string[])[2] ?? '')
  const [one, other] = code === 'LINE_ITEM_IMBALANCE' ? ['vendor', 'customer'] : ['customer', 'vendor']
  expect(directionsOf(written)).toEqual([one])
  // fee lines are of customers (spec section 6): beside refunds of vendors they stand alone
  expect(directionsOf(exchanged)).toEqual([code === 'FEE_TOTAL_MISMATCH' ? 'customer' : other])
})

describe('the demo', () => {
  test('has findings of most codes, in both directions', async () => {
    const found = await database.query<{ code: string; direction: string }>(
      `select distinct code, direction from discrepancy where business_id = $1 and status <> 'cleared'`,
      [demo],
    )
    expect(new Set(found.map(({ code }) => code)).size).toBeGreaterThanOrEqual(20)
    expect(new Set(found.map(({ direction }) => direction))).toEqual(new Set(['customer', 'vendor']))
  })

  test('ties out: nothing is unexplained', async () => {
    const lines = await database.query('select from tie_out_line where unexplained <> 0')
    expect(lines).toEqual([])
  })

  test('and every night leaves nothing that sql/integrity finds wrong', async () => {
    expect(await wrongsIn(database)).toEqual([])
  })
})
