import { expect, test } from 'vitest'
import { spelledTime } from '../../../src/processor/fields/spelled-time.ts'

const read = (text: string, zone = 'UTC', business = 'UTC'): string | null => {
  const occurred = spelledTime(text, zone, business)
  return occurred === null ? null : (occurred.occurred_at ?? occurred.occurred_on)
}

test('a month in words, with or without a time, is read in the zone that stands behind it', () => {
  expect(read('Sep 5, 2026')).toBe('2026-09-05')
  expect(read('September 24, 2026')).toBe('2026-09-24')
  expect(read('31 Oct 2026')).toBe('2026-10-31')
  expect(read('Sep 9, 2026 3:00:00 PM PDT')).toBe('2026-09-09T22:00:00Z')
  expect(read('Sep 9, 2026, 3:00 p.m. PDT')).toBe('2026-09-09T22:00:00Z')
  expect(read('21-Aug-2026 03:26:23 PM MDT')).toBe('2026-08-21T21:26:23Z')
  expect(read('1 Sept 2026 05:02:24 GMT+1')).toBe('2026-09-01T04:02:24Z')
  expect(read('Oct 31, 2026 11:59:59 PM', 'America/New_York')).toBe('2026-11-01T03:59:59Z')
})

test('so are French, German, Spanish and Italian months', () => {
  const months = [
    '2 févr. 2026',
    '2 juin 2026',
    '2 juil. 2026',
    '2 août 2026',
    '2 déc. 2026',
    '2 Mär 2026',
    '2 ene 2026',
    '2 lug 2026',
  ]
  expect(months.map((text) => read(text))).toEqual([
    ...['2026-02-02', '2026-06-02', '2026-07-02', '2026-08-02', '2026-12-02', '2026-03-02', '2026-01-02', '2026-07-02'],
  ])
})

test('the date is that of the business', () => {
  expect(spelledTime('Oct 31, 2026 11:59:59 PM PDT', 'UTC', 'America/Los_Angeles')?.occurred_on).toBe('2026-10-31')
  expect(spelledTime('Oct 31, 2026 11:59:59 PM PDT', 'UTC', 'UTC')?.occurred_on).toBe('2026-11-01')
})

test.each([
  '',
  'Oct 32, 2026',
  'Foo 3, 2026',
  'Oct 3 2026',
  'Oct 3, 26',
  'Oct 3, 2026 25:00',
  'Oct 3, 2026 3:00 PM XYZ',
  '10/3/2026',
])("'%s' is no such time", (text) => {
  expect(read(text)).toBeNull()
})
