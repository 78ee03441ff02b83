/** After a listing of exactly 100 refunds nothing is missing in the ledger by it: the rest may not have come. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { ofBusiness } from '../../../src/database/statement.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** What the two checks say of the rows that the ledger lacks: 'MISSING_IN_LEDGER 2026-11-01', 'AWAITING_LEDGER 2026-11-10 due ...'. */
const found = async ({ business_id }: StoredBusiness): Promise<string[]> => {
  const said: string[] = []
  for (const check of ['missing_in_ledger', 'awaiting_ledger']) {
    const rows = await database.query<{ code: string; due_on: string | null; occurred_on: string }>(
      `select found.code, found.due_on, line.occurred_on
       from (${ofBusiness(`check/${check}`, 'code, due_on, row_nos')}) found
       join processor_row line on line.business_id = $1::uuid and line.row_no = found.row_nos[1]
       order by line.occurred_on`,
      [business_id],
    )
    for (const { code, due_on, occurred_on } of rows) said.push(`${code} ${occurred_on} due ${due_on}`)
  }
  return said
}

test('refunds of 25.00 are awaited without a date; what an earlier whole listing lacked stays missing, and a whole one concludes again', async () => {
  const own = await storeBusiness(database)
  for (const occurred_on of ['2026-11-01', '2026-11-10']) {
    await own.open(await own.row({ occurred_on, amount: 2500 }), 'row')
  }
  await own.add('pull', { direction: 'customer', as_of: '2026-11-14T12:00:00Z', maybe_cut: true, refunds: 100 })
  expect(await found(own)).toEqual(['AWAITING_LEDGER 2026-11-01 due null', 'AWAITING_LEDGER 2026-11-10 due null'])
  await own.add('pull', { direction: 'customer', as_of: '2026-11-05T12:00:00Z', refunds: 99 })
  expect(await found(own)).toEqual(['MISSING_IN_LEDGER 2026-11-01 due null', 'AWAITING_LEDGER 2026-11-10 due null'])
  await own.add('pull', { direction: 'customer', as_of: '2026-11-15T06:00:00Z', refunds: 101 })
  expect(await found(own)).toEqual(['MISSING_IN_LEDGER 2026-11-01 due null', 'MISSING_IN_LEDGER 2026-11-10 due null'])
})
