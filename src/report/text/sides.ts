/** Both sides of a finding by their numbers: what a person looks them up by. */

import type { DiscrepancyLine, LegLine, RowLine } from '../lines.ts'
import { counted, processorName } from '../messages/phrases.ts'

/** So many payments or lines of a side are named, and so many references. */
const NAMED = 5
const REFERENCES_NAMED = 12

/** What the ledger knows the finding's refunds by besides their ids: invoices, bills, their payments, a number. Each once. */
const ledgerReferences = ({ legs }: Pick<DiscrepancyLine, 'legs'>): string[] => [
  ...new Set(legs.flatMap((leg) => leg.references)),
]

/** What the processor knows them by: the refunded payments, then orders, invoices and the like. Each once. */
const processorReferences = ({ rows }: Pick<DiscrepancyLine, 'rows'>): string[] => [
  ...new Set([...rows.flatMap((row) => row.payment_id), ...rows.flatMap((row) => row.references)]),
]

const first = (values: readonly string[], most: number, one: string): string[] =>
  values.length <= most ? [...values] : [...values.slice(0, most), `and ${counted(values.length - most, one)} more`]

const legText = ({ refund_id, leg_id, external_id, refund_external_id }: LegLine): string => {
  const external = [...new Set([external_id, refund_external_id])].filter((id) => id !== null)
  return [`refund ${refund_id}`, `payment ${leg_id}`, ...external.map((id) => `external id ${id}`)].join(', ')
}

const rowText = ({ type, refund_id, transaction_id, file, line }: RowLine): string => {
  const ids = [...new Set([refund_id, transaction_id])].filter((id) => id !== null)
  return `${type.replaceAll('_', ' ')} ${ids.join(', ')}, ${file} line ${line}`
}

/** 'Ledger: refund 9f2, payment 71a, external id re_1', 'Stripe: refund re_1, txn_1, oct.csv line 37', 'References: ...' */
export const sideLines = (line: DiscrepancyLine): string[] => {
  const { legs, rows, refund_id } = line
  const ledger = legs.length === 0 && refund_id !== null ? [`refund ${refund_id}`] : legs.map(legText)
  const name = processorName(rows[0]?.processor ?? line.processor)
  const references = [['ledger', ledgerReferences(line)] as const, [name, processorReferences(line)] as const].flatMap(
    ([side, values]) =>
      values.length === 0 ? [] : [`${side} ${first(values, REFERENCES_NAMED, 'reference').join(', ')}`],
  )
  return [
    ...(ledger.length === 0 ? [] : [`Ledger: ${first(ledger, NAMED, 'payment').join('; ')}`]),
    ...(rows.length === 0 ? [] : [`${name}: ${first(rows.map(rowText), NAMED, 'line').join('; ')}`]),
    ...(references.length === 0 ? [] : [`References: ${references.join('; ')}`]),
  ]
}
