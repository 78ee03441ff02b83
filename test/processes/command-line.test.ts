/** The command line's own rules: which command takes which flags, what is said of mistakes, and one document with --json. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Built, buildSource } from '../support/built.ts'
import { type Ended, start, tieout } from '../support/command.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type Layer, layerThat, layerWith } from '../support/layer.ts'

const COFFEE = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'
const BAKERY = '77aa8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02'
const TOKEN = 'hush-hush-token'
const AS_OF = ['--as-of', '2026-10-20T10:00:00Z']

/** 12.50 of 5 October without any id; Stripe dates it 8 October. And 7.00 that only Stripe has. */
const REFUND = {
  id: 'rf-1',
  refunded_amount: 1250,
  status: 'PAID',
  completed_at: '2026-10-05T14:00:00Z',
  allocations: [{ id: 'al-1', amount: 1250 }],
  payments: [{ id: 'pm-1', refunded_amount: 1250, fee: 0, processor: 'STRIPE', method: 'CREDIT_CARD' }],
}
const REPORT = `balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id
txn_0,2026-10-01 12:00:00,usd,50.00,1.75,48.25,charge,ch_1,ch_1
txn_1,2026-10-08 14:00:00,usd,-12.50,0.00,-12.50,refund,re_1,ch_1
txn_2,2026-10-06 14:00:00,usd,-7.00,0.00,-7.00,refund,re_2,ch_2
txn_3,2026-10-19 12:00:00,usd,20.00,0.88,19.12,charge,ch_3,ch_3
`

let built: Built
let folder: string
let layer: Layer
let database: FreshDatabase
let environment: Record<string, string> = {}

beforeAll(async () => {
  built = await buildSource()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tieout-command-line-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

/** A database, a Layer, the configuration and Stripe's file, for the tests of a group. */
const withBooks = (): void =>
  beforeEach(async () => {
    database = await freshDatabase()
    layer = await layerWith([REFUND], TOKEN)
    environment = { DATABASE_URL: database.url, LAYER_TOKEN: TOKEN }
    configure()
    mkdirSync(join(folder, 'inbox'))
    writeFileSync(join(folder, 'inbox/october.csv'), REPORT)
    return async () => {
      await layer.close()
      await database.close()
      environment = {}
    }
  })

const business = (id: string, name: string, inbox: string, days: number): string => `  - id: ${id}
    name: ${name}
    currency: USD
    time_zone: UTC
    processors:
      - {name: STRIPE, inbox: "${inbox}/*.csv", date_window_days: ${days}}
`

/** Two businesses, of which the bakery has no files. */
const configure = ({ days = 7, rest = '' } = {}): void =>
  writeFileSync(
    join(folder, 'tieout.yaml'),
    `database: {url: "\${DATABASE_URL}"}
layer: {base_url: "${layer.url}", token: "\${LAYER_TOKEN}"}
reports: {formats: [json]}
${rest}businesses:
${business(COFFEE, 'Harbor Coffee', 'inbox', days)}${business(BAKERY, 'Harbor Bakery', 'bakery', 3)}`,
  )

const run = (...words: string[]): Promise<Ended> => tieout(built, folder, words, environment)

const night = (...words: string[]): Promise<Ended> => run('nightly', '--business', 'coffee', ...AS_OF, ...words)

/** 'schema, then what is wrong' of the one document on stdout. */
const errorOf = ({ stdout }: Ended): unknown => JSON.parse(stdout)

describe('the flags of each command', () => {
  const EVERYWHERE = ['--help', '--quiet', '--verbose', '--version']
  const RUN = ['--as-of', '--business', '--config', '--json']
  const TARGET = ['invoice', 'bill', 'bill-line-item', 'bill-payment'].flatMap((name) => [
    `--${name}-external-id`,
    `--${name}-id`,
  ])
  const SERVING = ['client', 'fault', 'fault-count', 'mode', 'page-size', 'persist', 'port', 'seed', 'token']
  const CORRECTIONS = ['--business', '--config', '--json']
  const COMMANDS: [string, string[]][] = [
    ['demo', ['--json', '--keep']],
    ['init', ['--config', '--json']],
    ['migrate', ['--config', '--json', '--citus', '--shards']],
    ['pull', RUN],
    [
      'import',
      [...RUN, '--again', '--by', '--covers', '--format', '--note', '--preview', '--processor', '--strict', '--table'],
    ],
    ['reconcile', [...RUN, '--exit-code', '--full']],
    ['explain', ['--business', '--config', '--json']],
    ['report', [...RUN, '--all', '--exit-code', '--format', '--from', '--material', '--month', '--output', '--to']],
    ['nightly', [...RUN, '--exit-code', '--queue']],
    ['worker', ['--concurrency', '--config', '--json', '--schedule']],
    ['backfill', [...RUN, '--exit-code', '--from', '--to']],
    ['corrections', CORRECTIONS],
    ['corrections propose', [...CORRECTIONS, '--by', ...TARGET]],
    ['corrections list', CORRECTIONS],
    ['corrections show', CORRECTIONS],
    ['corrections approve', [...CORRECTIONS, '--by', '--note', '--despite', ...TARGET]],
    ['corrections reject', [...CORRECTIONS, '--by', '--note']],
    ['corrections post', [...CORRECTIONS, '--by', '--dry-run']],
    ['files', CORRECTIONS],
    ['files list', CORRECTIONS],
    ['files withdraw', [...CORRECTIONS, '--by', '--note']],
    ['files cover', [...CORRECTIONS, '--by', '--note']],
    ['quarantine', CORRECTIONS],
    ['quarantine list', CORRECTIONS],
    ['quarantine show', CORRECTIONS],
    ['quarantine accept', [...CORRECTIONS, '--by', '--note']],
    ['quarantine dismiss', [...CORRECTIONS, '--by', '--note']],
    ['fees', CORRECTIONS],
    ['fees list', CORRECTIONS],
    ['fees set', [...CORRECTIONS, '--account', '--by', '--currency', '--note', '--processor']],
    ['close', [...RUN, '--accept-open', '--by', '--dry-run', '--export', '--note', '--review', '--verify', '--yes']],
    ['reopen-month', [...CORRECTIONS, '--by', '--note']],
    ['verify', ['--json']],
    ['status', ['--business', '--config', '--from', '--json', '--metrics', '--month', '--to']],
    ['doctor', [...RUN, '--deep', '--send-test']],
    ['sandbox', SERVING.map((name) => `--${name}`)],
    ['formats', ['--json']],
    ['schema', []],
    ['completion', ['--config']],
  ]

  it.each(COMMANDS)('%s: its help has these and no others, in 80 columns', async (command, flags) => {
    const { stdout, code } = await run(...command.split(' '), '--help')
    expect(code).toBe(0)
    const shown = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag]) => flag)
    expect(shown.sort()).toEqual([...EVERYWHERE, ...flags].sort())
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(stdout).toContain(`\nExample:\n  $ tieout ${command}`)
  })

  it('the help of the whole names every command and the exit codes, in 80 columns', async () => {
    const { stdout } = await run('--help')
    for (const [command] of COMMANDS.filter(([name]) => !name.includes(' ')))
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(stdout).toContain(`Exit codes:
  0  done
  1  failed, or told to stop
  2  wrong usage or configuration
  3  done, but errors are open (only with --exit-code)
  4  done for some businesses or files only, or a report or notice undelivered
`)
  })

  it('the help lists the commands of every day before those that set it up and run it', async () => {
    const { stdout } = await run('--help')
    const shown = [...stdout.matchAll(/^(?:([A-Z][a-z -]+):| {2}([a-z-]+) .*)$/gm)].map(
      ([, group, name]) => group ?? name,
    )
    expect(
      shown.filter((word) => ['Every day', 'Month end', 'Set-up', 'Operate', 'Commands'].includes(word ?? '')),
    ).toEqual(['Every day', 'Month end', 'Set-up', 'Operate'])
    expect(shown.indexOf('nightly')).toBe(shown.indexOf('Every day') + 1)
    expect(shown.indexOf('demo')).toBe(shown.indexOf('Set-up') + 1)
  })

  it('prints the JSON Schema of tieout.yaml and of the report', async () => {
    const config = JSON.parse((await run('schema', 'config')).stdout)
    expect(config.properties.businesses.items.required).toEqual(['id', 'currency', 'time_zone'])
    expect(config.properties.businesses.items.properties.ledger_lag_days.default).toBe(2)
    const report = JSON.parse((await run('schema', 'report')).stdout)
    expect(report.properties.schema.const).toBe('tieout.report/2')
    expect(report.properties.tie_out.items.properties.difference.type).toBe('integer')
    expect(await run('schema', 'reports')).toMatchObject({ code: 2, stdout: '' })
  })

  it('-V says the version, with and without a command', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    for (const words of [['-V'], ['--version'], ['status', '-V']]) {
      expect(await run(...words)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    }
  })

  it.each([
    [
      ['formats', '--as-of', '2026-10-20'],
      "unknown option '--as-of'",
      '`tieout formats --help` lists what is possible',
    ],
    [['status', '--as-of', '2026-10-20'], "unknown option '--as-of'", '`tieout status --help` lists what is possible'],
    [['demo', '--config', 'mine.yaml'], "unknown option '--config'", '`tieout demo --help` lists what is possible'],
    [
      ['migrate', '--business', 'pier'],
      "unknown option '--business'",
      '`tieout migrate --help` lists what is possible',
    ],
    [['worker', '--business', 'pier'], "unknown option '--business'", '`tieout worker --help` lists what is possible'],
    [
      ['corrections', 'list', '--dry-run'],
      "unknown option '--dry-run'",
      '`tieout corrections list --help` lists what is possible',
    ],
    [['pull', '--jsn'], "unknown option '--jsn'", 'did you mean --json?'],
    [['reconsile'], "unknown command 'reconsile'", 'did you mean reconcile?'],
    [['corrections', 'aprove', 'x'], "unknown command 'aprove'", 'did you mean approve?'],
    [['frobnicate'], "unknown command 'frobnicate'", '`tieout --help` lists what is possible'],
    [
      ['status', '-q', '-v'],
      "option '-q, --quiet' cannot be used with option '-v, --verbose'",
      '`tieout status --help` lists what is possible',
    ],
    [
      ['report', '--month', '2026-10', '--from', '2026-09'],
      "option '--month <month>' cannot be used with option '--from <month>'",
      '`tieout report --help` lists what is possible',
    ],
    [
      ['import', '--preview', '--json', 'x.csv'],
      "option '--preview' cannot be used with option '--json'",
      '`tieout import --help` lists what is possible',
    ],
    [
      ['backfill', '--from', '2026-01'],
      "required option '--to <month>' not specified",
      '`tieout backfill --help` lists what is possible',
    ],
  ])('%j is refused', async (words, message, hint) => {
    const { code, stderr } = await run(...words)
    expect([code, stderr]).toEqual([2, `tieout: ${message}\n${hint}\n`])
    expect(errorOf(await run(...words, '--json'))).toEqual({
      schema: 'tieout.error/1',
      error: { code: 'USAGE', message, hint },
    })
  })

  it('a command of commands alone shows its help on stderr, and exits with 2', async () => {
    const ended = await run('corrections', '--json')
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('Usage: tieout corrections')
    expect(errorOf(ended)).toMatchObject({ error: { code: 'USAGE', message: 'tieout corrections: which command?' } })
  })
})

describe('the configuration', () => {
  it('is named by -c, else by TIEOUT_CONFIG, else it is tieout.yaml', async () => {
    environment = {}
    const named = async (...words: string[]): Promise<string> => (await run('migrate', ...words)).stderr
    expect(await named('-c', 'a.yaml')).toContain('tieout: a.yaml: no configuration can be read here')
    expect(await named()).toContain('tieout: tieout.yaml: no configuration can be read here')
    environment['TIEOUT_CONFIG'] = 'b.yaml'
    expect(await named()).toContain('tieout: b.yaml: no configuration can be read here')
    expect(await named('--config', 'a.yaml')).toContain('tieout: a.yaml:')
    environment['TIEOUT_CONFIG'] = ''
    expect(await named()).toBe('tieout: --config (or TIEOUT_CONFIG): found nothing, expected the path of a file\n')
    environment['TIEOUT_CONFIG'] = 'etc/c.yaml'
    expect((await run('init')).code).toBe(0)
    environment = {}
    expect(readFileSync(join(folder, 'etc/c.yaml'), 'utf8')).toContain('businesses:')
  })

  it('with a mistyped key: the key that was meant, and the same as a document', async () => {
    writeFileSync(join(folder, 'tieout.yaml'), 'busineses: []\n')
    const ended = await run('status', '--json')
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('tieout.yaml:1:1: busineses: is not known here: did you mean businesses? Known are')
    const { error } = JSON.parse(ended.stdout)
    expect(error).toMatchObject({ code: 'USAGE', hint: '`tieout status --help` lists what is possible' })
    expect(`tieout: ${error.message}\n`).toBe(ended.stderr)
  })
})

describe('what a person mistypes', () => {
  withBooks()

  it.each([
    [['pull', '--business', 'cofee'], 'did you mean Harbor Coffee?'],
    [['pull', '--business', 'harbor'], 'give more of its name or id'],
    [['formats', 'stripe-itemised'], 'did you mean stripe-itemized?'],
    [['import', '--format', 'paypal-activty'], 'did you mean paypal-activity?'],
    [['import', '--business', 'coffee', '--processor', 'strpe', 'x.csv'], 'did you mean STRIPE?'],
    [['report', '--format', 'htlm'], 'did you mean html?'],
  ])('%j: the word that was meant', async (words, hint) => {
    const ended = await run(...words, '--json')
    expect([ended.code, JSON.parse(ended.stdout).error.hint]).toEqual([2, hint])
    expect(ended.stderr.endsWith(`\n${hint}\n`)).toBe(true)
  })

  it('is told into how many shards a cluster may be spread', async () => {
    const refused = async (...words: string[]): Promise<[number | null, string]> => {
      const { code, stdout } = await run('migrate', ...words, '--json')
      return [code, JSON.parse(stdout).error.message]
    }
    for (const shards of ['0', '1025', '2.5', 'many', '-3']) {
      const message = `--shards ${shards}: expected into how many shards, a whole number from 1 to 1024`
      expect(await refused('--citus', `--shards=${shards}`)).toEqual([2, message])
    }
    const alone = '--shards 4 says into how many shards --citus spreads the tables: add --citus'
    expect(await refused('--shards', '4')).toEqual([2, alone])
    expect(await refused('--citus', '--shards', '4')).toEqual([
      1,
      expect.stringMatching(/^this database has no Citus: .*; nothing was changed$/),
    ])
  })

  it('is told of months in the wrong order, by report, status and backfill', async () => {
    const months = ['--from', '2026-10', '--to', '2026-09']
    const ended = await Promise.all(['report', 'status', 'backfill'].map((command) => run(command, ...months)))
    const stderr = 'tieout: --from 2026-10 --to 2026-09: the first month comes after the last one\n'
    expect(ended).toEqual(ended.map(() => ({ code: 2, stdout: '', stderr })))
  })
})

describe('--json gives one document, with a schema', () => {
  withBooks()

  it('for each command that reads or writes the books', async () => {
    const documents: [string[], string][] = [
      [['migrate'], 'tieout.migrate/1'],
      [['pull', ...AS_OF], 'tieout.pull/1'],
      [['import', '--business', 'coffee'], 'tieout.import/1'],
      [['reconcile', ...AS_OF], 'tieout.reconcile/1'],
      [['nightly', ...AS_OF], 'tieout.nightly/1'],
      [['nightly', ...AS_OF, '--queue'], 'tieout.nightly-queued/1'],
      [['backfill', '--from', '2026-10', '--to', '2026-10', ...AS_OF], 'tieout.backfill/1'],
      [['report'], 'tieout.report/2'],
      [['report', '--format', 'json', '--month', '2026-10'], 'tieout.report/2'],
      [['report', '--format', 'text,csv'], 'tieout.report-files/1'],
      [['report', '--output', 'october'], 'tieout.report-files/1'],
      [['status'], 'tieout.status/1'],
      [['explain', 'txn_1'], 'tieout.explain/1'],
      [['doctor', ...AS_OF], 'tieout.doctor/1'],
      [['formats'], 'tieout.formats/1'],
      [['formats', 'stripe-itemized'], 'tieout.format/1'],
      [['init', '-c', 'new.yaml'], 'tieout.init/1'],
      [['corrections', 'propose', '--business', 'coffee'], 'tieout.corrections-propose/1'],
      [['corrections', 'list'], 'tieout.corrections/1'],
      [['corrections', 'post'], 'tieout.corrections-post/1'],
    ]
    for (const [words, schema] of documents) {
      const { stdout } = await run(...words, '--json')
      expect([words, JSON.parse(stdout).schema]).toEqual([words, schema])
    }
  }, 180_000)

  it.each(['hush-hush-password', 'hush/hush', '1/hush', 'hu#sh?hush@hush'])(
    'where the database cannot be reached: what failed and what to do, without its password %s',
    async (password) => {
      environment['DATABASE_URL'] = `postgres://tieout:${password}@127.0.0.1:1/books`
      const ended = await run('status', '--json')
      expect(ended.code).toBe(1)
      const { schema, error } = JSON.parse(ended.stdout)
      expect([schema, error.code, error.hint]).toEqual([
        'tieout.error/1',
        'DATABASE',
        '`tieout doctor` checks the database and says what to do',
      ])
      expect(error.message).toContain('connecting to tieout@127.0.0.1:1/books')
      expect(ended.stdout + ended.stderr).not.toContain('hush')
      expect((await run('doctor', '--verbose')).stdout).not.toContain('hush')
    },
  )

  it('where it fails by something unexpected, and where it is told to stop', async () => {
    writeFileSync(
      join(folder, 'broken.cjs'),
      `process.getuid = require('node:os').userInfo = () => { throw new Error('no user') }\nrequire('node:module').syncBuiltinESMExports()`,
    )
    environment['NODE_OPTIONS'] = `--require ${join(folder, 'broken.cjs')}`
    const unexpected = await run('report', '--json')
    delete environment['NODE_OPTIONS']
    expect(unexpected.code).toBe(1)
    expect(errorOf(unexpected)).toMatchObject({
      error: { code: 'UNEXPECTED', hint: 'run it again with --verbose, and report what it says' },
    })

    const silent = await layerThat(() => undefined)
    const text = readFileSync(join(folder, 'tieout.yaml'), 'utf8')
    writeFileSync(join(folder, 'tieout.yaml'), text.replace(layer.url, silent.url))
    const job = start(built, folder, ['pull', '--json', '--verbose'], environment)
    while ((await database.query('select from run')).length === 0) await new Promise((done) => setTimeout(done, 50))
    job.process.kill('SIGTERM')
    const stopped = await job.ended
    expect(stopped.code).toBe(1)
    expect(errorOf(stopped)).toEqual({
      schema: 'tieout.error/1',
      error: { code: 'STOPPED', message: 'stopped by SIGTERM', hint: 'run it again: nothing half done was kept' },
    })
    await silent.close()
  })
})

describe('the months', () => {
  withBooks()

  it('--month is the month from and to, of report and of status', async () => {
    await night()
    const [by_month, by_bounds] = await Promise.all([
      run('report', '--json', '--month', '2026-10', ...AS_OF),
      run('report', '--json', '--from', '2026-10', '--to', '2026-10', ...AS_OF),
    ])
    const settled = ({ stdout }: Ended): string => stdout.replace(/"generated_at":"[^"]*"/, '')
    expect(settled(by_month)).toBe(settled(by_bounds))
    expect(JSON.parse(by_month.stdout).scope).toMatchObject({ from: '2026-10', to: '2026-10' })

    const status = await run('status', '--business', 'coffee', '--month', '2026-10')
    expect(status.stdout).toContain('\n  2026-10  discrepant: 1 item to correct, -7.00 USD net\n')
    expect((await run('status', '--business', 'coffee', '--month', '2026-09')).stdout).not.toContain('discrepant')
    const { from, to, businesses } = JSON.parse((await run('status', '--json', '--month', '2026-10')).stdout)
    expect([from, to]).toEqual(['2026-10', '2026-10'])
    expect(businesses[0].verdicts).toMatchObject([{ month: '2026-10', verdict: 'discrepant' }])
  })

  it('a report goes to the terminal as text, to a file in its format, to a folder in the configured ones', async () => {
    await night()
    expect((await run('report')).stdout).toMatch(/^Refund reconciliation /)
    expect((await run('report', '--output', 'october.csv')).stdout).toBe(`${join(folder, 'october.csv')}\n`)
    expect((await run('report', '--output', 'october')).stdout).toBe(`${join(folder, 'october/report.json')}\n`)
  })
})

describe('a change of a setting that matters to matching', () => {
  withBooks()

  it('asks for a full run in reconcile, status and report, until one says how many matches it changed', async () => {
    const ADVICE = 'a setting that matters to matching changed; matches made before stay as they were'
    const first = await night()
    expect(first.stdout).toContain(
      '1 ledger payment matched with 1 processor line; 1 item to correct, 0 refunds still to arrive',
    )
    expect(first.stdout).not.toContain(ADVICE)
    const unchanged = await run('reconcile', '--business', 'coffee', '--full', ...AS_OF)
    expect(unchanged.stdout).toContain('everything was matched anew: no match changed\n')

    configure({ days: 1 })
    const { stdout } = await night()
    expect(stdout).toContain(
      '1 ledger payment matched with 1 processor line; 1 item to correct, 0 refunds still to arrive',
    )
    expect(stdout).toContain(`  ${ADVICE} until \`tieout reconcile --full\`\n`)
    expect((await run('status')).stdout).toContain(`  advice     ${ADVICE} until \`tieout reconcile --full\`\n`)
    const status = JSON.parse((await run('status', '--json')).stdout)
    expect(status.businesses.map((each: { full_run_advised: boolean }) => each.full_run_advised)).toEqual([true, false])
    const report = JSON.parse((await run('report', '--json')).stdout)
    expect(report.notes).toEqual([
      {
        business_id: COFFEE,
        code: 'FULL_RUN_ADVISED',
        text: 'A setting that matters to matching changed; matches made before stay as they were until `tieout reconcile --full`',
        count: null,
        amount: null,
      },
    ])
    expect((await run('report', '--business', 'coffee')).stdout).toContain('NOTES\n  A setting that matters')

    const full = await run('reconcile', '--business', 'coffee', '--full', ...AS_OF, '--json')
    expect(JSON.parse(full.stdout).businesses[0].reconciliation).toMatchObject({
      legs_matched: 0,
      matches_changed: 1,
      full_run_advised: false,
    })
    expect((await run('status')).stdout).not.toContain(ADVICE)
    expect(JSON.parse((await run('report', '--json')).stdout).notes).toEqual([])
  })
})

describe('what cannot be delivered', () => {
  withBooks()

  it('a notice: the night stands, and it exits with 4', async () => {
    configure({ rest: 'notify: {command: {when: always, run: [/bin/false]}}\n' })
    const ended = await night('--json', '--exit-code')
    expect(ended.code).toBe(4)
    const { businesses, notices } = JSON.parse(ended.stdout)
    expect(businesses[0].outcome).toBe('done')
    expect(notices).toEqual([{ channel: 'command', problem: 'it ended with 1' }])
    const status = await run('status')
    expect(status.stdout).toMatch(/notify\.command did not go out for the night of \S+: it ended with 1/)
  })

  it('a mail: its password is in no output, whatever characters it has, nor in a warning of the runtime', async () => {
    configure({ rest: 'notify: {email: {when: always, smtp: "${SMTP}", from: a@example.com, to: [b@example.com]}}\n' })
    environment['SMTP'] = 'smtp://ada:hush#hush/hush@127.0.0.1:1'
    const ended = await night('--verbose')
    expect(ended.code).toBe(4)
    expect(ended.stderr).toContain('notify.email: ')
    expect(ended.stdout + ended.stderr).not.toContain('hush#')
    expect(ended.stdout + ended.stderr).not.toContain('#hush')
  })

  it('a report: the night stands, the notice says so, and it exits with 4', async () => {
    writeFileSync(join(folder, 'reports'), 'in the way of the folder')
    configure({ rest: 'notify: {command: {when: always, run: [tee, summary.json]}}\n' })
    const ended = await night()
    expect(ended.code).toBe(4)
    expect(ended.stdout).toContain('1 item to correct, 0 refunds still to arrive\n')
    const said =
      /report\.json could not be written: ENOTDIR: not a directory; no report was written; what was found stands in the database/
    expect(ended.stdout).toMatch(said)
    expect(ended.stderr).not.toContain('did not expect')
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toMatch(said)
    const asked = await run('report', '--format', 'text,json', '--output', 'reports/below', '--json')
    expect(asked.code).toBe(4)
    expect(errorOf(asked)).toMatchObject({ error: { code: 'DELIVERY', message: expect.stringMatching(said) } })
  })

  it('a report of several, where the disk is full or may not be written: those that could be are named', async () => {
    await night()
    mkdirSync(join(folder, 'out/report.json'), { recursive: true })
    const ended = await run('report', '--format', 'text,json,csv', '--output', 'out')
    expect(ended.code).toBe(4)
    expect(ended.stderr).toMatch(
      /out\/report\.json could not be written: E\w+: [^']*; written were \S+out\/report\.txt, \S+discrepancies\.csv, \S+roll-forward\.csv;/,
    )
    expect(readdirSync(join(folder, 'out'))).toEqual([
      'discrepancies.csv',
      'report.json',
      'report.txt',
      'roll-forward.csv',
    ])
  })

  it.runIf(process.getuid?.() === 0)(
    'a report on a disk that is full, or that is read-only: exit 4, and why',
    async () => {
      await night()
      const small = join(folder, 'small')
      mkdirSync(small)
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', small])
      try {
        writeFileSync(join(small, 'all-of-it'), Buffer.alloc(60_000))
        const full = await run('report', '--format', 'html', '--output', 'small')
        expect([full.code, full.stderr]).toEqual([
          4,
          expect.stringContaining('ENOSPC: no space left on device; no report'),
        ])
        expect(readdirSync(small)).toEqual(['all-of-it'])
        execFileSync('/bin/mount', ['-o', 'remount,ro', small])
        const locked = await run('report', '--format', 'html', '--output', 'small')
        expect([locked.code, locked.stderr]).toEqual([
          4,
          expect.stringContaining('EROFS: read-only file system; no report'),
        ])
      } finally {
        execFileSync('/bin/umount', [small])
      }
    },
  )

  it('a result, as the standard output is full: it exits with 4, and says so', async () => {
    await night()
    const ended = await start(built, folder, ['status'], environment, null, openSync('/dev/full', 'w')).ended
    expect(ended.code).toBe(4)
    expect(ended.stderr).toContain('the result could not be written to the standard output: ENOSPC')
  })

  it('a notice that went out but cannot be noted is told again: a warning, and no failure', async () => {
    configure({ rest: 'data_dir: state\nnotify: {command: {when: change, run: [tee, summary.json]}}\n' })
    writeFileSync(join(folder, 'state'), 'in the way of the folder')
    const ended = await night()
    expect([ended.code, ended.stderr]).toEqual([
      0,
      expect.stringContaining('what was told now is told again next time'),
    ])
  })
})
