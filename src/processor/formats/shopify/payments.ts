/** Shopify Payments' payout transactions, as exported from the admin (Finance, Payouts, Transactions, Export). */

import { moneyText } from '../../fields/money-text.ts'
import { NOT_PRESENTED, presentedReader } from '../../fields/presented.ts'
import { hasOffset, readTime, timeReader } from '../../fields/record-time.ts'
import { writtenDate } from '../../fields/written-date.ts'
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
  textOrNull,
  typeMoved,
  unreadable,
} from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { Format, RowType } from '../format.ts'

/** What a Type is; every other is 'other', also those whose name contains "refund" (refund_adjustment, ..._refund_debit). */
const TYPES: ReadonlyMap<string, RowType> = new Map([
  ['charge', 'payment'],
  ['refund', 'refund'],
  ['refund_failure', 'refund_reversal'],
  ['chargeback', 'chargeback'],
  ['dispute', 'chargeback'],
  ['chargeback_reversal', 'chargeback_reversal'],
  ['dispute_reversal', 'chargeback_reversal'],
])

export const shopifyPayments: Format = {
  name: 'shopify-payments',
  processor: 'SHOPIFY',
  title: 'Shopify Payments payout transactions (admin export)',
  verified: 'real file',
  getting: {
    where: 'Admin: Finance, Payouts, Transactions, Export',
    columns: 'no choice',
    often: 'monthly, with the days since the last file again: Payout ID is filled in later',
  },
  fees: 'has the fee of a refund in Fee, 0 where it is not given back',
  refundIdPattern: null,
  paymentIdPatterns: [],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'shopify-payments',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'Transaction Date', required: true, meaning: 'the time of the line, with its offset' },
    {
      name: 'Type',
      required: true,
      meaning:
        'charge: payment, refund: refund, refund_failure: reversal, chargeback and dispute: chargeback, or its reversal ' +
        'where money comes in, any other: other',
    },
    { name: 'Order', required: true, meaning: 'a reference; a payment id too where Checkout is empty' },
    { name: 'Payout Status', required: true, meaning: 'tells the report from others; not read' },
    { name: 'Amount', required: true, meaning: 'the settlement amount, negative for a refund' },
    {
      name: 'Fee',
      required: true,
      meaning: 'the fee, positive where it was charged, negative where it was given back',
    },
    { name: 'Currency', required: true, meaning: 'the settlement currency' },
    { name: 'Net', required: false, meaning: 'checked: Amount less Fee' },
    { name: 'Checkout', required: false, meaning: 'a payment id: that of the charge and of its refunds' },
    { name: 'Available On', required: false, meaning: 'when the money is available' },
    { name: 'Payout ID', required: false, meaning: 'the payout id, empty until there is one' },
    { name: 'Presentment Amount', required: false, meaning: 'what the customer saw, positive even for a refund' },
    { name: 'Presentment Currency', required: false, meaning: 'the currency of Presentment Amount' },
  ],
  signs:
    "A refund's Amount is negative (its Presentment Amount is not); Fee is positive where it was " +
    'charged. The file has no ids of its lines or refunds: a line is known by its type, order, checkout, time and ' +
    'amount, and its ordinal among lines that have all of these alike.',
  example:
    'Transaction Date,Type,Order,Payout Status,Payout ID,Available On,Amount,Fee,Net,Checkout,Presentment Amount,Presentment Currency,Currency\n' +
    '2026-10-31 19:59:59 -0400,refund,#1001,pending,,2026-11-03,-25.00,0.00,-25.00,#40112233445566,25.00,USD,USD',

  identify: (head) => {
    const header = headerIndex(head, 'Transaction Date', 'Type', 'Order', 'Payout Status', 'Amount', 'Fee', 'Currency')
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'shopify-payments')
    const date = columns.need('Transaction Date')
    const word = columns.need('Type')
    const order = columns.need('Order')
    const amount = columns.need('Amount')
    const fee = columns.need('Fee')
    const currency = columns.need('Currency')
    const net = columns.find('Net')
    const checkout = columns.find('Checkout')
    const available = columns.find('Available On')
    const payout = columns.find('Payout ID')
    const seen = columns.find('Presentment Amount')
    const seenIn = columns.find('Presentment Currency')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
    const timeOf = timeReader(context.businessTimeZone, context.fileTimeZone)
    const derived = derivedIds(context)

    const checkNet = (cells: readonly string[], moved: bigint, cost: bigint, code: string): void => {
      if (net === null || text(cells, net) === '') return
      if (moneyText(cells, net, code) !== moved - cost) {
        unreadable(
          `Net is ${quote(text(cells, net))}, expected Amount less Fee, ${text(cells, amount)} less ${text(cells, fee)}`,
        )
      }
    }

    const shown = presentedReader(seen, seenIn, moneyText)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, word)
        const known = TYPES.get(kind.toLowerCase()) ?? 'other'
        const code = currencyCode(cells, currency)
        const moved = moneyText(cells, amount, code)
        const cost = moneyText(cells, fee, code)
        const type = typeMoved(known, moved)
        const rowAmount = amountMoved(type, moved, text(cells, amount))
        checkNet(cells, moved, cost, code)
        const occurred = timeOf(cells, date)
        const said = text(cells, date)
        const orderName = text(cells, order)
        const checkoutName = text(cells, checkout)
        const row = {
          type,
          category: kind,
          refund_id: null,
          payment_ids: distinct(checkoutName || orderName),
          reference_ids: distinct(orderName, ...references.map((column) => text(cells, column))),
          amount: rowAmount,
          ...fees(type, cost),
          currency: code,
          ...(type === 'other' ? NOT_PRESENTED : shown({ type, amount: rowAmount }, cells, line)),
          ...occurred,
          available_on: available === null ? null : dateOrNull(cells, available, context.businessTimeZone),
          payout_id: textOrNull(cells, payout),
          line,
        }
        // an instant is the same whatever zone the export was made in; without an offset only the words are
        const time = hasOffset(said) ? (occurred.occurred_at ?? said) : said
        const content = [kind.toLowerCase(), orderName, checkoutName, time, String(moved), code]
        return { transaction_id: derived(content), ...row }
      },
      occurredOn: (cells) => timeOf(cells, date).occurred_on,
    })
  },
}

/** '2026-11-03', or '2026/11/3' as spreadsheets leave it. */
const dateOrNull = (cells: readonly string[], column: Column, zone: string): string | null => {
  const cell = text(cells, column)
  if (cell === '') return null
  return (
    writtenDate(cell, 'ymd') ??
    readTime(cell, zone, zone)?.occurred_on ??
    noTime(column, cell, 'a date such as 2026-11-03')
  )
}
