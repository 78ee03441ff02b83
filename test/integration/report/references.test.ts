/** Invoice 2001 of the books and order 1001 of Stripe, a refund of 40.00 against one of 45.00: every output names both sides. */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReportFormat } from '../../../src/config/config.ts'
import { FILE_NAMES, writeReports } from '../../../src/report/reports.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
let folder: string
let own: StoredBusiness

beforeAll(async () => {
  database = await freshDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tieout-references-'))
  own = await storeBusiness(database)
  await own.add('ledger_refund', {
    ...{ direction: 'customer', refund_id: 'ref-1', content_hash: '', refunded_amount: 4000, payment_keys: ['ch_1'] },
    ...{ reference_keys: ['INV-2001', 'ch_1'], first_pull_id: 1, changed_pull_id: 1, last_pull_id: 1 },
    ...{ content_pull_id: 1, content_page: 0, content_place: 0 },
  })
  const leg = await own.leg({ refund_id: 'ref-1', leg_id: 'pay-1', completed_on: '2026-10-03', amount: 4000 })
  const file_id = await own.file({})
  const row = await own.row({
    ...{ transaction_id: 'txn_1', refund_id: 're_1', occurred_on: '2026-10-03', amount: 4500, file_id, line: 37 },
    ...{ payment_ids: ['ch_1', 'pi_1'], reference_ids: ['order 1001'] },
  })
  await own.finding({ code: 'AMOUNT_MISMATCH', leg_nos: [leg], row_nos: [row], dated_on: '2026-10-03' }, [
    { month: '2026-10', amount: -500 },
  ])
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
      ...{ business_ids: [own.business_id], stdout: null },
    },
  )
  return await readFile(output)
}

test('the text has them below the sentence, with the ids of both sides and the line of the file', async () => {
  expect(String(await written('text'))).toContain(
    [
      '      Ledger: refund ref-1, payment pay-1',
      '      Stripe: refund re_1, txn_1, stripe.csv line 37',
      '      References: ledger INV-2001, ch_1; Stripe ch_1, pi_1, order 1001',
      '',
    ].join('\n'),
  )
})

test('the CSV has a column for those of each side', async () => {
  const [line] = parse(String(await written('csv')), { bom: true, columns: true }) as Record<string, string>[]
  expect(line).toMatchObject({
    ledger_references: 'INV-2001 ch_1',
    processor_payment_ids: 'ch_1 pi_1',
    processor_references: 'order 1001',
  })
})

test('the workbook has a column for those of each side', async () => {
  const parts = unzipSync(await written('xlsx'))
  const sheet = strFromU8(parts['xl/worksheets/sheet3.xml'] ?? new Uint8Array())
  for (const cell of ['Ledger references', 'Processor references', 'INV-2001\nch_1', 'ch_1\npi_1', 'order 1001'])
    expect(sheet).toContain(`>${cell}</t>`)
})

test('the page holds them, for its search and for the table of both sides', async () => {
  const page = String(await written('html'))
  const [, list = ''] = /<script type="application\/json" id="report-findings">(.*?)<\/script>/s.exec(page) ?? []
  expect(JSON.parse(list)).toMatchObject([
    { legs: [{ references: ['INV-2001', 'ch_1'] }], rows: [{ payment: ['ch_1', 'pi_1'], references: ['order 1001'] }] },
  ])
})

test('the JSON report has them with each leg and row', async () => {
  expect(JSON.parse(String(await written('json'))).discrepancies).toMatchObject([
    {
      legs: [{ references: ['INV-2001', 'ch_1'] }],
      rows: [{ payment_id: ['ch_1', 'pi_1'], references: ['order 1001'] }],
    },
  ])
})
