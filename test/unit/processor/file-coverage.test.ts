import { expect, test } from 'vitest'
import { type Coverage, coverageOf, type LinesDate } from '../../../src/processor/file-coverage.ts'

/** One line for each date, from line 2 on; 'date*3' are three lines. */
const lines = (...dates: string[]): LinesDate[] => {
  let line = 2
  return dates.map((text) => {
    const [date = '', count = '1'] = text.split('*')
    const first = line
    line += Number(count)
    return { date, lines: Number(count), line: first }
  })
}

const NOTHING_SAID = { given: null, stated: null }

const covered = (
  dates: LinesDate[],
  settings: Partial<Parameters<typeof coverageOf>[2]> = {},
  said: Parameters<typeof coverageOf>[1] = NOTHING_SAID,
): Pick<Coverage, 'covers_from' | 'covers_to' | 'coverage_source' | 'stray_lines'> => {
  const found = coverageOf(dates, said, { as_of_date: '2026-11-01', files_cover: 'dates', ...settings })
  const { covers_from, covers_to, coverage_source, stray_lines } = found
  return { covers_from, covers_to, coverage_source, stray_lines }
}

test('a file covers its lines from the first date to the last, in whatever order they stand', () => {
  expect(covered(lines('2026-10-31', '2026-10-01', '2026-10-15'))).toEqual({
    covers_from: '2026-10-01',
    covers_to: '2026-10-31',
    coverage_source: 'dates',
    stray_lines: [],
  })
})

test('a line of the day after as_of counts, one dated later covers nothing and is named', () => {
  expect(covered(lines('2026-10-31', '2026-11-02', '2026-11-03'))).toMatchObject({
    covers_to: '2026-11-02',
    stray_lines: [{ line: 4, dated_on: '2026-11-03' }],
  })
})

test('one refund dated 2062, or 2019, covers no decades', () => {
  expect(covered(lines('2026-10-01', '2062-10-02', '2019-10-02', '2026-10-03'))).toEqual({
    covers_from: '2026-10-01',
    covers_to: '2026-10-03',
    coverage_source: 'dates',
    stray_lines: [
      { line: 3, dated_on: '2062-10-02' },
      { line: 4, dated_on: '2019-10-02' },
    ],
  })
})

test('a line 92 days from another one counts, one 93 days away does not', () => {
  expect(covered(lines('2026-07-01', '2026-10-01', '2026-10-02'))).toMatchObject({ covers_from: '2026-07-01' })
  expect(covered(lines('2026-06-30', '2026-10-01', '2026-10-02'))).toMatchObject({
    covers_from: '2026-10-01',
    stray_lines: [{ line: 2, dated_on: '2026-06-30' }],
  })
})

test('two lines of one far date count, and so does the only line of a file', () => {
  expect(covered(lines('2024-01-05*2', '2026-10-01'))).toMatchObject({
    covers_from: '2024-01-05',
    covers_to: '2024-01-05',
    stray_lines: [{ line: 4, dated_on: '2026-10-01' }],
  })
  expect(covered(lines('2019-10-01'))).toMatchObject({ covers_from: '2019-10-01', stray_lines: [] })
})

test('two lines far apart cover nothing: neither says which of them is the slip', () => {
  expect(covered(lines('2019-10-01', '2026-10-01'))).toEqual({
    covers_from: null,
    covers_to: null,
    coverage_source: 'none',
    stray_lines: [
      { line: 2, dated_on: '2019-10-01' },
      { line: 3, dated_on: '2026-10-01' },
    ],
  })
})

test('files that stand for a month may have a single line of a quarter, but none of the future', () => {
  expect(covered(lines('2026-01-05', '2026-10-01', '2062-01-01'), { files_cover: 'month' })).toEqual({
    covers_from: '2026-01-05',
    covers_to: '2026-10-01',
    coverage_source: 'dates',
    stray_lines: [{ line: 4, dated_on: '2062-01-01' }],
  })
})

test('dates given stand above the period stated, and that above the lines; stray lines are named all the same', () => {
  const stated = {
    from: '2026-10-01',
    to: '2026-10-31',
    from_at: '2026-10-01T04:00:00Z',
    to_at: '2026-11-01T03:59:59Z',
  }
  const dates = lines('2026-10-05', '2062-10-05')
  const stray_lines = [{ line: 3, dated_on: '2062-10-05' }]
  expect(coverageOf(dates, { given: null, stated }, { as_of_date: '2026-11-01', files_cover: 'dates' })).toEqual({
    covers_from: '2026-10-01',
    covers_to: '2026-10-31',
    covers_from_at: '2026-10-01T04:00:00Z',
    covers_to_at: '2026-11-01T03:59:59Z',
    coverage_source: 'stated',
    stray_lines,
  })
  const given = { from: '2026-09-01', to: '2026-09-30' }
  expect(coverageOf(dates, { given, stated }, { as_of_date: '2026-11-01', files_cover: 'dates' })).toEqual({
    covers_from: '2026-09-01',
    covers_to: '2026-09-30',
    covers_from_at: null,
    covers_to_at: null,
    coverage_source: 'given',
    stray_lines,
  })
})

test('a file without dates covers nothing', () => {
  expect(covered([])).toEqual({ covers_from: null, covers_to: null, coverage_source: 'none', stray_lines: [] })
})
