/** Amazon's date range report of transactions, in the language of the seller's country: lines of text above the header. */

import { isCurrency } from '../../../core/money.ts'
import { amountReader } from '../../fields/amount-reader.ts'
import { bareRow } from '../../fields/bare-row.ts'
import type { Occurred } from '../../fields/record-time.ts'
import { spelledTime } from '../../fields/spelled-time.ts'
import { bindColumns, columnKey, headerIndex, noteOf } from '../../read/columns.ts'
import {
  amountMoved,
  derivedIds,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
  typeMoved,
} from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { CsvRecord, Format } from '../format.ts'
import { DEFERRED, kindOfTransaction, NAMES } from './date-range-words.ts'
import { readAmazonTime } from './summary.ts'

export const amazonDateRange: Format = {
  name: 'amazon-date-range',
  processor: 'AMAZON',
  title: 'Amazon date range report, transactions (English, German, French, Italian, Spanish, Dutch)',
  verified: 'third-party importers',
  getting: {
    where: 'Seller Central: Reports, Payments, Reports Repository (Date range reports), Transaction, custom dates',
    columns: 'no choice',
    often: 'monthly; prefer the settlement reports (amazon-settlement-v2), which have ids of refunds',
  },
  fees: 'has the selling, FBA and other transaction fees of a refund, in one sum of what was given back and kept',
  refundIdPattern: null,
  paymentIdPatterns: ['^[0-9]{3}-[0-9]{7}-[0-9]{7}$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'amazon-date-range',
  delimiters: [',', ';', '\t'],
  columns: [
    noteOf(NAMES.time, true, 'the time of the line, Oct 31, 2026 11:59:59 PM PDT or 31.10.2026 23:59:59 UTC'),
    noteOf(NAMES.settlement, true, 'the payout id'),
    noteOf(
      NAMES.type,
      true,
      'Order: payment; Refund: refund; A-to-z Guarantee Claim, Chargeback Refund: chargeback, or its reversal where money ' +
        'comes in; any other: other',
    ),
    noteOf(NAMES.order, true, 'a payment id: an order and its refunds share it'),
    noteOf(NAMES.sku, true, "part of the line's id"),
    noteOf(NAMES.selling, true, 'a fee, negative where it was charged; all three are summed'),
    noteOf(NAMES.fba, true, 'a fee'),
    noteOf(NAMES.otherFees, true, 'a fee'),
    noteOf(NAMES.total, true, 'what the line moves, fees included: the amount is the total without the fees'),
    noteOf(NAMES.status, false, 'Deferred: not paid out yet, other'),
  ],
  signs:
    "A refund's total is negative and holds its fees, which are positive where they were given back. A refund of several " +
    'items is several lines. The file has no ids of its lines or refunds: a line is known by what it says, and its ordinal. ' +
    "Its currency is that of the lines above the header, else the business's.",
  example:
    '"Includes Amazon Marketplace transactions"\n' +
    '"All amounts in USD, unless specified"\n' +
    'date/time,settlement id,type,order id,sku,description,product sales,selling fees,fba fees,other transaction fees,other,total\n' +
    '"Oct 31, 2026 11:59:59 PM PDT",12345678901,Refund,111-1234567-1234567,CUP-1,Cup,-25.00,3.00,0,0,0,-22.00',

  identify: (head) => {
    const header = headerIndex(head, NAMES.time, NAMES.settlement, NAMES.type, NAMES.order, NAMES.selling, NAMES.total)
    return header === null ? null : { header }
  },

  open: (header, preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'amazon-date-range')
    const time = columns.need(...NAMES.time)
    const settlement = columns.need(...NAMES.settlement)
    const word = columns.need(...NAMES.type)
    const order = columns.need(...NAMES.order)
    const sku = columns.need(...NAMES.sku)
    const feeColumns = [NAMES.selling, NAMES.fba, NAMES.otherFees].map((names) => columns.need(...names))
    const total = columns.need(...NAMES.total)
    const status = columns.find(...NAMES.status)
    const references = context.referenceColumns.map((name) => columns.find(name))
    const derived = derivedIds(context)
    const money = amountReader(context.fileName, { groups: true })
    const code = currencySaid(preamble) ?? context.currency

    const occurred = (cells: readonly string[]): Occurred => {
      const cell = text(cells, time)
      const dotted = /^\d{2}\.\d{2}\.\d{4}/.test(cell) ? readAmazonTime(cell, context) : null
      const read = dotted ?? spelledTime(cell, context.fileTimeZone, context.businessTimeZone)
      return read ?? noTime(time, cell, 'a time such as Oct 31, 2026 11:59:59 PM PDT')
    }

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const category = neededText(cells, word)
        const known = kindOfTransaction(category)
        const isDeferred = DEFERRED.has(columnKey(text(cells, status)))
        // the fees first: they have decimals more often than an empty total
        const charged = feeColumns.reduce((sum, column) => sum + money(cells, column, code, line), 0n)
        const left = money(cells, total, code, line)
        const type = isDeferred ? 'other' : typeMoved(known.type, left - charged)
        const moved = known.type === 'other' ? left : left - charged
        const orderId = type === 'other' ? text(cells, order) : neededText(cells, order)
        const row = bareRow({
          transaction_id: '',
          type,
          category: isDeferred ? `${category}: ${text(cells, status)}` : category,
          payment_ids: distinct(orderId),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: amountMoved(type, moved, text(cells, total)),
          ...fees(type, type === 'other' ? 0n : -charged),
          currency: code,
          ...occurred(cells),
          payout_id: textOrNull(cells, settlement),
          line,
        })
        // what is deferred is paid out later: then it is a line of its own
        const content = [isDeferred ? 'deferred' : '', known.word, orderId, text(cells, sku)]
        const when = row.occurred_at ?? row.occurred_on
        return { ...row, transaction_id: derived([...content, when, String(left), String(charged), code]) }
      },
      occurredOn: (cells) => occurred(cells).occurred_on,
    })
  },
}

/** The currency that the lines above the header name: 'All amounts in USD, unless specified'. */
const currencySaid = (preamble: readonly CsvRecord[]): string | null => {
  const words = preamble.flatMap(({ cells }) => cells.join(' ').match(/\b[A-Z]{3}\b/g) ?? [])
  return words.find(isCurrency) ?? (preamble.some(({ cells }) => /\beuros?\b/i.test(cells.join(' '))) ? 'EUR' : null)
}
