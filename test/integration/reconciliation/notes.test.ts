import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TouchedMonths, takeNotes } from '../../../src/reconciliation/tie-out.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'
import { rowsWritten } from '../../support/tables.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const EVERY: TouchedMonths = { every_month: true, months: [] }

/** 'CODE text (count, amount)' */
async function notes({ business_id }: StoredBusiness, touched = EVERY): Promise<string[]> {
  await takeNotes(database, business_id, touched)
  const rows = await database.query<{ line: string }>(
    `select format('%s %s (%s, %s)', code, text, count, amount) as line from note where business_id = $1 order by code, place`,
    [business_id],
  )
  return rows.map(({ line }) => line)
}

const days = (count: number, month: string): string[] =>
  Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`)

describe('before starts_on', () => {
  test('legs of 45.00 and 5.00, rows of 40.00 and one in another currency', async () => {
    const own = await storeBusiness(database, { starts_on: '2026-10-01' })
    await own.leg({ completed_on: '2026-09-30', amount: 4500 })
    await own.leg({ completed_on: '2026-08-30', amount: 500, processor_named: null, method: 'CASH' })
    await own.leg({ completed_on: '2026-08-30', amount: 900, active: false })
    await own.leg({ completed_on: '2026-10-01', amount: 700 })
    await own.row({ occurred_on: '2026-09-30', amount: 4000 })
    await own.row({ occurred_on: '2026-09-30', amount: 4000, type: 'payment' })
    await own.row({ occurred_on: '2026-09-30', amount: 300, currency: 'EUR' })
    expect(await notes(own)).toEqual([
      'BEFORE_START 2 refunds, 50.00 USD, before 1 Oct 2026: not compared (2, 5000)',
      'BEFORE_START 1 refund line, 3.00 EUR, before 1 Oct 2026: not compared (1, 300)',
      'BEFORE_START 1 refund line, 40.00 USD, before 1 Oct 2026: not compared (1, 4000)',
    ])
  })

  test('1,234,567 yen have no decimals, and 12.345 dinars three', async () => {
    const own = await storeBusiness(database, { starts_on: '2026-10-01', currency: 'JPY' })
    await own.leg({ completed_on: '2026-09-30', amount: 1234567 })
    await own.row({ occurred_on: '2026-09-30', amount: 12345, currency: 'KWD' })
    expect(await notes(own)).toEqual([
      'BEFORE_START 1 refund, 1,234,567 JPY, before 1 Oct 2026: not compared (1, 1234567)',
      'BEFORE_START 1 refund line, 12.345 KWD, before 1 Oct 2026: not compared (1, 12345)',
    ])
  })

  test('counted again where a month before it is touched; without starts_on there is no note', async () => {
    const own = await storeBusiness(database, { starts_on: '2026-10-01' })
    await own.leg({ completed_on: '2026-09-30', amount: 4500 })
    expect(await notes(own)).toHaveLength(1)
    await own.leg({ completed_on: '2026-09-30', amount: 100 })
    expect((await notes(own, { every_month: false, months: ['2026-10'] }))[0]).toMatch(/\(1, 4500\)$/)
    expect((await notes(own, { every_month: false, months: ['2026-09'] }))[0]).toMatch(/\(2, 4600\)$/)
    await database.query('update business set starts_on = null where business_id = $1', [own.business_id])
    expect(await notes(own, { every_month: false, months: [] })).toEqual([])
  })
})

describe('ledger_dates', () => {
  const store = async (atMidnight: number, others: number, settings = {}): Promise<StoredBusiness> => {
    const own = await storeBusiness(database, settings)
    for (const date of days(atMidnight, '2026-10'))
      await own.leg({ completed_on: date, completed_at: `${date}T02:00:00+02:00`, amount: 100 })
    for (const date of days(others, '2026-09'))
      await own.leg({ completed_on: date, completed_at: `${date}T00:00:01Z`, amount: 100 })
    return own
  }

  test('nine of ten refunds at midnight UTC', async () => {
    expect(await notes(await store(9, 1))).toEqual([
      'LEDGER_DATES 9 of the latest 10 refunds in the books stand at exactly midnight UTC: where Layer means the date alone, set ledger_dates: date (9, )',
    ])
  })

  test('not of nine refunds, not of eight of ten, and not where the setting is date', async () => {
    expect(await notes(await store(9, 0))).toEqual([])
    expect(await notes(await store(8, 2))).toEqual([])
    expect(await notes(await store(10, 0, { ledger_dates: 'date' }))).toEqual([])
  })
})

describe('usual_lag_days', () => {
  const store = async (alike: number, others: number, usual_lag_days = 0): Promise<StoredBusiness> => {
    const own = await storeBusiness(database)
    await own.processor('STRIPE', { usual_lag_days })
    for (const [index, date] of days(alike + others, '2026-10').entries()) {
      const leg = await own.leg({ completed_on: date, amount: 100 })
      const apart = index < alike ? 1 : 0
      const [year, month, day] = date.split('-').map(Number)
      const row = await own.row({
        occurred_on: new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, (day ?? 1) + apart)),
        amount: 100,
      })
      await own.match([leg], [row])
    }
    return own
  }

  test('six of ten a day after the books', async () => {
    const own = await store(6, 4)
    expect(await notes(own)).toEqual([
      'USUAL_LAG Stripe dates 6 of the latest 10 matched refunds 1 day after the books: set usual_lag_days: 1 (6, )',
    ])
    await database.query('update processor_setting set usual_lag_days = 1 where business_id = $1', [own.business_id])
    expect(await notes(own)).toEqual([])
  })

  test('not five of ten, not six of nine; back on the day of the books where the setting says a day', async () => {
    expect(await notes(await store(5, 5))).toEqual([])
    expect(await notes(await store(6, 3))).toEqual([])
    expect(await notes(await store(0, 10, 1))).toEqual([
      'USUAL_LAG Stripe dates 10 of the latest 10 matched refunds on the day of the books: set usual_lag_days: 0 (10, )',
    ])
  })

  test('a larger match counts once, from its first leg to its first row', async () => {
    const own = await store(5, 4)
    const legs = [
      await own.leg({ completed_on: '2026-10-20', amount: 50 }),
      await own.leg({ completed_on: '2026-10-21', amount: 50 }),
    ]
    const rows = [
      await own.row({ occurred_on: '2026-10-22', amount: 50 }),
      await own.row({ occurred_on: '2026-10-21', amount: 50 }),
    ]
    await own.match(legs, rows)
    expect(await notes(own)).toEqual([
      'USUAL_LAG Stripe dates 6 of the latest 10 matched refunds 1 day after the books: set usual_lag_days: 1 (6, )',
    ])
  })
})

test('lines of a file whose dates cover nothing', async () => {
  const own = await storeBusiness(database)
  await own.file({ name: 'stripe.csv', stray_lines: [{ line: 12, dated_on: '2062-03-01' }] })
  await own.file({ name: 'gone.csv', stray_lines: [{ line: 12, dated_on: '2062-03-01' }], state: 'withdrawn' })
  await own.file({
    name: 'two.csv',
    stray_lines: [
      { line: 9, dated_on: '2062-03-01' },
      { line: 10, dated_on: '2019-01-31' },
    ],
  })
  expect(await notes(own)).toEqual([
    'STRAY_LINES stripe.csv: 1 Mar 2062 in line 12 is a date too late or too far from all others, and covers nothing (1, )',
    'STRAY_LINES two.csv: 1 Mar 2062 in line 9, 31 Jan 2019 in line 10 are dates too late or too far from all others, and cover nothing (2, )',
  ])
})

test('notes of other origin stay, and the same again writes nothing', async () => {
  const own = await storeBusiness(database, { starts_on: '2026-10-01' })
  await own.leg({ completed_on: '2026-09-30', amount: 4500 })
  await own.add('note', { code: 'ANOTHER', place: 1, text: 'of another origin' })
  await notes(own)
  const places = async (): Promise<unknown> => rowsWritten(database, 'note', own.business_id)
  const before = await places()
  expect(before).toHaveLength(2)
  await notes(own)
  await notes(own, { every_month: false, months: [] })
  expect(await places()).toEqual(before)
})
