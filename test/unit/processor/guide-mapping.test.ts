/** docs/guide/read-any-csv.md: its mapping is a configuration, and reads what it says. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/config.ts'
import { previewFile } from '../../../src/processor/preview-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'tieout-guide-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("Rainforest's refund of 25.00, its payin of 100.00 less 3.20 and an ACH return of 40.00 are read", async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/read-any-csv.md'), 'utf8')
  const yaml = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
  const business = 'businesses:\n  - id: 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01\n    currency: USD\n    time_zone: UTC\n'
  writeFileSync(join(folder, 'tieout.yaml'), business + yaml.replace(/^/gm, '    ').trimEnd())
  const config = loadConfig(join(folder, 'tieout.yaml'), { formats: [] }, {})
  const [harbor] = config.businesses
  const [processor] = harbor?.processors ?? []
  if (harbor === undefined || processor === undefined) throw new Error('the guide has no processor')
  const file = join(folder, 'activity.csv')
  writeFileSync(
    file,
    [
      'Activity ID,Type,Payin ID,Order ID,Gross Amount,Billing Fees Amount,Net Amount,Currency,Created At',
      'act_1,Payins,pyn_1,1001,100.00,-3.20,96.80,USD,2026-10-30 10:00:00',
      'act_2,Refunds,pyn_1,1001,-25.00,0.00,-25.00,USD,2026-10-31 10:00:00',
      'act_3,ACH Returns,pyn_2,1002,-40.00,0.00,-40.00,USD,2026-10-31 11:00:00',
      'act_4,Deposits,,,-31.80,0.00,-31.80,USD,2026-11-01 10:00:00',
      '',
    ].join('\n'),
  )
  const pieces: string[] = []
  const output = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      pieces.push(piece.toString())
      done()
    },
  })
  await previewFile(harbor, processor, file, null, output)
  const rows = pieces
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(rows.map(({ type, amount, refund_fee, payment_id }) => [type, amount, refund_fee, payment_id])).toEqual([
    ['payment', 10000, 320, ['pyn_1']],
    ['refund', 2500, 0, ['pyn_1']],
    ['chargeback', 4000, 0, ['pyn_2']],
    ['other', -3180, 0, []],
  ])
})
