/** What must hold of whatever a format makes of a file, however damaged. */

import { expect } from 'vitest'
import { isDate, parseInstant } from '../../src/core/instant.ts'
import type { CanonicalRow } from '../../src/processor/formats/format.ts'
import type { Outcome } from './report-seeds.ts'

const FORWARD = ['refund', 'vendor_refund', 'chargeback']
const BACKWARD = ['refund_reversal', 'chargeback_reversal']
const TYPES = [...FORWARD, ...BACKWARD, 'payment', 'other']

const signsHold = ({ type, amount, refund_fee, returned_fee }: CanonicalRow): boolean => {
  if (FORWARD.includes(type)) return amount >= 0n && refund_fee >= 0n && returned_fee >= 0n
  return !BACKWARD.includes(type) || (amount <= 0n && refund_fee <= 0n && returned_fee <= 0n)
}

/** What the customer saw is said with its currency, or not at all, and has the sign of the amount. */
const presentedHolds = ({ amount, presented_amount, presented_currency }: CanonicalRow): boolean =>
  presented_amount === null
    ? presented_currency === null
    : presented_currency !== null && /^[A-Z]{3}$/.test(presented_currency) && presented_amount * amount >= 0n

/** Rows as the database takes them, records quarantined with a reason, each on a line of the file and on one side only. */
export const expectSound = ({ rows, unreadable }: Outcome, lines: readonly number[]): void => {
  const known = new Set(lines)
  const aside = new Set(unreadable.map(({ line }) => line))
  for (const row of rows) {
    expect(TYPES).toContain(row.type)
    expect(signsHold(row), `signs of ${shown(row)}`).toBe(true)
    expect(row.currency).toMatch(/^[A-Z]{3}$/)
    expect(presentedHolds(row), `what the customer saw of ${shown(row)}`).toBe(true)
    expect(isDate(row.occurred_on), `date of ${shown(row)}`).toBe(true)
    expect(row.occurred_at === null || parseInstant(row.occurred_at)?.instant === row.occurred_at).toBe(true)
    expect(row.available_on === null || isDate(row.available_on)).toBe(true)
    const ids = [row.transaction_id, row.refund_id, row.payout_id, ...row.payment_ids, ...row.reference_ids]
    expect(ids.every((id) => id === null || (id !== '' && id === id.trim()))).toBe(true)
    expect(new Set(row.payment_ids).size).toBe(row.payment_ids.length)
    expect(known.has(row.line) && !aside.has(row.line), `line ${row.line} of ${shown(row)}`).toBe(true)
  }
  expect(aside.size, 'a record is quarantined once').toBe(unreadable.length)
  for (const { line, reason, occurred_on } of unreadable) {
    expect(known.has(line), `line ${line}: ${reason}`).toBe(true)
    expect(reason.length).toBeGreaterThan(10)
    expect(occurred_on === null || isDate(occurred_on)).toBe(true)
  }
}

/** A row without its line; of an id derived or numbered in the file's order without the ordinal, which other lines shift. */
export const shown = ({ line: _line, transaction_id, ...row }: CanonicalRow): string =>
  JSON.stringify({ ...row, transaction_id: transaction_id.replace(/(?::\d+)+$/, '') }, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )

/** Money and kind of a row, without ids and words: what must not change when an amount is written in another way. */
export const moneyOf = ({ type, amount, refund_fee, returned_fee, currency, line }: CanonicalRow): string =>
  [line, type, amount, refund_fee, returned_fee, currency].join(' ')

/** The rows of records, by the ordinal of the record in the file's body. */
export const rowsByRecord = ({ rows }: Outcome, lines: readonly number[]): Map<number, CanonicalRow> =>
  new Map(rows.map((row) => [lines.indexOf(row.line), row]))

/** Whether two readings give the same rows and set the same records aside; lines, ordinals and wordings may differ. */
export const sameReading = (one: Outcome, other: Outcome): boolean =>
  one.refused === other.refused &&
  one.unreadable.length === other.unreadable.length &&
  one.totalsHold === other.totalsHold &&
  JSON.stringify(one.rows.map(shown)) === JSON.stringify(other.rows.map(shown))
