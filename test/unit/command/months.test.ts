import { expect, test } from 'vitest'
import { monthsOf } from '../../../src/core/months.ts'

test.each([
  [{}, { from: null, to: null }],
  [{ from: '2026-09' }, { from: '2026-09', to: null }],
  [{ to: '2026-10' }, { from: null, to: '2026-10' }],
  [
    { from: '2026-10', to: '2026-10' },
    { from: '2026-10', to: '2026-10' },
  ],
  [{ month: '2026-10' }, { from: '2026-10', to: '2026-10' }],
])('%j are %j', (flags, months) => {
  expect(monthsOf(flags)).toEqual(months)
})

test.each([
  [{ from: '2026-10', to: '2026-09' }, '--from 2026-10 --to 2026-09: the first month comes after the last one'],
  [{ from: '2026-13' }, '--from 2026-13: expected a month such as 2026-10'],
  [{ to: 'October' }, '--to October: expected a month such as 2026-10'],
  [{ month: '2026-1' }, '--month 2026-1: expected a month such as 2026-10'],
  [{ month: '2026-10', to: '2026-10' }, '--month 2026-10: stands for --from and --to, so it cannot be used with them'],
])('%j is refused', (flags, message) => {
  expect(() => monthsOf(flags)).toThrow(message)
})
