import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CODES } from '../../../src/core/discrepancy.ts'
import { minorDigits } from '../../../src/core/money.ts'
import { coverDates, sumMonths, tieOut } from '../../../src/reconciliation/tie-out.ts'
import { PROPER_NAMES } from '../../../src/report/messages/phrases.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'
import { rowsWritten } from '../../support/tables.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const EVERY = { every_month: true, months: [] }

/** '2026-10 reconciled', with the texts of the reasons behind it. */
async function verdicts({ business_id }: StoredBusiness): Promise<string[]> {
  await coverDates(database, business_id)
  await sumMonths(database, business_id, EVERY)
  await tieOut(database, business_id)
  const rows = await database.query<{ month: string; verdict: string; reasons: { code: string; text: string }[] }>(
    'select month, verdict, reasons from month_verdict where business_id = $1 order by month',
    [business_id],
  )
  return rows.map(({ month, verdict, reasons }) =>
    [`${month} ${verdict}`, ...reasons.map(({ text }) => text)].join('; '),
  )
}

/** Pulled in full, as of 15 Nov 2026, with a Stripe whose files cover 1 Jan to 30 Nov. */
async function storeWhole(settings: Record<string, unknown> = {}, as_of?: string): Promise<StoredBusiness> {
  const own = await storeBusiness(database, settings, as_of)
  await own.add('pull', { direction: 'customer' })
  await own.add('pull', { direction: 'vendor' })
  await own.processor('STRIPE')
  await own.file({ name: 'whole.csv', covers_from: '2026-01-01', covers_to: '2026-11-30' })
  return own
}

/** 45.00 on both sides. */
async function refund(own: StoredBusiness, date: string): Promise<void> {
  await own.match(
    [await own.leg({ completed_on: date, amount: 4500 })],
    [await own.row({ occurred_on: date, amount: 4500 })],
  )
}

test('the classes are those of the codes, and the names those of the reports', async () => {
  const classes = await database.query<{ code: string; class: string }>('select code, class from check_code')
  expect(Object.fromEntries(classes.map((line) => [line.code, line.class]))).toEqual(
    Object.fromEntries(Object.entries(CODES).map(([code, text]) => [code, text.class])),
  )
  const names = await database.query<{ processor: string; name: string }>('select processor, name from processor_name')
  expect(Object.fromEntries(names.map((line) => [line.processor, line.name]))).toEqual(PROPER_NAMES)
  const units = await database.query<{ currency: string; digits: number }>('select currency, digits from minor_unit')
  const digits = new Map(units.map((line) => [line.currency, line.digits]))
  for (const currency of [...Intl.supportedValuesOf('currency'), ...digits.keys()])
    expect([currency, digits.get(currency) ?? 2]).toEqual([currency, minorDigits(currency)])
})

describe('which months have a verdict', () => {
  test('each from the first line to the month of as_of', async () => {
    const own = await storeWhole()
    await refund(own, '2026-08-31')
    await refund(own, '2026-10-01')
    expect(await verdicts(own)).toEqual([
      '2026-08 reconciled',
      '2026-09 reconciled',
      '2026-10 reconciled',
      '2026-11 reconciled',
    ])
  })

  test('none before starts_on', async () => {
    const own = await storeWhole({ starts_on: '2026-10-01' })
    await refund(own, '2026-08-31')
    await refund(own, '2026-11-01')
    expect(await verdicts(own)).toEqual(['2026-11 reconciled'])
  })

  test('eleven months without a line have one, twelve have none', async () => {
    const months = async (dates: string[]): Promise<string[]> => {
      const own = await storeWhole()
      await own.file({ covers_from: '2024-01-01', covers_to: '2025-12-31' })
      for (const date of dates) await refund(own, date)
      return (await verdicts(own)).map((line) => line.slice(0, 7))
    }
    expect(await months(['2025-10-05', '2026-10-05'])).toHaveLength(14)
    expect(await months(['2025-09-05', '2026-10-05'])).toEqual(['2025-09', '2026-10', '2026-11'])
    expect(await months(['2024-01-05', '2025-09-05', '2026-10-05'])).toEqual([
      '2024-01',
      '2025-09',
      '2026-10',
      '2026-11',
    ])
    expect(await months(['2025-06-05'])).toHaveLength(18)
  })

  test('without any line, the month of as_of alone, in the time zone of the business', async () => {
    const own = await storeWhole({}, '2026-11-01T03:59:59Z')
    expect(await verdicts(own)).toEqual(['2026-10 reconciled'])
    await own.asOf('2026-11-01T04:00:00Z')
    expect(await verdicts(own)).toEqual(['2026-11 reconciled'])
  })

  test('a line of a month to come has none', async () => {
    const own = await storeWhole()
    await refund(own, '2026-12-05')
    expect(await verdicts(own)).toEqual(['2026-11 reconciled'])
    await refund(own, '2026-10-05')
    expect(await verdicts(own)).toEqual(['2026-10 reconciled', '2026-11 reconciled'])
  })

  test('a verdict goes with the last line of its month', async () => {
    const own = await storeWhole()
    await refund(own, '2026-09-05')
    await refund(own, '2026-10-05')
    expect(await verdicts(own)).toHaveLength(3)
    await database.query(
      `update ledger_leg set active = false where business_id = $1 and completed_on < '2026-10-01'`,
      [own.business_id],
    )
    await database.query(
      `update processor_row set active = false where business_id = $1 and occurred_on < '2026-10-01'`,
      [own.business_id],
    )
    expect(await verdicts(own)).toHaveLength(2)
  })

  test('the same again writes nothing', async () => {
    const own = await storeWhole()
    await refund(own, '2026-10-05')
    await own.finding({ code: 'REFUND_FAILED' }, [{ month: '2026-10', amount: 100 }])
    await verdicts(own)
    const places = async (): Promise<unknown> => rowsWritten(database, 'month_verdict', own.business_id)
    const before = await places()
    await verdicts(own)
    expect(await places()).toEqual(before)
  })
})

describe('incomplete', () => {
  test('pulls: never made, not complete, or cut off', async () => {
    const own = await storeBusiness(database)
    expect(await verdicts(own)).toEqual([
      '2026-11 incomplete; customer refunds: never pulled from Layer; vendor refunds: never pulled from Layer',
    ])
    await own.add('pull', { direction: 'customer', complete: false, problem: 'HTTP 502' })
    await own.add('pull', { direction: 'vendor', maybe_cut: true })
    expect(await verdicts(own)).toEqual([
      '2026-11 incomplete; customer refunds: the last pull is not complete (HTTP 502); ' +
        'vendor refunds: the last pull may be cut off, Layer answered with exactly 100 refunds',
    ])
    await own.add('pull', { direction: 'customer' })
    await own.add('pull', { direction: 'vendor' })
    expect(await verdicts(own)).toEqual(['2026-11 reconciled'])
  })

  test('dates that no file covers, each hole, up to the day before as_of', async () => {
    const own = await storeBusiness(database)
    await own.add('pull', { direction: 'customer' })
    await own.add('pull', { direction: 'vendor' })
    await own.processor('STRIPE')
    await refund(own, '2026-10-05')
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-02' })
    await own.file({ covers_from: '2026-10-07', covers_to: '2026-10-10' })
    await own.file({ covers_from: '2026-10-20', covers_to: '2026-10-30' })
    await own.file({ covers_from: '2026-11-05', covers_to: '2026-11-13' })
    expect(await verdicts(own)).toEqual([
      '2026-10 incomplete; Stripe: no file covers 3 to 6 Oct, 11 to 19 Oct and 31 Oct',
      '2026-11 incomplete; Stripe: no file covers 1 to 4 Nov and 14 Nov',
    ])
  })

  test('the account is named where there are several, and asked from its first_day to its last_day', async () => {
    const own = await storeWhole()
    await refund(own, '2026-09-05')
    await own.account('STRIPE', 'eu', { first_day: '2026-09-10', last_day: '2026-10-09' })
    await own.account('STRIPE', 'us', { first_day: '2026-11-10' })
    await own.file({ account: 'eu', covers_from: '2026-09-14', covers_to: '2026-10-06' })
    await own.processor('PAYPAL')
    await own.file({ processor: 'PAYPAL', covers_from: '2026-01-01', covers_to: '2026-11-10' })
    expect(await verdicts(own)).toEqual([
      '2026-09 incomplete; Stripe (eu): no file covers 10 to 13 Sep',
      '2026-10 reconciled',
      '2026-11 incomplete; PayPal: no file covers 11 to 14 Nov; Stripe (us): no file covers 10 to 14 Nov',
    ])
  })

  test('the account without a name is called so beside others', async () => {
    const own = await storeBusiness(database)
    await own.processor('STRIPE')
    await own.account('STRIPE', 'eu')
    await own.file({ account: 'eu', covers_from: '2026-11-01', covers_to: '2026-11-14' })
    expect((await verdicts(own))[0]).toMatch(/; Stripe \(account without a name\): no file covers 1 to 14 Nov$/)
  })

  test('nothing is asked of the month of as_of on its first day', async () => {
    const own = await storeBusiness(database, {}, '2026-11-01T12:00:00Z')
    await own.add('pull', { direction: 'customer' })
    await own.add('pull', { direction: 'vendor' })
    await own.processor('STRIPE')
    expect(await verdicts(own)).toEqual(['2026-11 reconciled'])
  })

  test('a stated total that does not hold, in the months that the file covers', async () => {
    const own = await storeWhole()
    await refund(own, '2026-09-05')
    await own.file({ name: 'october.csv', totals_hold: false, covers_from: '2026-10-01', covers_to: '2026-10-31' })
    await own.file({
      name: 'gone.csv',
      totals_hold: false,
      covers_from: '2026-09-01',
      covers_to: '2026-09-30',
      state: 'withdrawn',
    })
    expect(await verdicts(own)).toEqual([
      '2026-09 reconciled',
      '2026-10 incomplete; october.csv: a total that the file states does not hold',
      '2026-11 reconciled',
    ])
    await own.file({ name: 'undated.csv', totals_hold: false, coverage_source: 'none' })
    expect((await verdicts(own)).filter((line) => line.includes('undated.csv'))).toHaveLength(3)
  })

  test('a difference that no finding explains', async () => {
    const own = await storeWhole()
    await own.leg({ completed_on: '2026-11-05', amount: 4500, refund_fee: 30 })
    expect(await verdicts(own)).toEqual([
      '2026-11 incomplete; Stripe, customer refunds in USD: a difference in amounts, refund fees that no finding explains, a fault of this product',
    ])
  })
})

describe('quarantined records', () => {
  test('count in the month of their date, each source by itself', async () => {
    const own = await storeWhole()
    await refund(own, '2026-09-05')
    const file_id = await own.file({ name: 'stripe.csv' })
    await own.add('quarantine', { file_id, dated_on: '2026-10-31' })
    await own.add('quarantine', { file_id, dated_on: '2026-10-01', kind: 'conflict' })
    await own.add('quarantine', { file_id, dated_on: '2026-09-30', state: 'accepted' })
    await own.add('quarantine', { file_id, dated_on: '2026-09-30', state: 'dismissed' })
    const other = await own.file({ name: 'paypal.csv' })
    await own.add('quarantine', { file_id: other, dated_on: '2026-10-31', source: 'paypal.csv' })
    expect(await verdicts(own)).toEqual([
      '2026-09 reconciled',
      '2026-10 incomplete; 1 record of paypal.csv is in quarantine; 2 records of stripe.csv are in quarantine',
      '2026-11 reconciled',
    ])
  })

  test('of a withdrawn file, of an earlier pull, and lines that came in readable later do not count', async () => {
    const own = await storeWhole()
    const withdrawn = await own.file({ state: 'withdrawn' })
    await own.add('quarantine', { file_id: withdrawn, dated_on: '2026-11-05' })
    const stored = await own.file({ covers_from: '2026-11-01', covers_to: '2026-11-02' })
    const known = { file_id: stored, dated_on: '2026-11-05', item_id: 'txn_1', processor: 'STRIPE', account: '' }
    await own.add('quarantine', known)
    expect((await verdicts(own))[0]).toMatch(/1 record of stripe.csv/)
    await own.row({ transaction_id: 'txn_1', type: 'other', occurred_on: '2026-11-05' })
    expect(await verdicts(own)).toEqual(['2026-11 reconciled'])
    await own.add('quarantine', { ...known, kind: 'conflict' })
    expect((await verdicts(own))[0]).toMatch(/1 record of stripe.csv/)
    await database.query('delete from quarantine where business_id = $1', [own.business_id])

    const first = await own.add<{ pull_id: bigint }>('pull', { direction: 'customer' })
    const listing = { pull_id: Number(first.pull_id), source: 'customer refunds', dated_on: '2026-11-05' }
    await own.add('quarantine', listing)
    expect((await verdicts(own))[0]).toMatch(/1 record of customer refunds is in quarantine/)
    await own.add('pull', { direction: 'vendor' })
    expect((await verdicts(own))[0]).toMatch(/1 record of customer refunds is in quarantine/)
    await own.add('pull', { direction: 'customer' })
    expect(await verdicts(own)).toEqual(['2026-11 reconciled'])
  })

  test('without a date: in the months of the other lines of the file', async () => {
    const own = await storeWhole()
    for (const date of ['2026-08-05', '2026-09-05', '2026-10-05']) await refund(own, date)
    const file_id = await own.file({ coverage_source: 'dates', covers_from: '2026-08-20', covers_to: '2026-10-02' })
    await own.row({ occurred_on: '2026-08-20', type: 'payment', file_id, amount: 1 })
    await own.row({ occurred_on: '2026-10-02', type: 'payment', file_id, amount: 1 })
    await own.add('quarantine', { file_id })
    expect(await verdicts(own)).toEqual([
      '2026-08 incomplete; 1 record of stripe.csv is in quarantine',
      '2026-09 reconciled',
      '2026-10 incomplete; 1 record of stripe.csv is in quarantine',
      '2026-11 reconciled',
    ])
    await own.add('quarantine', { file_id, dated_on: '2026-09-10', state: 'dismissed' })
    expect((await verdicts(own))[1]).toBe('2026-09 incomplete; 1 record of stripe.csv is in quarantine')
  })

  test('lines that an earlier file brought are lines of the file, too', async () => {
    const own = await storeWhole()
    await refund(own, '2026-09-05')
    await refund(own, '2026-10-05')
    const file_id = await own.file({
      coverage_source: 'dates',
      covers_from: '2026-10-01',
      covers_to: '2026-10-31',
      known: 1,
    })
    await own.add('quarantine', { file_id })
    expect((await verdicts(own)).map((line) => line.split(';')[0])).toEqual([
      '2026-09 reconciled',
      '2026-10 incomplete',
      '2026-11 reconciled',
    ])
  })

  test('where the file has no other line, and of a listing, in every month', async () => {
    const own = await storeWhole()
    await refund(own, '2026-10-05')
    const file_id = await own.file({ coverage_source: 'none' })
    await own.add('quarantine', { file_id })
    expect(await verdicts(own)).toEqual([
      '2026-10 incomplete; 1 record of stripe.csv is in quarantine',
      '2026-11 incomplete; 1 record of stripe.csv is in quarantine',
    ])
    await database.query('delete from quarantine where business_id = $1', [own.business_id])
    const last = await own.add<{ pull_id: bigint }>('pull', { direction: 'vendor' })
    await own.add('quarantine', { pull_id: Number(last.pull_id), source: 'vendor refunds' })
    expect(await verdicts(own)).toEqual([
      '2026-10 incomplete; 1 record of vendor refunds is in quarantine',
      '2026-11 incomplete; 1 record of vendor refunds is in quarantine',
    ])
  })

  test('in a month that has no verdict: with the file, else in every month', async () => {
    const own = await storeWhole()
    await refund(own, '2026-10-05')
    const file_id = await own.file({ coverage_source: 'dates', covers_from: '2026-08-01', covers_to: '2026-10-05' })
    await own.add('quarantine', { file_id, dated_on: '2026-08-01' })
    expect((await verdicts(own)).filter((line) => line.includes('incomplete'))).toHaveLength(2)
    await own.row({ occurred_on: '2026-10-05', type: 'other', file_id, amount: 1 })
    expect(await verdicts(own)).toEqual([
      '2026-10 incomplete; 1 record of stripe.csv is in quarantine',
      '2026-11 reconciled',
    ])
  })

  test('before starts_on in no month; without a date beside lines before starts_on in none either', async () => {
    const own = await storeWhole({ starts_on: '2026-10-01' })
    await refund(own, '2026-10-05')
    const file_id = await own.file({ coverage_source: 'dates', covers_from: '2026-09-10', covers_to: '2026-09-20' })
    await own.add('quarantine', { file_id, dated_on: '2026-09-15' })
    expect(await verdicts(own)).toEqual(['2026-10 reconciled', '2026-11 reconciled'])
    await own.add('quarantine', { file_id })
    await own.row({ occurred_on: '2026-09-10', type: 'other', file_id, amount: 1 })
    expect(await verdicts(own)).toEqual(['2026-10 reconciled', '2026-11 reconciled'])
  })
})

describe('discrepant and waiting', () => {
  test('errors are counted in the months of their effects, info findings in none', async () => {
    const own = await storeWhole()
    const leg = await own.leg({ completed_on: '2026-09-10', amount: 100 })
    const row = await own.row({ occurred_on: '2026-10-10', amount: 100 })
    const fee = await own.leg({ completed_on: '2026-11-10', amount: 0, returned_fee: 5 })
    await own.finding({ code: 'REFUND_FAILED', leg_nos: [leg], row_nos: [row] }, [{ month: '2026-09', amount: 100 }])
    await own.finding({ code: 'MISSING_IN_LEDGER', status: 'acknowledged', row_nos: [row] }, [
      { month: '2026-10', amount: -70 },
    ])
    await own.finding({ code: 'AMBIGUOUS_MATCH', row_nos: [row] }, [{ month: '2026-10', amount: -30 }])
    await own.finding({ code: 'AMOUNT_MISMATCH', status: 'resolved', row_nos: [row] })
    await own.finding({ code: 'WITHIN_TOLERANCE', leg_nos: [fee] }, [{ month: '2026-11', returned_fee: 5 }])
    expect(await verdicts(own)).toEqual([
      '2026-09 discrepant; 1 item to correct, 1.00 USD net',
      '2026-10 discrepant; 2 items to correct, -1.00 USD net',
      '2026-11 reconciled',
    ])
  })

  test('the items to correct with the net of their refunds by currency, and their fees apart', async () => {
    const own = await storeWhole()
    const row = await own.row({ occurred_on: '2026-10-10', amount: 100 })
    const errors = { code: 'MISSING_IN_LEDGER', row_nos: [row] } as const
    await own.finding(errors, [{ month: '2026-10', amount: -123456789, refund_fee: -30 }])
    await own.finding({ ...errors, leg_nos: [1010] }, [{ month: '2026-10', amount: 456789, returned_fee: 29 }])
    await own.finding({ ...errors, leg_nos: [2020] }, [{ month: '2026-10', amount: -120, currency: 'JPY' }])
    await own.finding({ ...errors, leg_nos: [3030] }, [{ month: '2026-10', amount: 1820, currency: 'CAD' }])
    await own.finding({ ...errors, leg_nos: [4040] }, [{ month: '2026-10', amount: -1820, currency: 'CAD' }])
    await own.finding({ code: 'REFUND_FEE_MISMATCH', row_nos: [row] }, [{ month: '2026-11', refund_fee: 5 }])
    await own.finding({ ...errors, direction: 'vendor', leg_nos: [5050] }, [
      { month: '2026-11', amount: -18225, refund_fee: 150 },
    ])
    expect((await verdicts(own)).map((said) => said.split('; ').at(-1))).toEqual([
      '5 items to correct, -1,230,000.00 USD and 0.00 CAD and -120 JPY net, fees differ by 0.59 USD',
      '2 items to correct, vendor refunds -182.25 USD net, fees differ by 1.55 USD',
    ])
  })

  test('refunds still to arrive that are overdue, since the files do not reach so far', async () => {
    const own = await storeWhole()
    const waiting = async (due_on: string) => {
      const leg = await own.leg({ completed_on: '2026-10-10', amount: 500 })
      await own.finding({ code: 'AWAITING_PROCESSOR', leg_nos: [leg], due_on }, [{ month: '2026-10', amount: 500 }])
    }
    const said = async () => (await verdicts(own))[0]
    await waiting('2026-11-14')
    expect(await said()).toBe('2026-10 waiting; 1 refund still to arrive, overdue 1 day')
    await waiting('2026-10-21')
    expect(await said()).toBe('2026-10 waiting; 2 refunds still to arrive, overdue by up to 25 days')
    await waiting('2026-11-20')
    expect(await said()).toBe(
      '2026-10 waiting; 3 refunds still to arrive, 2 of them overdue by up to 25 days, due by 20 Nov',
    )
  })

  test('refunds still to arrive, with the last date by which they are due', async () => {
    const own = await storeWhole()
    await refund(own, '2026-10-05')
    const leg = await own.leg({ completed_on: '2026-11-10', amount: 500 })
    const row = await own.row({ occurred_on: '2026-11-11', amount: 500 })
    await own.finding({ code: 'AWAITING_PROCESSOR', leg_nos: [leg], due_on: '2026-11-15' }, [
      { month: '2026-11', amount: 500 },
    ])
    await own.finding({ code: 'AWAITING_LEDGER', row_nos: [row] }, [{ month: '2026-11', amount: -500 }])
    expect(await verdicts(own)).toEqual([
      '2026-10 reconciled',
      '2026-11 waiting; 2 refunds still to arrive, due by 15 Nov',
    ])
    await database.query(`update discrepancy set due_on = '2027-01-02' where business_id = $1 and due_on is not null`, [
      own.business_id,
    ])
    expect((await verdicts(own))[1]).toBe('2026-11 waiting; 2 refunds still to arrive, due by 2 Jan 2027')
    await own.finding({ code: 'ALLOCATION_TARGET_MISMATCH', leg_nos: [leg] })
    expect((await verdicts(own))[1]).toBe(
      '2026-11 discrepant; 1 item to correct; 2 refunds still to arrive, due by 2 Jan 2027',
    )
  })

  test('without effects: in the months of legs and rows, but not of payments', async () => {
    const own = await storeWhole()
    await refund(own, '2026-08-05')
    const leg = await own.leg({ completed_on: '2026-09-10', amount: 0 })
    const row = await own.row({ occurred_on: '2026-10-10', type: 'chargeback', amount: 100 })
    const payment = await own.row({ occurred_on: '2026-08-10', type: 'payment', amount: 100 })
    await own.finding({ code: 'OVER_REFUND', leg_nos: [leg], row_nos: [payment, row] })
    expect(await verdicts(own)).toEqual([
      '2026-08 reconciled',
      '2026-09 discrepant; 1 item to correct',
      '2026-10 discrepant; 1 item to correct',
      '2026-11 reconciled',
    ])
  })

  test('of a whole refund: in the months of all its payments, else of its date', async () => {
    const own = await storeWhole()
    await refund(own, '2026-08-05')
    const content = { content_pull_id: 1, content_page: 0, content_place: 0 }
    const version = { first_pull_id: 1, changed_pull_id: 1, last_pull_id: 1, ...content }
    const whole = {
      direction: 'customer',
      content_hash: '',
      refunded_amount: 100,
      reference_keys: [],
      payment_keys: [],
      ...version,
    }
    await own.add('ledger_refund', { ...whole, refund_id: 'paid twice', completed_on: '2026-11-01' })
    await own.leg({ refund_id: 'paid twice', completed_on: '2026-09-10' })
    await own.leg({ refund_id: 'paid twice', completed_on: '2026-10-10' })
    await own.add('ledger_refund', { ...whole, refund_id: 'unpaid', completed_on: '2026-10-31' })
    await own.finding({ code: 'PAYMENT_IMBALANCE', refund_id: 'paid twice', dated_on: '2026-09-10' })
    await own.finding({ code: 'ALLOCATION_IMBALANCE', refund_id: 'unpaid', dated_on: '2026-10-31' })
    expect(await verdicts(own)).toEqual([
      '2026-08 reconciled',
      '2026-09 discrepant; 1 item to correct',
      '2026-10 discrepant; 2 items to correct',
      '2026-11 reconciled',
    ])
  })

  test('an effect before starts_on is in no month with a verdict', async () => {
    const own = await storeWhole({ starts_on: '2026-10-01' })
    await refund(own, '2026-10-05')
    const leg = await own.leg({ completed_on: '2026-09-30', amount: 100 })
    const row = await own.row({ occurred_on: '2026-11-02', amount: 100 })
    await own.match([leg], [row])
    await own.finding({ code: 'AMOUNT_MISMATCH', leg_nos: [leg], row_nos: [row] }, [
      { month: '2026-09', amount: 100 },
      { month: '2026-11', amount: -100 },
    ])
    expect(await verdicts(own)).toEqual(['2026-10 reconciled', '2026-11 discrepant; 1 item to correct, -1.00 USD net'])
  })
})
