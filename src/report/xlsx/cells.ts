/** Cells of a worksheet as XML. Text is written as text whatever it says; amounts come from bigint, never from a float. */

import { minorDigits } from '../../core/money.ts'
import { decimal } from '../decimal.ts'
import { moneyStyle, type Style, styleNumber } from './styles.ts'

/** A cell but for its place. */
export interface Cell {
  style: Style
  /** t="..." where it is not a number */
  type: 'inlineStr' | 'str' | null
  /** what stands inside <c> */
  body: string
}

/** What a cell can hold (32,767 characters), with room for the mark that it was cut. */
const LONGEST = 32_700

/** Text that XML and Excel take as it is: characters that XML forbids are replaced, Excel's own _x0000_ escape is escaped. */
export const xmlText = (text: string): string =>
  (text.length > LONGEST ? `${text.slice(0, LONGEST)}\u2026 (cut)` : text)

    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')

const FORMULA_LIKE = /^[=+\-@\t\r]/

/** A text cell. One that begins like a formula stays text even when a person edits it. */
export const text = (value: string | null, style: Style = 'text'): Cell => {
  if (value === null || value === '') return blank(style)
  const quoted = FORMULA_LIKE.test(value)
  const shown = quoted && style === 'text' ? 'quoted' : quoted && style === 'wrap' ? 'quoted_wrap' : style
  return { style: shown, type: 'inlineStr', body: `<is><t xml:space="preserve">${xmlText(value)}</t></is>` }
}

export const blank = (style: Style = 'plain'): Cell => ({ style, type: null, body: '' })

/** An amount in minor units, shown in the major unit with the currency's decimals. null: empty. */
export const amount = (minor: bigint | null, currency: string, total = false): Cell => {
  const style = moneyStyle(minorDigits(currency), total)
  return minor === null ? blank(style) : { style, type: null, body: `<v>${decimal(minor, currency)}</v>` }
}

/** A formula over amounts of one currency, with the value it has now (for viewers that do not calculate). */
export const amountFormula = (formula: string, now: bigint, currency: string, total = false): Cell => ({
  style: moneyStyle(minorDigits(currency), total),
  type: null,
  body: `<f>${xmlText(formula)}</f><v>${decimal(now, currency)}</v>`,
})

/** A formula that gives text, with what it says now. */
export const textFormula = (formula: string, now: string, style: Style): Cell => ({
  style,
  type: 'str',
  body: `<f>${xmlText(formula)}</f><v>${xmlText(now)}</v>`,
})

export const count = (value: bigint | number | null): Cell =>
  value === null ? blank('count') : { style: 'count', type: null, body: `<v>${value}</v>` }

/** Days from Excel's day 0 (1899-12-30) to 1970-01-01. */
const EPOCH = 25_569
const DAY = 86_400_000

/** A date 'YYYY-MM-DD' as a date of the spreadsheet; one that it has not (before 1900-03-01) as text. */
export const date = (value: string | null): Cell => {
  if (value === null) return blank('date')
  const day = Date.parse(`${value}T00:00:00Z`) / DAY + EPOCH
  return day < 61 ? text(value) : { style: 'date', type: null, body: `<v>${day}</v>` }
}

/** An instant as date and time of day in UTC. */
export const instant = (value: string | null): Cell => {
  if (value === null) return blank('instant')
  const seconds = Math.floor(Date.parse(value) / 1000)
  return { style: 'instant', type: null, body: `<v>${seconds / 86_400 + EPOCH}</v>` }
}

/** The letters of a column, counted from 0: 0 is A, 26 is AA. */
export const columnName = (index: number): string =>
  (index >= 26 ? columnName(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26))

/** A cell at its place; `lined`: in a row of a table. */
export const cellXml = (cell: Cell, place: string, lined: boolean): string => {
  const type = cell.type === null ? '' : ` t="${cell.type}"`
  const head = `<c r="${place}" s="${styleNumber(cell.style, lined)}"${type}`
  return cell.body === '' ? `${head}/>` : `${head}>${cell.body}</c>`
}
