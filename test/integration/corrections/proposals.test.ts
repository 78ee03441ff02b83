/** What is proposed of findings that were stored by hand. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { proposeCorrections } from '../../../src/corrections/propose.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { HARBOR, line, storeHarbor } from '../report/harbor.ts'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
  await storeHarbor(database)
})
afterAll(() => database.close())

const propose = () => proposeCorrections(database, HARBOR, { by: 'Ada', at: '2026-11-03T09:00:00Z' })

test('after a listing of exactly 100 refunds nothing is proposed for the 45.00 USD that it may not have shown', async () => {
  const said = await propose()
  expect(said.left_out).toEqual([
    { discrepancy_id: 'd11', transaction_id: 'txn_11', reason: expect.stringContaining('may be cut off') },
  ])
  expect([...said.proposed, ...said.needs_target]).toEqual([])
})

test('of a refund that was taken back nothing is proposed, whatever ties the two', async () => {
  await database.query(`update pull set maybe_cut = false`)
  const reversal = { type: "'refund_reversal'", refund_id: 'null' }
  for (const more of [
    { reversal_of: '11', payment_ids: "'{}'" },
    { refund_id: "'re_11'", payment_ids: "'{}'" },
    { payment_ids: "'{ch_0,ch_1}'" },
  ]) {
    await database.query(line(12, 'txn_12', 're_12', '-4500', '2026-10-16', 38, { ...reversal, ...more }))
    const said = await propose()
    await database.query(`delete from processor_row where row_no = 12`)
    expect(said.left_out.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('took (part of) this refund back'),
    ])
  }
})

test('for the 45.00 USD that the ledger lacks one refund is proposed, once', async () => {
  const said = await propose()
  expect(said).toMatchObject({ needs_target: [expect.any(String)], left_out: [] })
  expect(await propose()).toMatchObject({ needs_target: [], unchanged: said.needs_target })
})
