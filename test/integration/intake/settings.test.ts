import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BusinessConfig, ProcessorConfig } from '../../../src/config.ts'
import { storeSettings } from '../../../src/intake/settings.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { PLAIN_BUSINESS, PLAIN_PROCESSOR } from '../../support/plain-config.ts'

const ID = '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01'

const stripe: ProcessorConfig = {
  ...PLAIN_PROCESSOR,
  name: 'STRIPE',
  account: 'us',
  aliases: ['STRIPE_CONNECT'],
  time_zone: 'UTC',
  format: 'auto',
  inbox: [],
  settlement_lag_days: 5,
  coverage_hole_days: 3,
  date_window_days: 3,
  amount_tolerance: 2n,
  fee_tolerance: 0n,
  reference_columns: [],
  date_order: null,
}
const harbor: BusinessConfig = {
  ...PLAIN_BUSINESS,
  id: ID,
  name: 'Harbor Coffee',
  currency: 'USD',
  time_zone: 'America/New_York',
  ledger_lag_days: 2,
  four_eyes: false,
  processors: [stripe, { ...stripe, account: 'eu', aliases: ['STRIPE_EU'] }],
}

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())
beforeEach(async () => {
  await database.query('delete from processor_row')
  await database.query('delete from ledger_leg')
  await database.query('delete from ledger_refund')
})

const store = (business: BusinessConfig): Promise<{ redated: number }> =>
  database.transaction((db) => storeSettings(db, business))

/** A refund, its leg and a row, all at half past midnight UTC on 1 November. */
const addRecords = async (): Promise<void> => {
  await database.query(`
    insert into ledger_refund (business_id, direction, refund_id, content_hash, refunded_amount, completed_at,
      completed_on, reference_keys, payment_keys, content_pull_id, content_place, first_pull_id, changed_pull_id, last_pull_id)
    values ('${ID}', 'customer', 'rf-1', 'h', 1250, '2026-11-01T00:30:00Z', '2026-10-31', '{}', '{}', 1, 1, 1, 1, 1),
           ('${ID}', 'customer', 'rf-2', 'h', 700, null, '2026-10-31', '{}', '{}', 1, 1, 1, 1, 1)`)
  await database.query(`
    insert into ledger_leg (business_id, direction, refund_id, leg_id, ordinal, amount, refund_fee, returned_fee,
      completed_at, completed_on, identity_keys)
    values ('${ID}', 'customer', 'rf-1', 'l-1', 0, 1250, 0, 0, '2026-11-01T00:30:00Z', '2026-10-31', '{}'),
           ('${ID}', 'customer', 'rf-2', 'l-2', 0, 700, 0, 0, null, '2026-10-31', '{}')`)
  await database.query(`
    insert into processor_row (business_id, processor, account, transaction_id, type, payment_ids, reference_ids,
      amount, refund_fee, returned_fee, currency, occurred_at, occurred_on, file_id, line)
    values ('${ID}', 'STRIPE', 'us', 'txn_1', 'refund', '{}', '{}', 1250, 0, 0, 'USD', '2026-11-01T00:30:00Z',
      '2026-10-31', 1, 2)`)
}

describe('the settings of a business', () => {
  it('are stored as configured, one setting a processor with all its accounts', async () => {
    await store(harbor)
    expect(await database.query('select name, currency, time_zone, ledger_lag_days from business')).toEqual([
      { name: 'Harbor Coffee', currency: 'USD', time_zone: 'America/New_York', ledger_lag_days: 2 },
    ])
    expect(await database.query('select processor, accounts, amount_tolerance from processor_setting')).toEqual([
      { processor: 'STRIPE', accounts: ['eu', 'us'], amount_tolerance: 2n },
    ])
    expect(await database.query('select alias, processor from processor_alias order by alias')).toEqual([
      { alias: 'STRIPE_CONNECT', processor: 'STRIPE' },
      { alias: 'STRIPE_EU', processor: 'STRIPE' },
    ])
  })

  it('follow the configuration: what it says no longer is gone, and the same again writes nothing', async () => {
    await store(harbor)
    const changed = { ...harbor, name: 'Harbor', processors: [{ ...stripe, name: 'PAYPAL', aliases: [] }] }
    await store(changed)
    const versions = (): Promise<unknown[]> =>
      database.query('select xmin::text from business union all select xmin::text from processor_setting')
    const before = await versions()
    await store(changed)
    expect(await versions()).toEqual(before)
    expect(await database.query('select processor from processor_setting')).toEqual([{ processor: 'PAYPAL' }])
    expect(await database.query('select alias from processor_alias')).toEqual([])
    await store({ ...harbor, processors: [] })
    expect(await database.query('select processor from processor_setting')).toEqual([])
  })

  it('date every instant anew in another time zone, and leave dates alone as they are', async () => {
    await store(harbor)
    await addRecords()
    expect(await store(harbor)).toEqual({ redated: 0 })
    expect(await store({ ...harbor, time_zone: 'Europe/London' })).toEqual({ redated: 3 })
    expect(await database.query('select refund_id, completed_on from ledger_refund order by 1')).toEqual([
      { refund_id: 'rf-1', completed_on: '2026-11-01' },
      { refund_id: 'rf-2', completed_on: '2026-10-31' },
    ])
    expect(await database.query('select leg_id, completed_on from ledger_leg order by 1')).toEqual([
      { leg_id: 'l-1', completed_on: '2026-11-01' },
      { leg_id: 'l-2', completed_on: '2026-10-31' },
    ])
    expect(await database.query('select occurred_on from processor_row')).toEqual([{ occurred_on: '2026-11-01' }])
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
