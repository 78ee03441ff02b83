/** What the customer saw of a row (spec section 3). */

import type { CanonicalRow } from '../formats/format.ts'
import type { Column } from '../read/columns.ts'
import { currencyCode, isReversal, text } from '../read/record-reader.ts'
import type { AmountReader } from './amount-reader.ts'

type Presented = Pick<CanonicalRow, 'presented_amount' | 'presented_currency'>

export const NOT_PRESENTED: Presented = { presented_amount: null, presented_currency: null }

/** What the customer saw of a row: its size, whatever its sign in the file, with the sign of the row's amount. */
export const presented = (
  { type, amount }: Pick<CanonicalRow, 'type' | 'amount'>,
  said: bigint,
  currency: string,
): Presented => {
  const size = said < 0n ? -said : said
  const isNegative = amount < 0n || (amount === 0n && isReversal(type))
  return { presented_amount: isNegative ? -size : size, presented_currency: currency }
}

/** Makes the reader of what the customer saw; nothing where the file, or the line, does not say an amount and a currency. */
export const presentedReader =
  (amount: Column | null, currency: Column | null, money: AmountReader) =>
  (row: Pick<CanonicalRow, 'type' | 'amount'>, cells: readonly string[], line: number): Presented => {
    if (amount === null || currency === null) return NOT_PRESENTED
    if (text(cells, amount) === '' || text(cells, currency) === '') return NOT_PRESENTED
    const code = currencyCode(cells, currency)
    return presented(row, money(cells, amount, code, line), code)
  }
