/** Amounts with more decimals than their currency has: added up exactly, rounded once at the end. */

import { addScaled, parseScaled, roundMajor, type Scaled } from '../../core/money.ts'
import type { Column } from '../read/columns.ts'
import { quote } from '../read/quote.ts'
import { text, unreadable } from '../read/record-reader.ts'

export const NOTHING: Scaled = { unscaled: 0n, scale: 0 }

/** An amount in the major unit, exact: '-0.0029703'. An empty cell is no amount. */
export const exactAmount = (cells: readonly string[], column: Column): Scaled => {
  const cell = text(cells, column)
  return parseScaled(cell) ?? unreadable(`${column.name} is ${quote(cell)}, expected an amount such as -0.0029703`)
}

/** Likewise; a cell that is empty, or not there, is 0: only for columns that are left empty where there is nothing to say. */
export const exactOrZero = (cells: readonly string[], column: Column | null): Scaled =>
  column === null || text(cells, column) === '' ? NOTHING : exactAmount(cells, column)

export const sumOf = (amounts: readonly Scaled[]): Scaled => amounts.reduce(addScaled, NOTHING)

export const negated = ({ unscaled, scale }: Scaled): Scaled => ({ unscaled: -unscaled, scale })

/** An exact amount as minor units, rounded half away from zero. */
export const rounded = (amount: Scaled, currency: string): bigint =>
  roundMajor(amount, currency) ?? unreadable(`the amount is larger than any account holds in ${currency}`)

/** Whether two exact amounts are the same but for what disappears in half a minor unit. */
export const agree = (one: Scaled, other: Scaled, currency: string): boolean =>
  rounded(addScaled(one, negated(other)), currency) === 0n

/** An exact amount without the zeros at its end: the same text for '-5', '-5.0' and '-5.00'. */
export const plainText = ({ unscaled, scale }: Scaled): string => {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '')
  const whole = scale === 0 ? digits : digits.slice(0, -scale)
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

export const times = (one: Scaled, other: Scaled): Scaled => ({
  unscaled: one.unscaled * other.unscaled,
  scale: one.scale + other.scale,
})

/** Without its sign. */
export const size = ({ unscaled, scale }: Scaled): Scaled => ({ unscaled: unscaled < 0n ? -unscaled : unscaled, scale })

/** An exact amount as minor units, for a column of its own. */
export const roundedAmount = (cells: readonly string[], column: Column, currency: string): bigint =>
  rounded(exactAmount(cells, column), currency)
