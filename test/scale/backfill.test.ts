import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addDays } from '../../src/core/period.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { buildSource } from '../support/built.ts'
import { start, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

const HARBOR = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const WORDS = ['backfill', '--from', '2023-01', '--to', '2025-12', '--as-of', '2026-01-20T10:00:00Z']
/** 2023 to 2025, and two files a day: 2,192 of them, with 32,880 refunds. */
const DAYS = 1096
const REFUNDS_A_DAY = 30
/** The listing is some 90 MB, and the job's heap cannot hold it. */
const HEAP = { NODE_OPTIONS: '--max-old-space-size=64' }
/** So many new months a run may do before it is killed, and so many runs are killed earlier, while the listing arrives. */
const MONTHS_A_RUN = 8
const KILLED_EARLY = 2

const HEADER = 'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id'
const centsOf = (number: number): number => 500 + (number % 9000)

const refundOf = (number: number): Record<string, unknown> => {
  const completed_at = `${addDays('2023-01-01', Math.floor(number / REFUNDS_A_DAY))}T14:00:00Z`
  // one in three hundred is booked a cent too high
  const refunded_amount = centsOf(number) + (number % 300 === 7 ? 1 : 0)
  const paid = { external_id: `re_${number}`, refunded_amount, fee: 0, processor: 'STRIPE', method: 'CREDIT_CARD' }
  return {
    id: `refund-${number}`,
    refunded_amount,
    status: 'PAID',
    completed_at,
    memo: 'as agreed with the customer, who brought it back unopened and within the month; '.repeat(24),
    allocations: [{ id: `part-${number}`, amount: refunded_amount, invoice_payment_external_id: `ch_${number}` }],
    payments: [{ id: `leg-${number}`, ...paid }],
  }
}

const lineOf = (number: number): string => {
  const on = addDays('2023-01-01', Math.floor(number / REFUNDS_A_DAY))
  const amount = `-${(centsOf(number) / 100).toFixed(2)}`
  return `txn_${number},${on} 14:00:00,usd,${amount},0.00,${amount},refund,re_${number},ch_${number}\n`
}

const numbersFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index)

test('three years of a listing larger than memory and 2,192 files, killed again and again, end as if undisturbed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tieout-three-years-'))
  const built = await buildSource()
  const layer = await startSandbox({
    seed: {
      businesses: [
        { id: HARBOR, name: 'Harbor Coffee', invoice_refunds: numbersFrom(0, DAYS * REFUNDS_A_DAY).map(refundOf) },
      ],
    },
    ...{ port: 0, token: 'open', mode: 'data', page_size: 1000, requests_per_second: 100_000 },
  })
  mkdirSync(join(folder, 'inbox'))
  const half = REFUNDS_A_DAY / 2
  for (let file = 0; file < 2 * DAYS; file += 1) {
    // the names are in no order
    const name = `${(file * 1009) % (2 * DAYS)}.csv`
    writeFileSync(
      join(folder, 'inbox', name),
      `${HEADER}\n${numbersFrom(file * half, half)
        .map(lineOf)
        .join('')}`,
    )
  }
  writeFileSync(
    join(folder, 'tieout.yaml'),
    `database: {url: "\${DATABASE_URL}"}\nlayer: {base_url: "${layer.url}", token: open}\nbusinesses:\n` +
      `  - {id: ${HARBOR}, name: Harbor Coffee, currency: USD, time_zone: UTC, processors: [{name: STRIPE, inbox: "inbox/*.csv"}]}\n`,
  )
  const environment = (database: FreshDatabase): Record<string, string> => ({ DATABASE_URL: database.url, ...HEAP })
  const reported = async (database: FreshDatabase): Promise<unknown> => {
    const words = [
      'report',
      '--format',
      'json',
      '--from',
      '2023-01',
      '--to',
      '2025-12',
      '--as-of',
      '2026-01-20T10:00:00Z',
    ]
    const { pulls, runs, ...report } = JSON.parse((await tieout(built, folder, words, environment(database))).stdout)
    expect([pulls.length, runs.length]).not.toContain(0)
    return JSON.parse(JSON.stringify(report), (key, value) =>
      ['generated_at', 'imported_at', 'event_hash'].includes(key) || (key === 'id' && typeof value === 'number')
        ? 'any'
        : value,
    )
  }

  const [undisturbed, database] = [await freshDatabase(), await freshDatabase()]
  const whole = await tieout(built, folder, WORDS, environment(undisturbed))
  expect(whole.code, whole.stderr).toBe(0)
  // one in three hundred is wrong: each month has two or three of these
  expect(whole.stdout.match(/discrepant/g)?.length).toBe(36)

  let kills = 0
  for (;;) {
    const job = start(built, folder, WORDS, environment(database))
    let months = 0
    const early = kills < KILLED_EARLY ? setTimeout(() => job.process.kill('SIGKILL'), 2000 + 1500 * kills) : undefined
    job.process.stderr?.on('data', (text: string) => {
      // those that an earlier run did are passed over
      months += text.match(/"month":"20[0-9-]*","imported":[1-9]/g)?.length ?? 0
      if (months >= MONTHS_A_RUN) job.process.kill('SIGKILL')
    })
    const { code, stderr } = await job.ended
    clearTimeout(early)
    if (code !== null) {
      expect(code, stderr).toBe(0)
      break
    }
    kills += 1
    expect(kills).toBeLessThan(30)
  }
  expect(kills).toBeGreaterThanOrEqual(36 / MONTHS_A_RUN)
  expect(await reported(database)).toEqual(await reported(undisturbed))

  for (const each of [undisturbed, database]) await each.close()
  await layer.close()
  rmSync(folder, { recursive: true, force: true })
})
