import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SQL_FOLDER } from '../../../src/database/statement.ts'
import { sumMonths, tieOut } from '../../../src/reconciliation/tie-out.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'
import { rowsWritten } from '../../support/tables.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const EVERY = { every_month: true, months: [] }

/** Sums all months, as a run does. */
async function sum(own: StoredBusiness): Promise<void> {
  await own.begin()
  await sumMonths(database, own.business_id, EVERY)
}

const lines = async ({ business_id }: StoredBusiness, what: string): Promise<string[]> =>
  (
    await database.query<{ line: string }>(
      `select ${what} as line from tie_out_line where business_id = $1 order by 1`,
      [business_id],
    )
  ).map(({ line }) => line)

/** 'customer STRIPE USD 2026-10 amount: 4500 - 4000 = 500', with what is tied of fees. */
const totals = async (own: StoredBusiness): Promise<string[]> =>
  await lines(
    own,
    `format('%s %s %s %s %s%s: %s - %s = %s', direction, processor, currency, month, measure, ' ' || tied, ledger, processor_total, difference)`,
  )

/** The lines whose sides are not both 0, summed anew. */
const summed = async (own: StoredBusiness): Promise<string[]> => {
  await sum(own)
  return (await totals(own)).filter((line) => !line.endsWith(': 0 - 0 = 0'))
}

/** What a fee check says of the business, as it would in psql: 'STRIPE USD 2026-10 refund_fee: -30, 0'. */
const found = async ({ business_id }: StoredBusiness, check: string): Promise<string[]> => {
  const select = readFileSync(join(SQL_FOLDER, 'check', `${check}.sql`), 'utf8')
  const rows = await database.query<{ line: string }>(
    `select format('%s %s %s %s%s: %s, %s', direction, processor, currency, month, ' ' || measure, refund_fee, returned_fee) as line
     from (${select}) found where business_id = $1 order by 1`,
    [business_id],
  )
  return rows.map(({ line }) => line)
}

describe('both sides', () => {
  test('legs of 45.00 and rows of 40.00 with their fees, by direction, processor, currency and month', async () => {
    const own = await storeBusiness(database)
    await own.add('processor_alias', { alias: 'STRIPE_CONNECT', processor: 'STRIPE' })
    await own.leg({ completed_on: '2026-10-31', amount: 2500, refund_fee: 30 })
    await own.leg({ completed_on: '2026-10-01', amount: 2000, returned_fee: 58, processor_named: 'STRIPE_CONNECT' })
    await own.leg({ completed_on: '2026-11-01', amount: 100, direction: 'vendor' })
    await own.leg({ completed_on: '2026-11-01', amount: 700, processor_named: null })
    await own.leg({ completed_on: '2026-11-01', amount: 900, active: false })
    await own.row({ occurred_on: '2026-10-31', amount: 4000, refund_fee: 35 })
    await own.row({ occurred_on: '2026-10-31', amount: -1000, type: 'refund_reversal', refund_fee: -5 })
    await own.row({ occurred_on: '2026-11-02', amount: 300, currency: 'EUR' })
    await own.row({ occurred_on: '2026-11-02', amount: 600, type: 'vendor_refund', direction: 'vendor' })
    await own.row({ occurred_on: '2026-11-02', amount: 999, type: 'payment' })
    await own.row({ occurred_on: '2026-11-02', amount: 999, type: 'chargeback' })
    await own.row({ occurred_on: '2026-11-02', amount: 999, active: false })
    expect(await summed(own)).toEqual([
      'customer STRIPE EUR 2026-11 amount: 0 - 300 = -300',
      'customer STRIPE USD 2026-10 amount: 4500 - 3000 = 1500',
      'customer STRIPE USD 2026-10 refund_fee per_refund: 30 - 30 = 0',
      'customer STRIPE USD 2026-10 returned_fee per_refund: 58 - 0 = 58',
      'customer UNASSIGNED USD 2026-11 amount: 700 - 0 = 700',
      'vendor STRIPE USD 2026-11 amount: 100 - 600 = -500',
    ])
    expect((await totals(own)).length).toBe(12)
  })

  test('empty legs and rows make no line', async () => {
    const own = await storeBusiness(database)
    await own.leg({ completed_on: '2026-10-31' })
    await own.row({ occurred_on: '2026-10-31' })
    await sum(own)
    expect(await totals(own)).toEqual([])
  })

  test('nothing before starts_on', async () => {
    const own = await storeBusiness(database, { starts_on: '2026-11-01' })
    await own.leg({ completed_on: '2026-10-31', amount: 100 })
    await own.leg({ completed_on: '2026-10-31', amount: 100, processor_named: null, method: 'CASH' })
    await own.leg({ completed_on: '2026-11-01', amount: 200 })
    await own.row({ occurred_on: '2026-10-30', amount: 100 })
    expect(await summed(own)).toEqual(['customer STRIPE USD 2026-11 amount: 200 - 0 = 200'])
    expect(await database.query('select from outside_total where business_id = $1', [own.business_id])).toEqual([])
    await sumMonths(database, own.business_id, { every_month: false, months: ['2026-10'] })
    expect((await totals(own)).filter((line) => line.includes('2026-10'))).toEqual([])
  })

  test('only the touched months are summed, and a line goes with its last leg', async () => {
    const own = await storeBusiness(database)
    const october = await own.leg({ completed_on: '2026-10-05', amount: 100 })
    const november = await own.leg({ completed_on: '2026-11-05', amount: 200 })
    await sum(own)
    await database.query('update ledger_leg set active = false where business_id = $1 and leg_no = any($2)', [
      own.business_id,
      [october, november],
    ])
    await sumMonths(database, own.business_id, { every_month: false, months: ['2026-11', '2026-11'] })
    expect((await totals(own)).filter((line) => line.includes(' amount'))).toEqual([
      'customer STRIPE USD 2026-10 amount: 100 - 0 = 100',
    ])
    await sumMonths(database, own.business_id, { every_month: false, months: [] })
    expect((await totals(own)).length).toBe(3)
    await sum(own)
    expect(await totals(own)).toEqual([])
  })

  test('the same again writes nothing', async () => {
    const own = await storeBusiness(database)
    await own.leg({ completed_on: '2026-10-05', amount: 100, refund_fee: 30 })
    await own.leg({ completed_on: '2026-10-05', amount: 100, processor_named: null, method: 'CASH' })
    const places = async (): Promise<unknown> => [
      await rowsWritten(database, 'tie_out_line', own.business_id),
      await rowsWritten(database, 'outside_total', own.business_id),
    ]
    const night = async (): Promise<void> => {
      await sum(own)
      await tieOut(database, own.business_id)
    }
    await night()
    const before = await places()
    await night()
    expect(await places()).toEqual(before)
  })

  test('legs outside processors: 30.00 and 12.00 in cash, 5.00 of store credit', async () => {
    const own = await storeBusiness(database, { outside_processors: ['STORE CREDIT'] })
    await own.add('processor_alias', { alias: 'CREDITS', processor: 'STORE CREDIT' })
    await own.leg({ completed_on: '2026-10-05', amount: 3000, processor_named: null, method: 'CASH' })
    await own.leg({ completed_on: '2026-10-06', amount: 1200, processor_named: null, method: 'CASH' })
    await own.leg({ completed_on: '2026-10-06', amount: 500, processor_named: 'CREDITS', method: null })
    await own.leg({
      completed_on: '2026-11-06',
      amount: 700,
      processor_named: null,
      method: 'CASH',
      direction: 'vendor',
    })
    await own.leg({ completed_on: '2026-11-06', amount: 100, processor_named: 'STRIPE', method: 'CASH' })
    expect(await summed(own)).toEqual(['customer STRIPE USD 2026-11 amount: 100 - 0 = 100'])
    const outside = await database.query(
      `select direction, method, processor, currency, month, legs, amount from outside_total where business_id = $1 order by month, method, processor`,
      [own.business_id],
    )
    expect(outside.map((total) => Object.values(total as object).join(' '))).toEqual([
      'customer  STORE CREDIT USD 2026-10 1 500',
      'customer CASH  USD 2026-10 2 4200',
      'vendor CASH  USD 2026-11 1 700',
    ])
  })
})

describe('fees by the month', () => {
  /** ADYEN's fees are tied by the month from October on. */
  const adyen = async (categories = ['Fee'], settings: Record<string, unknown> = {}): Promise<StoredBusiness> => {
    const own = await storeBusiness(database, settings)
    await own.processor('ADYEN')
    await own.add('fee_policy', { processor: 'ADYEN', from_month: '2026-10-01', tie: 'month', categories })
    return own
  }
  const fee = { processor: 'ADYEN', type: 'other', category: 'Fee' }
  const leg = { processor_named: 'ADYEN', amount: 1000 }
  const row = { processor: 'ADYEN', amount: 1000 }

  test('fee lines of 5.00 and 0.30 less 1.00 given back, beside a refund that bears 0.10', async () => {
    const own = await adyen()
    await own.leg({ ...leg, completed_on: '2026-10-10', refund_fee: 540 })
    await own.row({ ...row, occurred_on: '2026-10-10', refund_fee: 10 })
    await own.row({ ...fee, occurred_on: '2026-10-31', amount: -500 })
    await own.row({ ...fee, occurred_on: '2026-10-31', amount: 0, refund_fee: 30 })
    await own.row({ ...fee, occurred_on: '2026-10-31', amount: 100 })
    await own.row({ ...fee, occurred_on: '2026-10-31', amount: -9999, category: 'Payout' })
    await own.row({ ...fee, occurred_on: '2026-10-31', amount: -9999, category: 'fee' })
    await own.row({ ...fee, occurred_on: '2026-09-30', amount: -9999 })
    expect(await summed(own)).toEqual([
      'customer ADYEN USD 2026-10 amount: 1000 - 1000 = 0',
      'customer ADYEN USD 2026-10 refund_fee month: 540 - 540 = 0',
      'customer ADYEN USD 2026-10 returned_fee month: 0 - 100 = -100',
    ])
    expect(await found(own, 'fee_total_mismatch')).toEqual(['customer ADYEN USD 2026-10 returned_fee: 0, -100'])
    expect(await found(own, 'fees_not_compared')).toEqual([])
  })

  test('a fee line makes lines of its own, in its own currency', async () => {
    const own = await adyen()
    await own.row({ ...fee, occurred_on: '2026-10-31', amount: -500, currency: 'EUR' })
    await sum(own)
    expect(await totals(own)).toEqual([
      'customer ADYEN EUR 2026-10 amount: 0 - 0 = 0',
      'customer ADYEN EUR 2026-10 refund_fee month: 0 - 500 = -500',
      'customer ADYEN EUR 2026-10 returned_fee month: 0 - 0 = 0',
    ])
    expect(await found(own, 'fee_total_mismatch')).toEqual(['customer ADYEN EUR 2026-10 refund_fee: -500, 0'])
  })

  test('a month without fee lines is not compared, and neither is one that is not over or a vendor one', async () => {
    const own = await adyen()
    await own.leg({ ...leg, completed_on: '2026-10-10', refund_fee: 40, returned_fee: 25 })
    await own.leg({ ...leg, completed_on: '2026-10-10', refund_fee: 7, direction: 'vendor' })
    await own.leg({ ...leg, completed_on: '2026-11-10', refund_fee: 50 })
    await own.row({ ...fee, occurred_on: '2026-11-14', amount: -45 })
    await sum(own)
    expect(await found(own, 'fee_total_mismatch')).toEqual([])
    expect(await found(own, 'fees_not_compared')).toEqual([
      'customer ADYEN USD 2026-10: 40, 25',
      'customer ADYEN USD 2026-11: 5, 0',
      'vendor ADYEN USD 2026-10: 7, 0',
    ])
    await own.asOf('2026-12-01T04:59:59Z')
    expect(await found(own, 'fee_total_mismatch')).toEqual([])
    await own.asOf('2026-12-01T05:00:00Z')
    expect(await found(own, 'fee_total_mismatch')).toEqual(['customer ADYEN USD 2026-11 refund_fee: 5, 0'])
    expect(await found(own, 'fees_not_compared')).toEqual([
      'customer ADYEN USD 2026-10: 40, 25',
      'vendor ADYEN USD 2026-10: 7, 0',
    ])
  })

  test('fee lines of another currency are not those of the month', async () => {
    const own = await adyen()
    await own.leg({ ...leg, completed_on: '2026-10-10', refund_fee: 40 })
    await own.row({ ...fee, occurred_on: '2026-10-31', amount: -40, currency: 'EUR' })
    await sum(own)
    expect(await found(own, 'fee_total_mismatch')).toEqual(['customer ADYEN EUR 2026-10 refund_fee: -40, 0'])
    expect(await found(own, 'fees_not_compared')).toEqual(['customer ADYEN USD 2026-10: 40, 0'])
  })

  test('under none the difference of both measures is one finding, and a month that agrees is none', async () => {
    const own = await storeBusiness(database)
    await own.add('fee_policy', { processor: 'ADYEN', from_month: '2026-10-01', tie: 'none' })
    await own.leg({ ...leg, completed_on: '2026-09-10', refund_fee: 1 })
    await own.leg({ ...leg, completed_on: '2026-10-10', refund_fee: 40 })
    await own.row({ ...row, occurred_on: '2026-10-10', refund_fee: 30, returned_fee: 20 })
    await own.leg({ ...leg, completed_on: '2026-11-10', refund_fee: 5 })
    await own.row({ ...row, occurred_on: '2026-11-11', refund_fee: 5 })
    expect((await summed(own)).filter((line) => line.includes('fee'))).toEqual([
      'customer ADYEN USD 2026-09 refund_fee per_refund: 1 - 0 = 1',
      'customer ADYEN USD 2026-10 refund_fee none: 40 - 30 = 10',
      'customer ADYEN USD 2026-10 returned_fee none: 0 - 20 = -20',
      'customer ADYEN USD 2026-11 refund_fee none: 5 - 5 = 0',
    ])
    expect(await found(own, 'fees_not_compared')).toEqual(['customer ADYEN USD 2026-10: 10, -20'])
  })

  test('a format without returned fees: these are not compared, the refund fees are', async () => {
    const own = await storeBusiness(database)
    await own.file({ processor: 'ADYEN', has_returned_fees: false })
    await own.leg({ ...leg, completed_on: '2026-10-10', refund_fee: 40, returned_fee: 15 })
    expect((await summed(own)).filter((line) => line.includes('fee'))).toEqual([
      'customer ADYEN USD 2026-10 refund_fee per_refund: 40 - 0 = 40',
      'customer ADYEN USD 2026-10 returned_fee none: 15 - 0 = 15',
    ])
    expect(await found(own, 'fees_not_compared')).toEqual(['customer ADYEN USD 2026-10: 0, 15'])
  })

  test('a match over two policies: its fees under per_refund are not compared, those under month belong to the total', async () => {
    const own = await adyen()
    const before = await own.leg({ ...leg, completed_on: '2026-09-30', refund_fee: 40, returned_fee: 5 })
    const after = await own.row({ ...row, occurred_on: '2026-10-01', refund_fee: 30 })
    await own.match([before], [after])
    await sum(own)
    expect(await found(own, 'fees_not_compared')).toEqual([
      'customer ADYEN USD 2026-09: 40, 5',
      'customer ADYEN USD 2026-10: -30, 0',
    ])
  })

  test('a failed refund over two policies carries its fees itself', async () => {
    const own = await adyen()
    const before = await own.leg({ ...leg, completed_on: '2026-09-30', refund_fee: 40 })
    const after = await own.row({ ...row, occurred_on: '2026-10-01' })
    const back = await own.row({ ...row, occurred_on: '2026-10-02', amount: -1000, type: 'refund_reversal' })
    await own.match([before], [after, back])
    await sum(own)
    expect(await found(own, 'fees_not_compared')).toEqual([])
  })

  test('a match over two policies says nothing of a month before starts_on', async () => {
    const own = await adyen(['Fee'], { starts_on: '2026-10-01' })
    const before = await own.leg({ ...leg, completed_on: '2026-09-30', refund_fee: 40 })
    const after = await own.row({ ...row, occurred_on: '2026-10-01', refund_fee: 30 })
    await own.match([before], [after])
    await sum(own)
    expect(await found(own, 'fees_not_compared')).toEqual(['customer ADYEN USD 2026-10: -30, 0'])
  })
})

describe('what explains a difference', () => {
  /** 'STRIPE 2026-10 amount: 500 = 500 + 0, gross 500' */
  const explained = async (own: StoredBusiness): Promise<string[]> => {
    await sum(own)
    await tieOut(database, own.business_id)
    const all = await lines(
      own,
      `format('%s %s %s%s: %s = %s + %s, gross %s', processor, month, measure, ' ' || tied, difference, explained, unexplained, gross)`,
    )
    return all.filter((line) => !line.endsWith(': 0 = 0 + 0, gross 0'))
  }

  test('5.00 by two effects of 8.00 and -3.00, the gross beside it', async () => {
    const own = await storeBusiness(database)
    await own.leg({ completed_on: '2026-10-05', amount: 500, refund_fee: 30 })
    await own.finding({ code: 'MISSING_AT_PROCESSOR' }, [{ month: '2026-10', amount: 800 }])
    await own.finding({ code: 'AMOUNT_MISMATCH', status: 'resolved' }, [
      { month: '2026-10', amount: -300, refund_fee: 10 },
    ])
    await own.finding({ code: 'AMOUNT_MISMATCH', status: 'cleared' }, [{ month: '2026-10', amount: 5 }])
    await own.finding({ code: 'AMOUNT_MISMATCH', direction: 'vendor', status: 'cleared' }, [
      { month: '2026-10', amount: 5 },
    ])
    expect(await explained(own)).toEqual([
      'STRIPE 2026-10 amount: 500 = 500 + 0, gross 1100',
      'STRIPE 2026-10 refund_fee per_refund: 30 = 10 + 20, gross 10',
    ])
  })

  test('an effect that is gone explains nothing any more', async () => {
    const own = await storeBusiness(database)
    await own.leg({ completed_on: '2026-10-05', amount: 500 })
    await own.finding({ code: 'MISSING_AT_PROCESSOR' }, [{ month: '2026-10', amount: 500 }])
    expect(await explained(own)).toEqual(['STRIPE 2026-10 amount: 500 = 500 + 0, gross 500'])
    await database.query(`update discrepancy set status = 'cleared' where business_id = $1`, [own.business_id])
    expect(await explained(own)).toEqual(['STRIPE 2026-10 amount: 500 = 0 + 500, gross 0'])
  })

  test('an effect where nothing stands shows as unexplained; before starts_on it shows nowhere', async () => {
    const own = await storeBusiness(database, { starts_on: '2026-10-01' })
    await own.finding({ code: 'CUTOFF_MISMATCH' }, [
      { month: '2026-09', amount: -700 },
      { month: '2026-10', amount: 700 },
    ])
    expect(await explained(own)).toEqual(['STRIPE 2026-10 amount: 0 = 700 + -700, gross 700'])
  })
})
