import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { minorRate, storeSettings } from '../../../src/business/settings.ts'
import type { BusinessConfig, ProcessorConfig } from '../../../src/config/config.ts'
import type { Database } from '../../../src/database/connect.ts'
import { statement } from '../../../src/database/statement.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { PLAIN_BUSINESS, PLAIN_MAPPING, PLAIN_PROCESSOR } from '../../support/plain-config.ts'
import { storedTable } from '../../support/tables.ts'

const ID = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

const stripe: ProcessorConfig = {
  ...PLAIN_PROCESSOR,
  account: 'us',
  aliases: ['STRIPE_CONNECT'],
  amount_tolerance: 2n,
}
const harbor: BusinessConfig = {
  ...PLAIN_BUSINESS,
  id: ID,
  processors: [stripe, { ...stripe, account: 'eu', aliases: ['STRIPE_EU'] }],
}

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())
beforeEach(async () => {
  for (const table of ['touched_item', 'processor_row', 'ledger_leg', 'ledger_refund'])
    await database.query(`delete from ${table}`)
})

const store = (business: BusinessConfig): Promise<{ redated: number }> => storeSettings(database, business)

/** The rows of a table, without their business and the hash. */
const stored = async (table: string, order = '1'): Promise<unknown[]> =>
  (
    await database.query<{ row: object }>(
      `select to_json(t)::jsonb - 'business_id' - 'settings_hash' as row from ${table} t order by ${order}`,
    )
  ).map(({ row }) => row)

/** A refund, its leg and a row at half past midnight UTC on 1 November; one with a date alone; one at noon in New York. */
const addRecords = async (): Promise<void> => {
  await database.query(`
    insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, completed_at,
      completed_on, reference_keys, payment_keys, content_pull_id, content_page, content_place, first_pull_id, changed_pull_id, last_pull_id)
    values ('${ID}', 'customer', 'rf-1', 'h', 1250, '2026-11-01T00:30:00Z', '2026-10-31', '{}', '{}', 1, 1, 1, 1, 1, 1),
           ('${ID}', 'customer', 'rf-2', 'h', 700, null, '2026-10-31', '{}', '{}', 1, 1, 1, 1, 1, 1),
           ('${ID}', 'customer', 'rf-3', 'h', 300, '2026-11-01T18:00:00Z', '2026-11-01', '{}', '{}', 1, 1, 1, 1, 1, 1)`)
  await database.query(`
    insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, amount, refund_fee, returned_fee,
      completed_at, completed_on, identity_keys)
    values ('${ID}', 'customer', 'rf-1', 'l-1', 0, 1250, 0, 0, '2026-11-01T00:30:00Z', '2026-10-31', '{}'),
           ('${ID}', 'customer', 'rf-2', 'l-2', 0, 700, 0, 0, null, '2026-10-31', '{}'),
           ('${ID}', 'customer', 'rf-3', 'l-3', 0, 300, 0, 0, '2026-11-01T18:00:00Z', '2026-11-01', '{}')`)
  await database.query(`
    insert into processor_row (business_id, processor, account, transaction_id, type, payment_ids, reference_ids,
      amount, refund_fee, returned_fee, currency, occurred_at, occurred_on, file_id, line)
    values ('${ID}', 'STRIPE', 'us', 'txn_1', 'refund', '{}', '{}', 1250, 0, 0, 'USD', '2026-11-01T00:30:00Z',
      '2026-10-31', 1, 2)`)
}

describe('the settings of a business', () => {
  it('are stored as configured', async () => {
    await store({
      ...harbor,
      starts_on: '2026-01-01',
      ledger_dates: 'date',
      outside: { methods: ['CASH'], processors: ['STORE CREDIT'] },
      rate_tolerance_bp: 250,
      materiality: { item: 5000n, month: 20_000n },
      waive_limit: 500n,
      waive_limit_month: 2500n,
      four_eyes: true,
    })
    expect(await stored('business')).toEqual([
      {
        name: 'Harbor Coffee',
        currency: 'USD',
        time_zone: 'America/New_York',
        ledger_lag_days: 2,
        four_eyes: true,
        starts_on: '2026-01-01',
        ledger_dates: 'date',
        outside_methods: ['CASH'],
        outside_processors: ['STORE CREDIT'],
        rate_tolerance_bp: 250,
        materiality_item: 5000,
        materiality_month: 20_000,
        waive_limit: 500,
        waive_limit_month: 2500,
      },
    ])
    await store(harbor)
    expect(await stored('business')).toEqual([
      expect.objectContaining({
        starts_on: null,
        ledger_dates: 'instant',
        outside_methods: ['CASH', 'CHECK', 'CREDIT_BALANCE'],
        materiality_item: null,
        waive_limit_month: null,
        four_eyes: false,
      }),
    ])
  })

  it('have one setting a processor, and one of each of its accounts', async () => {
    const eu: ProcessorConfig = {
      ...stripe,
      account: 'eu',
      aliases: ['STRIPE_EU'],
      first_day: '2026-02-01',
      last_day: '2026-10-31',
      files_cover: 'month',
      coverage_hole_days: 0,
      lines: 'distinct',
      format: { ...PLAIN_MAPPING, refund_id_pattern: '^RF[0-9]{6}$', payment_id_pattern: '^PMT-[0-9]+$' },
    }
    await store({ ...harbor, processors: [stripe, eu] })
    expect(await stored('processor_setting')).toEqual([
      {
        processor: 'STRIPE',
        settlement_lag_days: 5,
        date_window_days: 3,
        usual_lag_days: 0,
        match_payouts: false,
        amount_tolerance: 2,
        fee_tolerance: 0,
        refund_id_pattern: '^RF[0-9]{6}$',
        payment_id_pattern: '^PMT-[0-9]+$',
      },
    ])
    expect(await stored('processor_account', 'account')).toEqual([
      {
        processor: 'STRIPE',
        account: 'eu',
        first_day: '2026-02-01',
        last_day: '2026-10-31',
        files_cover: 'month',
        coverage_hole_days: 0,
        lines: 'distinct',
      },
      {
        processor: 'STRIPE',
        account: 'us',
        first_day: null,
        last_day: null,
        files_cover: 'dates',
        coverage_hole_days: 3,
        lines: 'overlap',
      },
    ])
    expect(await stored('processor_alias', 'alias')).toEqual([
      { alias: 'STRIPE_CONNECT', processor: 'STRIPE' },
      { alias: 'STRIPE_EU', processor: 'STRIPE' },
    ])
  })

  it('have the fee policies of a processor, by the month from which they are in force', async () => {
    const fees: ProcessorConfig['fees'] = [
      { from: '2026-01-01', tie: 'per_refund', categories: [] },
      { from: '2026-07-01', tie: 'month', categories: ['fee', 'network_cost'] },
    ]
    await store({
      ...harbor,
      processors: [
        { ...stripe, fees },
        { ...stripe, account: 'eu', fees },
      ],
    })
    expect(await stored('fee_policy', 'from_month')).toEqual([
      { processor: 'STRIPE', from_month: '2026-01-01', tie: 'per_refund', categories: [] },
      { processor: 'STRIPE', from_month: '2026-07-01', tie: 'month', categories: ['fee', 'network_cost'] },
    ])
  })

  it('follow the configuration: what it says no longer is gone', async () => {
    await store({ ...harbor, processors: [{ ...stripe, fees: [{ from: '2026-01-01', tie: 'none', categories: [] }] }] })
    await store({ ...harbor, processors: [{ ...stripe, name: 'PAYPAL', aliases: [] }] })
    expect(await database.query('select processor from processor_setting')).toEqual([{ processor: 'PAYPAL' }])
    expect(await database.query('select processor from processor_account')).toEqual([{ processor: 'PAYPAL' }])
    expect(await stored('processor_alias')).toEqual([])
    expect(await stored('fee_policy')).toEqual([])
    await store({ ...harbor, processors: [] })
    expect(await stored('processor_setting')).toEqual([])
    expect(await stored('processor_account')).toEqual([])
  })

  it('that are stored already take one statement, and none that writes', async () => {
    await store(harbor)
    const asked: string[] = []
    const watched: Database = {
      ...database,
      query: (sql, params) => {
        asked.push(sql)
        return database.query(sql, params)
      },
      transaction: (work) => {
        asked.push('begin')
        return database.transaction(work)
      },
    }
    const found = await storeSettings(watched, harbor)
    expect(found).toEqual({ redated: 0 })
    expect(asked).toEqual([statement('business/settings_before')])
  })

  it('of one business leave those of another alone', async () => {
    const other: BusinessConfig = { ...harbor, id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a02', name: 'Pier' }
    await store(other)
    await store({ ...harbor, processors: [] })
    expect(
      await database.query(`select account from processor_account where business_id = $1 order by account`, [other.id]),
    ).toEqual([{ account: 'eu' }, { account: 'us' }])
    for (const table of ['processor_setting', 'processor_account', 'processor_alias', 'business'])
      await database.query(`delete from ${table} where business_id = $1`, [other.id])
  })

  it('cannot change the currency of what is stored', async () => {
    await store(harbor)
    await store({ ...harbor, currency: 'EUR' })
    await addRecords()
    await expect(store(harbor)).rejects.toThrow(
      'the currency is USD in tieout.yaml, but what is stored is in EUR; set it back, or use another database',
    )
    expect(await database.query('select currency from business')).toEqual([{ currency: 'EUR' }])
  })
})

describe('the exchange rates of a business', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tieout-rates-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const withRates = (...lines: string[]): BusinessConfig => {
    const rates = join(folder, 'rates.csv')
    writeFileSync(rates, `${['date,from,to,rate', ...lines].join('\n')}\n`)
    return { ...harbor, rates }
  }
  const rates = (): Promise<unknown[]> =>
    database.query(
      `select concat_ws(' ', dated_on, from_currency, to_currency, rate, minor_rate) as rate from exchange_rate
       order by dated_on, from_currency`,
    )

  it('are stored with the rate between minor units, to the last digit', async () => {
    await store(
      withRates(
        '2026-10-30,EUR,USD,1.0832',
        '2026-10-30,JPY,USD,0.006735',
        '2026-10-31,KWD,USD,3.2573',
        '2026-10-31,USD,JPY,148.5',
      ),
    )
    expect(await rates()).toEqual([
      { rate: '2026-10-30 EUR USD 1.0832 1.0832' },
      { rate: '2026-10-30 JPY USD 0.006735 0.6735' },
      { rate: '2026-10-31 KWD USD 3.2573 0.32573' },
      { rate: '2026-10-31 USD JPY 148.5 1.485' },
    ])
  })

  it('follow the file: a rate that it has no longer is gone, one that is the same is not written again', async () => {
    await store(withRates('2026-10-30,EUR,USD,1.0832', '2026-10-31,EUR,USD,1.09'))
    const stored = await storedTable(database, 'exchange_rate')
    const kept = `select xmin::text as version from ${stored} where dated_on = '2026-10-30'`
    const before = await database.query(kept)
    await store(withRates('2026-10-30,EUR,USD,1.0832', '2026-11-01,EUR,USD,1.1'))
    expect(await rates()).toEqual([
      { rate: '2026-10-30 EUR USD 1.0832 1.0832' },
      { rate: '2026-11-01 EUR USD 1.1 1.1' },
    ])
    expect(await database.query(kept)).toEqual(before)
    await store(withRates('2026-10-30,EUR,USD,1.0833'))
    expect(await rates()).toEqual([{ rate: '2026-10-30 EUR USD 1.0833 1.0833' }])
    await store(harbor)
    expect(await rates()).toEqual([])
  })

  it('that cannot be read leave all settings as they were', async () => {
    await store(withRates('2026-10-30,EUR,USD,1.0832'))
    await expect(store({ ...withRates('2026-10-30,EUR,USD,none'), name: 'Pier' })).rejects.toThrow(
      "rates.csv, line 2: rate is 'none', expected a number greater than 0",
    )
    expect(await database.query('select name from business')).toEqual([{ name: 'Harbor Coffee' }])
    expect(await rates()).toEqual([{ rate: '2026-10-30 EUR USD 1.0832 1.0832' }])
  })
})

/** Dates of refunds, legs and rows, and what the next run is to look at: 'rf-1 2026-10-31'. */
const dates = async (): Promise<{ refunds: string[]; legs: string[]; rows: string[]; touched: string[] }> => {
  const texts = async (sql: string): Promise<string[]> =>
    (await database.query<{ said: string }>(sql)).map(({ said }) => said)
  return {
    refunds: await texts(`select refund_id || ' ' || completed_on as said from ledger_refund order by 1`),
    legs: await texts(`select leg_id || ' ' || completed_on as said from ledger_leg order by 1`),
    rows: await texts(`select transaction_id || ' ' || occurred_on as said from processor_row order by 1`),
    touched: await texts(
      `select coalesce(leg_id, transaction_id) || ' ' || month_before as said from touched_item touched
       left join ledger_leg on leg_no = item_no left join processor_row on row_no = item_no order by 1`,
    ),
  }
}

describe('the dates of what is stored', () => {
  it('are those of the new time zone, where there is an instant; what moved is noted for the next run', async () => {
    await store(harbor)
    await addRecords()
    expect(await store({ ...harbor, name: 'Harbor' })).toEqual({ redated: 0 })
    expect((await dates()).touched).toEqual([])
    expect(await store({ ...harbor, time_zone: 'Europe/London' })).toEqual({ redated: 3 })
    expect(await dates()).toEqual({
      refunds: ['rf-1 2026-11-01', 'rf-2 2026-10-31', 'rf-3 2026-11-01'],
      legs: ['l-1 2026-11-01', 'l-2 2026-10-31', 'l-3 2026-11-01'],
      rows: ['txn_1 2026-11-01'],
      touched: ['l-1 2026-10-01', 'txn_1 2026-10-01'],
    })
  })

  it('follow ledger_dates: 0:00 UTC on 1 November is 1 November in New York, and the evening before again', async () => {
    await store(harbor)
    await addRecords()
    await database.query(
      `update ledger_refund set completed_at = '2026-11-01T00:00:00Z', completed_on = '2026-10-31' where refund_id = 'rf-1';
       update ledger_leg set completed_at = '2026-11-01T00:00:00Z', completed_on = '2026-10-31' where leg_id = 'l-1';
       update processor_row set occurred_at = '2026-11-01T00:00:00Z'`,
    )
    expect(await store({ ...harbor, ledger_dates: 'date' })).toEqual({ redated: 2 })
    expect(await dates()).toEqual({
      refunds: ['rf-1 2026-11-01', 'rf-2 2026-10-31', 'rf-3 2026-11-01'],
      legs: ['l-1 2026-11-01', 'l-2 2026-10-31', 'l-3 2026-11-01'],
      rows: ['txn_1 2026-10-31'],
      touched: ['l-1 2026-10-01'],
    })
    expect(await store({ ...harbor, ledger_dates: 'date', time_zone: 'America/Los_Angeles' })).toEqual({ redated: 0 })
    expect(await store(harbor)).toEqual({ redated: 2 })
    expect((await dates()).legs).toEqual(['l-1 2026-10-31', 'l-2 2026-10-31', 'l-3 2026-11-01'])
    expect((await dates()).touched).toEqual(['l-1 2026-10-01', 'l-1 2026-11-01'])
  })

  it('of a leg that its refund no longer has move without a note', async () => {
    await store(harbor)
    await addRecords()
    await database.query(`update ledger_leg set active = false`)
    await store({ ...harbor, time_zone: 'Europe/London' })
    expect((await dates()).touched).toEqual(['txn_1 2026-10-01'])
  })
})

describe('a rate between minor units', () => {
  it.each([
    { from: 'EUR', to: 'USD', rate: '1.0832', minor: '1.0832' },
    { from: 'JPY', to: 'USD', rate: '0.006735', minor: '0.6735' },
    { from: 'JPY', to: 'USD', rate: '0.1', minor: '10' },
    { from: 'USD', to: 'JPY', rate: '148', minor: '1.48' },
    { from: 'KWD', to: 'JPY', rate: '.5', minor: '0.0005' },
    { from: 'JPY', to: 'KWD', rate: '0.0021', minor: '2.1' },
    { from: 'USD', to: 'CAD', rate: '1.36812345678901234567', minor: '1.36812345678901234567' },
  ])('$rate $to for one $from is $minor', ({ from, to, rate, minor }) => {
    expect(minorRate({ date: '2026-10-31', from, to, rate })).toBe(minor)
  })
})
