import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import type { BusinessConfig, ProcessorConfig } from '../../../src/config/config.ts'
import { datesOfFile } from '../../../src/processor/file-dates.ts'
import { PLAIN_BUSINESS, PLAIN_PROCESSOR } from '../../support/plain-config.ts'

const STRIPE: ProcessorConfig = {
  ...PLAIN_PROCESSOR,
  name: 'STRIPE',
  account: '',
  aliases: [],
  time_zone: 'UTC',
  format: 'auto',
  inbox: [],
  settlement_lag_days: 5,
  coverage_hole_days: 3,
  date_window_days: 3,
  amount_tolerance: 0n,
  fee_tolerance: 0n,
  reference_columns: [],
  date_order: null,
}
const HARBOR: BusinessConfig = {
  ...PLAIN_BUSINESS,
  id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01',
  name: 'Harbor Coffee',
  currency: 'USD',
  time_zone: 'America/New_York',
  ledger_lag_days: 2,
  four_eyes: false,
  processors: [STRIPE],
}
const HEADER = 'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tieout-dates-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

const fileWith = (instants: readonly string[]): string => {
  const path = join(folder, 'report.csv')
  const lines = instants.map((at, index) => `txn_${index},${at},usd,-1.00,0.00,-1.00,refund,re_${index},ch_${index}`)
  writeFileSync(path, `${[HEADER, ...lines].join('\n')}\n`)
  return path
}

it('dates a file by its lines, whatever their order, in the time zone of the business', async () => {
  const path = fileWith(['2026-09-15 12:00:00', '2026-10-01 02:00:00', '2026-09-02 12:00:00'])
  expect(await datesOfFile(HARBOR, STRIPE, path, () => false)).toEqual({ from: '2026-09-02', to: '2026-09-30' })
})

it('reads no further than until enough is known: a line that makes the file one to be refused is not reached', async () => {
  const path = fileWith(Array.from({ length: 5000 }, () => '2026-09-15 12:00:00'))
  writeFileSync(path, 'txn_5000,"2026', { flag: 'a' })
  const day = { from: '2026-09-15', to: '2026-09-15' }
  expect(await datesOfFile(HARBOR, STRIPE, path, () => true)).toEqual(day)
  expect(await datesOfFile(HARBOR, STRIPE, path, () => false)).toBe(null)
})

it('knows no dates of a file without lines, of none, and of one in no known format', async () => {
  expect(await datesOfFile(HARBOR, STRIPE, fileWith([]), () => false)).toBe(null)
  expect(await datesOfFile(HARBOR, STRIPE, join(folder, 'gone.csv'), () => false)).toBe(null)
  writeFileSync(join(folder, 'notes.csv'), 'a,b\n1,2\n')
  expect(await datesOfFile(HARBOR, STRIPE, join(folder, 'notes.csv'), () => false)).toBe(null)
})
