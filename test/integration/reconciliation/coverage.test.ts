import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { coverDates } from '../../../src/reconciliation/tie-out.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'
import { rowsWritten } from '../../support/tables.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** The spans of each account, 'main 2026-11-01..2026-11-10', and of the processors, 'STRIPE 2026-11-01..2026-11-10'. */
async function covered({ business_id }: StoredBusiness): Promise<{ accounts: string[]; processors: string[] }> {
  await coverDates(database, business_id)
  const spansOf = async (table: string, name: string): Promise<string[]> =>
    (
      await database.query<{ span: string }>(
        `select ${name} || ' ' || covers_from || '..' || covers_to as span from ${table} where business_id = $1 order by ${name}, covers_from`,
        [business_id],
      )
    ).map(({ span }) => span)
  return {
    accounts: await spansOf('account_coverage', "case account when '' then 'main' else account end"),
    processors: await spansOf('coverage_span', 'processor'),
  }
}

const stripe = async (asked: Record<string, unknown> = {}, as_of?: string): Promise<StoredBusiness> => {
  const own = await storeBusiness(database, {}, as_of)
  await own.add('processor_setting', { processor: 'STRIPE' })
  await own.account('STRIPE', '', asked)
  return own
}

describe('one account', () => {
  test('files that leave a hole of three days hang together, of four days they do not', async () => {
    const own = await stripe()
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-10' })
    await own.file({ covers_from: '2026-10-14', covers_to: '2026-10-20' })
    await own.file({ covers_from: '2026-10-25', covers_to: '2026-10-31' })
    await own.file({ covers_from: '2026-10-02', covers_to: '2026-10-03' })
    expect(await covered(own)).toEqual({
      accounts: ['main 2026-10-01..2026-10-20', 'main 2026-10-25..2026-10-31'],
      processors: ['STRIPE 2026-10-01..2026-10-20', 'STRIPE 2026-10-25..2026-10-31'],
    })
  })

  test('without a tolerated hole, a day between two files is missing', async () => {
    const own = await stripe({ coverage_hole_days: 0 })
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-10' })
    await own.file({ covers_from: '2026-10-11', covers_to: '2026-10-12' })
    await own.file({ covers_from: '2026-10-14', covers_to: '2026-10-14' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-10-12', 'STRIPE 2026-10-14..2026-10-14'])
  })

  test('withdrawn files, files that cover nothing and files of no configured account do not count', async () => {
    const own = await stripe()
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-10', state: 'withdrawn' })
    await own.file({ coverage_source: 'none' })
    await own.file({ account: 'old', covers_from: '2026-10-01', covers_to: '2026-10-10' })
    expect(await covered(own)).toEqual({ accounts: [], processors: [] })
  })

  test('a file that was withdrawn since takes its dates along, and one more file joins two spans', async () => {
    const own = await stripe()
    const first = await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-05' })
    await own.file({ covers_from: '2026-10-20', covers_to: '2026-10-25' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-10-05', 'STRIPE 2026-10-20..2026-10-25'])
    await own.file({ covers_from: '2026-10-06', covers_to: '2026-10-19' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-10-25'])
    await database.query(`update processor_file set state = 'withdrawn' where business_id = $1 and file_id = $2`, [
      own.business_id,
      first,
    ])
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-06..2026-10-25'])
  })

  test('the same again writes nothing', async () => {
    const own = await stripe()
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-05' })
    await covered(own)
    const places = async (): Promise<unknown> => rowsWritten(database, 'coverage_span', own.business_id)
    const before = await places()
    await covered(own)
    expect(await places()).toEqual(before)
  })
})

describe('first_day and last_day', () => {
  test('before first_day nothing is asked, and a gap of three days next to it is closed', async () => {
    const own = await stripe({ first_day: '2026-10-01' })
    await own.file({ covers_from: '2026-10-04', covers_to: '2026-10-31' })
    expect(await covered(own)).toEqual({
      accounts: ['main 2026-10-01..2026-10-31'],
      processors: ['STRIPE -infinity..2026-10-31'],
    })
  })

  test('a gap of four days next to first_day stays', async () => {
    const own = await stripe({ first_day: '2026-10-01' })
    await own.file({ covers_from: '2026-10-05', covers_to: '2026-10-31' })
    expect((await covered(own)).processors).toEqual(['STRIPE -infinity..2026-09-30', 'STRIPE 2026-10-05..2026-10-31'])
  })

  test('a hole over first_day is measured from first_day on', async () => {
    const own = await stripe({ first_day: '2026-10-01' })
    await own.file({ covers_from: '2026-09-01', covers_to: '2026-09-20' })
    await own.file({ covers_from: '2026-10-03', covers_to: '2026-10-31' })
    expect(await covered(own)).toEqual({
      accounts: ['main 2026-09-01..2026-09-20', 'main 2026-10-01..2026-10-31'],
      processors: ['STRIPE -infinity..2026-10-31'],
    })
  })

  test('after a last_day that is past nothing is asked, and a gap of three days before it is closed', async () => {
    const own = await stripe({ last_day: '2026-10-31' })
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-28' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..infinity'])
  })

  test('a gap before a last_day that is not over stays', async () => {
    const own = await stripe({ last_day: '2026-11-15' })
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-13' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-11-13', 'STRIPE 2026-11-16..infinity'])
    await own.asOf('2026-11-16T12:00:00Z')
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..infinity'])
  })

  test('an account of three days without any file covers none of them', async () => {
    const own = await stripe({ first_day: '2026-10-01', last_day: '2026-10-03' })
    expect((await covered(own)).processors).toEqual(['STRIPE -infinity..2026-09-30', 'STRIPE 2026-10-04..infinity'])
  })
})

describe('several accounts', () => {
  test('a date is covered where both accounts cover it', async () => {
    const own = await stripe()
    await own.account('STRIPE', 'eu')
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-31' })
    expect((await covered(own)).processors).toEqual([])
    await own.file({ account: 'eu', covers_from: '2026-10-10', covers_to: '2026-11-10' })
    expect(await covered(own)).toEqual({
      accounts: ['eu 2026-10-10..2026-11-10', 'main 2026-10-01..2026-10-31'],
      processors: ['STRIPE 2026-10-10..2026-10-31'],
    })
  })

  test('an account opened on 1 Nov is not asked for October; one closed on 31 Oct is not asked for November', async () => {
    const own = await stripe({ last_day: '2026-10-31' })
    await own.account('STRIPE', 'new', { first_day: '2026-11-01' })
    await own.file({ covers_from: '2026-09-01', covers_to: '2026-10-31' })
    await own.file({ account: 'new', covers_from: '2026-11-01', covers_to: '2026-11-14' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-09-01..2026-11-14'])
  })

  test('a hole of one account that only that account is asked for', async () => {
    const own = await stripe({ first_day: '2026-09-01', last_day: '2026-10-31' })
    await own.account('STRIPE', 'new', { first_day: '2026-10-15' })
    await own.file({ covers_from: '2026-09-01', covers_to: '2026-10-31' })
    await own.file({ account: 'new', covers_from: '2026-10-25', covers_to: '2026-11-14' })
    expect((await covered(own)).processors).toEqual(['STRIPE -infinity..2026-10-14', 'STRIPE 2026-10-25..2026-11-14'])
  })

  test('from as_of on a date is covered only where the files of every account asked then cover it', async () => {
    const own = await stripe()
    await own.account('STRIPE', 'closed', { last_day: '2026-10-31' })
    await own.file({ covers_from: '2026-10-01', covers_to: '2026-11-30' })
    await own.file({ account: 'closed', covers_from: '2026-10-01', covers_to: '2026-10-31' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-11-30'])
  })
})

describe('periods with times', () => {
  const timed = (from_at: string, to_at: string): Record<string, unknown> => ({
    ...{ coverage_source: 'stated', covers_from: from_at.slice(0, 10), covers_to: to_at.slice(0, 10) },
    ...{ covers_from_at: from_at, covers_to_at: to_at },
  })

  test('the last date does not count when the period ends at noon', async () => {
    const own = await stripe({ coverage_hole_days: 0 })
    await own.file(timed('2026-10-01T00:00:00-04:00', '2026-10-31T12:00:00-04:00'))
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-10-30'])
  })

  test('the first date does not count when the period begins after local midnight, in UTC', async () => {
    const own = await stripe({ coverage_hole_days: 0 })
    await own.file(timed('2026-10-01T05:00:00Z', '2026-11-01T04:00:00Z'))
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-02..2026-10-31'])
  })

  test('two periods hold a date together where the first ends a second before the second, not two', async () => {
    const own = await stripe({ coverage_hole_days: 0 })
    await own.file(timed('2026-10-01T00:00:00-04:00', '2026-10-10T11:59:59-04:00'))
    await own.file(timed('2026-10-10T12:00:00-04:00', '2026-10-20T11:59:58-04:00'))
    await own.file(timed('2026-10-20T12:00:00-04:00', '2026-10-31T23:59:59-04:00'))
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-10-19', 'STRIPE 2026-10-21..2026-10-31'])
  })

  test('a period within a day covers nothing; with the date given it counts', async () => {
    const own = await stripe({ coverage_hole_days: 0 })
    await own.file(timed('2026-10-10T06:00:00-04:00', '2026-10-10T18:00:00-04:00'))
    expect(await covered(own)).toEqual({ accounts: [], processors: [] })
    await own.file({ covers_from: '2026-10-10', covers_to: '2026-10-10' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-10..2026-10-10'])
  })

  test('the day on which the clocks go back has 25 hours', async () => {
    const own = await stripe({ coverage_hole_days: 0 })
    await own.file(timed('2026-11-01T04:00:00Z', '2026-11-02T04:59:59Z'))
    await own.file(timed('2026-11-03T05:00:00Z', '2026-11-04T04:00:00Z'))
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-11-01..2026-11-01'])
  })
})

describe('files that stand for months or years', () => {
  test('the dates 5 to 20 Oct stand for all of October', async () => {
    const own = await stripe({ files_cover: 'month' })
    await own.file({ coverage_source: 'dates', covers_from: '2026-10-05', covers_to: '2026-10-20' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-01..2026-10-31'])
  })

  test('the dates 3 to 12 Nov stand for 1 to 14 Nov on 15 Nov', async () => {
    const own = await stripe({ files_cover: 'month' })
    await own.file({ coverage_source: 'dates', covers_from: '2026-11-03', covers_to: '2026-11-12' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-11-01..2026-11-14'])
  })

  test('a line of the day of as_of keeps its date', async () => {
    const own = await stripe({ files_cover: 'month' })
    await own.file({ coverage_source: 'dates', covers_from: '2026-11-03', covers_to: '2026-11-15' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-11-01..2026-11-15'])
  })

  test('what was imported on 12 Nov stands for no day after 11 Nov, however late it is', async () => {
    const own = await stripe({ files_cover: 'month' }, '2026-11-25T12:00:00Z')
    const dates = { coverage_source: 'dates', covers_from: '2026-11-03', covers_to: '2026-11-09' }
    await own.file({ ...dates, as_of: '2026-11-12T12:00:00Z' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-11-01..2026-11-11'])
  })

  test('a year, and dates over two years', async () => {
    const own = await stripe({ files_cover: 'year' })
    await own.file({ coverage_source: 'dates', covers_from: '2025-12-30', covers_to: '2026-01-02' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2025-01-01..2026-11-14'])
  })

  test('what is given or stated is not stretched', async () => {
    const own = await stripe({ files_cover: 'month' })
    await own.file({ coverage_source: 'given', covers_from: '2026-10-05', covers_to: '2026-10-08' })
    await own.file({ coverage_source: 'stated', covers_from: '2026-10-20', covers_to: '2026-10-25' })
    expect((await covered(own)).processors).toEqual(['STRIPE 2026-10-05..2026-10-08', 'STRIPE 2026-10-20..2026-10-25'])
  })
})

test('each processor and business for itself', async () => {
  const own = await stripe()
  const other = await stripe()
  await own.processor('PAYPAL')
  await own.file({ covers_from: '2026-10-01', covers_to: '2026-10-31' })
  await own.file({ processor: 'PAYPAL', covers_from: '2026-11-01', covers_to: '2026-11-10' })
  await other.file({ covers_from: '2026-09-01', covers_to: '2026-09-02' })
  expect((await covered(own)).processors).toEqual(['PAYPAL 2026-11-01..2026-11-10', 'STRIPE 2026-10-01..2026-10-31'])
  expect((await covered(other)).processors).toEqual(['STRIPE 2026-09-01..2026-09-02'])
})
