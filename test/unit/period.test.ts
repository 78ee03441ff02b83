import { describe, expect, it } from 'vitest'
import { isDate, parseInstant } from '../../src/core/instant.ts'
import {
  addDays,
  compileDatePattern,
  dateInZone,
  daysBetween,
  instantText,
  isMonth,
  isTimeZone,
  monthOf,
  monthsBetween,
  nextMonth,
  wallClock,
  zonedMillis,
} from '../../src/core/period.ts'

const at = (text: string): number => Date.parse(text)

describe('a moment in text', () => {
  it.each([
    ['2026-10-31T23:59:59Z', '2026-10-31T23:59:59Z'],
    ['2026-10-31T23:59:59', '2026-10-31T23:59:59Z'],
    ['2026-10-31 23:59', '2026-10-31T23:59:00Z'],
    ['2026-10-31T23:59:59+02:00', '2026-10-31T21:59:59Z'],
    ['2026-10-31T23:59:59-0500', '2026-11-01T04:59:59Z'],
    ['2026-10-31 23:59:59+00', '2026-10-31T23:59:59Z'],
    ['2026-10-31 23:59:59 +05:45', '2026-10-31T18:14:59Z'],
    ['2024-02-27T02:22:55.163005Z', '2024-02-27T02:22:55.163005Z'],
    ['2024-02-27T02:22:55.163005987Z', '2024-02-27T02:22:55.163005Z'],
    ['2024-02-27T02:22:55.500Z', '2024-02-27T02:22:55.5Z'],
    ['2024-02-29t00:00:00z', '2024-02-29T00:00:00Z'],
  ])('%s is the instant %s', (text, instant) => {
    expect(parseInstant(text)).toEqual({ instant, date: null, millis: at(instant.replace(/(\.\d{3})\d+Z/, '$1Z')) })
  })

  it('says a date alone where there is no time', () => {
    expect(parseInstant('2026-10-31')).toEqual({ instant: null, date: '2026-10-31', millis: null })
  })

  it.each([
    '',
    'yesterday',
    '2026-02-29',
    '2026-13-01',
    '2026-04-31T00:00:00Z',
    '2026-10-31T24:00:00Z',
    '2026-10-31T23:60:00Z',
    '2026-10-31T23:59:60Z',
    '2026-10-31T23:59:59+25:00',
    '2026-10-31T23',
    '31/10/2026',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '1761955199',
  ])('%s is neither', (text) => {
    expect(parseInstant(text)).toBeNull()
  })

  it('is written to the second, or with its milliseconds', () => {
    expect(instantText(at('2026-10-31T23:59:59Z'))).toBe('2026-10-31T23:59:59Z')
    expect(instantText(at('2026-10-31T23:59:59.120Z'))).toBe('2026-10-31T23:59:59.12Z')
  })
})

describe('a date in a time zone', () => {
  it('is still October in New York when November has begun in London', () => {
    expect(dateInZone(at('2026-11-01T03:59:59Z'), 'America/New_York')).toBe('2026-10-31')
    expect(dateInZone(at('2026-11-01T04:00:00Z'), 'America/New_York')).toBe('2026-11-01')
    expect(dateInZone(at('2026-11-01T03:59:59Z'), 'Europe/London')).toBe('2026-11-01')
    expect(dateInZone(at('2026-10-31T18:15:00Z'), 'Asia/Kathmandu')).toBe('2026-11-01')
    expect(dateInZone(at('1965-03-01T00:00:00Z'), 'UTC')).toBe('1965-03-01')
  })

  it('follows the clocks on the days they change', () => {
    expect(dateInZone(at('2026-03-08T04:59:59Z'), 'America/New_York')).toBe('2026-03-07')
    expect(dateInZone(at('2026-03-09T03:59:59Z'), 'America/New_York')).toBe('2026-03-08')
    expect(dateInZone(at('2026-03-09T04:00:00Z'), 'America/New_York')).toBe('2026-03-09')
    expect(dateInZone(at('2026-11-02T04:59:59Z'), 'America/New_York')).toBe('2026-11-01')
  })

  it('is found for a million instants in a few seconds', () => {
    const first = at('2020-01-01T00:00:00Z')
    let last = ''
    for (let n = 0; n < 1_000_000; n++) last = dateInZone(first + n * 157_000, 'America/New_York')
    expect(last).toBe('2024-12-21')
  })

  it('knows the names of time zones', () => {
    expect(isTimeZone('America/New_York')).toBe(true)
    expect(isTimeZone('UTC')).toBe(true)
    expect(isTimeZone('New York')).toBe(false)
    expect(isTimeZone('+02:00')).toBe(false)
    expect(isTimeZone('')).toBe(false)
    expect(() => dateInZone(0, 'Mars/Olympus')).toThrow('Mars/Olympus is no time zone')
  })

  it('turns a wall clock into an instant', () => {
    expect(instantText(zonedMillis('2026-10-31 20:00:00', 'America/New_York'))).toBe('2026-11-01T00:00:00Z')
    expect(instantText(zonedMillis('2026-01-15 12:00:00', 'Europe/Vienna'))).toBe('2026-01-15T11:00:00Z')
    expect(instantText(zonedMillis('2026-01-15 12:00:00', 'UTC'))).toBe('2026-01-15T12:00:00Z')
  })

  it('shows the wall clock of an instant', () => {
    expect(wallClock(at('2026-11-01T04:30:00Z'), 'America/New_York')).toBe('2026-11-01 00:30:00')
    expect(wallClock(at('2026-11-01T06:30:00Z'), 'America/New_York')).toBe('2026-11-01 01:30:00')
    expect(wallClock(at('2026-11-01T06:30:00Z'), 'UTC')).toBe('2026-11-01 06:30:00')
  })

  it('takes the first of two equal readings, and moves a skipped one on', () => {
    expect(instantText(zonedMillis('2026-11-01 01:30:00', 'America/New_York'))).toBe('2026-11-01T05:30:00Z')
    expect(instantText(zonedMillis('2026-03-08 02:30:00', 'America/New_York'))).toBe('2026-03-08T07:30:00Z')
    expect(instantText(zonedMillis('2026-10-25 02:30:00', 'Europe/Vienna'))).toBe('2026-10-25T00:30:00Z')
    expect(instantText(zonedMillis('2026-03-29 02:30:00', 'Europe/Vienna'))).toBe('2026-03-29T01:30:00Z')
    expect(instantText(zonedMillis('2026-10-04 02:15:00', 'Australia/Lord_Howe'))).toBe('2026-10-03T15:45:00Z')
  })

  it('refuses a reading no clock shows', () => {
    expect(() => zonedMillis('2026-02-30 12:00:00', 'UTC')).toThrow("'2026-02-30 12:00:00' is no date and time")
  })
})

describe('dates and months', () => {
  it('are counted over month ends and leap days', () => {
    expect(addDays('2026-10-31', 1)).toBe('2026-11-01')
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29')
    expect(daysBetween('2026-10-30', '2026-11-02')).toBe(3)
    expect(daysBetween('2026-11-02', '2026-10-30')).toBe(-3)
    expect(isDate('2026-02-28')).toBe(true)
    expect(isDate('2026-02-29')).toBe(false)
  })

  it('have a month, and that has a next one', () => {
    expect(monthOf('2026-10-31')).toBe('2026-10')
    expect(nextMonth('2026-12')).toBe('2027-01')
    expect(nextMonth('2026-09')).toBe('2026-10')
    expect(monthsBetween('2026-11', '2027-02')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02'])
    expect(monthsBetween('2026-11', '2026-10')).toEqual([])
    expect(isMonth('2026-10')).toBe(true)
    expect(isMonth('2026-13')).toBe(false)
    expect(isMonth('2026-1')).toBe(false)
  })
})

describe('a date pattern of a mapping', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss', '2026-10-31 20:00:00', '2026-11-01T00:00:00Z'],
    ["yyyy-MM-dd'T'HH:mm:ss", '2026-10-31T20:00:00', '2026-11-01T00:00:00Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2026-10-31T20:00:00.250', '2026-11-01T00:00:00.25Z'],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", '2026-10-31T20:00:00+02:00', '2026-10-31T18:00:00Z'],
    ['d.M.yy H:mm', '1.2.26 9:05', '2026-02-01T14:05:00Z'],
    ['MM/dd/yyyy hh:mm a', '10/31/2026 08:00 PM', '2026-11-01T00:00:00Z'],
    ['MMM d, yyyy, HH:mm', 'Oct 31, 2026, 20:00', '2026-11-01T00:00:00Z'],
    ["yyyy 'o''clock' MM dd HH", "2026 o'clock 10 31 20", '2026-11-01T00:00:00Z'],
  ])('%s reads %s as %s in New York', (pattern, text, instant) => {
    const read = compileDatePattern(pattern, 'America/New_York')
    expect(read(text)).toEqual({ millis: at(instant), date: null })
  })

  it.each([
    ['yyyy-MM-dd', '2026-10-31', '2026-10-31'],
    ['dd/MM/yyyy', '31/10/2026', '2026-10-31'],
    ['d MMMM yyyy', '31 October 2026', '2026-10-31'],
    ['yyyyMMdd', '20261031', '2026-10-31'],
  ])('%s reads %s as the date alone', (pattern, text, date) => {
    expect(compileDatePattern(pattern, 'America/New_York')(text)).toEqual({ millis: null, date })
  })

  it('gives nothing for what it does not fit', () => {
    const read = compileDatePattern('dd/MM/yyyy', 'UTC')
    expect(read('10/31/2026')).toBeNull()
    expect(read('31/02/2026')).toBeNull()
    expect(read('31/10/2026 12:00')).toBeNull()
    expect(read('')).toBeNull()
    expect(compileDatePattern('MMM d, yyyy', 'UTC')('31 Oct 2026')).toBeNull()
  })

  it('is refused where it is not understood, or says no full date', () => {
    expect(() => compileDatePattern('YYYY-MM-DD', 'UTC')).toThrow(RangeError)
    expect(() => compileDatePattern('HH:mm:ss', 'UTC')).toThrow('does not say year, month and day')
    expect(() => compileDatePattern('yyyy-MM', 'UTC')).toThrow('does not say year, month and day')
    expect(() => compileDatePattern('', 'UTC')).toThrow(RangeError)
  })
})
