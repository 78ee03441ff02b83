import { expect, test } from 'vitest'
import { dueText } from '../../../src/report/messages/phrases.ts'

test('a refund due on 17 October is due until that day, and overdue 25 days on 11 November', () => {
  expect(dueText('2026-10-17', '2026-10-12')).toBe('due 17 Oct')
  expect(dueText('2026-10-17', '2026-10-17')).toBe('due 17 Oct')
  expect(dueText('2026-10-17', '2026-10-18')).toBe('overdue 1 day')
  expect(dueText('2026-10-17', '2026-11-11')).toBe('overdue 25 days')
})

test('a due date of another year than today has its year', () => {
  expect(dueText('2027-01-03', '2026-12-30')).toBe('due 3 Jan 2027')
})
