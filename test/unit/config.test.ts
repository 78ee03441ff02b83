import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Config, loadConfig } from '../../src/config.ts'
import { UsageFault } from '../../src/errors.ts'

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
    expect(config.reports).toEqual({ dir: join(folder, 'reports'), formats: ['text', 'json'] })
    expect(config.layer).toEqual({ base_url: 'https://sandbox.layerfi.com', auth: null })
    expect(config.businesses).toEqual([
      {
        id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01',
        name: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01',
        currency: 'USD',
        time_zone: 'America/New_York',
        ledger_lag_days: 2,
        four_eyes: false,
        processors: [],
      },
    ])
  })

  it('gives a processor five days to settle and tolerates nothing, unless it says otherwise', () => {
    const config = read(
      `${BUSINESS}${STRIPE}        aliases: [stripe_connect]\n        inbox: in/*.csv\n        amount_tolerance: 5\n        date_order: dmy\n`,
    )
    expect(config.businesses[0]?.processors).toEqual([
      {
        name: 'STRIPE',
        account: '',
        aliases: ['STRIPE_CONNECT'],
        time_zone: 'UTC',
        format: 'auto',
        inbox: [join(folder, 'in/*.csv')],
        settlement_lag_days: 5,
        coverage_hole_days: 3,
        date_window_days: 3,
        amount_tolerance: 5n,
        fee_tolerance: 0n,
        reference_columns: [],
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
      delimiter: ',',
      columns: {
        transaction_id: null,
        type: null,
        refund_id: null,
        payment_id: null,
        references: ['Order'],
        amount: 'Amount',
        fee: null,
        returned_fee: null,
        currency: null,
        occurred_at: 'Date',
      },
      types: { Refund: 'refund' },
      amount_unit: 'major',
      refund_sign: 'positive',
      vendor_refund_sign: 'positive',
      fee_sign: 'positive',
      date_format: 'yyyy-MM-dd',
      time_zone: 'Europe/Vienna',
      refund_id_pattern: null,
    })
  })

  it('shares a number among the accounts of a processor', () => {
    const config = read(
      `${BUSINESS}${STRIPE}        account: us\n        settlement_lag_days: 7\n      - name: STRIPE\n        account: eu\n`,
    )
    expect(config.businesses[0]?.processors.map((entry) => entry.settlement_lag_days)).toEqual([7, 7])
  })

  it('cannot be changed once it is read', () => {
    const config = read(`${BUSINESS}${STRIPE}`)
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.businesses[0]?.processors[0]?.aliases)).toBe(true)
  })
})

describe('the environment', () => {
  const layer = 'layer:\n  base_url: http://localhost:4010/\n  token: ${LAYER_TOKEN}\n'
  const database = 'database:\n  url: ${DATABASE_URL}\n'

  it('gives the token and the database, which are kept from every output', () => {
    const config = read(layer + database + BUSINESS, {
      LAYER_TOKEN: 'hush',
      DATABASE_URL: 'postgres://me:p%40ss@db/books',
    })
    expect(config.layer).toEqual({ base_url: 'http://localhost:4010', auth: { kind: 'token', token: 'hush' } })
    expect(config.database.url).toBe('postgres://me:p%40ss@db/books')
    expect(config.secrets).toEqual(['hush', 'p%40ss', 'p@ss'])
  })

  it('may lack both: then Postgres is embedded and nothing can be pulled', () => {
    const config = read(layer + database + BUSINESS)
    expect(config.database.url).toBeNull()
    expect(config.layer.auth).toBeNull()
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
    expect(faultsOf(text, { ID: 'me' })).toEqual([
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
      'tieout.yaml:14:17: businesses[0].processors[0].format: expected auto, a mapping of columns, or one of stripe-itemized, adyen-settlement, found "strip"',
      'tieout.yaml:16:15: businesses[0].processors[1].name: STRIPE is configured above with the same account: expected another account',
      'tieout.yaml:17:30: businesses[0].processors[1].settlement_lag_days: is 5 for another account of STRIPE: expected the same, it belongs to the processor',
      'tieout.yaml:18:18: businesses[0].processors[1].aliases: BILLPAY is a processor itself: expected a name that is not taken',
      'tieout.yaml:20:18: businesses[0].processors[2].account: expected a name; put one of digits in quotes, found 12',
      'tieout.yaml:23:20: businesses[0].processors[2].format.columns.amount: is missing: expected the name of the column that holds the amount',
      'tieout.yaml:23:21: businesses[0].processors[2].format.columns.amont: is not known here; known are transaction_id, type, refund_id, payment_id, references, amount, fee, returned_fee, currency, occurred_at',
      'tieout.yaml:24:24: businesses[0].processors[2].format.date_format: expected a pattern of date-fns tokens, such as yyyy-MM-dd HH:mm:ss (use yyyy instead of YYYY), found "YYYY-MM-dd"',
      'tieout.yaml:25:22: businesses[0].processors[2].format.types.A: expected one of refund, refund_reversal, vendor_refund, payment, other, found "reefund"',
      'tieout.yaml:27:18: businesses[0].processors[3].aliases: SQUARE is an alias of BILLPAY: expected a name that is not taken',
      'tieout.yaml:31:5: businesses[2].currency: is missing: expected a currency code of ISO 4217, such as USD',
      'tieout.yaml:31:9: businesses[2].id: is the id of another business above: expected one entry each',
    ])
  })

  it('say where the YAML itself is wrong', () => {
    expect(faultsOf('data_dir: x\ndata_dir: y\n')).toEqual(['tieout.yaml:2:1: Map keys must be unique'])
    expect(faultsOf('businesses:\n\t- id: x\n')[0]).toMatch(/^tieout\.yaml:2:1: /)
    expect(faultsOf('')).toEqual([
      'tieout.yaml:1:1: expected a section with database, data_dir, layer, reports, notify, businesses',
    ])
  })

  it('say what to do where there is no file', () => {
    expect(() => loadConfig(join(folder, 'nothing.yaml'), { formats: [] }, {})).toThrow(
      'Make one with `tieout init`, or name another with --config.',
    )
  })
})
