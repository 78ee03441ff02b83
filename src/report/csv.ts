/**
 * The findings as a table for a spreadsheet: one line per discrepancy, UTF-8 with a byte order mark, CRLF, every
 * text cell in quotes. Amounts are in the major unit with a point and no grouping; dates are ISO.
 * A text cell that a spreadsheet would run as a formula, or read as a number and so change (an id of 20 digits),
 * has an apostrophe in front, which is not part of the text.
 */

import { CODES } from '../core/discrepancy.ts'
import { decimal } from './decimal.ts'
import type { DiscrepancyLine, LegLine, Measure, RowLine } from './lines.ts'
import { sum } from './messages/phrases.ts'
import type { Report } from './model.ts'
import type { Sink } from './sink.ts'

const FORMULA = /^[=+\-@\t\r]/
const NUMBER_LIKE = /^(?=[.,]?\d)[\d.,/:-]+(?:[eE]\d+)?$/

/** A text cell, safe to open in a spreadsheet. */
export const textCell = (text: string): string => {
  const guarded = FORMULA.test(text) || NUMBER_LIKE.test(text) ? `'${text}` : text
  return `"${guarded.replaceAll('"', '""')}"`
}

interface Column {
  name: string
  cell(line: DiscrepancyLine, business: { name: string; currency: string }): string
}

const several = (values: readonly (string | null)[]): string =>
  textCell([...new Set(values.flatMap((value) => value ?? []))].join(' '))

/** One currency of the rows; where there are several, they do not add up to anything. */
const rowCurrency = (rows: readonly RowLine[]): string | null => {
  const currencies = new Set(rows.map((row) => row.currency))
  return currencies.size === 1 ? (rows[0]?.currency ?? null) : null
}

const ledgerCell = (legs: readonly LegLine[], measure: Measure, currency: string): string =>
  legs.length === 0 ? '' : decimal(sum(legs.map((leg) => leg[measure])), currency)

const processorCell = (rows: readonly RowLine[], measure: Measure): string => {
  const currency = rowCurrency(rows)
  return currency === null ? '' : decimal(sum(rows.map((row) => row[measure])), currency)
}

/** The effect over all months, in the finding's currency: what it contributes to ledger minus processor. */
const effectCell = (line: DiscrepancyLine, measure: Measure): string => {
  const effects = line.effects.filter((effect) => effect.currency === line.currency)
  return decimal(sum(effects.map((effect) => effect[measure])), line.currency)
}

const COLUMNS: readonly Column[] = [
  { name: 'business', cell: (_, business) => textCell(business.name) },
  { name: 'class', cell: (line) => textCell(line.class) },
  { name: 'code', cell: (line) => textCell(line.code) },
  { name: 'finding', cell: (line) => textCell(CODES[line.code].title) },
  { name: 'status', cell: (line) => textCell(line.status) },
  { name: 'late', cell: (line) => (line.late ? 'TRUE' : 'FALSE') },
  { name: 'material', cell: (line) => (line.material === null ? '' : line.material ? 'TRUE' : 'FALSE') },
  { name: 'direction', cell: (line) => textCell(line.direction) },
  { name: 'processor', cell: (line) => textCell(line.processor ?? '') },
  { name: 'date', cell: (line) => line.dated_on ?? '' },
  { name: 'age_days', cell: (line) => (line.age_days === null ? '' : String(line.age_days)) },
  { name: 'age_bucket', cell: (line) => textCell(line.age_bucket === null ? '' : `${line.age_bucket} days`) },
  { name: 'due_on', cell: (line) => line.due_on ?? '' },
  { name: 'message', cell: (line) => textCell(line.message) },
  { name: 'suggestion', cell: (line) => textCell(line.suggestion) },
  { name: 'ledger_currency', cell: (line, { currency }) => (line.legs.length === 0 ? '' : textCell(currency)) },
  { name: 'ledger_amount', cell: (line, { currency }) => ledgerCell(line.legs, 'amount', currency) },
  { name: 'ledger_refund_fee', cell: (line, { currency }) => ledgerCell(line.legs, 'refund_fee', currency) },
  { name: 'ledger_returned_fee', cell: (line, { currency }) => ledgerCell(line.legs, 'returned_fee', currency) },
  { name: 'processor_currency', cell: (line) => several(line.rows.map((row) => row.currency)) },
  { name: 'processor_amount', cell: (line) => processorCell(line.rows, 'amount') },
  { name: 'processor_refund_fee', cell: (line) => processorCell(line.rows, 'refund_fee') },
  { name: 'processor_returned_fee', cell: (line) => processorCell(line.rows, 'returned_fee') },
  { name: 'effect_currency', cell: (line) => textCell(line.currency) },
  { name: 'effect_amount', cell: (line) => effectCell(line, 'amount') },
  { name: 'effect_refund_fee', cell: (line) => effectCell(line, 'refund_fee') },
  { name: 'effect_returned_fee', cell: (line) => effectCell(line, 'returned_fee') },
  { name: 'effect_months', cell: (line) => `"${[...new Set(line.effects.map((effect) => effect.month))].join(' ')}"` },
  {
    name: 'ledger_refund_ids',
    cell: (line) => several(line.refund_id === null ? line.legs.map((leg) => leg.refund_id) : [line.refund_id]),
  },
  { name: 'ledger_payment_ids', cell: (line) => several(line.legs.map((leg) => leg.leg_id)) },
  {
    name: 'ledger_external_ids',
    cell: (line) => several(line.legs.flatMap((leg) => [leg.external_id, leg.refund_external_id])),
  },
  { name: 'ledger_references', cell: (line) => several(line.legs.flatMap((leg) => leg.references)) },
  { name: 'transaction_ids', cell: (line) => several(line.rows.map((row) => row.transaction_id)) },
  { name: 'processor_refund_ids', cell: (line) => several(line.rows.map((row) => row.refund_id)) },
  { name: 'processor_payment_ids', cell: (line) => several(line.rows.flatMap((row) => row.payment_id)) },
  { name: 'processor_references', cell: (line) => several(line.rows.flatMap((row) => row.references)) },
  { name: 'files', cell: (line) => textCell(line.rows.map((row) => `${row.file}:${row.line}`).join(' ')) },
  { name: 'decided_as', cell: (line) => textCell(line.decision?.as ?? '') },
  { name: 'decided_by', cell: (line) => textCell(line.decision?.by ?? '') },
  { name: 'decided_at', cell: (line) => line.decision?.at ?? '' },
  { name: 'decision_note', cell: (line) => textCell(line.decision?.note ?? '') },
  { name: 'owner', cell: (line) => textCell(line.owner ?? '') },
  { name: 'owner_due_on', cell: (line) => line.owner_due_on ?? '' },
  { name: 'first_seen_at', cell: (line) => line.first_seen_at },
  { name: 'last_seen_at', cell: (line) => line.last_seen_at },
  { name: 'business_id', cell: (line) => textCell(line.business_id) },
  { name: 'id', cell: (line) => textCell(line.id) },
]

/** Writes the findings of all businesses as one CSV file. */
export const writeCsv = async (report: Report, sink: Sink): Promise<void> => {
  await sink.write(`\ufeff${COLUMNS.map((column) => `"${column.name}"`).join(',')}\r\n`)
  for (const { business, discrepancies } of report.businesses) {
    for await (const line of discrepancies()) {
      await sink.write(`${COLUMNS.map((column) => column.cell(line, business)).join(',')}\r\n`)
    }
  }
}
