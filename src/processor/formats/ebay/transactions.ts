/** eBay's transaction report, as downloaded from the Seller Hub: lines of text above the header, '--' for nothing. */

import { type AmountReader, amountReader } from '../../fields/amount-reader.ts'
import { bareRow } from '../../fields/bare-row.ts'
import { exactAmount, rounded, times } from '../../fields/exact-amount.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { presented } from '../../fields/presented.ts'
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
  typeMoved,
  unreadable,
} from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { Format, RowType } from '../format.ts'

/** What a Type is; every other is 'other': payouts, shipping labels, other fees, holds. */
const kindOf = lineKinds<RowType>({
  Order: 'payment',
  Refund: 'refund',
  Claim: 'chargeback',
  'Payment dispute': 'chargeback',
})

const FEES = [
  'Final Value Fee - fixed',
  'Final Value Fee - variable',
  'Regulatory operating fee',
  'Very high "item not as described" fee',
  'Below standard performance fee',
  'International fee',
  'Charity donation',
  'Deposit processing fee',
]

/** What a cell says; '' where eBay says that there is nothing. */
const said = (cells: readonly string[], column: Column | null): string => text(cells, column).replace(/^--$/, '')

export const ebayTransactions: Format = {
  name: 'ebay-transactions',
  processor: 'EBAY',
  title: 'eBay transaction report (Seller Hub, in English)',
  verified: 'third-party importers',
  getting: {
    where: 'Seller Hub: Payments, Reports, Transaction report, Create report, Download CSV',
    columns: 'no choice; of an account in another language, set it to English first',
    often: 'monthly',
  },
  fees: 'has the final value and other fees of a refund, given back; lacks advertising and labels, which are lines of their own (other)',
  refundIdPattern: null,
  paymentIdPatterns: ['^[0-9]{2}-[0-9]{5}-[0-9]{5}$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'ebay-transactions',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'Transaction creation date', required: true, meaning: 'the date of the line, Oct 31, 2026' },
    {
      name: 'Type',
      required: true,
      meaning:
        'Order: payment; Refund: refund; Claim, Payment dispute: chargeback, or its reversal where money comes in; any ' +
        'other: other, and so is a line of an item without a Net amount',
    },
    { name: 'Order number', required: true, meaning: 'a payment id: an order and its refunds share it' },
    { name: 'Net amount', required: true, meaning: 'what the line moves, fees included' },
    { name: 'Payout currency', required: true, meaning: 'the settlement currency' },
    { name: 'Gross transaction amount', required: true, meaning: 'the amount, negative for a refund' },
    {
      name: 'Transaction currency',
      required: true,
      meaning: 'its currency: where it is another, what the customer saw',
    },
    { name: 'Exchange rate', required: false, meaning: 'from it to the payout currency' },
    ...FEES.map((name) => ({ name, required: false, meaning: 'a fee, negative where it was charged; all are summed' })),
    {
      name: 'eBay collected tax',
      required: false,
      meaning: 'may be part of the gross amount: then it is none of the amount',
    },
    { name: 'Legacy order ID', required: false, meaning: 'a reference' },
    { name: 'Reference ID', required: false, meaning: 'a reference' },
    { name: 'Item ID', required: false, meaning: "part of the line's id" },
    { name: 'Transaction ID', required: false, meaning: 'likewise' },
    { name: 'Payout date', required: false, meaning: 'when the money is available' },
    { name: 'Payout ID', required: false, meaning: 'the payout id' },
  ],
  signs:
    "A refund's amounts are negative; a fee is negative where it was charged, positive where it was given back: net = " +
    'gross + fees. The file has no ids of its lines or refunds: a line is known by what it says, and its ordinal.',
  example:
    'Transaction creation date,Type,Order number,Net amount,Payout currency,Payout date,Payout ID,Item ID,Transaction ID,Final Value Fee - fixed,Final Value Fee - variable,Gross transaction amount,Transaction currency,Exchange rate,Reference ID\n' +
    '"Oct 31, 2026",Refund,12-34567-89012,-21.69,USD,"Nov 2, 2026",6000000001,110000000001,9000000001,0.00,3.31,-25.00,USD,--,5000000001',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Transaction creation date',
      'Type',
      'Order number',
      'Net amount',
      'Payout currency',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'ebay-transactions')
    const created = columns.need('Transaction creation date')
    const word = columns.need('Type')
    const order = columns.need('Order number')
    const net = columns.need('Net amount')
    const currency = columns.need('Payout currency')
    const gross = columns.need('Gross transaction amount')
    const grossIn = columns.need('Transaction currency')
    const rate = columns.find('Exchange rate')
    const feeColumns = FEES.flatMap((name) => columns.find(name, name.replace(' - ', ' \u2013 ')) ?? [])
    const tax = columns.find('eBay collected tax')
    const available = columns.find('Payout date')
    const payout = columns.find('Payout ID')
    const reference = columns.find('Reference ID')
    const items = [columns.find('Item ID'), columns.find('Transaction ID'), reference]
    const own = [columns.find('Legacy order ID'), reference]
    const references = [...own, ...context.referenceColumns.map((name) => columns.find(name))]
    const derived = derivedIds(context)
    const read = amountReader(context.fileName, { groups: true })
    const money = (...[cells, column, code, line]: Parameters<AmountReader>): bigint =>
      said(cells, column) === '' ? 0n : read(cells, column, code, line)

    const dateOf = (cells: readonly string[], column: Column): Occurred =>
      spelledTime(said(cells, column), context.fileTimeZone, context.businessTimeZone) ??
      noTime(column, text(cells, column), 'a date such as Oct 31, 2026')

    /** The gross amount in the payout currency; what the customer saw, where that was another. */
    const movedBy = (cells: readonly string[], line: number, code: string, left: bigint) => {
      const shownIn = currencyCode(cells, grossIn)
      const shown = read(cells, gross, shownIn, line)
      if (shownIn !== code) {
        if (rate === null || said(cells, rate) === '') return unreadable('Exchange rate is empty, expected one')
        return { moved: rounded(times(exactAmount(cells, gross), exactAmount(cells, rate)), code), shown, shownIn }
      }
      const moved = left - feeColumns.reduce((sum, column) => sum + money(cells, column, code, line), 0n)
      const collected = tax === null ? 0n : money(cells, tax, code, line)
      if (moved !== shown && moved !== shown - collected) {
        unreadable(
          `Net amount is ${quote(text(cells, net))}, expected ${quote(text(cells, gross))} and the fees of the line together`,
        )
      }
      return { moved, shown: moved, shownIn }
    }

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const category = neededText(cells, word)
        const known = kindOf(category)
        const isItem = said(cells, net) === ''
        const code = isItem && said(cells, currency) === '' ? context.currency : currencyCode(cells, currency)
        const left = isItem ? 0n : read(cells, net, code, line)
        const isMoney = known.type !== 'other' && !isItem
        const { moved, shown, shownIn } = isMoney
          ? movedBy(cells, line, code, left)
          : { moved: left, shown: left, shownIn: code }
        const type = isMoney ? typeMoved(known.type, moved) : 'other'
        const orderId = isMoney
          ? said(cells, order) || unreadable('Order number is empty, expected a value')
          : said(cells, order)
        const row = bareRow({
          transaction_id: '',
          type,
          category,
          payment_ids: distinct(orderId),
          reference_ids: distinct(...references.map((column) => said(cells, column))),
          amount: amountMoved(type, moved, text(cells, gross)),
          ...fees(type, moved - left),
          currency: code,
          ...dateOf(cells, created),
          available_on:
            available === null || said(cells, available) === '' ? null : dateOf(cells, available).occurred_on,
          payout_id: said(cells, payout) || null,
          line,
        })
        const content = [known.word, orderId, row.occurred_on, ...items.map((column) => said(cells, column))]
        const transaction_id = derived([...content, String(moved), code])
        return { ...row, transaction_id, ...(type === 'other' ? {} : presented(row, shown, shownIn)) }
      },
      occurredOn: (cells) => dateOf(cells, created).occurred_on,
    })
  },
}
