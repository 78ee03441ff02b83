import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Config, loadConfig } from '../../src/config/config.ts'
import { UsageFault } from '../../src/core/errors.ts'
import { PLAIN_BUSINESS, PLAIN_MAPPING, PLAIN_PROCESSOR } from '../support/plain-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'tieout-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (text: string, environment: Record<string, string> = {}): Config => {
  writeFileSync(join(folder, 'tieout.yaml'), text)
  return loadConfig(join(folder, 'tieout.yaml'), { formats: ['stripe-itemized', 'adyen-settlement'] }, environment)
}

/** The faults of a file, without the folder. */
const faultsOf = (text: string, environment: Record<string, string> = {}): string[] => {
  try {
    read(text, environment)
  } catch (fault) {
    if (!(fault instanceof UsageFault)) throw fault
    return fault.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
  return []
}

const BUSINESS = `businesses:
  - id: 5B0C8F4E-3f0a-4a55-9d0e-0c1d5f1f7a01
    currency: usd
    time_zone: America/New_York
`
const STRIPE = '    processors:\n      - name: stripe\n'

describe('a configuration', () => {
  it('needs only a business with its currency and time zone', () => {
    const config = read(BUSINESS)
    expect(config.database.url).toBeNull()
    expect(config.data_dir).toBe(join(folder, '.tieout'))
    expect(config.reports).toEqual({
      dir: join(folder, 'reports'),
      formats: ['text', 'json'],
      url: null,
      per_business: false,
    })
    expect(config.people).toEqual([])
    expect(config.desk).toEqual({ port: 4020, listen: '127.0.0.1', trusted_user_header: null, proxy_secret: null })
    expect(config.layer).toEqual({ base_url: 'https://sandbox.layerfi.com', auth: null })
    expect(config.businesses).toEqual([{ ...PLAIN_BUSINESS, name: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01' }])
  })

  it('gives a processor five days to settle and tolerates nothing, unless it says otherwise', () => {
    const config = read(
      `${BUSINESS}${STRIPE}        aliases: [stripe_connect]\n        inbox: in/*.csv\n        amount_tolerance: 5\n        date_order: dmy\n`,
    )
    expect(config.businesses[0]?.processors).toEqual([
      {
        ...PLAIN_PROCESSOR,
        aliases: ['STRIPE_CONNECT'],
        inbox: [join(folder, 'in/*.csv')],
        amount_tolerance: 5n,
        date_order: 'dmy',
      },
    ])
  })

  it('reads a mapping of columns, vendor refunds with the sign of refunds where nothing is said', () => {
    const config = read(`${BUSINESS}${STRIPE}        time_zone: Europe/Vienna
        format:
          columns: {amount: Amount, occurred_at: Date, references: Order}
          types: {Refund: refund}
          refund_sign: positive
          date_format: yyyy-MM-dd
`)
    expect(config.businesses[0]?.processors[0]?.format).toEqual({
      ...PLAIN_MAPPING,
      columns: { ...PLAIN_MAPPING.columns, references: ['Order'] },
      types: { Refund: 'refund' },
      refund_sign: 'positive',
      vendor_refund_sign: 'positive',
      date_format: 'yyyy-MM-dd',
      time_zone: 'Europe/Vienna',
    })
  })

  it('cannot be changed once it is read', () => {
    const config = read(`${BUSINESS}${STRIPE}`)
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.businesses[0]?.processors[0]?.aliases)).toBe(true)
  })
})

describe('the environment', () => {
  const layer = 'layer:\n  base_url: http://localhost:4010/\n  token: ${LAYER_TOKEN}\n'
  const database_text = 'database:\n  url: ${DATABASE_URL}\n'

  it('gives the token and the database, which are kept from every output', () => {
    const config = read(layer + database_text + BUSINESS, {
      LAYER_TOKEN: 'hush',
      DATABASE_URL: 'postgres://me:p%40ss@db/books',
    })
    expect(config.layer).toEqual({ base_url: 'http://localhost:4010', auth: { kind: 'token', token: 'hush' } })
    expect(config.database.url).toBe('postgres://me:p%40ss@db/books')
    expect(config.secrets).toEqual(['hush', 'p%40ss', 'p@ss'])
  })

  it.each([
    ['postgres://me:pa/ss@db:5432/books', 'pa%2Fss@db:5432/books', 'pa/ss'],
    ['postgres://me:12/ss@db/books', '12%2Fss@db/books', '12/ss'],
    ['postgres://me:p#a?b@c@db/books?application_name=a@b', 'p%23a%3Fb%40c@db/books?application_name=a@b', 'p#a?b@c'],
    ['postgres://me:50%@/books?host=/run/pg', '50%25@/books?host=/run/pg', '50%'],
  ])('gives a password with any character, as in %s', (url, encoded, password) => {
    const { database, secrets } = read(database_text + BUSINESS, { DATABASE_URL: url, PGPASSWORD: 'other' })
    expect(database.url).toBe(`postgres://me:${encoded}`)
    expect(secrets).toEqual(['other', password])
  })

  it.each([
    ['postgres://db/books?host=a@b', []],
    ['postgres://me@db/books', []],
    ['postgres://me@db/books?password=hush&sslmode=require', ['hush']],
  ])('is taken as it stands in %s', (url, hidden) => {
    const { database, secrets } = read(database_text + BUSINESS, { DATABASE_URL: url })
    expect(database.url).toBe(url)
    expect(secrets).toEqual(hidden)
  })

  it.each(['postgres://me:hush@db:port/books', 'postgres://me:hush@db:99999/books', 'postgres://me:hush@d b/books'])(
    'refuses %s, and does not show it',
    (url) => {
      const [fault = ''] = faultsOf(database_text + BUSINESS, { DATABASE_URL: url })
      expect(fault).toContain('database.url: expected a Postgres address such as postgres://user@host/database')
      expect(fault).not.toContain('hush')
    },
  )

  it('may lack both: then Postgres is embedded and nothing can be pulled', () => {
    const config = read(layer + database_text + BUSINESS)
    expect(config.database.url).toBeNull()
    expect(config.layer.auth).toBeNull()
    expect(config.layer.unset).toMatch(/^tieout\.yaml:\d+:\d+: layer\.\w+: \w+ is not set in the environment$/)
  })

  it('gives numbers, and must have what else is named', () => {
    expect(read(`${BUSINESS}    ledger_lag_days: \${LAG}\n`, { LAG: '4' }).businesses[0]?.ledger_lag_days).toBe(4)
    expect(faultsOf(`data_dir: \${PLACE}/x\n${BUSINESS}`)).toEqual([
      'tieout.yaml:1:11: data_dir: PLACE is not set in the environment',
    ])
    expect(faultsOf(`database:\n  url: postgres://me:\${PGPASS}@db/books\n${BUSINESS}`)).toEqual([
      'tieout.yaml:2:8: database.url: PGPASS is not set in the environment',
    ])
  })

  it('gives client credentials, with the address and scope that Layer documents', () => {
    const text = `layer:\n  base_url: https://api.layerfi.com\n  client_id: \${ID}\n  client_secret: \${SECRET}\n${BUSINESS}`
    expect(read(text, { ID: 'me', SECRET: 'hush' }).layer.auth).toEqual({
      kind: 'client',
      client_id: 'me',
      client_secret: 'hush',
      token_url: 'https://auth.layerfi.com/oauth2/token',
      scope: 'https://api.layerfi.com/production',
    })
    // one half is not set: there are none, and only a pull asks for it
    expect(read(text, { ID: 'me' }).layer).toMatchObject({
      auth: null,
      unset: 'tieout.yaml:4:18: layer.client_secret: SECRET is not set in the environment',
    })
    expect(faultsOf(text.replace('${SECRET}', '""'), { ID: 'me' })).toEqual([
      'tieout.yaml:4:18: layer.client_secret: is missing: client_id and client_secret belong together',
    ])
  })

  it('is not repeated in a fault', () => {
    const faults = faultsOf(`database:\n  url: \${DATABASE_URL}\n${BUSINESS}    four_eyes: \${EYES}\n`, {
      DATABASE_URL: 'mysql://me:hush@db/books',
      EYES: 'hush',
    })
    expect(faults).toHaveLength(2)
    expect(faults.join('\n')).not.toContain('hush')
    expect(faults[1]).toBe('tieout.yaml:7:16: businesses[0].four_eyes: expected true or false, found "${EYES}"')
  })
})

describe('the faults of a configuration', () => {
  it('are listed all at once, each with its line and column and what was expected', () => {
    expect(
      faultsOf(`database:
  user: me
layer:
  base_url: layer.example
reports:
  formats: [text, pdf]
businesses:
  - id: not-a-uuid
    currency: Dollar
    time_zone: Mars/Olympus
    ledger_lag_days: -1
    processors:
      - name: STRIPE
        format: strip
        settlement_lag_days: 5
      - name: stripe
        settlement_lag_days: 6
        aliases: BILLPAY
      - name: BILLPAY
        account: 12
        aliases: [SQUARE]
        format:
          columns: {amont: Amount, occurred_at: Date}
          date_format: YYYY-MM-dd
          types: {A: reefund}
      - name: PAYPAL
        aliases: [SQUARE]
  - id: 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01
    currency: EUR
    time_zone: UTC
  - id: 5B0C8F4E-3f0a-4a55-9d0e-0c1d5f1f7a01
    time_zone: UTC
`),
    ).toEqual([
      'tieout.yaml:2:3: database.user: is not known here; known are url',
      'tieout.yaml:4:13: layer.base_url: expected an address that begins with http:// or https://, without a name and password in it',
      'tieout.yaml:6:19: reports.formats[1]: expected one of text, json, csv, xlsx, html, found "pdf"',
      'tieout.yaml:8:9: businesses[0].id: expected the business\'s id in Layer, a UUID such as 5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01, found "not-a-uuid"',
      'tieout.yaml:9:15: businesses[0].currency: expected a currency code of ISO 4217, such as USD, found "Dollar"',
      'tieout.yaml:10:16: businesses[0].time_zone: expected the name of a time zone, such as America/New_York, found "Mars/Olympus"',
      'tieout.yaml:11:22: businesses[0].ledger_lag_days: expected a whole number of days, 0 to 366, found -1',
      'tieout.yaml:14:17: businesses[0].processors[0].format: is "strip": did you mean stripe-itemized? Expected auto, a mapping of columns, or one of stripe-itemized, adyen-settlement',
      'tieout.yaml:16:15: businesses[0].processors[1].name: STRIPE is configured above with the same account: expected another account',
      'tieout.yaml:17:30: businesses[0].processors[1].settlement_lag_days: is 5 for another account of STRIPE: expected the same',
      'tieout.yaml:18:18: businesses[0].processors[1].aliases: BILLPAY is a processor itself: expected a name that is not taken',
      'tieout.yaml:18:18: businesses[0].processors[1].aliases: is left out for another account of STRIPE, which means none: expected the same',
      'tieout.yaml:20:18: businesses[0].processors[2].account: expected a name; put one of digits in quotes, found 12',
      'tieout.yaml:23:20: businesses[0].processors[2].format.columns.amount: is missing: expected the name of the column that holds the amount, or debit and credit',
      'tieout.yaml:23:21: businesses[0].processors[2].format.columns.amont: is not known here: did you mean amount? Known are transaction_id, type, refund_id, payment_id, references, amount, debit, credit, fee, returned_fee, currency, occurred_at, time, zone',
      'tieout.yaml:24:24: businesses[0].processors[2].format.date_format: expected a pattern of date-fns tokens, such as yyyy-MM-dd HH:mm:ss (use yyyy instead of YYYY), found "YYYY-MM-dd"',
      'tieout.yaml:25:22: businesses[0].processors[2].format.types.A: expected one of refund, refund_reversal, vendor_refund, payment, chargeback, chargeback_reversal, other, found "reefund"',
      'tieout.yaml:27:18: businesses[0].processors[3].aliases: SQUARE is an alias of BILLPAY: expected a name that is not taken',
      'tieout.yaml:31:5: businesses[2].currency: is missing: expected a currency code of ISO 4217, such as USD',
      'tieout.yaml:31:9: businesses[2].id: is the id of another business above: expected one entry each',
    ])
  })

  it('say where the YAML itself is wrong', () => {
    expect(faultsOf('data_dir: x\ndata_dir: y\n')).toEqual(['tieout.yaml:2:1: Map keys must be unique'])
    expect(faultsOf('businesses:\n\t- id: x\n')[0]).toMatch(/^tieout\.yaml:2:1: /)
    expect(faultsOf('')).toEqual([
      'tieout.yaml:1:1: expected a section with database, data_dir, layer, reports, notify, people, desk, businesses_dir, businesses',
    ])
  })

  it('say what to do where there is no file', () => {
    expect(() => loadConfig(join(folder, 'nothing.yaml'), { formats: [] }, {})).toThrow(
      'Make one with `tieout init`, or name another with --config.',
    )
  })
})

describe('the keys of a business', () => {
  const business = (keys: string): Config['businesses'][number] | undefined => read(BUSINESS + keys).businesses[0]
  const refused = (keys: string): string[] =>
    faultsOf(BUSINESS + keys).map((fault) => fault.replace('businesses[0].', ''))

  it('starts_on is the first of a month, as text or as a date of YAML', () => {
    expect(business('    starts_on: 2026-01-01\n')?.starts_on).toBe('2026-01-01')
    expect(read(`%YAML 1.1\n---\n${BUSINESS}    starts_on: 2026-01-01\n`).businesses[0]?.starts_on).toBe('2026-01-01')
    expect(business('    starts_on:\n')?.starts_on).toBeNull()
    for (const value of ['2026-01-15', '2026-13-01', 'January']) {
      expect(refused(`    starts_on: ${value}\n`)).toEqual([
        `tieout.yaml:5:16: starts_on: expected the first of a month, such as 2026-01-01, found "${value}"`,
      ])
    }
  })

  it('ledger_dates is instant or date', () => {
    expect(business('    ledger_dates: date\n')?.ledger_dates).toBe('date')
    expect(refused('    ledger_dates: midnight\n')).toEqual([
      'tieout.yaml:5:19: ledger_dates: expected one of instant, date, found "midnight"',
    ])
  })

  it('outside lists methods in place of the usual three, and processors, in upper case', () => {
    expect(business('    outside: {processors: [ store credit , Gift]}\n')?.outside).toEqual({
      methods: ['CASH', 'CHECK', 'CREDIT_BALANCE'],
      processors: ['STORE CREDIT', 'GIFT'],
    })
    expect(business('    outside: {methods: [cash, Cash, voucher]}\n')?.outside.methods).toEqual(['CASH', 'VOUCHER'])
    expect(business('    outside: {methods: []}\n')?.outside.methods).toEqual([])
    expect(refused('    outside: {method: [CASH], processors: 5}\n')).toEqual([
      'tieout.yaml:5:15: outside.method: is not known here: did you mean methods? Known are methods, processors',
      'tieout.yaml:5:43: outside.processors: expected a list of names, found 5',
    ])
  })

  it('rates is a file beside tieout.yaml', () => {
    expect(business('    rates: rates/ecb.csv\n')?.rates).toBe(join(folder, 'rates/ecb.csv'))
    expect(refused('    rates: [a.csv]\n')).toEqual([
      'tieout.yaml:5:12: rates: expected the path of a CSV file with the columns date,from,to,rate',
    ])
  })

  it('rate_tolerance is a percentage with up to two decimals, kept as hundredths', () => {
    const tolerances = { '2.5': 250, '2.50': 250, '0.29': 29, '0': 0, '100': 10_000, '"1.05"': 105 }
    for (const [written, hundredths] of Object.entries(tolerances)) {
      expect(business(`    rate_tolerance: ${written}\n`)?.rate_tolerance_bp).toBe(hundredths)
    }
    for (const value of ['-1', '100.01', '2.555']) {
      expect(refused(`    rate_tolerance: ${value}\n`)).toEqual([
        `tieout.yaml:5:21: rate_tolerance: expected a percentage from 0 to 100 with at most two decimals, such as 2.5, found ${value}`,
      ])
    }
  })

  it('materiality and the limits of waiving are amounts in minor units', () => {
    expect(
      business(`    materiality: {item: 5000}
    waive_limit: 500
    waive_limit_month: 1000000000000000
`),
    ).toMatchObject({
      materiality: { item: 5000n, month: null },
      waive_limit: 500n,
      waive_limit_month: 1_000_000_000_000_000n,
    })
    const amount = "expected a whole number of the currency's minor unit (cents), 0 or more"
    expect(refused('    materiality: {month: 12.50}\n    waive_limit: -1\n    waive_limit_month: all\n')).toEqual([
      `tieout.yaml:5:26: materiality.month: ${amount}, found 12.5`,
      `tieout.yaml:6:18: waive_limit: ${amount}, found -1`,
      `tieout.yaml:7:24: waive_limit_month: ${amount}, found "all"`,
    ])
  })

  it('four_eyes is true or false', () => {
    expect(business('    four_eyes: true\n')?.four_eyes).toBe(true)
  })
})

describe('the keys of a processor', () => {
  const processor = (keys: string): Config['businesses'][number]['processors'][number] | undefined =>
    read(`${BUSINESS}${STRIPE}        ${keys}\n`).businesses[0]?.processors[0]
  const refused = (keys: string): string[] =>
    faultsOf(`${BUSINESS}${STRIPE}        ${keys}\n`).map((fault) => fault.replace('businesses[0].processors[0].', ''))

  it('first_day and last_day are dates, in that order', () => {
    expect(processor('first_day: 2026-01-15\n        last_day: 2026-01-15')).toMatchObject({
      first_day: '2026-01-15',
      last_day: '2026-01-15',
    })
    expect(refused('first_day: 2026-02-30\n        last_day: soon')).toEqual([
      'tieout.yaml:7:20: first_day: expected a date such as 2026-01-31, found "2026-02-30"',
      'tieout.yaml:8:19: last_day: expected a date such as 2026-01-31, found "soon"',
    ])
    expect(refused('first_day: 2026-03-01\n        last_day: 2026-02-28')).toEqual([
      'tieout.yaml:8:19: last_day: expected a date that is not before first_day 2026-03-01, found "2026-02-28"',
    ])
  })

  it('files_cover and lines say what a file stands for', () => {
    expect(processor('files_cover: month\n        lines: distinct')).toMatchObject({
      files_cover: 'month',
      lines: 'distinct',
    })
    expect(refused('files_cover: week\n        lines: all')).toEqual([
      'tieout.yaml:7:22: files_cover: expected one of dates, month, year, found "week"',
      'tieout.yaml:8:16: lines: expected one of overlap, distinct, found "all"',
    ])
  })

  it('usual_lag_days may be negative, where the processor dates refunds before the books', () => {
    expect(processor('usual_lag_days: 30')?.usual_lag_days).toBe(30)
    expect(processor('usual_lag_days: -2')?.usual_lag_days).toBe(-2)
    expect(refused('usual_lag_days: 367')).toEqual([
      'tieout.yaml:7:25: usual_lag_days: expected a whole number of days, -366 to 366, found 367',
    ])
  })

  it('match_payouts is true or false', () => {
    expect(processor('match_payouts: true')?.match_payouts).toBe(true)
    expect(refused('match_payouts: maybe')).toEqual([
      'tieout.yaml:7:24: match_payouts: expected true or false, found "maybe"',
    ])
  })

  it('fees are policies in order of the month they begin with', () => {
    expect(
      processor('fees: [{from: 2026-07-01, tie: none}, {from: 2026-01-01, tie: month, categories: [ Fee, Fee ]}]')
        ?.fees,
    ).toEqual([
      { from: '2026-01-01', tie: 'month', categories: ['Fee'] },
      { from: '2026-07-01', tie: 'none', categories: [] },
    ])
    expect(
      refused(`fees:
          - {from: 2026-01-02, tie: month}
          - {from: 2026-02-01, tie: week}
          - {from: 2026-03-01, tie: none, categories: [Fee]}
          - {from: 2026-03-01, tie: none}
          - {tie: none}`),
    ).toEqual([
      'tieout.yaml:8:20: fees[0].from: expected the first of a month, such as 2026-01-01, found "2026-01-02"',
      'tieout.yaml:9:37: fees[1].tie: expected one of per_refund, month, none, found "week"',
      'tieout.yaml:10:43: fees[2].categories: categories belong to tie: month: expected none',
      'tieout.yaml:11:20: fees[3].from: 2026-03-01 has a policy above: expected one policy each',
      'tieout.yaml:12:13: fees[4].from: is missing: expected the first of a month, such as 2026-01-01',
    ])
  })

  it('differ between accounts only where an account has its own', () => {
    const accounts = `${BUSINESS}    processors:
      - {name: STRIPE, account: us, aliases: [A, b], settlement_lag_days: 5, fees: [{from: 2026-02-01, tie: none}, {from: 2026-01-01, tie: none}]}
      - name: stripe
        account: eu
        aliases: [B, A]
        fees: [{from: 2026-01-01, tie: none}, {from: 2026-02-01, tie: none}]
        first_day: 2026-01-01
        last_day: 2026-12-31
        time_zone: Europe/Vienna
        inbox: eu/*.csv
        format: stripe-itemized
        files_cover: month
        lines: distinct
        coverage_hole_days: 9
        reference_columns: [Order]
`
    expect(read(accounts).businesses[0]?.processors.map((entry) => entry.coverage_hole_days)).toEqual([3, 9])
  })

  it('are refused where accounts of a processor disagree: a setting left out counts as its default', () => {
    expect(
      faultsOf(`${BUSINESS}    processors:
      - {name: STRIPE, account: us, settlement_lag_days: 7, amount_tolerance: 2}
      - {name: STRIPE, account: eu, amount_tolerance: 3, usual_lag_days: 1}
      - {name: STRIPE, account: uk, settlement_lag_days: 7, amount_tolerance: 2, match_payouts: true, date_order: dmy}
`),
    ).toEqual([
      'tieout.yaml:7:9: businesses[0].processors[1].settlement_lag_days: is 7 for another account of STRIPE: expected the same; left out it means 5',
      'tieout.yaml:7:55: businesses[0].processors[1].amount_tolerance: is 2 for another account of STRIPE: expected the same',
      'tieout.yaml:7:74: businesses[0].processors[1].usual_lag_days: is left out for another account of STRIPE, which means 0: expected the same',
      'tieout.yaml:8:97: businesses[0].processors[2].match_payouts: is left out for another account of STRIPE, which means false: expected the same',
      'tieout.yaml:8:115: businesses[0].processors[2].date_order: is left out for another account of STRIPE, which means none: expected the same',
    ])
  })
})

describe('the keys of a mapping', () => {
  const mappingText = (columns: string, keys = ''): string => `${BUSINESS}${STRIPE}        format:
          columns: {${columns}, occurred_at: Date}
          date_format: yyyy-MM-dd
${keys}`
  const refused = (columns: string, keys = ''): string[] =>
    faultsOf(mappingText(columns, keys)).map((fault) => fault.replace('businesses[0].processors[0].format.', ''))

  it('include debit and credit, a time, a zone, a status and the shapes of ids', () => {
    const text = mappingText(
      'type: Kind, debit: Out, credit: In, time: Time, zone: Zone',
      `          types: {Dispute: chargeback, Dispute won: chargeback_reversal}
          status: {column: Status, settled: [Settled, Captured]}
          refund_id_pattern: "^RF[0-9]+$"
          payment_id_pattern: "^PMT-[0-9]+$"
`,
    )
    expect(read(text).businesses[0]?.processors[0]?.format).toEqual({
      ...PLAIN_MAPPING,
      columns: {
        ...PLAIN_MAPPING.columns,
        type: 'Kind',
        amount: null,
        debit: 'Out',
        credit: 'In',
        time: 'Time',
        zone: 'Zone',
      },
      types: { Dispute: 'chargeback', 'Dispute won': 'chargeback_reversal' },
      status: { column: 'Status', settled: ['Settled', 'Captured'] },
      date_format: 'yyyy-MM-dd',
      refund_id_pattern: '^RF[0-9]+$',
      payment_id_pattern: '^PMT-[0-9]+$',
    })
  })

  it('name the amount, or both debit and credit', () => {
    expect(refused('refund_id: Id')).toEqual([
      'tieout.yaml:8:20: columns.amount: is missing: expected the name of the column that holds the amount, or debit and credit',
    ])
    expect(refused('debit: Out')).toEqual([
      'tieout.yaml:8:20: columns.credit: is missing: debit and credit belong together',
    ])
    expect(refused('amount: Amount, credit: In')).toEqual([
      'tieout.yaml:8:37: columns.credit: expected either an amount column, or debit and credit columns, not both',
    ])
  })

  it('name the words of a type column', () => {
    const fault = 'types: is missing: expected the words of the type column that are refunds, such as {Refund: refund}'
    expect(refused('amount: Amount, type: Kind')).toEqual([`tieout.yaml:8:11: ${fault}`])
    expect(refused('amount: Amount, type: Kind', '          types: {}\n')).toEqual([`tieout.yaml:10:18: ${fault}`])
    expect(refused('amount: Amount')).toEqual([])
  })

  it('are refused where they are no status or no shape', () => {
    expect(
      refused(
        'amount: Amount',
        '          status: {column: Status, settled: [1]}\n          payment_id_pattern: "["\n',
      ),
    ).toEqual([
      'tieout.yaml:10:46: status.settled[0]: expected the words of the status column whose lines count; put one of digits in quotes, found 1',
      'tieout.yaml:11:31: payment_id_pattern: expected a regular expression, such as ^PMT-[0-9]+$, found "["',
    ])
    expect(refused('amount: Amount', '          status: Settled\n')).toEqual([
      'tieout.yaml:10:19: status: expected a section with column, settled, found "Settled"',
    ])
  })
})

describe('people and the desk', () => {
  it('are read with their roles, and with the proxy that is believed', () => {
    const config = read(
      `people: [{name: Ada, role: preparer}, {name: Bob, role: reviewer}]
desk: {port: 8080, listen: 0.0.0.0, trusted_user_header: X-Forwarded-User, proxy_secret: "\${PROXY_SECRET}"}
reports: {url: https://tieout.example.com/reports/}
${BUSINESS}`,
      { PROXY_SECRET: 'hush' },
    )
    expect(config.people).toEqual([
      { name: 'Ada', role: 'preparer' },
      { name: 'Bob', role: 'reviewer' },
    ])
    expect(config.desk).toEqual({
      port: 8080,
      listen: '0.0.0.0',
      trusted_user_header: 'x-forwarded-user',
      proxy_secret: 'hush',
    })
    expect(config.secrets).toEqual(['hush'])
    expect(config.reports).toEqual({
      dir: join(folder, 'reports'),
      formats: ['text', 'json'],
      url: 'https://tieout.example.com/reports',
      per_business: false,
    })
  })

  it('leave a secret that the environment lacks to the desk to ask for', () => {
    const desk = (more = ''): Config['desk'] =>
      read(`desk: {trusted_user_header: X-User, proxy_secret: "\${PROXY_SECRET}"${more}}\n${BUSINESS}`).desk
    const says = 'tieout.yaml:1:51: desk.proxy_secret: PROXY_SECRET is not set in the environment'
    expect(desk()).toMatchObject({ trusted_user_header: 'x-user', proxy_secret: null, unset: says })
    // nor does a socket do without a secret that was asked for
    expect(desk(', listen: run/desk.sock')).toMatchObject({ proxy_secret: null, unset: says })
    // written, but empty
    expect(faultsOf(`desk: {trusted_user_header: X-User, proxy_secret: ""}\n${BUSINESS}`)).toEqual([
      'tieout.yaml:1:51: desk.proxy_secret: is missing: trusted_user_header and proxy_secret belong together',
    ])
  })

  it('are refused where a person is named twice or has no such role', () => {
    expect(
      faultsOf(`people: [{name: Ada, role: owner}, {name: " ADA ", role: reader}, {role: reader}]\n${BUSINESS}`),
    ).toEqual([
      'tieout.yaml:1:28: people[0].role: expected one of reader, preparer, reviewer, found "owner"',
      'tieout.yaml:1:43: people[1].name: is named above: expected one entry each',
      "tieout.yaml:1:67: people[2].name: is missing: expected a person's name",
    ])
  })

  it('are refused where the header of anybody would be believed, without showing the secret', () => {
    expect(faultsOf(`desk: {trusted_user_header: X-User}\n${BUSINESS}`)).toEqual([
      'tieout.yaml:1:7: desk.proxy_secret: is missing: trusted_user_header and proxy_secret belong together',
    ])
    // who may write to a socket is the file system's to say
    expect(read(`desk: {trusted_user_header: X-User, listen: run/desk.sock}\n${BUSINESS}`).desk).toEqual({
      ...{ port: 4020, listen: join(folder, 'run/desk.sock'), trusted_user_header: 'x-user', proxy_secret: null },
    })
    expect(faultsOf(`desk: {proxy_secret: [hush], port: 70000, listen: "a b", host: x}\n${BUSINESS}`)).toEqual([
      'tieout.yaml:1:22: desk.proxy_secret: expected text, best taken from the environment',
      'tieout.yaml:1:36: desk.port: expected a port, 0 to 65535, found 70000',
      'tieout.yaml:1:51: desk.listen: expected an address to listen on, such as 127.0.0.1, or the path of a Unix socket, found "a b"',
      'tieout.yaml:1:58: desk.host: is not known here; known are port, listen, trusted_user_header, proxy_secret',
    ])
    expect(faultsOf(`reports: {url: example.com}\n${BUSINESS}`)).toEqual([
      'tieout.yaml:1:16: reports.url: expected an address that begins with http:// or https://, without a name and password in it, found "example.com"',
    ])
  })
})

describe('a folder with one file a business', () => {
  const FIRST = '11111111-1111-4111-8111-111111111111'
  const SECOND = '22222222-2222-4222-8222-222222222222'
  const write = (name: string, files: Record<string, string>): string => {
    mkdirSync(join(folder, name))
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text)
    return `businesses_dir: ${name}\n`
  }
  const one = (id: string, more = ''): string => `id: ${id}\ncurrency: EUR\ntime_zone: UTC\n${more}`

  it('adds its businesses, by file name, to those of tieout.yaml; their paths begin where tieout.yaml lies', () => {
    const place = write('both', {
      'b.yaml': one(SECOND),
      'a.yaml': one(
        FIRST,
        'rates: ecb.csv\nprocessors: [{name: ADYEN, inbox: "in/*.csv", format: {columns: {amount: A, occurred_at: D}, date_format: "${DATES}"}}]\n',
      ),
      'README.md': 'not: [a business',
      '.a.yaml.swp.yaml': 'neither: {',
    })
    const config = read(place + BUSINESS, { DATES: 'dd.MM.yyyy' })
    expect(config.businesses.map(({ id }) => id)).toEqual(['5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', FIRST, SECOND])
    expect(config.businesses[1]?.rates).toBe(join(folder, 'ecb.csv'))
    expect(config.businesses[1]?.processors[0]?.inbox).toEqual([join(folder, 'in/*.csv')])
    expect(config.businesses[1]?.processors[0]?.format).toMatchObject({ date_format: 'dd.MM.yyyy' })
  })

  it('is enough by itself, and a change in it changes the hash', () => {
    const place = write('alone', { 'a.yaml': one(FIRST) })
    const { hash, businesses } = read(place)
    expect(businesses).toHaveLength(1)
    writeFileSync(join(folder, 'alone', 'a.yaml'), one(FIRST, 'four_eyes: true\n'))
    expect(read(place).hash).not.toBe(hash)
  })

  it('has its faults named with their file, line and column, after those of tieout.yaml', () => {
    const place = write('faulty', {
      'a.yaml': one(FIRST, 'ledger_lag: 2\nprocessors:\n  - name: ADYEN\n    format: adyen\n'),
      'b.yaml': one(FIRST, 'waive_limit: ${LIMIT}\n'),
      'c.yaml': '',
      'd.yaml': '- id: x\n',
    })
    expect(faultsOf(`${place}data_dir: 5\n`)).toEqual([
      'tieout.yaml:2:11: data_dir: expected a folder, found 5',
      'faulty/a.yaml:4:1: ledger_lag: is not known here: did you mean ledger_lag_days? Known are id, name, currency, time_zone, starts_on, ledger_dates, ledger_lag_days, outside, rates, rate_tolerance, materiality, waive_limit, waive_limit_month, four_eyes, retention, processors',
      'faulty/a.yaml:7:13: processors[0].format: is "adyen": did you mean adyen-settlement? Expected auto, a mapping of columns, or one of stripe-itemized, adyen-settlement',
      'faulty/b.yaml:1:5: id: is the id of the business in faulty/a.yaml too: expected one entry each',
      'faulty/b.yaml:4:14: waive_limit: LIMIT is not set in the environment',
      'faulty/b.yaml:4:14: waive_limit: expected a whole number of the currency\'s minor unit (cents), 0 or more, found "${LIMIT}"',
      'faulty/c.yaml:1:1: expected a section with id, name, currency, time_zone, starts_on, ledger_dates, ledger_lag_days, outside, rates, rate_tolerance, materiality, waive_limit, waive_limit_month, four_eyes, retention, processors',
      'faulty/d.yaml:1:1: expected a section with id, name, currency, time_zone, starts_on, ledger_dates, ledger_lag_days, outside, rates, rate_tolerance, materiality, waive_limit, waive_limit_month, four_eyes, retention, processors',
    ])
  })

  it('says where the YAML of a file is wrong, and which folder or name is', () => {
    const place = write('broken', { 'a.yaml': 'id: x\nid: y\n' })
    expect(faultsOf(place)).toEqual(['broken/a.yaml:2:1: Map keys must be unique'])
    expect(faultsOf('businesses_dir: nowhere\n')).toEqual([
      'tieout.yaml:1:17: businesses_dir: expected a folder that can be read, with one file *.yaml a business, found "nowhere"',
    ])
    expect(faultsOf(write('empty', { 'notes.txt': '' }))).toEqual([
      'tieout.yaml:1:17: businesses_dir: holds no file *.yaml: expected one a business',
    ])
    expect(faultsOf(write('named', { 'a.yaml': one(FIRST), 'b.yml': one(SECOND) }))).toEqual([
      'tieout.yaml:1:17: businesses_dir: holds b.yml, which would not be read: expected b.yaml',
    ])
  })
})
