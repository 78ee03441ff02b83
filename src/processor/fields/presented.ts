/** What the customer saw of a row (spec section 3). */

import type { CanonicalRow } from '../formats/format.ts'
import { isReversal } from '../read/record-reader.ts'

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
