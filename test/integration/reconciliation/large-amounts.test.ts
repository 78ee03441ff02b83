/** A column of ids read as amounts: 9,400 lines of 10,000,000,000,000.00, which each fit while their sums do not. */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReportFormat } from '../../../src/config/config.ts'
import { reconcile } from '../../../src/reconciliation/reconcile.ts'
import { writeReports } from '../../../src/report/reports.ts'
import { HARBOR, type ImportDesk, openDesk, STRIPE_HEADER } from '../../support/import.ts'
import { quiet } from '../../support/quiet.ts'
import { storeBusiness } from '../../support/stored-business.ts'

const LINES = 9_400
const LARGEST = 10n ** 15n
const AS_OF = '2026-11-15T12:00:00Z'

let desk: ImportDesk
let folder: string

/** Legs of the largest amount, each of a refund of its own. */
const legs = async (on: string, count: number, method: string): Promise<void> => {
  await desk.database.query(
    `insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, completed_on, reference_keys,
       payment_keys, first_pull_id, changed_pull_id, last_pull_id, content_pull_id, content_page, content_place)
     select $1, 'customer', $2 || $4 || i, $2 || $4 || i, $5, $2::date, '{}', '{}', 1, 1, 1, 1, 0, 0 from generate_series(1, $3::int) as i`,
    [HARBOR.id, on, count, method, LARGEST],
  )
  await desk.database.query(
    `insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, processor_named, method, amount, refund_fee,
       returned_fee, completed_on, identity_keys)
     select $1, 'customer', $2 || $4 || i, 'p', 0, case $4 when 'CASH' then null else 'STRIPE' end, $4, $5, 0, 0, $2::date, '{}' from generate_series(1, $3::int) as i`,
    [HARBOR.id, on, count, method, LARGEST],
  )
}

beforeAll(async () => {
  desk = await openDesk()
  folder = await mkdtemp(join(tmpdir(), 'tieout-large-'))
  const lines = (prefix: string, date: string, fee: string): string[] =>
    Array.from(
      { length: LINES },
      (_, index) => `${prefix}${index},${date} 14:00:00,,usd,-10000000000000.00,${fee},refund,,,`,
    )
  await desk.take(desk.file('matched.csv', [STRIPE_HEADER, ...lines('a', '2026-09-05', '0.01')]))
  await desk.take(desk.file('ambiguous.csv', [STRIPE_HEADER, ...lines('b', '2026-10-20', '0.00')]))
  await legs('2026-09-05', LINES, 'CREDIT_CARD')
  await legs('2026-10-20', 1, 'CREDIT_CARD')
  await legs('2026-08-05', LINES, 'CASH')
})
afterAll(async () => {
  await desk.close()
  await rm(folder, { recursive: true })
})

test('are matched, found and summed to the cent, and the report of two businesses has them', async () => {
  await reconcile(desk.database, HARBOR.id, { as_of: AS_OF, now: AS_OF, log: quiet })
  const sums = await desk.database.query(
    `select month, ledger, processor_total, explained, unexplained from tie_out_line where measure = 'amount' order by month`,
  )
  expect(sums).toEqual([
    {
      month: '2026-09',
      ledger: 9_400_000_000_000_000_000n,
      processor_total: 9_400_000_000_000_000_000n,
      explained: 0n,
      unexplained: 0n,
    },
    {
      month: '2026-10',
      ledger: 1_000_000_000_000_000n,
      processor_total: 9_400_000_000_000_000_000n,
      explained: -9_399_000_000_000_000_000n,
      unexplained: 0n,
    },
  ])
  expect(
    await desk.database.query('select amount from match_total union all select amount from outside_total'),
  ).toEqual([{ amount: 9_400_000_000_000_000_000n }, { amount: 9_400_000_000_000_000_000n }])

  const other = await storeBusiness(desk.database)
  const write = async (formats: readonly ReportFormat[], business_ids: string[]): Promise<unknown> =>
    await writeReports(
      desk.database,
      { reports: { dir: folder, url: null, formats: [], per_business: false }, hash: '' },
      { as_of: null, generated_at: AS_OF, formats, output: folder, from: null, to: null, business_ids, stdout: null },
    )
  await write(['text', 'json', 'csv', 'html'], [HARBOR.id, other.business_id])
  await write(['xlsx'], [HARBOR.id])
  expect(await readFile(join(folder, 'report.txt'), 'utf8')).toContain('93,990,000,000,000,000.00')
  expect(await readFile(join(folder, 'report.json'), 'utf8')).toContain('-9399000000000000000')
}, 120_000)
