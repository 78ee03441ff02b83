/** Small parts that several pages have: amounts, verdicts, states, dates, tables. */

import { CODES, type Code } from '../core/discrepancy.ts'
import { formatMajor, formatMoney } from '../core/money.ts'
import { html, type Markup } from '../report/html/markup.ts'
import type { Verdict } from '../report/lines.ts'
import { momentText } from '../review/history.ts'

/** What stands at most at a glance: four words. */
export const WHAT: Readonly<Record<Code, string>> = Object.fromEntries(
  Object.entries(CODES).map(([code, { title }]) => [code, title]),
) as Record<Code, string>

export const CLASS_WORDS = { error: 'to correct', timing: 'to arrive', info: 'for information' } as const

export const verdictBadge = (verdict: Verdict, signed: string | null = null): Markup =>
  html`<span class="badge ${verdict}">${verdict}</span>${signed === null ? null : html` <span class="badge signed">${signed}</span>`}`

/** '1,234.50' with its currency small beside it. */
export const money = (minor: bigint, currency: string): Markup =>
  html`<span class="money">${formatMajor(minor, currency)}</span> <span class="currency">${currency}</span>`

/** The same of which the sign says something: '+5.00'. */
export const signed = (minor: bigint, currency: string): string =>
  `${minor > 0n ? '+' : ''}${formatMajor(minor, currency)}`

/** '45.00 EUR and 1,234.50 USD'; '' where there is nothing. */
export const moneyText = (sums: ReadonlyMap<string, bigint>): string =>
  [...sums].map(([currency, minor]) => formatMoney(minor, currency)).join(' and ')

/** Adds amounts by currency, ascending. */
export const byCurrency = (parts: readonly { currency: string | null; amount: bigint }[]): Map<string, bigint> => {
  const sums = new Map<string, bigint>()
  for (const { currency, amount } of parts)
    if (currency !== null) sums.set(currency, (sums.get(currency) ?? 0n) + amount)
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** An instant for people, the exact one for programs. */
export const moment = (instant: string): Markup => html`<time datetime="${instant}">${momentText(instant)}</time>`

interface Column {
  title: string
  /** of numbers: to the right, in figures of one width */
  number?: boolean
}

type Cell = string | Markup

/** A table that scrolls in its own box where the window is narrow. */
export const tableOf = (label: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Markup =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table><thead><tr>${columns.map(
    ({ title, number }) => html`<th scope="col" class="${number ? 'number' : ''}">${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([first = '', ...rest]) =>
      html`<tr><th scope="row">${first}</th>${rest.map((cell, place) => html`<td class="${columns[place + 1]?.number ? 'number' : ''}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`

export const option = (value: string, title: string, chosen: string): Markup =>
  value === chosen
    ? html`<option value="${value}" selected>${title}</option>`
    : html`<option value="${value}">${title}</option>`
