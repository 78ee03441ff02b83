import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, start, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type Layer, layerThat, layerWith } from '../support/layer.ts'

/** Under the role of the job nothing is migrated. */
const isJob = process.env['TIEOUT_TEST_AS'] === 'job'

const HARBOR = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const PIER = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02'
const TOKEN = 'hush-hush-token'
const AS_OF = ['--as-of', '2026-10-12T10:00:00Z']

/** One refund of 12.50 of 5 October, which both sides have; and one of 7.00 that only Stripe has. */
const REFUND = {
  id: 'rf-1',
  refunded_amount: 1250,
  status: 'PAID',
  completed_at: '2026-10-05T14:00:00Z',
  allocations: [{ id: 'al-1', amount: 1250 }],
  payments: [
    { id: 'pm-1', external_id: 're_1', refunded_amount: 1250, fee: 0, processor: 'STRIPE', method: 'CREDIT_CARD' },
  ],
}
const REPORT = `balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id
txn_0,2026-10-01 12:00:00,usd,50.00,1.75,48.25,charge,ch_1,ch_1
txn_1,2026-10-05 14:00:00,usd,-12.50,0.00,-12.50,refund,re_1,ch_1
txn_2,2026-10-06 14:00:00,usd,-7.00,0.00,-7.00,refund,re_2,ch_2
txn_3,2026-10-11 12:00:00,usd,20.00,0.88,19.12,charge,ch_3,ch_3
`

const businessText = (id: string, name: string, currency: string): string => `  - id: ${id}
    name: ${name}
    currency: ${currency}
    time_zone: UTC
    processors:
      - {name: STRIPE, inbox: "inbox/${name}/*.csv"}
`

let built: Built
let folder: string
let database: FreshDatabase
let layer: Layer
let environment: Record<string, string>

beforeAll(async () => {
  built = await buildSource()
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tieout-commands-'))
  database = await freshDatabase()
  layer = await layerWith([REFUND], TOKEN)
  environment = { LAYER_TOKEN: TOKEN, DATABASE_URL: database.url }
  configure(businessText(HARBOR, 'harbor', 'USD'))
  mkdirSync(join(folder, 'inbox/harbor'), { recursive: true })
  writeFileSync(join(folder, 'inbox/harbor/october.csv'), REPORT)
  return async () => {
    await layer.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

const configure = (businesses: string): void =>
  writeFileSync(
    join(folder, 'tieout.yaml'),
    `database: {url: "\${DATABASE_URL}"}\nlayer: {base_url: "${layer.url}", token: "\${LAYER_TOKEN}"}\nbusinesses:\n${businesses}`,
  )

const run = (...words: string[]): Promise<Ended> => tieout(built, folder, words, environment)

const runs = (): Promise<{ job: string; outcome: string; problem: string | null }[]> =>
  database.query('select job, outcome, problem from run order by run_id')

describe('tieout nightly', () => {
  it('finds the 7.00 that Stripe refunded and the books lack, and says so everywhere', async () => {
    const ended = await run('nightly', ...AS_OF)
    expect(ended.stderr).not.toContain('"level":"error"')
    expect(ended.stdout).toContain('1 customer refund from Layer (1 new)')
    expect(ended.stdout).toContain('october.csv (stripe-itemized): 4 lines, 4 new; covers 2026-10-01 to 2026-10-11')
    expect(ended.stdout).toContain(
      '1 ledger payment matched with 1 processor line; 1 item to correct, 0 refunds still to arrive',
    )
    expect(ended.code).toBe(0)
    const standing = [
      '  October 2026, not over yet: DISCREPANT: 1 item to correct. Ledger minus processors: -7.00 USD net, 7.00 USD gross.',
      '  In all months: 1 item to correct, 0 refunds still to arrive; this is the first night.',
    ].join('\n')
    expect(ended.stdout.endsWith(`\n\nharbor\n${standing}\n`), ended.stdout).toBe(true)
    expect((await run('status')).stdout).toContain(`)\n${standing}\n`)
    const reports = join(folder, 'reports/2026-10-12T100000Z')
    expect(readdirSync(reports).sort()).toEqual(['report.json', 'report.txt', 'run.json'])
    const report = JSON.parse(readFileSync(join(reports, 'report.json'), 'utf8'))
    expect(report.discrepancies.map((each: { code: string }) => each.code)).toEqual(['MISSING_IN_LEDGER'])
    expect(readFileSync(join(reports, 'report.txt'), 'utf8')).toContain('7.00 USD')
    expect(await runs()).toEqual([{ job: 'nightly', outcome: 'done', problem: null }])
  })

  it('says the same a second time: only ids, clock times and the chain of the JSON report differ', async () => {
    const read = (): string =>
      readFileSync(join(folder, 'reports/2026-10-12T100000Z/report.json'), 'utf8').replace(
        /"(?:generated_at|started_at|finished_at|imported_at|event_hash)":"[^"]*"|"(?:pull_id|run_id|event_number|id)":\d+/g,
        '',
      )
    const versions = (): Promise<unknown[]> =>
      database.query('select discrepancy_id, xmin::text from discrepancy order by 1')
    await run('nightly', ...AS_OF)
    const [report, found] = [read(), await versions()]
    const ended = await run('nightly', ...AS_OF)
    expect(ended.stdout).toContain('1 customer refund from Layer (nothing new)')
    expect(ended.stdout).toContain('1 file was imported before')
    expect(read()).toBe(report)
    expect(await versions()).toEqual(found)
  })

  it('exits with 3 for open errors only where it is asked to', async () => {
    expect((await run('nightly', ...AS_OF, '--exit-code')).code).toBe(3)
    expect((await run('report', '--exit-code', '--quiet')).code).toBe(3)
    expect((await run('report', '--quiet')).code).toBe(0)
  })

  it('imports, reconciles and reports although Layer lets nobody in, concludes nothing, and exits with 4', async () => {
    environment['LAYER_TOKEN'] = 'wrong-hush-token'
    const ended = await run('nightly', ...AS_OF)
    expect(ended.code).toBe(4)
    const text = readFileSync(join(folder, 'reports/2026-10-12T100000Z/report.json'), 'utf8')
    const report = JSON.parse(text)
    expect(report.verdicts).toMatchObject([{ month: '2026-10', verdict: 'incomplete' }])
    expect(report.discrepancies.map((each: { code: string }) => each.code)).toEqual([
      'AWAITING_LEDGER',
      'AWAITING_LEDGER',
    ])
    expect((await runs())[0]?.outcome).toBe('failed')
    expect((await runs())[0]?.problem).toContain('401')
    expect(ended.stdout + ended.stderr + text + JSON.stringify(await runs())).not.toContain('hush')
  })

  it('does what it can for the other business where one of them fails', async () => {
    mkdirSync(join(folder, 'inbox/pier'))
    configure(businessText(HARBOR, 'harbor', 'USD') + businessText(PIER, 'pier', 'USD'))
    await run('nightly', ...AS_OF)
    configure(businessText(HARBOR, 'harbor', 'EUR') + businessText(PIER, 'pier', 'USD'))
    const ended = await run('nightly', ...AS_OF, '--json')
    expect(ended.code).toBe(4)
    const { businesses } = JSON.parse(ended.stdout)
    expect(businesses.map((each: { name: string; outcome: string }) => [each.name, each.outcome])).toEqual([
      ['harbor', 'failed'],
      ['pier', 'done'],
    ])
    expect(businesses[0].problems[0]).toContain('the currency is EUR in tieout.yaml, but what is stored is in USD')
    configure(businessText(HARBOR, 'harbor', 'EUR'))
    expect((await run('nightly', ...AS_OF)).code).toBe(1)
  })

  it('ends on SIGTERM with what was going on undone, and says in its run that it was stopped', async () => {
    const silent = await layerThat(() => undefined)
    writeFileSync(
      join(folder, 'tieout.yaml'),
      readFileSync(join(folder, 'tieout.yaml'), 'utf8').replace(layer.url, silent.url),
    )
    const job = start(built, folder, ['nightly', '--verbose', ...AS_OF], environment)
    while ((await runs()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
    job.process.kill('SIGTERM')
    const ended = await job.ended
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('SIGTERM: ending')
    expect(await runs()).toEqual([{ job: 'nightly', outcome: 'failed', problem: 'it was told to stop' }])
    expect(await database.query('select from pull')).toEqual([])
    await silent.close()
  })
})

describe('tieout explain', () => {
  it('says which run matched 12.50 by which pass, takes no lock, and exits with 2 for an id that names nothing', async () => {
    await run('nightly', ...AS_OF)
    const before = await runs()
    const [text, json, finding, nothing] = await Promise.all([
      run('explain', 're_1'),
      run('explain', 'pm-1', '--json'),
      run('explain', 'txn_2'),
      run('explain', 'nothing-of-that-name'),
    ])
    expect([text.code, json.code, finding.code, nothing.code]).toEqual([0, 0, 0, 2])
    expect(text.stdout).toContain('1 refund_id (an id that both sides name): Matched.')
    expect(text.stdout).toMatch(/The run as of 2026-10-12T10:00:00Z \(nightly, run \d+\) made it\./)
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'tieout.explain/1',
      subject: { kind: 'leg', legs: [{ leg_id: 'pm-1', amount: 1250 }] },
      stored: {
        matches: [{ pass: 'refund_id', totals: [{ ledger_amount: 1250, processor_amount: 1250, amount: 0 }] }],
      },
    })
    expect(finding.stdout).toContain('MISSING_IN_LEDGER (error, open)')
    expect(nothing.stderr).toContain('found no leg, row or finding of this id in harbor')
    expect(await runs()).toEqual(before)
  })
})

describe('tieout import', () => {
  it('previews a file as JSON lines and writes nothing, with no database at all', async () => {
    environment['DATABASE_URL'] = 'postgres://nobody@127.0.0.1:1/nowhere'
    const ended = await run('import', '--preview', 'inbox/harbor/october.csv')
    expect(ended.code).toBe(0)
    const rows = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ type, amount, line }) => [type, amount, line])).toEqual([
      ['payment', 5000, 2],
      ['refund', 1250, 3],
      ['refund', 700, 4],
      ['payment', 2000, 5],
    ])
    expect(await database.query('select from business')).toEqual([])
  })

  it('prints no row of a file it refuses, says why, and exits with 1', async () => {
    writeFileSync(join(folder, 'notes.csv'), 'a,b\n1,2\n')
    const words = ['import', 'notes.csv', '--processor', 'stripe']
    const [previewed, imported] = await Promise.all([run(...words, '--preview'), run(...words)])
    for (const { code, stderr } of [previewed, imported]) {
      expect(code).toBe(1)
      expect(stderr).toContain('notes.csv')
    }
    expect(previewed.stdout).toBe('')
    expect(await database.query('select from processor_file')).toEqual([])
  })

  it('previews every file that can be read, and a table of it for people', async () => {
    writeFileSync(join(folder, 'notes.csv'), 'a,b\n1,2\n')
    const files = ['notes.csv', 'inbox/harbor/october.csv']
    const [lines, page] = await Promise.all([
      run('import', '--preview', '--processor', 'stripe', ...files),
      run('import', '--table', '--processor', 'stripe', 'inbox/harbor/october.csv'),
    ])
    expect(lines.code).toBe(4)
    expect(lines.stdout.trim().split('\n')).toHaveLength(4)
    expect(lines.stderr).toContain('notes.csv')
    expect(page.code).toBe(0)
    expect(page.stdout.split('\n').slice(0, 5)).toEqual([
      'october.csv: stripe-itemized, 4 lines read, 0 quarantined',
      '',
      '  Type     In the file  Lines  Amount  Fees  Fees returned  Currency  First       Last',
      '  payment  charge           2   70.00  2.63           0.00  USD       2026-10-01  2026-10-11',
      '  refund   refund           2   19.50  0.00           0.00  USD       2026-10-05  2026-10-06',
    ])
    expect(await database.query('select from processor_file')).toEqual([])
  })

  it('names files in the inbox that no pattern takes, in doctor too', async () => {
    writeFileSync(join(folder, 'inbox/harbor/October.xlsx'), 'x')
    expect((await run('import')).stdout).toMatch(/not imported, since no inbox takes it: .*October\.xlsx/)
    expect((await run('doctor')).stdout).toMatch(/October\.xlsx: lies in an inbox, and no pattern takes it/)
  })

  it('imports what it can of the files named, once, and exits with 4 where one is refused', async () => {
    writeFileSync(join(folder, 'notes.csv'), 'a,b\n1,2\n')
    const files = ['inbox/harbor/october.csv', 'notes.csv']
    const ended = await run('import', ...files, '--covers', '2026-10-01..2026-10-31')
    expect(ended.code).toBe(4)
    expect(ended.stdout).toContain('4 lines, 4 new; covers 2026-10-01 to 2026-10-31')
    expect((await run('import')).stdout).toContain('1 file was imported before')
  })

  it('asks whose files they are where it cannot know', async () => {
    configure(businessText(HARBOR, 'harbor', 'USD') + businessText(PIER, 'pier', 'USD'))
    const october = ['import', 'inbox/harbor/october.csv']
    const [whose, harbor, adyen, covers] = await Promise.all([
      run(...october),
      run(...october, '--business', 'Harbor'),
      run('import', 'x.csv', '--business', 'harbor', '--processor', 'ADYEN', '--preview'),
      run('import', '--covers', '2026-10-31..2026-10-01'),
    ])
    expect(whose.code).toBe(2)
    expect(whose.stderr).toContain('which business? Say so with --business')
    expect(harbor.code).toBe(0)
    expect(adyen.stderr).toContain('--processor ADYEN is not configured for harbor; there are STRIPE')
    expect(covers.stderr).toContain('expected two dates')
  })
})

describe('tieout', () => {
  it('explains itself: every command has help with an example', async () => {
    const help = await run('--help')
    expect(help.code).toBe(0)
    const commands = [...help.stdout.matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map((found) => found[1] ?? '')
    expect(commands).toEqual([
      'nightly',
      'status',
      'report',
      'review',
      'explain',
      'desk',
      'import',
      'quarantine',
      'files',
      'corrections',
      'fees',
      'close',
      'reopen-month',
      'verify',
      'demo',
      'init',
      'doctor',
      'sandbox',
      'formats',
      'schema',
      'completion',
      'backfill',
      'migrate',
      'pull',
      'reconcile',
      'worker',
      'erase',
    ])
    const helps = await Promise.all(commands.map((command) => run(command, '--help')))
    expect(helps.map(({ code }) => code)).toEqual(commands.map(() => 0))
    commands.forEach((command, index) => {
      expect(helps[index]?.stdout).toContain(`Example:\n  $ tieout ${command}`)
    })
  })

  it('exits with 2 for wrong usage and a wrong configuration', async () => {
    const wrong = [
      ['reconsile'],
      ['pull', '--what'],
      ['pull', '--as-of', 'yesterday'],
      ['pull', '--business', 'nobody'],
      ['report', '--format', 'pdf'],
      ['report', '--from', '2026-13'],
    ]
    const refused = await Promise.all(wrong.map((words) => run(...words)))
    expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2])
    expect(refused[3]?.stderr).toContain(`there are ${HARBOR} (harbor)`)
    writeFileSync(join(folder, 'tieout.yaml'), 'busineses: []\n')
    const ended = await run('nightly')
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('tieout.yaml:1:1: busineses: is not known here')
  })

  it('lists the report formats, and describes one with an example', async () => {
    const [all, one, none] = await Promise.all([run('formats'), run('formats', 'stripe-itemized'), run('formats', 'x')])
    expect(all.stdout).toContain('stripe-itemized')
    expect(one.stdout).toMatch(/balance_transaction_id +needed/)
    expect(one.stdout).toContain('Example:\n  balance_transaction_id,')
    expect(none.code).toBe(2)
  })

  it('writes a configuration to start from, once, which is right but for what only its owner knows', async () => {
    environment['DATABASE_URL'] = database.url
    expect((await run('init', '--config', 'new/tieout.yaml')).code).toBe(0)
    expect((await run('init', '--config', 'new/tieout.yaml')).code).toBe(2)
    const ended = await run('status', '--config', 'new/tieout.yaml')
    expect(ended.stdout).toContain('nothing has run yet')
    expect(ended.code).toBe(0)
    const text = readFileSync(join(folder, 'new/tieout.yaml'), 'utf8')
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./tieout.schema.json')
    expect(JSON.parse(readFileSync(join(folder, 'new/tieout.schema.json'), 'utf8')).title).toBe('tieout.yaml')
    expect(existsSync(join(folder, 'new/inbox/stripe'))).toBe(true)
    const ill = await run('doctor', '--config', 'new/tieout.yaml')
    expect(ill.stdout).toContain('WRONG  My business: id: is still the placeholder that `tieout init` wrote')
    const night = await run('nightly', '--config', 'new/tieout.yaml')
    expect(night.code).toBe(4)
    expect(night.stdout).toContain('its id in tieout.yaml is still the placeholder that `tieout init` wrote')
  })

  it('names a secret that is not set where it stands, and asks for it only where it is needed', async () => {
    delete environment['LAYER_TOKEN']
    const notify = 'notify:\n  webhook: {url: "${NO_HOOK}"}\n'
    const desk = 'desk: {trusted_user_header: X-User, proxy_secret: "${NO_SECRET}"}\n'
    writeFileSync(join(folder, 'tieout.yaml'), `${readFileSync(join(folder, 'tieout.yaml'), 'utf8')}${notify}${desk}`)
    expect((await run('status')).code).toBe(0)
    const served = await run('desk')
    expect(served.code).toBe(2)
    expect(served.stderr).toMatch(/tieout\.yaml:\d+:\d+: desk\.proxy_secret: NO_SECRET is not set in the environment/)
    const pulled = await run('pull')
    expect(pulled.code).toBe(1)
    expect(pulled.stderr).toMatch(
      /no credentials for Layer: tieout\.yaml:\d+:\d+: layer\.token: LAYER_TOKEN is not set in the environment/,
    )
    expect((await run('doctor')).stdout).toMatch(
      /WRONG {2}notify\.webhook: tieout\.yaml:\d+:\d+: notify\.webhook\.url: NO_HOOK is not set/,
    )
    environment['LAYER_TOKEN'] = TOKEN
    const night = await run('nightly', ...AS_OF)
    expect(night.code).toBe(4)
    expect(night.stderr).toMatch(/notify\.webhook: tieout\.yaml:\d+:\d+: notify\.webhook\.url: NO_HOOK is not set/)
  })

  it('tells in one JSON document what ran last and what is due', async () => {
    await run('nightly', ...AS_OF)
    const status = JSON.parse((await run('status', '--json')).stdout)
    expect(status.businesses[0]).toMatchObject({
      runs: [{ job: 'nightly', outcome: 'done' }],
      imported: [{ processor: 'STRIPE', covers_to: '2026-10-11' }],
      open: [{ code: 'MISSING_IN_LEDGER', findings: 1 }],
    })
  })

  it('gives metrics of each business for a textfile collector', async () => {
    await run('nightly', ...AS_OF)
    const { stdout, code } = await run('status', '--metrics')
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    const own = `business="${HARBOR}",name="harbor"`
    expect(lines).toContain('# TYPE tieout_verdict gauge')
    expect(lines.filter((line) => line.startsWith(`tieout_verdict{${own},month="2026-10",verdict="`))).toHaveLength(1)
    // 7.00 that only Stripe has, of 6 October; both sides have the other 12.50
    expect(lines).toContain(
      `tieout_difference{${own},month="2026-10",direction="customer",processor="STRIPE",currency="USD",measure="amount"} -700`,
    )
    const errors = lines.filter((line) => line.startsWith(`tieout_findings{${own},class="error",age="`))
    expect(errors.map((line) => line.split(' ').at(-1)).sort()).toEqual(['0', '0', '0', '0', '0', '1'])
    expect(lines).toContain(`tieout_quarantined{${own}} 0`)
    expect(lines).toContain(`tieout_last_run_failed{${own},job="nightly"} 0`)
    const ended = lines.find((line) => line.startsWith(`tieout_last_run_timestamp_seconds{${own},job="nightly"} `))
    expect(Math.abs(Date.now() / 1000 - Number(ended?.split(' ').at(-1)))).toBeLessThan(600)
    expect(lines.some((line) => /^tieout_duration_seconds\{.*job="nightly"\} [\d.]+$/.test(line))).toBe(true)
    expect(stdout).toMatch(/^(?:# (?:TYPE|UNIT|HELP) .*\n|tieout_\w+\{(?:\w+="[^"\n]*",?)+\} -?[\d.]+\n)+# EOF\n$/)
  })

  it('leaves beside the reports what they were made from, and names the run in the log', async () => {
    const night = await run('nightly', ...AS_OF)
    const [made = ''] = readdirSync(join(folder, 'reports')).filter((name) => name.startsWith('2026-10-12T'))
    const within = (name: string): Buffer => readFileSync(join(folder, 'reports', made, name))
    const document = JSON.parse(within('run.json').toString())
    const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')
    const [business] = document.businesses
    expect(document).toMatchObject({
      schema: 'tieout.run/1',
      versions: { node: process.versions.node },
      settings_sha256: sha256(readFileSync(join(folder, 'tieout.yaml'))),
    })
    expect(document.reports.length).toBeGreaterThan(0)
    for (const { name, sha256: stated } of document.reports) expect(stated).toBe(sha256(within(name)))
    expect(business.pulls).toMatchObject([
      { direction: 'customer', refunds: 1, complete: true },
      { direction: 'vendor', refunds: 0, complete: true },
    ])
    expect(business.files).toMatchObject([{ records: 4, rows: 4, sha256: sha256(REPORT), state: 'imported' }])
    const { run: ran } = business
    expect(ran).toMatchObject({ command: 'nightly', state: 'done', problem: null })
    expect(ran.steps.map(({ step }: { step: string }) => step).sort()).toEqual(['import', 'pull', 'reconcile'])
    for (const { started_at, finished_at } of ran.steps) expect(started_at <= finished_at).toBe(true)
    const logged = night.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(logged.filter(({ run_id }) => run_id === String(ran.run_id)).length).toBeGreaterThan(2)
  })

  it('takes an inbox folder that is not there for a failure, not for a quiet night', async () => {
    await run('nightly', ...AS_OF)
    rmSync(join(folder, 'inbox'), { recursive: true })
    const night = await run('nightly', '--as-of', '2026-10-13T10:00:00Z')
    expect(night.code).toBe(4)
    expect(night.stdout).toMatch(
      /FAILED: the inbox folder .*\/inbox\/harbor of Stripe is not there: make it, or correct inbox in tieout\.yaml/,
    )
    expect((await run('status')).stdout).toMatch(/nightly .* failed: the inbox folder .* is not there/)
    expect((await run('import')).code).toBe(1)
  })

  it('finds what is wrong with a set-up, and says what to do', async () => {
    await run('nightly', ...AS_OF)
    const well = await run('doctor', ...AS_OF)
    expect(well.stdout).toContain('Nothing is wrong.')
    expect(well.code).toBe(0)
    environment['LAYER_TOKEN'] = 'wrong-hush-token'
    await database.query(`insert into note values ($1, 'LEDGER_DATES', 1, 'nine of ten', 9, null)`, [HARBOR])
    rmSync(join(folder, 'inbox'), { recursive: true })
    const ill = await run('doctor', '--as-of', '2026-10-30T10:00:00Z')
    expect(ill.code).toBe(1)
    expect(ill.stdout).toMatch(/WRONG {2}harbor: Layer: .*401/)
    expect(ill.stdout).toMatch(
      /WRONG {2}harbor: inbox of STRIPE: no file matches .*: there is no folder .*inbox\/harbor\. Make it/,
    )
    expect(ill.stdout).toContain('WRONG  harbor: reports of STRIPE: imported up to 2026-10-11, 19 days ago')
    expect(ill.stdout).toContain(
      'WRONG  harbor: dates of refunds: 9 of the latest stand at exactly midnight UTC, and are taken for instants',
    )
    expect(ill.stdout + ill.stderr).not.toContain('hush')
  })

  it('finds a report that changed, a day without a file, and a processor that the books call otherwise', async () => {
    await layer.close()
    const through = (processor: string, id: string, cents: number) => ({
      ...{ ...REFUND, id, refunded_amount: cents, allocations: [{ id: `al-${id}`, amount: cents }] },
      payments: REFUND.payments.map((each) => ({ ...each, id: `pm-${id}`, refunded_amount: cents, processor })),
    })
    // Payco's refunds are no refunds of Stripe's, though one of 7.00 is of the amount of one
    const payco = ['rf-2', 'rf-3', 'rf-4'].map((id, place) => ({
      ...through('Payco', id, 700 + 1000 * place),
      payments: through('Payco', id, 700 + 1000 * place).payments.map((each) => ({ ...each, external_id: `pc-${id}` })),
    }))
    layer = await layerWith([through('Stripe EU', 'rf-1', 1250), ...payco], TOKEN)
    configure(businessText(HARBOR, 'harbor', 'USD'))
    await run('nightly', ...AS_OF)
    await database.query(`insert into account_coverage values ($1, 'STRIPE', '', '2026-10-20', '2026-10-25')`, [HARBOR])
    writeFileSync(join(folder, 'inbox/harbor/zz.csv'), 'id,when,how much\n1,2026-10-12,5.00\n')
    utimesSync(join(folder, 'inbox/harbor/zz.csv'), new Date(), new Date(Date.now() + 60_000))
    const ill = await run('doctor', ...AS_OF)
    expect(ill.stdout).toContain('WRONG  harbor: inbox of STRIPE: the newest file is refused: zz.csv')
    expect(ill.stdout).toContain(
      'WRONG  harbor: reports of STRIPE: no file covers the days between 2026-10-11 and 2026-10-20',
    )
    expect(ill.stdout).toContain(
      'WRONG  harbor: processors: the books say STRIPE EU for 1 refund, and tieout.yaml knows nothing of it; STRIPE has 1 of them. ' +
        'If it is the same, add aliases: [STRIPE EU] to STRIPE\n',
    )
    expect(ill.stdout).toContain(
      'WRONG  harbor: processors: the books say PAYCO for 3 refunds, and tieout.yaml knows nothing of it; STRIPE has 1 of them. ' +
        'Add it as a processor with its reports; if no processor moved the money, add it to outside.processors\n',
    )
  })

  it('says one cause once, of however many businesses', async () => {
    configure(businessText(HARBOR, 'harbor', 'USD') + businessText(PIER, 'pier', 'USD'))
    environment['LAYER_TOKEN'] = 'wrong-hush-token'
    const { stdout } = await run('doctor')
    expect(stdout.split('\n').filter((line) => line.includes('401'))).toHaveLength(1)
  })

  it('sends a test by each channel when told to', async () => {
    const notify = 'notify:\n  command: {run: [tee, told.json]}\n  webhook: {url: "http://127.0.0.1:1/x"}\n'
    writeFileSync(join(folder, 'tieout.yaml'), `${readFileSync(join(folder, 'tieout.yaml'), 'utf8')}${notify}`)
    const { stdout } = await run('doctor', '--send-test')
    expect(stdout).toContain('ok     notify.command: a test was sent')
    expect(stdout).toContain('WRONG  notify.webhook: no connection')
    expect(JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8')).subject).toBe('Tieout: a test')
  })

  it('looks at all that is stored when told to, and finds an effect that somebody changed by hand', async () => {
    await run('nightly', ...AS_OF)
    const well = await run('doctor', '--deep', ...AS_OF)
    expect(well.stdout).toMatch(
      /ok {5}harbor: what is stored: agrees with itself, by \d+ queries and the hashes of its history\n/,
    )
    expect(well.code).toBe(0)
    await database.query('update discrepancy_effect set amount = -699 where amount = -700')
    expect((await run('doctor', ...AS_OF)).code).toBe(0)
    const ill = await run('doctor', '--deep', ...AS_OF)
    expect(ill.code).toBe(1)
    expect(ill.stdout).toContain(
      'WRONG  harbor: what is stored: no finding explains a difference: customer STRIPE USD 2026-10 amount: -1 is unexplained. ' +
        'Run `tieout reconcile --full --business "harbor"`',
    )
    await run('reconcile', '--full', ...AS_OF)
    expect((await run('doctor', '--deep', ...AS_OF)).stdout).toContain('Nothing is wrong.')
  })

  it.skipIf(isJob)('says which migrations a given database lacks, and applies them when told to', async () => {
    await database.query('drop schema public cascade; create schema public')
    expect((await run('pull')).stderr).toContain('run `tieout migrate` first')
    expect((await run('doctor')).stdout).toContain('Run `tieout migrate`')
    expect((await run('migrate')).stdout).toContain('0001_schema')
    expect((await run('migrate')).stdout).toBe('The database is up to date.\n')
  })

  it.skipIf(isJob)('refuses a database of version 0.1, and doctor says so too', async () => {
    await database.query(`drop schema public cascade; create schema public;
      create table kysely_migration (name text); insert into kysely_migration values ('0001_initial')`)
    const migrated = await run('migrate')
    expect(migrated.code).toBe(1)
    expect(migrated.stderr).toContain('this database was made by version 0.1 of Tieout')
    expect((await run('doctor')).stdout).toContain('WRONG  schema: this database was made by version 0.1 of Tieout')
  })
})

describe('tieout sandbox', () => {
  it('serves the demo until it is told to stop, which is its proper end', async () => {
    const sandbox = start(built, folder, ['sandbox', '--port', '0', '--token', 'open'])
    await sandbox.says('invoices/refunds')
    sandbox.process.kill('SIGINT')
    expect((await sandbox.ended).code).toBe(0)
  })
})
