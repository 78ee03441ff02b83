/** Three refunds of 40.00 in the books, of 45.00 at Stripe: each report for people says once what the three have in common. */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReportFormat } from '../../../src/config/config.ts'
import { FILE_NAMES, writeReports } from '../../../src/report/reports.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
let folder: string
let business_id: string

beforeAll(async () => {
  database = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tieout-causes-'))
  const own = await storeBusiness(database)
  business_id = own.business_id
  const file_id = await own.file({})
  for (const day of ['03', '04', '05']) {
    const on = `2026-10-${day}`
    await own.add('ledger_refund', {
      ...{ direction: 'customer', refund_id: `ref-${day}`, content_hash: '', refunded_amount: 4000, payment_keys: [] },
      ...{ reference_keys: [], first_pull_id: 1, changed_pull_id: 1, last_pull_id: 1 },
      ...{ content_pull_id: 1, content_page: 0, content_place: Number(day) },
    })
    const leg = await own.leg({ refund_id: `ref-${day}`, leg_id: `pay-${day}`, completed_on: on, amount: 4000 })
    const row = await own.row({
      ...{ transaction_id: `txn_${day}`, refund_id: `re_${day}`, occurred_on: on, amount: 4500, file_id, line: 37 },
      ...{ payment_ids: [], reference_ids: [] },
    })
    await own.finding({ code: 'AMOUNT_MISMATCH', leg_nos: [leg], row_nos: [row], dated_on: on }, [
      { month: '2026-10', amount: -500 },
    ])
  }
})

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const written = async (format: ReportFormat): Promise<Buffer> => {
  const output = join(folder, FILE_NAMES[format].name)
  await writeReports(
    database,
    { hash: '', reports: { dir: folder, formats: [format], url: null, per_business: false } },
    {
      ...{ as_of: null, generated_at: '2026-11-15T13:00:00Z', formats: [format], output, from: null, to: null },
      ...{ business_ids: [business_id], stdout: null },
    },
  )
  return await readFile(output)
}

const SAID = 'Amount differs, all 3: Stripe has a refund of 45.00 USD, the ledger has 40.00 USD (-15.00 USD net)'

test('the text, the page and the cover of the workbook say it in one sentence', async () => {
  expect(String(await written('text'))).toContain(SAID)
  expect(String(await written('html'))).toContain(SAID)
  expect(strFromU8(unzipSync(await written('xlsx'))['xl/worksheets/sheet1.xml'] ?? new Uint8Array())).toContain(SAID)
})
