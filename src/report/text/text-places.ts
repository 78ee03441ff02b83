/** Where the sides of a finding stand: their ids, references, file and line, beside its sentence. */

import type { DiscrepancyLine, LegLine, RowLine } from '../lines.ts'
import { counted, processorName } from '../messages/phrases.ts'
import { indented } from './text-layout.ts'

/** Of a finding with many sides so many are named. */
const NAMED = 3

/** A line for each leg and row, three of each at most; of a whole refund one line. */
export const placesText = ({ legs, rows, refund_id }: DiscrepancyLine, indent: number): string =>
  [
    ...(refund_id === null ? [] : [`Ledger: refund ${refund_id}`]),
    ...legs.slice(0, NAMED).map(legPlace),
    ...rest(legs.length, 'payment'),
    ...rows.slice(0, NAMED).map(rowPlace),
    ...rest(rows.length, 'line'),
  ]
    .map((line) => indented(line, indent))
    .join('')

const rest = (count: number, one: string): string[] =>
  count > NAMED ? [`and ${counted(count - NAMED, `more ${one}`)}`] : []

const legPlace = (leg: LegLine): string =>
  [
    `Ledger: refund ${leg.refund_id}`,
    `payment ${leg.leg_id}`,
    ...[leg.external_id, leg.refund_external_id].flatMap((id) => (id === null ? [] : [`external id ${id}`])),
    ...leg.references,
    ...(leg.pulled_at === null ? [] : [`pulled ${leg.pulled_at.slice(0, 10)}`]),
  ].join(', ')

const rowPlace = (row: RowLine): string => {
  const ids = [row.refund_id, row.transaction_id, ...row.payment_id, ...row.references]
  const known = new Set(ids.flatMap((id) => id ?? []))
  const account = row.account === '' ? '' : ` ${row.account}`
  return `${processorName(row.processor)}${account}: ${[...known].join(', ')}, ${row.file} line ${row.line}`
}
