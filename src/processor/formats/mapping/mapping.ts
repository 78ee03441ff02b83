/** Any other CSV, read as tieout.yaml says: `format:` as a mapping of columns (spec section 11). */

import type { MappingConfig } from '../../../config/config.ts'
import { type AmountReader, amountReader } from '../../fields/amount-reader.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { bindColumns, type Column, type Columns, columnKey, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import {
  amountMoved,
  currencyCode,
  derivedIds,
  distinct,
  fees,
  isReversal,
  lineReader,
  neededText,
  text,
  textOrNull,
  unreadable,
} from '../../read/record-reader.ts'
import type { CanonicalRow, Format, RowType } from '../format.ts'
import { mappedTime } from './time.ts'

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
    names.debit,
    names.credit,
    names.fee,
    names.returned_fee,
    names.currency,
    names.occurred_at,
    names.time,
    names.zone,
  ].filter((name) => name !== null)
  const needed = mapping.status === null ? named : [...named, mapping.status.column]
  const settled = mapping.status && new Set(mapping.status.settled.map((word) => columnKey(word)))
  const types = new Map(Object.entries(mapping.types).map(([word, type]) => [word.trim(), type]))
  // a word in another case than tieout.yaml has it is that word, unless it is there itself
  const kindOf = lineKinds<RowType>(Object.fromEntries(types))

  return {
    name: 'mapping',
    processor,
    title: `${processor}'s own CSV, as mapped in tieout.yaml`,
    verified: "the processor's documentation",
    getting: {
      where: 'wherever the processor has it',
      columns: 'those that the mapping names',
      often: 'as the processor makes it',
    },
    fees: 'has what the mapping names',
    refundIdPattern: mapping.refund_id_pattern,
    paymentIdPatterns: mapping.payment_id_pattern === null ? [] : [mapping.payment_id_pattern],
    // the sign of a fee column says which of the two it is
    hasRefundFees: names.fee !== null,
    hasReturnedFees: names.fee !== null || names.returned_fee !== null,
    idFamily: names.transaction_id === null ? 'without ids' : 'ids of a column',
    delimiters: [mapping.delimiter],
    columns: needed.map((name) => ({ name, required: true, meaning: 'named in tieout.yaml' })),
    signs: `A refund's amount is ${mapping.refund_sign}, a vendor refund's ${mapping.vendor_refund_sign}, a cost's fee ${mapping.fee_sign}.`,
    example: needed.join(mapping.delimiter),

    identify: (head) => {
      const header = headerIndex(head, ...needed)
      return header === null ? null : { header }
    },

    open: (header, _preamble, context, sink) => {
      const columns = bindColumns(header, context.fileName, 'its mapping')
      const bound = (name: string | null): Column | null => (name === null ? null : columns.need(name))
      const id = bound(names.transaction_id)
      const word = bound(names.type)
      const refund = bound(names.refund_id)
      const payment = bound(names.payment_id)
      const fee = bound(names.fee)
      const returned = bound(names.returned_fee)
      const currency = bound(names.currency)
      const status = bound(mapping.status?.column ?? null)
      const mapped = names.references.map((name) => columns.need(name))
      const extra = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
      const read = mapping.amount_unit === 'minor' ? wholeNumber : amountReader(context.fileName, { groups: true })
      const content = named.map((name) => columns.need(name))
      const derived = derivedIds(context)
      // of the status only whether the line counts: a settled line keeps its id where one settled word follows another
      const contentOf = (cells: readonly string[], counts: boolean): string[] => [
        ...content.map((column) => text(cells, column)),
        ...(status === null ? [] : [counts ? 'settled' : 'not settled']),
      ]

      const amountOf = mappedAmount(names, columns, read)
      const occurred = mappedTime(mapping, columns, context.businessTimeZone)
      const optional = (cells: readonly string[], column: Column | null, code: string, line: number): bigint =>
        column === null || text(cells, column) === '' ? 0n : read(cells, column, code, line)

      return lineReader(columns, sink, {
        row: (cells, line) => {
          const kind = text(cells, word)
          const state = text(cells, status)
          const counts = settled === null || settled.has(columnKey(state))
          // a file without a column for the type is a list of refunds
          const type: RowType = !counts ? 'other' : word === null ? 'refund' : (types.get(kind) ?? kindOf(kind).type)
          const code = currency === null ? context.currency : currencyCode(cells, currency)
          const sign = type === 'vendor_refund' ? mapping.vendor_refund_sign : mapping.refund_sign
          const moved = amountOf(cells, code, line)
          const isMoneyBack = type !== 'payment' && type !== 'other'
          const feeSaid = optional(cells, fee, code, line)
          const cost = mapping.fee_sign === 'positive' ? feeSaid : -feeSaid
          const returnedFee = optional(cells, returned, code, line)
          const row = {
            type,
            category: counts ? kind : unsettled(kind, state),
            refund_id: textOrNull(cells, refund),
            payment_ids: distinct(text(cells, payment)),
            reference_ids: distinct(...[...mapped, ...extra].map((column) => text(cells, column))),
            amount: amountMoved(type, isMoneyBack && sign === 'positive' ? -moved.amount : moved.amount, moved.said),
            ...withReturned(type, fees(type, cost), returnedFee, returned?.name ?? ''),
            currency: code,
            ...occurred(cells),
            presented_amount: null,
            presented_currency: null,
            available_on: null,
            payout_id: null,
            line,
          }
          return { transaction_id: id ? neededText(cells, id) : derived(contentOf(cells, counts)), ...row }
        },
        transactionId: (cells) => (id ? neededText(cells, id) : null),
        occurredOn: (cells) => occurred(cells).occurred_on,
      })
    },
  }
}

/** The category of a line whose status says that it does not count (yet): 'Refund (Pending)'. */
const unsettled = (kind: string, status: string): string => {
  const said = status === '' ? 'no status' : status
  return kind === '' ? said : `${kind} (${said})`
}

/** What a line moved on the balance at the processor, as the file signs it, and its cells as they are written. */
type MappedAmount = (cells: readonly string[], currency: string, line: number) => { amount: bigint; said: string }

/**
 * The reader of the amount column, or of a debit and a credit column. Of these one is filled, or the other is 0; a debit
 * leaves the balance, with or without a minus sign.
 */
const mappedAmount = (names: MappingConfig['columns'], columns: Columns, read: AmountReader): MappedAmount => {
  if (names.debit === null || names.credit === null) {
    const column = columns.need(names.amount ?? '')
    return (cells, currency, line) => ({ amount: read(cells, column, currency, line), said: text(cells, column) })
  }
  const debit = columns.need(names.debit)
  const credit = columns.need(names.credit)
  const sizeOf = (cells: readonly string[], column: Column, currency: string, line: number): bigint =>
    text(cells, column) === '' ? 0n : read(cells, column, currency, line)
  return (cells, currency, line) => {
    const [out, back] = [sizeOf(cells, debit, currency, line), sizeOf(cells, credit, currency, line)]
    if (text(cells, debit) === '' && text(cells, credit) === '') {
      return unreadable(`${debit.name} and ${credit.name} are empty, expected an amount in one of them`)
    }
    if (out !== 0n && back !== 0n) {
      return unreadable(`${debit.name} and ${credit.name} both hold an amount, expected it in one of them`)
    }
    if (back < 0n) return unreadable(`${credit.name} is negative, expected an amount without a sign`)
    return { amount: out === 0n ? back : out < 0n ? out : -out, said: text(cells, out === 0n ? credit : debit) }
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
  if (isReversal(type)) return { refund_fee, returned_fee: returned_fee - (column < 0n ? -column : column) }
  if (column < 0n && type !== 'payment' && type !== 'other') {
    unreadable(`${name} is negative, expected a fee that was given back, or nothing`)
  }
  return { refund_fee, returned_fee: returned_fee + column }
}
