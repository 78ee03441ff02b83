/** Canonical rows as JSON lines, as `import --preview` prints them (spec sections 3 and 10). */

import type { CanonicalRow, Unreadable } from '../formats/format.ts'

/** What a row does not say of itself. */
export interface RowOrigin {
  processor: string
  account: string
  /** the file's name */
  file: string
}

/** One row as one line of JSON; amounts are integers in minor units, however large. */
export const rowJson = (row: CanonicalRow, { processor, account, file }: RowOrigin): string => {
  const { transaction_id, type, refund_id, payment_ids, reference_ids } = row
  const { currency, presented_amount, presented_currency } = row
  const { occurred_at, occurred_on, available_on, payout_id, line } = row
  const before = {
    processor,
    account,
    transaction_id,
    type,
    refund_id,
    payment_id: payment_ids,
    references: reference_ids,
  }
  const after = { presented_currency, occurred_at, occurred_on, available_on, payout_id, file, line }
  // JSON.stringify writes no bigint, and an amount must not pass through a float
  const amounts = `"amount":${row.amount},"refund_fee":${row.refund_fee},"returned_fee":${row.returned_fee}`
  const presented = `"currency":${JSON.stringify(currency)},"presented_amount":${presented_amount}`
  return `${JSON.stringify(before).slice(0, -1)},${amounts},${presented},${JSON.stringify(after).slice(1)}`
}

export const unreadableJson = ({ line, reason, raw }: Unreadable): string =>
  JSON.stringify({ quarantine: { line, reason, raw } })
