import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reportSchema } from '../../../src/report/json/report-schema.ts'
import { type ReportConfig, type ReportRequest, writeReports } from '../../../src/report/reports.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { HARBOR, storeHarbor } from './harbor.ts'

let database: FreshDatabase
let folder: string

beforeAll(async () => {
  database = await freshDatabase()
  await storeHarbor(database)
  folder = await mkdtemp(join(tmpdir(), 'tieout-reports-'))
})

afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const configOf = (dir: string): ReportConfig => ({
  hash: 'c0ffee',
  reports: { dir, formats: ['text', 'json'], url: null, per_business: false },
})

const request = (changes: Partial<ReportRequest>): ReportRequest => ({
  as_of: null,
  generated_at: '2026-11-02T17:00:00Z',
  formats: ['json'],
  output: null,
  from: null,
  to: null,
  business_ids: [HARBOR],
  stdout: null,
  ...changes,
})

const terminal = (): { stream: Writable; text: () => string } => {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return { stream, text: () => text }
}

const written = async (changes: Partial<ReportRequest>): Promise<string> => {
  const { stream, text } = terminal()
  await writeReports(database, configOf(folder), request({ stdout: stream, ...changes }))
  return text()
}

interface JsonReport {
  as_of: string
  discrepancies: {
    id: string
    age_days: number | null
    material: boolean | null
    message: string
    status: string
    effects: { month: string; amount: number }[]
  }[]
  [list: string]: unknown
}
const jsonReport = async (changes: Partial<ReportRequest> = {}): Promise<JsonReport> =>
  JSON.parse(await written(changes))

test('the JSON report has the lists of the schema, in their order, as of the last reconciliation', async () => {
  const report = await jsonReport()
  expect(Object.keys(report)).toEqual([
    'schema',
    'as_of',
    'generated_at',
    'scope',
    'verdicts',
    'tie_out',
    'roll_forward',
    'discrepancies',
    'causes',
    'matches',
    'outside',
    'coverage',
    'pulls',
    'files',
    'quarantine',
    'closes',
    'chain',
    'notes',
    'runs',
  ])
  expect(report['schema']).toBe('tieout.report/2')
  expect(report.as_of).toBe('2026-11-02T16:00:00Z')
})

test('the JSON report is valid against its schema', async () => {
  expect(reportSchema.safeParse(await jsonReport()).error).toBeUndefined()
})

test('90,071,992,547,409.93 stands in the JSON report to the cent, though no float can hold it', async () => {
  const text = await written({})
  expect(text).toContain('"amount":9007199254740993,')
  expect(text).toContain('"count":7,"amount":9007199254740993}')
})

test('errors come before what waits, the oldest first; what was cleared is left out, what was resolved stays', async () => {
  const { discrepancies } = await jsonReport()
  expect(discrepancies.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'd11 open',
    'd21 open',
    'd51 open',
    'd52 resolved',
    'd41 open',
    'd31 open',
  ])
})

test('one finding of the JSON report has exactly the fields of the schema', async () => {
  const { discrepancies } = await jsonReport()
  expect(discrepancies.find(({ id }) => id === 'd21')).toEqual({
    id: 'd21',
    code: 'AMOUNT_MISMATCH',
    class: 'error',
    status: 'open',
    late: false,
    business_id: HARBOR,
    direction: 'customer',
    processor: 'STRIPE',
    currency: 'USD',
    message:
      'The ledger refunded 50.00 USD where Stripe refunded 40.00 USD: 10.00 USD too much. ' +
      'Ledger: 50.00 USD on 2026-10-03 for #1001. Stripe: 40.00 USD on 2026-10-03 for #1001.',
    suggestion: expect.stringContaining('correct the refund in Layer'),
    age_days: 30,
    age_bucket: '8-30',
    due_on: null,
    material: null,
    first_seen_at: '2026-11-01T16:00:00Z',
    last_seen_at: '2026-11-02T16:00:00Z',
    refund_id: null,
    legs: [
      {
        leg_id: 'pay_21',
        refund_id: 'r21',
        external_id: null,
        refund_external_id: 'ext-r21',
        processor: 'STRIPE',
        amount: 5000,
        refund_fee: 0,
        returned_fee: 0,
        completed_at: '2026-10-03T15:00:00Z',
        references: ['#1001'],
      },
    ],
    rows: [
      {
        transaction_id: 'txn_22',
        processor: 'STRIPE',
        account: 'main',
        refund_id: 're_22',
        payment_id: ['ch_1'],
        type: 'refund',
        amount: 4000,
        refund_fee: 0,
        returned_fee: 0,
        currency: 'USD',
        occurred_on: '2026-10-03',
        file: 'stripe-october.csv',
        line: 12,
        references: ['#1001'],
      },
    ],
    effects: [{ month: '2026-10', processor: 'STRIPE', currency: 'USD', amount: 1000, refund_fee: 0, returned_fee: 0 }],
    related: [],
    decision: null,
    owner: null,
    owner_due_on: null,
    comments: [],
  })
})

test('what a person resolved says as what, by whom, when and why', async () => {
  const { discrepancies } = await jsonReport()
  expect(discrepancies.find(({ id }) => id === 'd52')).toMatchObject({
    decision: { as: 'explained', by: 'Ada', at: '2026-11-02T09:00:00Z', note: 'agreed with the bookkeeper' },
  })
})

test('above a materiality of 20.00 lie 45.00 missing and 20.00 in either of two months, not 10.00 too much', async () => {
  await database.query(`update business set materiality_item = 2000`)
  const { discrepancies } = await jsonReport()
  await database.query(`update business set materiality_item = null`)
  const marked = discrepancies.flatMap(({ id, material }) => (material ? [id] : []))
  expect(marked).toEqual(['d11', 'd41', 'd31'])
})

test('a business that starts in October shows nothing of what a finding contributes to September', async () => {
  await database.query(`update business set starts_on = '2026-10-01'`)
  const { discrepancies } = await jsonReport()
  await database.query(`update business set starts_on = null`)
  const cutoff = discrepancies.find(({ id }) => id === 'd31')
  expect(cutoff?.effects.map(({ month, amount }) => `${month} ${amount}`)).toEqual(['2026-10 -2000'])
})

test('a later as_of makes the findings older and changes nothing else', async () => {
  const { discrepancies } = await jsonReport({ as_of: '2026-11-12T16:00:00Z' })
  expect(discrepancies.find(({ id }) => id === 'd11')?.age_days).toBe(29)
})

test('September alone shows the refund that was booked in September and settled in October, and its tie-out', async () => {
  const report = await jsonReport({ from: '2026-09', to: '2026-09' })
  expect(report.discrepancies.map(({ id }) => id)).toEqual(['d31'])
  expect(report['verdicts']).toEqual([
    { business_id: HARBOR, month: '2026-09', verdict: 'waiting', reasons: [], signed: null },
  ])
  expect(report['outside']).toEqual([])
  expect(report['files']).toEqual([])
})

test('a refund quarantined by an older pull, and a line read since, are no longer quarantined; a conflict still is', async () => {
  const { quarantine } = await jsonReport()
  expect(quarantine).toEqual([
    {
      id: 2,
      business_id: HARBOR,
      source: 'customer refunds of 2026-11-02',
      line: 7,
      reason: 'refunded_amount is 12.5, no whole number of cents',
      raw: '{"id":"r91"}',
      stored: null,
    },
    {
      id: 3,
      business_id: HARBOR,
      source: 'stripe-october.csv',
      line: 40,
      reason: "Amount is 'abc'",
      raw: 'abc',
      stored: null,
    },
    {
      id: 5,
      business_id: HARBOR,
      source: 'stripe-october.csv',
      line: 42,
      reason: 'txn_11 was 45.00 before',
      raw: 'abc',
      stored: {
        type: 'refund',
        amount: 4500,
        refund_fee: 0,
        returned_fee: 0,
        currency: 'USD',
        presented_amount: null,
        presented_currency: null,
        refund_id: 're_11',
        occurred_at: null,
        occurred_on: '2026-10-14',
        file: 'stripe-october.csv',
        line: 37,
      },
    },
  ])
})

test('six days without a Stripe file are a hole; an account without any file is named with no dates', async () => {
  const { coverage } = await jsonReport()
  expect(coverage).toEqual([
    { business_id: HARBOR, processor: 'BILLPAY', account: '', from: null, to: null, holes: [] },
    { business_id: HARBOR, processor: 'STRIPE', account: 'eu', from: null, to: null, holes: [] },
    {
      business_id: HARBOR,
      processor: 'STRIPE',
      account: 'main',
      from: '2026-10-01',
      to: '2026-10-31',
      holes: [{ after: '2026-10-10', before: '2026-10-16' }],
    },
  ])
})

test('a file says what it brought; a withdrawn one says that it was withdrawn', async () => {
  const { files } = await jsonReport()
  expect(files).toMatchObject([
    { id: 2, path: 'inbox/wrong.csv', state: 'withdrawn', records: 1, rows: 0 },
    {
      id: 1,
      path: 'inbox/stripe-october.csv',
      state: 'imported',
      records: 8,
      rows: 7,
      from: '2026-10-01',
      to: '2026-10-31',
      reason: null,
    },
  ])
})

test('the report states the last event of the chain, the notes, and why a month is incomplete', async () => {
  const report = await jsonReport()
  expect(report['chain']).toEqual([{ business_id: HARBOR, event_number: 3, event_hash: 'h3' }])
  expect(report['notes']).toEqual([
    {
      business_id: HARBOR,
      code: 'legs_before_start',
      text: '3 payments before 2026-09-01 are not concluded about',
      count: 3,
      amount: 4100,
    },
  ])
  expect(report['verdicts']).toMatchObject([
    { month: '2026-09' },
    { reasons: [{ code: 'pull_incomplete', text: 'the vendor refunds were not pulled completely' }], signed: null },
  ])
})

test('outside processors, cash names none and 9.00 went to store credit', async () => {
  const { outside } = await jsonReport()
  expect(outside).toMatchObject([
    { method: 'CASH', processor: null, amount: 700 },
    { method: 'OTHER', processor: 'STORE CREDIT', amount: 900 },
  ])
})

test('the text page says the verdict first, then the proof, then what to do', async () => {
  const page = await written({ formats: ['text'] })
  const places = ['2026-10  INCOMPLETE', 'TIE-OUT', 'TO DO', 'Missing in the ledger', 'WAITING\n', 'SOURCES'].map(
    (part) => page.indexOf(part),
  )
  expect(places.every((place) => place > 0)).toBe(true)
  expect([...places].sort((a, b) => a - b)).toEqual(places)
  expect(page).toContain('2026-09  Stripe refunds  USD                  20.00       0.00')
  expect(page).toContain('the server may have cut it off')
  expect(page).not.toContain('\u001b')
})

test('the text page counts by age what is open, and says who settled the rest, and why', async () => {
  const page = await written({ formats: ['text'] })
  expect(page.slice(page.indexOf('\nAGE'), page.indexOf('\nTO DO'))).toBe(
    `
AGE  how long ago the open findings happened
              to do  waiting  for information
  2-7 days        0        1                0
  8-30 days       3        0                0
  31-60 days      0        0                1
`,
  )
  expect(page).toMatch(
    /\nDECIDED {2}findings that a person settled; their effects stand\n.*13 days {2}\[d52\]\n {6}.*: explained by Ada on 2026-11-02: agreed with\s+the bookkeeper\n/,
  )
})

test('the CSV says of each finding its age, its owner and who settled it', async () => {
  const [header = '', ...lines] = (await written({ formats: ['csv'] })).split('\r\n')
  const names = header.replace('\ufeff', '').replaceAll('"', '').split(',')
  const cells = (id: string): string[] =>
    (lines.find((line) => line.endsWith(`"${id}"`)) ?? '').match(/"(?:[^"]|"")*"|[^,]+|(?<=,)(?=,)/g) ?? []
  const of = (id: string, name: string): string | undefined => cells(id)[names.indexOf(name)]
  expect(['age_bucket', 'decided_as', 'decided_by', 'decision_note'].map((name) => of('d52', name))).toEqual([
    ...['"8-30 days"', '"explained"', '"Ada"', '"agreed with the bookkeeper"'],
  ])
  expect([of('d52', 'decided_at'), of('d11', 'decided_by'), of('d11', 'age_days')]).toEqual([
    ...['2026-11-02T09:00:00Z', '""', '19'],
  ])
})

test('the CSV has one line per finding, amounts as plain numbers, and opens in a spreadsheet as UTF-8', async () => {
  const text = await written({ formats: ['csv'] })
  expect(text.startsWith('\ufeff"business"')).toBe(true)
  const lines = text.split('\r\n')
  expect(lines).toHaveLength(1 + 6 + 1)
  expect(lines.find((line) => line.includes('"d41"'))).toContain(',90071992547409.93,')
  expect(lines.find((line) => line.includes('"d11"'))).toContain(',-45.00,')
})

test('a path with the extension of the one format is a file, any other a folder; nothing half written is left', async () => {
  const config = configOf(folder)
  const one = join(folder, 'a', 'october.json')
  expect(await writeReports(database, config, request({ output: one }))).toEqual([one])
  const out = join(folder, 'case7', 'out')
  expect(await writeReports(database, config, request({ output: out, formats: ['json', 'text', 'csv'] }))).toEqual([
    join(out, 'report.json'),
    join(out, 'report.txt'),
    join(out, 'discrepancies.csv'),
    join(out, 'roll-forward.csv'),
  ])
  expect((await readdir(out)).sort()).toEqual(['discrepancies.csv', 'report.json', 'report.txt', 'roll-forward.csv'])
  expect(await readFile(one, 'utf8')).toBe(await readFile(join(out, 'report.json'), 'utf8'))
})

test('without a path and without a terminal, each run has its folder of reports, the same for the same as_of', async () => {
  const place = join(folder, 'runs')
  const expected = [join(place, '2026-11-02T160000Z', 'report.json')]
  expect(await writeReports(database, configOf(place), request({}))).toEqual(expected)
  expect(await writeReports(database, configOf(place), request({}))).toEqual(expected)
})

test('the index lists the runs, the newest first, with what was said of each and its reports', async () => {
  const place = join(folder, 'indexed')
  await writeReports(database, configOf(place), request({ as_of: '2026-11-01T16:00:00Z', formats: ['text'] }))
  const half = join(
    place,
    '2026-11-01T160000Z',
    `.report.txt.${hostname()}.${spawnSync('/bin/true').pid}.0123abcd.part`,
  )
  await writeFile(half, 'left by a killed job')
  await writeReports(database, configOf(place), request({ formats: ['json', 'html'] }))
  expect(await readdir(dirname(half))).toEqual(['report.txt'])
  const index = await readFile(join(place, 'index.html'), 'utf8')
  const places = [
    '2026-11-02 16:00 UTC',
    '2026-11-02T160000Z/report.html',
    '2026-11-01 16:00 UTC',
    '2026-11-01T160000Z/report.txt',
  ]
  expect(places.map((part) => index.indexOf(part)).every((at, i, all) => at > (all[i - 1] ?? 0))).toBe(true)
  expect(index).toContain('Harbor Coffee: 2026-10 incomplete, 3 items to correct')
})

test('with a folder for each business, the index of the night leads to each', async () => {
  const place = join(folder, 'apart')
  const config = configOf(place)
  const apart = { ...config, reports: { ...config.reports, per_business: true } }
  const night = join(place, '2026-11-02T160000Z')
  const own = `harbor-coffee-${HARBOR}`
  expect(await writeReports(database, apart, request({ formats: ['json', 'csv'] }))).toEqual([
    join(night, 'index.html'),
    join(night, own, 'report.json'),
    join(night, own, 'discrepancies.csv'),
    join(night, own, 'roll-forward.csv'),
  ])
  expect((await readdir(night)).sort()).toEqual([own, 'index.html'].sort())
  const index = await readFile(join(night, 'index.html'), 'utf8')
  expect(index).toContain(
    '<th scope="row">Harbor Coffee</th><td>October 2026</td><td>incomplete</td><td class="number">3</td>',
  )
  expect(index).toContain(`href="${own}/report.json"`)
  expect(await readFile(join(night, own, 'report.json'), 'utf8')).toContain(`"business_id":"${HARBOR}"`)
  const runs = await readFile(join(place, 'index.html'), 'utf8')
  expect([...runs.matchAll(/href="([^"]+)"/g)].map(([, link]) => link)).toEqual(['2026-11-02T160000Z/index.html'])
  // asked for by a person, the report is one
  expect(await writeReports(database, apart, request({ output: join(folder, 'asked') }))).toEqual([
    join(folder, 'asked', 'report.json'),
  ])
})

test('a business that has never run is not reported, and the page says that nothing was reconciled', async () => {
  const page = await written({ formats: ['text'], business_ids: ['00000000-0000-4000-8000-000000000000'] })
  expect(page).toContain('Nothing has run yet')
})
