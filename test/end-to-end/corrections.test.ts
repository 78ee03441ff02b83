/** `tieout corrections` as an accountant runs it, against the sandbox, until the month is reconciled. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const INVOICE = '11111111-1111-4111-8111-111111111111'
const TOKEN = 'hush-hush-token-of-corrections'

const CONFIG = `database: {url: "\${DATABASE_URL}"}
layer: {base_url: "\${LAYER_URL}", token: "\${LAYER_TOKEN}"}
reports: {formats: [json]}
businesses:
  - id: ${BUSINESS}
    name: Harbor Coffee
    currency: USD
    time_zone: UTC
    four_eyes: true
    processors:
      - name: TILL
        inbox: ["*.csv"]
        format:
          columns: {transaction_id: Id, type: Kind, refund_id: Refund, payment_id: Payment, amount: Amount, fee: Fee, currency: Currency, occurred_at: Date}
          types: {Refund: refund, Bill credit: vendor_refund, Payment: payment}
          date_format: yyyy-MM-dd HH:mm:ss
`

const REPORT = `Id,Kind,Refund,Payment,Amount,Fee,Currency,Date
t0,Payment,,BP-1,500.00,0,USD,2026-10-01 08:00:00
t1,Refund,rf_1,ch_1,-30.00,0.30,USD,2026-10-15 09:30:00
t2,Bill credit,vr_1,BP-1,-500.00,0,USD,2026-10-20 09:30:00
t3,Payment,,ch_9,12.00,0,USD,2026-10-31 23:00:00
`

interface Listed {
  id: string
  status: string
  discrepancy_id: string
  external_id: string
  refund_id: string
  transaction_id: string
  amount: number
  target: Record<string, string> | null
}

let built: Built
let database: FreshDatabase
let sandbox: Sandbox
let folder: string

const run = (...words: string[]): Promise<Ended> =>
  tieout(built, folder, words, { DATABASE_URL: database.url, LAYER_URL: sandbox.url, LAYER_TOKEN: TOKEN })
const list = async (): Promise<Listed[]> => {
  const listed: { schema: string; corrections: Listed[] } = JSON.parse(
    (await run('corrections', 'list', '--json')).stdout,
  )
  expect(listed.schema).toBe('tieout.corrections/1')
  return listed.corrections
}

beforeAll(async () => {
  built = await buildSource()
  database = await freshDatabase()
  const invoices = [{ id: INVOICE, external_id: 'HC-1', payments: [{ id: 'p1', external_id: 'ch_1', amount: 10_000 }] }]
  const bills = [{ id: 'b1', external_id: 'B-1', payments: [{ id: 'bp1', external_id: 'BP-1', amount: 50_000 }] }]
  sandbox = await startSandbox({ seed: { businesses: [{ id: BUSINESS, invoices, bills }] }, port: 0, token: TOKEN })
  folder = mkdtempSync(join(tmpdir(), 'tieout-corrections-'))
  writeFileSync(join(folder, 'tieout.yaml'), CONFIG)
  writeFileSync(join(folder, 'october.csv'), REPORT)
}, 180_000)
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sandbox.close()
  await database.close()
})

it('takes two missing refunds from their proposal to a reconciled month', async () => {
  await run('nightly', '--as-of', '2026-11-20T12:00:00Z')
  const nobody = await run('corrections', 'propose')
  expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('say who does it with --by NAME')])
  const proposed = await run('corrections', 'propose', '--by', 'Ada')
  expect(proposed.stdout).toContain('corrections: 1 proposed, 1 in need of a target')
  const [refund, credit] = await list()
  expect(refund).toMatchObject({
    ...{ status: 'needs_target', external_id: 'rf_1', refund_id: 'rf_1', transaction_id: 't1', amount: 3000 },
    target: null,
  })
  expect(credit).toMatchObject({ status: 'proposed', amount: 50_000, target: { bill_payment_external_id: 'BP-1' } })
  const [id, other] = [refund?.id.slice(0, 10) ?? '', credit?.id.slice(0, 10) ?? '']

  expect((await run('corrections', 'propose', id, '--by', 'Ada', '--invoice-id', INVOICE)).code).toBe(0)
  const alone = await run('corrections', 'approve', id, other, '--by', 'Ada')
  expect([alone.code, alone.stdout]).toEqual([1, expect.stringContaining('four_eyes asks for another person')])
  expect((await run('corrections', 'post', id)).code).toBe(2)
  expect((await run('corrections', 'approve', id, other, '--by', 'Ben')).code).toBe(0)

  const dry = await run('corrections', 'post', '--dry-run', '--verbose')
  expect(dry.stdout).toContain(`POST /v1/businesses/${BUSINESS}/invoices/${INVOICE}/refund`)
  expect(dry.stdout).toContain('"external_id":"rf_1","refunded_amount":3000')
  expect(dry.stdout + dry.stderr).not.toContain(TOKEN)
  expect((await list()).map(({ status }) => status)).toEqual(['approved', 'approved'])

  expect((await run('corrections', 'post', '--by', 'Ben')).code).toBe(0)
  expect((await run('corrections', 'post', id, '--by', 'Ben')).stdout).toContain('posted before')
  expect((await run('corrections', 'show', other)).stdout).toMatch(/Ben: posted \(created in Layer as refund/)
  expect((await run('nightly', '--as-of', '2026-11-21T12:00:00Z')).code).toBe(0)
  const report = JSON.parse(readFileSync(join(folder, 'reports/2026-11-21T120000Z/report.json'), 'utf8'))
  expect(report.verdicts).toMatchObject([
    { month: '2026-10', verdict: 'reconciled' },
    { month: '2026-11', verdict: 'incomplete' },
  ])
  expect((await list()).map(({ status }) => status)).toEqual(['posted', 'posted'])
}, 120_000)
