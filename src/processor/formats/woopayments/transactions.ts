/** WooPayments' transactions, as exported from WooCommerce (Payments, Transactions, Export). */

import { formatMajor } from '../../../core/money.ts'
import { amountReader } from '../../fields/amount-reader.ts'
import { bareRow } from '../../fields/bare-row.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { presentedReader } from '../../fields/presented.ts'
import { dayReader, timeReader } from '../../fields/record-time.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import {
  amountMoved,
  currencyCode,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
  typeMoved,
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, RowType } from '../format.ts'

/** What a Type is; every other is 'other': reader fees, loans, fee refunds. */
const kindOf = lineKinds<RowType>({
  Charge: 'payment',
  Payment: 'payment',
  Refund: 'refund',
  'Payment refund': 'refund',
  'Refund failure': 'refund_reversal',
  Dispute: 'chargeback',
  'Payment failure refund': 'chargeback',
  'Dispute reversal': 'chargeback_reversal',
})

export const woopaymentsTransactions: Format = {
  name: 'woopayments-transactions',
  processor: 'WOOPAYMENTS',
  title: 'WooPayments transactions (WooCommerce export)',
  verified: "the processor's own export code",
  getting: {
    where: 'WooCommerce: Payments, Transactions, Export (a large export comes by e-mail)',
    columns: 'no choice; leave the site in English while exporting: types are in its language',
    often: 'monthly, with the days since the last file again: Deposit ID is filled in later',
  },
  fees: 'has the fee of a refund, charged or given back, in Fees',
  refundIdPattern: null,
  paymentIdPatterns: ['^[0-9]+$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'woopayments-transactions',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'Transaction Id', required: true, meaning: 'the transaction id (txn_); a refund has no id of its own' },
    { name: 'Date / Time (UTC)', required: true, meaning: 'the time of the line, in UTC' },
    {
      name: 'Type',
      required: true,
      meaning:
        'Charge, Payment: payment; Refund, Payment refund: refund; Refund failure: reversal; Dispute, Payment failure ' +
        'refund: chargeback; Dispute reversal: its reversal; any other: other',
    },
    { name: 'Amount', required: true, meaning: 'the amount, negative for a refund' },
    { name: 'Fees', required: true, meaning: 'the fee, negative where it was charged' },
    { name: 'Net', required: true, meaning: 'checked: Amount and Fees together' },
    { name: 'Deposit Currency', required: true, meaning: 'the settlement currency (or Payout Currency)' },
    { name: 'Amount Paid', required: false, meaning: 'what the customer saw' },
    { name: 'Paid Currency', required: false, meaning: 'the currency of Amount Paid' },
    { name: 'Order #', required: true, meaning: 'a payment id: an order and its refunds share it; a reference too' },
    { name: 'Deposit ID', required: false, meaning: 'the payout id (or Payout ID)' },
    { name: 'Deposit date', required: false, meaning: 'when the money is available (or Payout date)' },
  ],
  signs: "A refund's Amount is negative; Fees are negative where they were charged: net = amount + fees.",
  example:
    'Transaction Id,Date / Time (UTC),Type,Channel,Paid Currency,Amount Paid,Deposit Currency,Amount,Fees,Net,Order #,Deposit ID\n' +
    'txn_1,2026-10-31 23:59:59,Refund,Online,usd,-25.00,usd,-25.00,0.00,-25.00,1001,po_1',

  identify: (head) => {
    const header = headerIndex(head, 'Transaction Id', 'Date / Time (UTC)', 'Type', 'Amount', 'Fees', 'Net', 'Order #')
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'woopayments-transactions')
    const id = columns.need('Transaction Id')
    const created = columns.need('Date / Time (UTC)')
    const word = columns.need('Type')
    const amount = columns.need('Amount')
    const fee = columns.need('Fees')
    const net = columns.need('Net')
    const currency = columns.need('Deposit Currency', 'Payout Currency')
    const order = columns.need('Order #')
    const payout = columns.find('Deposit ID', 'Payout ID')
    const available = columns.find('Deposit date', 'Payout date')
    const references = context.referenceColumns.map((name) => columns.find(name))
    const timeOf = timeReader(context.businessTimeZone, 'UTC')
    const availableOn = dayReader(context.businessTimeZone, 'UTC')
    const money = amountReader(context.fileName, { groups: true })
    const presented = presentedReader(columns.find('Amount Paid'), columns.find('Paid Currency'), money)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const category = neededText(cells, word)
        const known = kindOf(category).type
        const code = currencyCode(cells, currency)
        const moved = money(cells, amount, code, line)
        const feeMoved = money(cells, fee, code, line)
        if (money(cells, net, code, line) !== moved + feeMoved) {
          unreadable(
            `Net is ${quote(text(cells, net))}, expected ${formatMajor(moved + feeMoved, code)}: Amount and Fees together`,
          )
        }
        const type = typeMoved(known, moved)
        const row = bareRow({
          transaction_id: neededText(cells, id),
          type,
          category,
          payment_ids: distinct(text(cells, order)),
          reference_ids: distinct(...[order, ...references].map((column) => text(cells, column))),
          amount: amountMoved(type, moved, text(cells, amount)),
          ...fees(type, -feeMoved),
          currency: code,
          ...timeOf(cells, created),
          available_on: availableOn(cells, available),
          payout_id: textOrNull(cells, payout),
          line,
        })
        return type === 'other' ? row : { ...row, ...presented(row, cells, line) }
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => timeOf(cells, created).occurred_on,
    })
  },
}
