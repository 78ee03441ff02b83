import { describe, expect, test } from 'vitest'
import { writtenDate, writtenDateReader, writtenTime } from '../../../src/processor/fields/written-date.ts'

describe('dates as sites write them', () => {
  test('are read in the order that is given, the year first in any', () => {
    expect(writtenDate('12/27/2018', 'mdy')).toBe('2018-12-27')
    expect(writtenDate('27.12.2018', 'dmy')).toBe('2018-12-27')
    expect(writtenDate('2026/6/2', 'ymd')).toBe('2026-06-02')
    expect(writtenDate('2026-06-02', 'dmy')).toBe('2026-06-02')
  })

  test('are none where the calendar has no such day', () => {
    expect(writtenDate('27/12/2018', 'mdy')).toBeNull()
    expect(writtenDate('2/30/2026', 'mdy')).toBeNull()
    expect(writtenDate('12/27/2018', 'ymd')).toBeNull()
    expect(writtenDate('12/27/18', 'mdy')).toBeNull()
    expect(writtenDate('', 'mdy')).toBeNull()
  })

  test('of times the halves of the day are told apart', () => {
    expect(writtenTime('12:05:00 AM')).toBe('00:05:00')
    expect(writtenTime('12:05:00 pm')).toBe('12:05:00')
    expect(writtenTime('2:30 PM')).toBe('14:30:00')
    expect(writtenTime('21:50:48')).toBe('21:50:48')
    expect(writtenTime('13:00 PM')).toBeNull()
    expect(writtenTime('24:00')).toBeNull()
    expect(writtenTime('noon')).toBeNull()
  })
})

describe('the dates of one file', () => {
  test('in America: 3/4 is the fourth of March', () => {
    const read = writtenDateReader('a.csv', null)
    expect(read('03/04/2026', 2, true)).toBe('2026-03-04')
    expect(read('tomorrow', 3, true)).toBeNull()
  })

  test('elsewhere 3/4 is refused until another date has told the order', () => {
    expect(() => writtenDateReader('a.csv', null)('03/04/2026', 7, false)).toThrow(
      "a.csv, line 7: the date '03/04/2026' can be read in two ways; say date_order: dmy or mdy for this processor in tieout.yaml",
    )
    const read = writtenDateReader('a.csv', null)
    expect(read('03/31/2026', 2, false)).toBe('2026-03-31')
    expect(read('03/04/2026', 3, false)).toBe('2026-03-04')
    expect(read('03/03/2026', 3, false)).toBe('2026-03-03')
  })

  test('31/3 after 3/4 shows that 3/4 was misread: the file is refused', () => {
    const read = writtenDateReader('a.csv', null)
    expect(read('03/04/2026', 2, true)).toBe('2026-03-04')
    expect(() => read('31/03/2026', 3, true)).toThrow("the date '31/03/2026' has the day first")
  })

  test('31/3 after 3/30 is a mistake of its own line', () => {
    const read = writtenDateReader('a.csv', null)
    expect(read('03/30/2026', 2, true)).toBe('2026-03-30')
    expect(read('31/03/2026', 3, true)).toBeNull()
  })

  test('follow tieout.yaml where it says the order', () => {
    expect(writtenDateReader('a.csv', 'dmy')('03/04/2026', 2, true)).toBe('2026-04-03')
    expect(writtenDateReader('a.csv', 'mdy')('03/04/2026', 2, false)).toBe('2026-03-04')
  })
})
