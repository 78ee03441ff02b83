/** Amounts written for people: '$1,149.00 ', '-$12.00', '($33.62)'. */

import { parseMajor, parseScaled, type Scaled } from '../../core/money.ts'
import type { Column } from '../read/columns.ts'
import { quote } from '../read/quote.ts'
import { text, unreadable } from '../read/record-reader.ts'
import { negated } from './exact-amount.ts'

/** What a sign of money may stand for; '$' is the sign of every dollar, and of some pesos. */
const CURRENCIES: Readonly<Record<string, readonly string[]>> = {
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'MXN', 'CLP', 'COP', 'ARS', 'BRL'],
  US$: ['USD'],
  CA$: ['CAD'],
  C$: ['CAD'],
  AU$: ['AUD'],
  A$: ['AUD'],
  NZ$: ['NZD'],
  S$: ['SGD'],
  HK$: ['HKD'],
  MX$: ['MXN'],
  R$: ['BRL'],
  '£': ['GBP'],
  '€': ['EUR'],
  '¥': ['JPY', 'CNY'],
}

const SIGN = '[-+\\u2212]?'
const SYMBOL = '[A-Z]{0,3}\\p{Sc}|[A-Z]{3}'
const AMOUNT = new RegExp(`^(${SIGN}) ?(${SYMBOL}|) ?(${SIGN})((?:\\d|\\.\\d).*?) ?(${SYMBOL}|)$`, 'u')

/** An amount in the major unit as minor units; negative with a minus in front or in parentheses. An empty cell is no amount. */
export const moneyText = (cells: readonly string[], column: Column, currency: string): bigint => {
  const cell = text(cells, column)
  return (
    readMoneyText(cell, currency) ??
    unreadable(
      `${column.name} is ${quote(cell)}, expected an amount in ${currency} such as -12.34, -$12.34 or ($12.34)`,
    )
  )
}

/** Likewise; a cell that is empty, or not there, is 0: only for columns that are left empty where there is nothing to say. */
export const moneyTextOrZero = (cells: readonly string[], column: Column | null, currency: string): bigint =>
  column === null || text(cells, column) === '' ? 0n : moneyText(cells, column, currency)

/** Likewise, with as many decimals as it has: '$266.145000'. */
export const exactMoneyText = (cells: readonly string[], column: Column, currency: string): Scaled => {
  const cell = text(cells, column)
  const { isNegative, digits } = partsOf(cell, currency) ?? { isNegative: false, digits: '' }
  const size = parseScaled(digits)
  if (size === null)
    return unreadable(`${column.name} is ${quote(cell)}, expected an amount in ${currency} such as -$12.34`)
  return isNegative ? negated(size) : size
}

/** Likewise of one text; null where it is no amount in this currency, by its digits or by its sign of money. */
export const readMoneyText = (cell: string, currency: string): bigint | null => {
  const parts = partsOf(cell, currency)
  const minor = parts === null ? null : parseMajor(parts.digits, currency)
  return minor !== null && parts?.isNegative ? -minor : minor
}

const partsOf = (cell: string, currency: string): { isNegative: boolean; digits: string } | null => {
  const inParentheses = /^\((.*)\)$/.exec(cell)
  const found = AMOUNT.exec((inParentheses?.[1] ?? cell).trim())
  if (!found) return null
  const [, before = '', symbol = '', after = '', digits = '', symbolAfter = ''] = found
  const signs = `${before}${after}`
  if (signs.length > 1 || (inParentheses && signs !== '') || (symbol !== '' && symbolAfter !== '')) return null
  const said = symbol || symbolAfter
  if (said !== '' && said !== currency && !(CURRENCIES[said] ?? []).includes(currency)) return null
  return { isNegative: inParentheses !== null || (signs !== '' && signs !== '+'), digits }
}
