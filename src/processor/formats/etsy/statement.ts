/** Etsy's monthly statement, as downloaded from the Shop Manager. The only id is the order's, in words. */

import { bareRow } from '../../fields/bare-row.ts'
import { moneyText } from '../../fields/money-text.ts'
import type { Occurred } from '../../fields/record-time.ts'
import { spelledTime } from '../../fields/spelled-time.ts'
import { bindColumns, type Column, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import {
  amountMoved,
  currencyCode,
  derivedIds,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  unreadable,
} from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { Format, RowType } from '../format.ts'

const ORDER = /\border #(\d+)/i
/** Fees of a sale that are given back with a refund. */
const FEE_BACK = /^credit for .*\b(?:transaction|processing|operating|offsite ads) fee\b/i

/** The type of a line by its Type and its title; every other is 'other': fees, taxes, labels, deposits. */
const typeOf = (word: string, title: string): RowType => {
  const kind = word.toLowerCase()
  if (kind === 'sale' && /^payment for order\b/i.test(title)) return 'payment'
  if (kind === 'refund' && /^(?:partial )?refund to buyer for order\b/i.test(title)) return 'refund'
  return FEE_BACK.test(title) ? 'refund' : 'other'
}

export const etsyStatement: Format = {
  name: 'etsy-statement',
  processor: 'ETSY',
  title: 'Etsy monthly statement (Shop Manager, in English)',
  verified: 'third-party importers',
  getting: {
    where: 'Shop Manager: Finances, Payment account, Monthly statements, Generate CSV',
    columns: 'no choice; with the shop in English: titles are in its language',
    often: 'monthly',
  },
  fees: 'has fees given back with a refund, as lines of their own that name the order',
  refundIdPattern: null,
  paymentIdPatterns: ['^[0-9]{9,11}$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'etsy-statement',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'Date', required: true, meaning: 'the date of the line, October 31, 2026' },
    { name: 'Type', required: true, meaning: 'Sale: payment, Refund: refund, as the title says; any other: other' },
    {
      name: 'Title',
      required: true,
      meaning:
        'Payment for Order #..., (Partial) Refund to buyer for Order #...; Credit for transaction (processing, regulatory ' +
        "operating, Offsite Ads) fee with an order in Info: a refund's fee given back, without an amount",
    },
    { name: 'Info', required: true, meaning: 'the order of a fee' },
    { name: 'Currency', required: true, meaning: 'the settlement currency' },
    { name: 'Amount', required: true, meaning: 'the amount, negative for a refund' },
    { name: 'Fees & Taxes', required: true, meaning: 'the fee, negative where it was charged' },
    { name: 'Net', required: true, meaning: 'checked: Amount and Fees & Taxes together' },
  ],
  signs:
    "A refund's Amount is negative; Fees & Taxes are negative where they were charged, positive where they were given " +
    "back. '--' is nothing. The order is the only id: it is the payment id, and the refund id too.",
  example:
    'Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net,Tax Details\n' +
    '"October 31, 2026",Refund,Refund to buyer for Order #3812345672,,USD,-$25.00,--,-$25.00,--',

  identify: (head) => {
    const header = headerIndex(head, 'Date', 'Type', 'Title', 'Info', 'Currency', 'Amount', 'Fees & Taxes', 'Net')
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'etsy-statement')
    const date = columns.need('Date')
    const word = columns.need('Type')
    const title = columns.need('Title')
    const info = columns.need('Info')
    const currency = columns.need('Currency')
    const amount = columns.need('Amount')
    const fee = columns.need('Fees & Taxes')
    const net = columns.need('Net')
    const references = context.referenceColumns.map((name) => columns.find(name))
    const derived = derivedIds(context)

    const money = (cells: readonly string[], column: Column, code: string): bigint =>
      text(cells, column) === '--' ? 0n : moneyText(cells, column, code)
    const occurred = (cells: readonly string[]): Occurred =>
      spelledTime(text(cells, date), context.fileTimeZone, context.businessTimeZone) ??
      noTime(date, text(cells, date), 'a date such as October 31, 2026')

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, word)
        const about = neededText(cells, title)
        const order = (ORDER.exec(about) ?? ORDER.exec(text(cells, info)))?.[1] ?? ''
        const known = typeOf(kind, about)
        if (order === '' && known !== 'other' && !FEE_BACK.test(about)) {
          unreadable('Title names no order, expected one such as Order #3812345672')
        }
        const type = order === '' ? 'other' : known
        const code = currencyCode(cells, currency)
        const moved = money(cells, amount, code)
        const feeMoved = money(cells, fee, code)
        if (money(cells, net, code) !== moved + feeMoved) {
          unreadable(
            `Net is ${quote(text(cells, net))}, expected ${quote(text(cells, amount))} and ${quote(text(cells, fee))} together`,
          )
        }
        const isOther = type === 'other'
        const row = bareRow({
          transaction_id: '',
          type,
          category: about.replace(/[:#$\u20ac\u00a3\d].*/, '').trim() || kind,
          refund_id: type === 'refund' ? order : null,
          payment_ids: distinct(order),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: isOther ? moved + feeMoved : amountMoved(type, moved, text(cells, amount)),
          ...fees(type, isOther ? 0n : -feeMoved),
          currency: code,
          ...occurred(cells),
          line,
        })
        const content = [kind.toLowerCase(), about.toLowerCase(), text(cells, info).toLowerCase(), row.occurred_on]
        return { ...row, transaction_id: derived([...content, String(moved), String(feeMoved), code]) }
      },
      occurredOn: (cells) => occurred(cells).occurred_on,
    })
  },
}
