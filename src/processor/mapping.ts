/** Any other CSV, read as tieout.yaml says: `format:` as a mapping of columns (spec section 11). */

import type { MappingConfig } from '../config.ts'
import { compileDatePattern } from '../period.ts'
import { type AmountReader, amountReader } from './amount-reader.ts'
import type { CanonicalRow, Format, RowType } from './format.ts'
import {
  amountMoved,
  bindColumns,
  type Column,
  currencyCode,
  derivedIds,
  distinct,
  fees,
  headerIndex,
  lineReader,
  neededText,
  quote,
  text,
  textOrNull,
  unreadable,
} from './record-reader.ts'
import { type Occurred, occurredAt, occurredOn } from './record-time.ts'

type Fees = Pick<CanonicalRow, 'refund_fee' | 'returned_fee'>

/** Makes the format that a mapping describes. Every column it names must be in the file. */
export const mappingFormat = (mapping: MappingConfig, processor: string): Format => {
  const names = mapping.columns
  const named = [
    names.transaction_id,
    names.type,
    names.refund_id,
    names.payment_id,
    ...names.references,
    names.amount,
    names.fee,
    names.returned_fee,
    names.currency,
    names.occurred_at,
  ].filter((name) => name !== null)
  const readDate = compileDatePattern(mapping.date_format, mapping.time_zone)
  const types = new Map(Object.entries(mapping.types).map(([word, type]) => [word.trim(), type]))

  return {
    name: 'mapping',
    processor,
    title: `${processor}'s own CSV, as mapped in tieout.yaml`,
    verified: "the processor's documentation",
    refundIdPattern: mapping.refund_id_pattern,
    delimiters: [mapping.delimiter],
    columns: named.map((name) => ({ name, required: true, meaning: 'named in tieout.yaml' })),
    signs: `A refund's amount is ${mapping.refund_sign}, a vendor refund's ${mapping.vendor_refund_sign}, a cost's fee ${mapping.fee_sign}.`,
    example: named.join(mapping.delimiter),

    identify: (head) => {
      const header = headerIndex(head, ...named)
      return header === null ? null : { header }
    },

    open: (header, _preamble, context, sink) => {
      const columns = bindColumns(header, context.fileName, 'its mapping')
      const bound = (name: string | null): Column | null => (name === null ? null : columns.need(name))
      const id = bound(names.transaction_id)
      const word = bound(names.type)
      const refund = bound(names.refund_id)
      const payment = bound(names.payment_id)
      const amount = columns.need(names.amount)
      const fee = bound(names.fee)
      const returned = bound(names.returned_fee)
      const currency = bound(names.currency)
      const date = columns.need(names.occurred_at)
      const mapped = names.references.map((name) => columns.need(name))
      const extra = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
      const read = mapping.amount_unit === 'minor' ? wholeNumber : amountReader(context.fileName, { groups: true })
      const content = named.map((name) => columns.need(name))
      const derived = derivedIds()

      const occurred = (cells: readonly string[]): Occurred => {
        const found = readDate(text(cells, date))
        if (found?.date != null) return occurredOn(found.date)
        if (found?.millis != null) return occurredAt(found.millis, context.businessTimeZone)
        return unreadable(
          `${date.name} is ${quote(text(cells, date))}, expected a date written as ${mapping.date_format}`,
        )
      }
      const optional = (cells: readonly string[], column: Column | null, code: string, line: number): bigint =>
        column === null || text(cells, column) === '' ? 0n : read(cells, column, code, line)

      return lineReader(columns, sink, {
        row: (cells, line) => {
          const kind = text(cells, word)
          // a file without a column for the type is a list of refunds
          const type: RowType = word === null ? 'refund' : (types.get(kind) ?? 'other')
          const code = currency === null ? context.currency : currencyCode(cells, currency)
          const sign = type === 'vendor_refund' ? mapping.vendor_refund_sign : mapping.refund_sign
          const said = read(cells, amount, code, line)
          const isMoneyBack = type !== 'payment' && type !== 'other'
          const feeSaid = optional(cells, fee, code, line)
          const cost = mapping.fee_sign === 'positive' ? feeSaid : -feeSaid
          const returnedFee = optional(cells, returned, code, line)
          const row = {
            type,
            category: kind,
            refund_id: textOrNull(cells, refund),
            payment_ids: distinct(text(cells, payment)),
            reference_ids: distinct(...[...mapped, ...extra].map((column) => text(cells, column))),
            amount: amountMoved(type, isMoneyBack && sign === 'positive' ? -said : said, text(cells, amount)),
            ...withReturned(type, fees(type, cost), returnedFee, returned?.name ?? ''),
            currency: code,
            ...occurred(cells),
            available_on: null,
            payout_id: null,
            line,
          }
          const transaction_id = id ? neededText(cells, id) : derived(content.map((column) => text(cells, column)))
          return { transaction_id, ...row }
        },
        transactionId: (cells) => (id ? neededText(cells, id) : null),
        occurredOn: (cells) => occurred(cells).occurred_on,
      })
    },
  }
}

/** An amount in minor units: a whole number, thousands grouped or not. */
const wholeNumber: AmountReader = (cells, column) => {
  const cell = text(cells, column)
  return /^[-+\u2212]?\d{1,18}$/.test(cell)
    ? BigInt(cell.replace('\u2212', '-'))
    : unreadable(`${column.name} is ${quote(cell)}, expected an amount in minor units such as -1234`)
}

/** Adds the returned fee of a column of its own; on a reversal it was taken back, whatever its sign. */
const withReturned = (type: RowType, { refund_fee, returned_fee }: Fees, column: bigint, name: string): Fees => {
  if (type === 'refund_reversal') return { refund_fee, returned_fee: returned_fee - (column < 0n ? -column : column) }
  if (column < 0n && (type === 'refund' || type === 'vendor_refund')) {
    unreadable(`${name} is negative, expected a fee that was given back, or nothing`)
  }
  return { refund_fee, returned_fee: returned_fee + column }
}
