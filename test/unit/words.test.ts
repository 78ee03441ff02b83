import { expect, test } from 'vitest'
import { counted, dayText, spanText } from '../../src/core/words.ts'

test('1 file, 0 files, 2 files; a noun with a plural of its own has it', () => {
  expect([counted(1, 'file'), counted(1n, 'file'), counted(0, 'file'), counted(2n, 'file')]).toEqual([
    '1 file',
    '1 file',
    '0 files',
    '2 files',
  ])
  expect([counted(1, 'business', 'businesses'), counted(3, 'business', 'businesses')]).toEqual([
    '1 business',
    '3 businesses',
  ])
})

test('7 November is 7 Nov beside a month of its year, and 7 Nov 2026 beside one of another and alone', () => {
  expect(dayText('2026-11-07', '2026-10')).toBe('7 Nov')
  expect(dayText('2027-01-02', '2026-12-31')).toBe('2 Jan 2027')
  expect(dayText('2026-11-07')).toBe('7 Nov 2026')
})

test('a span of days says its month once, and each month where there are two', () => {
  expect(spanText('2026-06-10', '2026-06-10', '2026-06')).toBe('10 Jun')
  expect(spanText('2026-06-10', '2026-06-15', '2026-06')).toBe('10 to 15 Jun')
  expect(spanText('2026-06-29', '2026-07-02', '2026-07')).toBe('29 Jun to 2 Jul')
  expect(spanText('2025-12-29', '2026-01-02', '2026-01')).toBe('29 Dec 2025 to 2 Jan')
})
