/** Stripe's amounts: '-12.34', or '-12,34' where the report was run with a comma as decimal_separator. */

import { type Column, money, quote, text, unreadable } from './record-reader.ts'

/**
 * Makes a reader of one file's amounts, in the major unit. Stripe groups no thousands, so the first separator seen is
 * the file's decimal sign: '1,234' is 1.234 KWD, and no amount in USD. Once it is known, the other sign can only group
 * thousands (a file that went through a spreadsheet). A file that uses both as decimal signs has that line set aside.
 */
export const stripeMoney = (): ((
  cells: readonly string[],
  column: Column,
  currency: string,
  line: number,
) => bigint) => {
  let decimal: '.' | ',' | null = null
  let decidedIn = 0
  return (cells, column, currency, line) => {
    const cell = text(cells, column)
    const sign = decimal ?? lastSign(cell)
    if (sign === null) return money(cells, column, currency)
    if (decimal !== null && DECIMALS[decimal === '.' ? ',' : '.'].test(cell)) {
      unreadable(
        `${column.name} is ${quote(cell)}, expected '${decimal}' before the decimals as in line ${decidedIn}: the file mixes two ways to write amounts`,
      )
    }
    const minor = money(cells, column, currency, sign)
    if (decimal === null) {
      decimal = sign
      decidedIn = line
    }
    return minor
  }
}

/** What looks like decimals after this sign: not just groups of three digits. */
const DECIMALS = { '.': /\.(?:\d{1,2}|\d{4,})$/, ',': /,(?:\d{1,2}|\d{4,})$/ } as const

const lastSign = (cell: string): '.' | ',' | null => {
  const index = Math.max(cell.lastIndexOf('.'), cell.lastIndexOf(','))
  return index === -1 ? null : cell[index] === ',' ? ',' : '.'
}
