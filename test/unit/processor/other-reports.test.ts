import { expect, test } from 'vitest'
import type { CsvRecord } from '../../../src/processor/formats/format.ts'
import { otherReport } from '../../../src/processor/formats/other-reports.ts'

const head = (...cells: string[]): CsvRecord[][] => [[{ cells, line: 1 }]]

test("dLocal's transactions and Stripe's payments are known, and why they are not read", () => {
  expect(
    otherReport(
      head(
        'Type',
        'Creation date',
        'Settlement date',
        'Net Amount (local)',
        'Amount (USD)',
        'Transaction Reference',
        'IOF',
      ),
    ),
  ).toContain("it is dLocal's transaction report, which is not read: of a refund it has the local amount")
  expect(
    otherReport(head('id', 'Created date (UTC)', 'Amount', 'Amount Refunded', 'Currency', 'Captured', 'Status')),
  ).toContain("it is Stripe's payments export, which is not read")
})

test('a header that nobody knows is none of them', () => {
  expect(otherReport(head('Date', 'Text', 'Amount'))).toBeNull()
  expect(otherReport([[]])).toBeNull()
})
