/** `tieout files`, `quarantine` and `import --again`, as a person runs them: what was imported is mended, and the month follows. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { wrongsIn } from '../support/integrity.ts'

const BUSINESS = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const TOKEN = 'hush-hush-token-of-repairs'
const AS_OF = ['--as-of', '2026-11-20T12:00:00Z'] as const

const CONFIG = `database: {url: "\${DATABASE_URL}"}
layer: {base_url: "\${LAYER_URL}", token: "\${LAYER_TOKEN}"}
reports: {formats: [json]}
businesses:
  - id: ${BUSINESS}
    name: Harbor Coffee
    currency: USD
    time_zone: UTC
    processors:
      - name: TILL
        inbox: ["inbox/*.csv"]
        format:
          columns: {transaction_id: Id, type: Kind, refund_id: Refund, amount: Amount, currency: Currency, occurred_at: Date}
          types: {Refund: refund, Refund failed: refund_reversal}
          date_format: yyyy-MM-dd HH:mm:ss
`
const HEADER = 'Id,Kind,Refund,Amount,Currency,Date'
const OCTOBER = [
  HEADER,
  't1,Refund,rf_1,-30.00,USD,2026-10-15 09:30:00',
  't2,Refund,rf_2,-12.00,USD,2026-10-16 09:30:00',
]
const LATER = [HEADER, 't2,Refund,rf_2,-12.00,USD,2026-10-16 09:30:00', 't3,Refund,rf_3,-5.00,USD,2026-10-31 23:30:00']

let built: Built
let database: FreshDatabase
let sandbox: Sandbox
let folder: string

const run = (...words: string[]): Promise<Ended> =>
  tieout(built, folder, words, { DATABASE_URL: database.url, LAYER_URL: sandbox.url, LAYER_TOKEN: TOKEN })
const done = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await run(...words)
  expect([words, code, stderr]).toEqual([words, 0, expect.anything()])
  return stdout
}
const put = (name: string, lines: readonly string[]): void =>
  writeFileSync(join(folder, 'inbox', name), `${lines.join('\n')}\n`)

const CLOCK_AND_NUMBERS = ['id', 'pull_id', 'imported_at', 'started_at', 'finished_at']

/** Reconciles, sees that all of sql/integrity holds, and gives the report without ids, clock times and hashes. */
const report = async (): Promise<Record<string, unknown[]>> => {
  await done('reconcile', ...AS_OF)
  expect(await wrongsIn(database)).toEqual([])
  const { generated_at, chain, runs, ...said } = JSON.parse(await done('report', '--format', 'json', ...AS_OF))
  expect([generated_at, chain.length, runs.length > 0]).toEqual([expect.any(String), 1, true])
  const isOwn = ([key]: [string, unknown]): boolean => !CLOCK_AND_NUMBERS.includes(key)
  const timeless = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(timeless)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .filter(isOwn)
              .map(([key, item]) => [key, timeless(item)]),
          )
        : value
  return timeless(said) as Record<string, unknown[]>
}
/** What the processor gave back: '2026-10 4700', by month. */
const givenBack = async (): Promise<string[]> =>
  ((await report())['tie_out'] as { measure: string; month: string; processor_total: number; unexplained: number }[])
    .filter(({ measure }) => measure === 'amount')
    .map(
      ({ month, processor_total, unexplained }) =>
        `${month} ${processor_total}${unexplained === 0 ? '' : ' UNEXPLAINED'}`,
    )
const events = async (): Promise<unknown> =>
  await database.query(
    `select kind, subject, actor, from_state, to_state, note from event where actor <> 'run' order by event_number`,
  )

beforeAll(async () => {
  built = await buildSource()
  sandbox = await startSandbox({
    seed: { businesses: [{ id: BUSINESS, invoices: [], bills: [] }] },
    port: 0,
    token: TOKEN,
  })
}, 180_000)
afterAll(async () => {
  await sandbox.close()
})
beforeEach(async () => {
  database = await freshDatabase()
  folder = mkdtempSync(join(tmpdir(), 'tieout-repair-'))
  writeFileSync(join(folder, 'tieout.yaml'), CONFIG)
  mkdirSync(join(folder, 'inbox'))
  put('october.csv', OCTOBER)
  put('later.csv', LATER)
  await done('nightly', ...AS_OF)
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await database.close()
})

it('withdraws 30.00 of 47.00, leaves the file aside at night, and has the same report once it is imported again', async () => {
  const before = await report()
  const listed: { schema: string; files: { id: number; path: string; state: string }[] } = JSON.parse(
    await done('files', 'list', '--json'),
  )
  expect(listed.schema).toBe('tieout.files/1')
  expect(listed.files).toMatchObject([
    { path: 'inbox/october.csv', state: 'imported', accepted: 1, known: 1 },
    { path: 'inbox/later.csv', state: 'imported', accepted: 2, known: 0 },
  ])
  const id = String(listed.files[0]?.id)
  expect(await done('files', 'withdraw', 'inbox/october.csv', '--by', 'Ada', '--note', 'of another shop')).toBe(
    'Harbor Coffee\n  october.csv: withdrawn; 1 row counts no longer, 1 stays, since other files have it too. `tieout reconcile` makes up the figures\n',
  )
  expect(await givenBack()).toEqual(['2026-10 1700'])
  const again = await run('files', 'withdraw', id)
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is withdrawn already')])
  expect(await done('nightly', ...AS_OF)).toContain('october.csv was withdrawn: the same bytes, nothing was done')
  expect(await givenBack()).toEqual(['2026-10 1700'])
  await done('import', 'inbox/october.csv', ...AS_OF)
  expect(await report()).toEqual(before)
  expect(await events()).toEqual([
    {
      kind: 'file_withdrawn',
      subject: `file ${id}`,
      actor: 'Ada',
      from_state: 'imported',
      to_state: 'withdrawn',
      note: 'of another shop',
    },
  ])
}, 120_000)

it('reads files again in another time zone: 5.00 of 31 October is of 1 November, and the other file stays as it is', async () => {
  expect(await givenBack()).toEqual(['2026-10 4700'])
  writeFileSync(join(folder, 'tieout.yaml'), CONFIG.replace('name: TILL', 'name: TILL\n        time_zone: Etc/GMT+1'))
  const said = await done('import', '--again', 'inbox/later.csv', 'inbox/october.csv', '--by', 'Ada', ...AS_OF)
  expect(said).toContain('Against before: 0 new, 3 changed, 0 gone')
  expect(await givenBack()).toEqual(['2026-10 4200', '2026-11 500'])
  writeFileSync(join(folder, 'tieout.yaml'), CONFIG.replace('transaction_id: Id, ', ''))
  const one = await run('import', '--again', 'inbox/later.csv', ...AS_OF)
  expect([one.code, one.stdout]).toEqual([1, expect.stringContaining('without ids')])
  expect(await givenBack()).toEqual(['2026-10 4200', '2026-11 500'])
  const both = await done('import', '--again', 'inbox/later.csv', 'inbox/october.csv', '--by', 'Ada', ...AS_OF)
  expect(both).toContain('Against before: 3 new, 0 changed, 3 gone')
  expect(await givenBack()).toEqual(['2026-10 4700'])
  expect(await events()).toMatchObject([1, 2, 3, 4].map(() => ({ kind: 'file_imported_again', actor: 'Ada' })))
}, 120_000)

it('reads nothing again that was never imported, and changes nothing where one of two files cannot be read', async () => {
  writeFileSync(join(folder, 'new.csv'), OCTOBER.join('\n'))
  put('october.csv', OCTOBER)
  const unknown = await run('import', '--again', 'new.csv', '--processor', 'TILL', ...AS_OF)
  expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringContaining('was not imported before')])
  writeFileSync(join(folder, 'tieout.yaml'), CONFIG.replace('currency: Currency', 'currency: Money'))
  const refused = await run('import', '--again', 'inbox/later.csv', ...AS_OF)
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('Money')])
  expect(await givenBack()).toEqual(['2026-10 4700'])
  expect(await events()).toEqual([])
}, 120_000)

it('says which dates a file covers, in the name of the user who is logged in', async () => {
  await done('files', 'cover', 'inbox/later.csv', '2026-10-01..2026-11-19')
  const { coverage } = await report()
  expect(coverage).toMatchObject([{ from: '2026-10-01', to: '2026-11-19', holes: [] }])
  expect(await events()).toMatchObject([
    {
      kind: 'file_covered',
      actor: userInfo().username,
      from_state: '2026-10-16..2026-10-31',
      to_state: '2026-10-01..2026-11-19',
    },
  ])
  const wrong = await run('files', 'cover', 'inbox/later.csv', '2026-11-19..2026-10-01')
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('expected two dates such as')])
  const missing = await run('files', 'withdraw', 'inbox/octobre.csv')
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('did you mean inbox/october.csv?')])
}, 120_000)

const conflict = (amount: string): string[] => [
  HEADER,
  `t1,Refund,rf_1,-${amount},USD,2026-10-15 09:30:00`,
  't4,Refund,rf_4,-1.00,USD,2026-10-17 09:30:00',
]
const inQuarantine = async (): Promise<{ id: number; line: number; stored: { amount: number } | null }[]> =>
  JSON.parse(await done('quarantine', 'list', '--json')).quarantine

it('accepts 33.00 in place of 30.00: the month is 3.00 more, and the line of 30.00 stays as a version', async () => {
  put('conflict.csv', conflict('33.00'))
  put('copy.csv', [...conflict('33.00'), 't5,Refund,rf_5,-2.00,USD,2026-10-18 09:30:00'])
  put('other.csv', [...conflict('34.00'), 't6,Refund,rf_6,-4.00,USD,2026-10-18 09:30:00'])
  await done('import', ...AS_OF)
  expect(await givenBack()).toEqual(['2026-10 5400'])
  const before = await inQuarantine()
  expect(before).toMatchObject([1, 2, 3].map(() => ({ line: 2, stored: { amount: 3000 } })))
  const id = String(before[0]?.id)
  expect(await done('quarantine', 'list')).toContain(`${id}  conflict.csv, line 2 (conflict): t1 is known from`)
  expect(await done('quarantine', 'accept', id, '--by', 'Ada', '--note', 'the processor corrected it')).toContain(
    'accepted',
  )
  expect(await givenBack()).toEqual(['2026-10 5700'])
  // copy.csv says the same; what other.csv says is decided by nobody yet
  expect(await inQuarantine()).toMatchObject([{ source: 'other.csv', stored: { amount: 3300, file: 'conflict.csv' } }])
  expect(
    await database.query(`select was ->> 'amount' as amount, was ->> 'line' as line from processor_row_version`),
  ).toEqual([{ amount: '3000', line: '2' }])
  const shown = JSON.parse(await done('quarantine', 'show', id, '--json')).quarantine
  expect(shown).toMatchObject([
    { state: 'accepted', history: [{ by: 'Ada', from: 'open', to: 'accepted', note: 'the processor corrected it' }] },
  ])
  const again = await run('quarantine', 'accept', id)
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is accepted already')])

  // without the file, the line is what it was; with it, the conflict is there again
  await done('files', 'withdraw', 'inbox/conflict.csv')
  expect(await givenBack()).toEqual(['2026-10 5400'])
  expect((await inQuarantine()).length).toBe(2)
  await done('import', 'inbox/conflict.csv', ...AS_OF)
  expect((await inQuarantine()).length).toBe(3)
  expect(await givenBack()).toEqual(['2026-10 5400'])
}, 120_000)

it('accepts a line whose stored one was withdrawn, and one that makes a refund of 30.00 its reversal', async () => {
  put('conflict.csv', conflict('33.00'))
  await done('import', ...AS_OF)
  const [record] = await inQuarantine()
  await done('files', 'withdraw', 'inbox/october.csv')
  expect(await givenBack()).toEqual(['2026-10 1800'])
  await done('quarantine', 'accept', String(record?.id))
  expect(await givenBack()).toEqual(['2026-10 5100'])
  put('failed.csv', [HEADER, 't1,Refund failed,rf_2,12.00,USD,2026-11-02 09:30:00'])
  await done('import', ...AS_OF)
  const [reversal] = await inQuarantine()
  await done('quarantine', 'accept', String(reversal?.id))
  expect(await givenBack()).toEqual(['2026-10 1800', '2026-11 -1200'])
}, 120_000)

it('dismisses a line that cannot be read, with a note: the month is no longer incomplete for it', async () => {
  put('footer.csv', [HEADER, 't7,Refund,rf_7,-1.00,USD,2026-10-20 09:30:00', 'Total,,,-48.00,USD,2026-10-31 00:00:00'])
  put('bad.csv', [HEADER, 't8,Refund,rf_8,no,USD,2026-10-20 09:30:00', 't9,Refund,rf_9,-1.00,USD,2026-10-21 09:30:00'])
  await done('import', ...AS_OF)
  const reasons = async (): Promise<unknown[]> =>
    ((await report())['verdicts'] as { month: string; reasons: { code: string; text: string }[] }[])
      .flatMap(({ reasons }) => reasons)
      .filter(({ code }) => code === 'QUARANTINED')
      .map(({ text }) => text)
  expect(await reasons()).toEqual(['1 record of bad.csv is in quarantine'])
  const [record] = await inQuarantine()
  const id = String(record?.id)
  const cannot = await run('quarantine', 'accept', id)
  expect([cannot.code, cannot.stderr]).toEqual([2, expect.stringContaining('could not be read')])
  const silent = await run('quarantine', 'dismiss', id)
  expect([silent.code, silent.stderr]).toEqual([2, expect.stringContaining('say with --note TEXT why')])
  expect((await run('quarantine', 'dismiss', '999', '--note', 'x')).code).toBe(2)
  await done('quarantine', 'dismiss', id, '--by', 'Ada', '--note', 'a test of the till')
  expect(await reasons()).toEqual([])
  expect(await inQuarantine()).toEqual([])
  await done('files', 'withdraw', 'inbox/bad.csv')
  await done('import', 'inbox/bad.csv', ...AS_OF)
  expect(await reasons()).toEqual([])
}, 120_000)
