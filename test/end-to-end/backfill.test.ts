import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { backfill } from '../../src/backfill/backfill.ts'
import { loadConfig } from '../../src/config/config.ts'
import { addDays } from '../../src/core/period.ts'
import { createProgress } from '../../src/core/progress.ts'
import { withBusinessLock } from '../../src/database/locks.ts'
import type { Job } from '../../src/job.ts'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, start, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type Layer, layerThat } from '../support/layer.ts'
import { quiet } from '../support/quiet.ts'

const HARBOR = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const PIER = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02'
const AS_OF = ['--as-of', '2026-10-20T10:00:00Z']
const MONTHS = ['--from', '2026-07', '--to', '2026-09']
const HEADER = 'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id'

/** A refund a day from 1 July to 7 October 2026, of 10.00 and a cent more each day. */
const DAYS = Array.from({ length: 99 }, (_, day) => ({ day, on: addDays('2026-07-01', day), cents: 1000 + day }))

/** What Layer lists: all but Harbor's 10.40 of 10 August; Pier's 10.70 of 9 September is in its books as 10.75. */
const listingOf = (business: string): object[] =>
  DAYS.filter(({ day }) => business !== HARBOR || day !== 40).map(({ day, on, cents }) => {
    const refunded_amount = business === PIER && day === 70 ? 1075 : cents
    const paid = { external_id: `re_${day}`, refunded_amount, fee: 0, processor: 'STRIPE', method: 'CREDIT_CARD' }
    return {
      id: `rf-${day}`,
      refunded_amount,
      status: 'PAID',
      completed_at: `${on}T14:00:00Z`,
      allocations: [{ id: `al-${day}`, amount: refunded_amount }],
      payments: [{ id: `pm-${day}`, ...paid }],
    }
  })

const reportOf = (days: readonly (typeof DAYS)[number][]): string => {
  const lines = days.map(({ day, on, cents }) => {
    const amount = `-${(cents / 100).toFixed(2)}`
    return `txn_${day},${on} 14:00:00,usd,${amount},0.00,${amount},refund,re_${day},ch_${day}`
  })
  return `${[HEADER, ...lines].join('\n')}\n`
}

let built: Built
let folder: string
let layer: Layer

beforeAll(async () => {
  built = await buildSource()
  folder = mkdtempSync(join(tmpdir(), 'tieout-backfill-'))
  layer = await layerThat((request, response) => {
    const url = request.url ?? ''
    const body = url.includes('/invoices/') ? listingOf(url.includes(HARBOR) ? HARBOR : PIER) : []
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const business = (id: string, name: string): string =>
    `  - {id: ${id}, name: ${name}, currency: USD, time_zone: UTC, processors: [{name: STRIPE, inbox: "inbox/${name}/*.csv"}]}\n`
  writeFileSync(
    join(folder, 'tieout.yaml'),
    `database: {url: "\${DATABASE_URL}"}\nlayer: {base_url: "${layer.url}", token: open}\nbusinesses:\n${business(HARBOR, 'harbor')}${business(PIER, 'pier')}`,
  )
  for (const name of ['harbor', 'pier']) {
    mkdirSync(join(folder, 'inbox', name), { recursive: true })
    // three days a file; the names say when the files were made, and are in no order
    for (let day = 0; day < DAYS.length; day += 3) {
      writeFileSync(
        join(folder, 'inbox', name, `${(day * 37) % 99}-made-2027-01-01.csv`),
        reportOf(DAYS.slice(day, day + 3)),
      )
    }
  }
  writeFileSync(join(folder, 'inbox/harbor/nothing.csv'), `${HEADER}\n`)
  return async () => {
    await layer.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

const run = (database: FreshDatabase, ...words: string[]): Promise<Ended> =>
  tieout(built, folder, words, { DATABASE_URL: database.url })

/** The whole report, but for what pulls and runs there were, and when, and for the ids of files. */
const found = async (database: FreshDatabase): Promise<object> => {
  const { pulls, runs, ...report } = JSON.parse((await run(database, 'report', '--format', 'json')).stdout)
  expect([pulls.length, runs.length]).not.toContain(0)
  return JSON.parse(JSON.stringify(report), (key, value) =>
    ['generated_at', 'imported_at', 'event_hash'].includes(key) || (key === 'id' && typeof value === 'number')
      ? 'any'
      : value,
  )
}

describe('tieout backfill', () => {
  it('goes through three months of two businesses, and killed in the middle and run again it ends the same', async () => {
    const [undisturbed, database] = [await freshDatabase(), await freshDatabase()]
    const ended = await run(undisturbed, 'backfill', ...MONTHS, ...AS_OF)
    expect(ended.stdout).toBe(`harbor
  Month    Verdict     Files    New lines
  2026-07  reconciled     11           33
  2026-08  discrepant     10           30  1 item to correct, -10.40 USD net
  2026-09  reconciled     11           30
  2 files of other months: left alone

pier
  Month    Verdict     Files    New lines
  2026-07  reconciled     11           33
  2026-08  reconciled     10           30
  2026-09  discrepant     10           30  1 item to correct, 0.05 USD net
  2 files of other months: left alone
`)
    expect(ended.code).toBe(0)

    const job = start(built, folder, ['backfill', ...MONTHS, ...AS_OF], { DATABASE_URL: database.url })
    await job.says('"month":"2026-07"')
    job.process.kill('SIGKILL')
    expect((await job.ended).code).toBe(null)
    const [before] = await database.query<{ files: bigint }>('select count(*) as files from processor_file')
    expect(before?.files).toBeGreaterThan(10n)
    expect(before?.files).toBeLessThan(62n)
    const resumed = await run(database, 'backfill', ...MONTHS, ...AS_OF, '--json', '--exit-code')
    expect(resumed.code).toBe(3)
    const { businesses } = JSON.parse(resumed.stdout)
    const known = businesses.flatMap(({ months }: { months: { already: number }[] }) =>
      months.map((each) => each.already),
    )
    expect(known.reduce((sum: number, already: number) => sum + already, 0)).toBe(Number(before?.files))
    expect(await found(database)).toEqual(await found(undisturbed))
    await undisturbed.close()
    await database.close()
  }, 180_000)

  it('gives the lock of a business back in between, so that a night gets it before the history is through', async () => {
    const database = await freshDatabase()
    const path = join(folder, 'tieout.yaml')
    const config = loadConfig(path, { formats: ['stripe-itemized'] }, { DATABASE_URL: database.url })
    const job: Job = {
      stdout: Object.assign(new PassThrough(), { isTTY: false, hasColors: () => false }),
      flags: { config: path },
      log: quiet,
      progress: createProgress(null),
      now: () => '2026-10-20T10:00:00Z',
      onEnd: () => undefined,
      untilStopped: async () => undefined,
      stopped: () => false,
      hide: () => undefined,
      config,
      businesses: config.businesses.slice(0, 1),
      as_of: '2026-10-20T10:00:00Z',
      name: 'backfill',
      database,
    }
    let isThrough = false
    const history = backfill(job, { from: '2026-07', to: '2026-07' }, 0).then((result) => {
      isThrough = true
      return result
    })
    while ((await database.query('select from processor_file')).length === 0) await sleep(20)
    await withBusinessLock(database, { id: HARBOR, name: 'Harbor Coffee' }, quiet, async () =>
      expect(isThrough).toBe(false),
    )
    expect(isThrough).toBe(false)
    expect((await history).exit).toBe(0)
    await database.close()
  })

  it('asks for months, the first one first', async () => {
    const database = await freshDatabase()
    const asked = [
      ['--from', '2026-07'],
      ['--from', '2026-07', '--to', 'now'],
      ['--from', '2026-09', '--to', '2026-07'],
    ]
    const ended = await Promise.all(asked.map((months) => run(database, 'backfill', ...months)))
    expect(ended.map(({ code }) => code)).toEqual([2, 2, 2])
    await database.close()
  })
})
