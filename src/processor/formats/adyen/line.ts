/** What the lines of Adyen's reports share: plain amounts, the four fee columns, booking times, the sum of a line. */

import { addScaled, minorDigits, parseMajor, parseScaled, type Scaled } from '../../../core/money.ts'
import { NOTHING, negated, rounded, size, sumOf } from '../../fields/exact-amount.ts'
import type { Occurred } from '../../fields/record-time.ts'
import { readTimeIn, zoneOf } from '../../fields/zone-abbreviations.ts'
import type { Column, Columns } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import { text, unreadable } from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { RowType } from '../format.ts'

/** Adyen's PSP references: of payments, captures and refunds alike. */
export const PSP_REFERENCE = '^[A-Z0-9]{16}$'

/** A decimal with '.' and nothing between thousands, as Adyen writes them; null where the cell is empty. */
export const plainDecimal = (cells: readonly string[], column: Column): Scaled | null => {
  const cell = text(cells, column)
  if (cell === '') return null
  const exact = /[^-+.\d]/.test(cell) ? null : parseScaled(cell)
  return exact ?? unreadable(`${column.name} is ${quote(cell)}, expected an amount such as 12.34`)
}

/** Likewise of an amount that is settled: with no more decimals than its currency has. */
export const settledDecimal = (cells: readonly string[], column: Column, currency: string): Scaled | null => {
  const exact = plainDecimal(cells, column)
  if (exact === null || parseMajor(text(cells, column), currency) !== null) return exact
  return unreadable(`${column.name} is ${quote(text(cells, column))}, expected an amount in ${currency}`)
}

/** Whether a line is compared with the ledger or is the payment that is refunded: then it has to be read without doubt. */
export const isCompared = (type: RowType): boolean =>
  type !== 'other' && type !== 'chargeback' && type !== 'chargeback_reversal'

const FEES = ['Commission', 'Markup', 'Scheme Fees', 'Interchange']

/** The fee columns: four, and that of currency conversion at the till where the file has it. `unit` is '(NC)' or '(SC)'. */
export const feeColumns = (columns: Columns, unit: string): Column[] => {
  const conversion = columns.find(`DCC Markup ${unit}`)
  return [...FEES.map((name) => columns.need(`${name} ${unit}`)), ...(conversion === null ? [] : [conversion])]
}

/** Their sum, exact: positive where it was charged, negative where it was given back. Empty cells charge nothing. */
export const feeSum = (cells: readonly string[], fees: readonly Column[]): Scaled =>
  sumOf(fees.map((column) => plainDecimal(cells, column) ?? NOTHING))

/** Whether two amounts differ by less than one minor unit: what rounding leaves. */
export const nearlyEqual = (one: Scaled, other: Scaled, currency: string): boolean => {
  const gap = size(addScaled(one, negated(other)))
  return gap.unscaled * 10n ** BigInt(minorDigits(currency)) < 10n ** BigInt(gap.scale)
}

/** What a line moved on the balance before fees, in minor units; a payment that takes money is unreadable. */
export const movedBefore = (type: RowType, net: Scaled, fee: Scaled, currency: string, said: string): bigint => {
  const moved = rounded(addScaled(net, fee), currency)
  if (type === 'payment' && moved < 0n)
    unreadable(`the net amount of this payment is ${said}: expected money that comes in`)
  return moved
}

/** The ids of the merchant's own: '<auto>' is what Adyen writes where the merchant gave none. */
export const ownReference = (cells: readonly string[], column: Column | null): string => {
  const reference = text(cells, column)
  return reference === '<auto>' ? '' : reference
}

/** Reads a time column with the zone that its line names, else in the zone of files that state none. */
export const bookingTime = (
  cells: readonly string[],
  time: Column,
  zones: readonly (Column | null)[],
  context: { businessTimeZone: string; fileTimeZone: string },
): Occurred => {
  const named = zones.find((column) => text(cells, column) !== '') ?? null
  const zone = named === null ? context.fileTimeZone : zoneOf(text(cells, named))
  if (zone === null) {
    return unreadable(
      `${named?.name} is ${quoteWord(text(cells, named))}, expected a time zone such as CET, PDT or Europe/Amsterdam`,
    )
  }
  return readTimeIn(text(cells, time), zone, context.businessTimeZone) ?? noTime(time, text(cells, time))
}
