/**
 * A database that version 0.2.0 left is upgraded: test/fixtures/version-0.2.0 holds its dump, made by pg_dump of Postgres 15
 * after three nights of two businesses, decisions, a ruling, a correction and the close of October; beside it the inbox, the
 * configuration and what Layer has. The figures below are those that version 0.2.0 itself reported on its last night.
 */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { openSession } from '../../src/database/connect.ts'
import { reportSchema } from '../../src/report/json/report-schema.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { type Built, buildSource } from '../support/built.ts'
import { dumpSchema } from '../support/catalogue.ts'
import { type Ended, tieout } from '../support/command.ts'
import { bareDatabase, copyDatabase, type FreshDatabase } from '../support/database.ts'

const LEFT = join(import.meta.dirname, '../fixtures/version-0.2.0')
const LAST_NIGHT = '2026-11-05T11:00:00Z'
const NEXT_NIGHT = '2026-11-06T11:00:00Z'
const TOKEN = 'sandbox'

/** 21.00 of 5 November, which both sides have: what is new on the first night after the upgrade. */
const NEW_REFUND = {
  ...{
    id: 'refund-h12',
    external_id: null,
    refunded_amount: 2100,
    status: 'PAID',
    completed_at: '2026-11-05T15:00:00Z',
  },
  allocations: [{ id: 'part-h12', invoice_id: 'inv-h12', invoice_external_id: 'HC-h12', amount: 2100, line_items: [] }],
  payments: [
    {
      ...{ id: 'leg-h12', external_id: 're_h12', refunded_amount: 2100, completed_at: '2026-11-05T15:00:00Z', fee: 0 },
      ...{ method: 'CREDIT_CARD', processor: 'STRIPE', refunded_payment_fees: [] },
    },
  ],
}
const NEW_FILE = `balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,reporting_category,source_id,charge_id,payment_intent_id,automatic_payout_id
txn_h12,2026-11-05 15:00:00,2026-11-05 15:00:00,usd,-21.00,0.00,refund,re_h12,ch_h12,pi_h12,
txn_four,2026-11-04 15:00:00,2026-11-04 15:00:00,usd,80.00,0.00,charge,ch_four,ch_four,pi_four,
`

let built: Built
let folder: string
let layer: Sandbox
let database: FreshDatabase
/** as it was before anything of the new version touched it */
let untouched: FreshDatabase

const run = (on: FreshDatabase, ...words: string[]): Promise<Ended> =>
  tieout(built, folder, words, { DATABASE_URL: on.url, LAYER_URL: layer.url, LAYER_TOKEN: TOKEN })

beforeAll(async () => {
  built = await buildSource()
  folder = mkdtempSync(join(tmpdir(), 'tieout-upgrade-'))
  for (const part of ['tieout.yaml', 'inbox']) cpSync(join(LEFT, part), join(folder, part), { recursive: true })
  writeFileSync(join(folder, 'inbox/harbor/stripe/november-3.csv'), NEW_FILE)
  const seed = JSON.parse(readFileSync(join(LEFT, 'layer.json'), 'utf8'))
  seed.businesses[0].invoice_refunds.push(NEW_REFUND)
  layer = await startSandbox({ seed, port: 0, token: TOKEN })
  database = await bareDatabase()
  const session = await openSession(database.url)
  await session.query(gunzipSync(readFileSync(join(LEFT, 'books.sql.gz'))).toString('utf8'))
  await session.close()
  untouched = await copyDatabase(database)
})
afterAll(async () => {
  await layer.close()
  await database.close()
  await untouched.close()
  rmSync(folder, { recursive: true, force: true })
})

const reported = async (on: FreshDatabase) =>
  reportSchema.parse(JSON.parse((await run(on, 'report', '--format', 'json')).stdout))
type Report = Awaited<ReturnType<typeof reported>>

const HARBOR = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const whose = (business_id: string): string => (business_id === HARBOR ? 'Harbor' : 'Mill')

/** What stands: code, the beginning of the id, status, and what it explains of which month, in cents. */
const FINDINGS = [
  'AMOUNT_MISMATCH 607ad33de1 open 2026-10 50',
  'AMOUNT_MISMATCH 6e846cc783 open 2026-10 900',
  'CHANGED_AFTER_CLOSE 5f56f5d9dd open',
  'CUTOFF_MISMATCH 05d17a75a6 acknowledged 2026-10 1265 2026-11 -1265',
  'LEDGER_REFUND_REMOVED bfc53eb42b open',
  'MISSING_AT_PROCESSOR 6b60b45e3f open 2026-10 3000',
  'MISSING_AT_PROCESSOR 8e7f9c3ed9 open 2026-10 8640',
  'MISSING_AT_PROCESSOR acbb09565a resolved 2026-10 500',
  'MISSING_IN_LEDGER 932d44ed86 open 2026-10 -4400',
  'WITHIN_TOLERANCE 85f94e5aed resolved 2026-10 -2',
]
const findingsOf = ({ discrepancies }: Report): string[] =>
  discrepancies
    .map(({ code, id, status, effects }) =>
      [code, id.slice(0, 10), status, ...effects.map(({ month, amount }) => `${month} ${amount}`)].join(' '),
    )
    .sort()

it('is told to migrate, and is migrated once', async () => {
  expect((await run(database, 'doctor', '--as-of', LAST_NIGHT)).stdout).toContain('0002_keys_by_code_unit')
  expect((await run(database, 'migrate')).stdout).toBe(
    'Applied 0002_keys_by_code_unit, 0003_cleared_findings, 0004_matches_before_by_scan, 0005_page_ends, 0006_page_ends_of_any_listing, 0007_matched_by, views.\n',
  )
  expect((await run(database, 'migrate')).stdout).toContain('up to date')
})

it('has the tables of a new database', async () => {
  expect(await dumpSchema(database)).toBe(readFileSync(join(import.meta.dirname, '../../sql/schema.sql'), 'utf8'))
})

it('has the verdicts, the tie-out and the findings of version 0.2.0', async () => {
  const report = await reported(database)
  expect(report.verdicts.map(({ business_id, month, verdict }) => [whose(business_id), month, verdict])).toEqual([
    ['Harbor', '2026-10', 'incomplete'],
    ['Harbor', '2026-11', 'incomplete'],
    ['Mill', '2026-10', 'reconciled'],
    ['Mill', '2026-11', 'incomplete'],
  ])
  expect(
    report.tie_out
      .filter(({ measure }) => measure === 'amount')
      .map((line) => [line.month, line.processor, line.direction, line.ledger, line.processor_total, line.unexplained]),
  ).toEqual([
    ['2026-10', 'STRIPE', 'customer', 20845, 20030, 0],
    ['2026-11', 'STRIPE', 'customer', 1500, 2765, 0],
    ['2026-10', 'BILLPAY', 'vendor', 20000, 20002, 0],
    ['2026-10', 'STRIPE', 'customer', 3500, 3000, 0],
  ])
  expect(findingsOf(report)).toEqual(FINDINGS)
  expect(report.quarantine).toHaveLength(1)
})

it('has what people decided', async () => {
  const { discrepancies } = await reported(database)
  const decided = discrepancies.filter(({ decision }) => decision !== null)
  expect(decided.map(({ id, decision }) => [id.slice(0, 10), decision?.as, decision?.by, decision?.note])).toEqual([
    ['85f94e5aed', 'waived', 'Ada Lindqvist', 'two cents of a vendor'],
    ['acbb09565a', 'explained', 'Ada Lindqvist', 'paid out in cash'],
  ])
  const owned = discrepancies.filter(({ owner }) => owner !== null)
  expect(owned.map(({ id, owner, owner_due_on }) => [id.slice(0, 10), owner, owner_due_on])).toEqual([
    ['6b60b45e3f', 'Ben Okafor', '2026-11-10'],
  ])
  expect((await run(database, 'review', 'rulings')).stdout).toContain(
    'leg leg-h11, row txn_h11 are one match: ruled by Ada',
  )
  expect((await run(database, 'corrections', 'list')).stdout).toContain(
    'created in Layer as refund 940f1f79-1e40-4f0a-a6f8-82bbbb42b794',
  )
})

it('holds what was signed, and its chain of events', async () => {
  const closes = await run(database, 'close', '2026-10', '--verify')
  expect(closes.code).toBe(0)
  const signed = [...closes.stdout.matchAll(/SHA-256 (\w{8})\w{56}; it is as it was signed/g)].map(([, sha]) => sha)
  expect(signed).toEqual(['a5ae0d83', '35e5ad36'])
  expect((await run(database, 'review', 'verify')).stdout).toMatch(
    /^Harbor Coffee: all 27 events hold, the last has the hash 9f9b552e\w{56}\nMill Street: all 6 events hold, the last has the hash a13cc6e9\w{56}\n$/,
  )
})

const MATCHED = '11 ledger payments matched with 11 processor lines; 6 items to correct, 0 refunds still to arrive'
const STANDING =
  'In all months: 6 items to correct, 0 refunds still to arrive; 0 new and 0 cleared since the night before.'

it('goes on from there the next night, and agrees with itself', async () => {
  const night = await run(database, 'nightly', '--as-of', NEXT_NIGHT)
  expect([night.code, night.stdout]).toEqual([0, expect.stringContaining(MATCHED)])
  expect(night.stdout).toContain('5 files were imported before')
  expect(night.stdout).toContain(STANDING)
  expect(findingsOf(await reported(database))).toEqual(FINDINGS)
  const looked = (await run(database, 'doctor', '--deep', '--as-of', NEXT_NIGHT)).stdout
  expect(looked).toContain('what is stored: agrees with itself')
  // the refund whose amount is a word, since the first night
  expect(looked.match(/^WRONG .*/gm)).toEqual([expect.stringContaining('customer refunds: 1 refund is quarantined')])
})

// a user with the rights of the job alone may not migrate
it.skipIf(inject('server').job_roles !== null)('is upgraded by the next night where nobody did', async () => {
  const night = await run(untouched, 'nightly', '--as-of', NEXT_NIGHT)
  expect([night.code, night.stdout]).toEqual([0, expect.stringContaining(MATCHED)])
  expect(findingsOf(await reported(untouched))).toEqual(FINDINGS)
})
