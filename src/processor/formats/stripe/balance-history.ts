/** Stripe's balance history, as exported from the Dashboard (Balances, All activity, Export). */

import { amountReader } from '../../fields/amount-reader.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { presentedReader } from '../../fields/presented.ts'
import { dayReader, timeReader } from '../../fields/record-time.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import {
  amountMoved,
  currencyCode,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
} from '../../read/record-reader.ts'
import type { Format } from '../format.ts'
import { type StripeKind, stripeSource, stripeType } from './line.ts'

/**
 * What a Type is; every other is 'other'. payment_failure_refund is the failure of a payment, no refund. Disputes, their
 * reversals and failed refunds all have the type adjustment: its source tells them apart.
 */
const kindOf = lineKinds<StripeKind>({
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_reversal',
  payment_failure_refund: 'chargeback',
  adjustment: 'adjustment',
})

export const stripeBalanceHistory: Format = {
  name: 'stripe-balance-history',
  processor: 'STRIPE',
  title: 'Stripe balance history (Dashboard export)',
  verified: 'third-party importers',
  getting: {
    where: 'Dashboard: Balances, All activity, Export, All columns',
    columns: 'tick Customer Facing Amount and Currency; there is no column that names the payment of a refund',
    often: 'monthly',
  },
  fees: "has the fee of a refund, charged or given back, in Fee; lacks Stripe's monthly fees, which are lines of their own (other)",
  refundIdPattern: '^(re|pyr)_[A-Za-z0-9]+$',
  paymentIdPatterns: ['^(ch|py)_[A-Za-z0-9]+$', '^pi_[A-Za-z0-9]+$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'stripe',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'id', required: true, meaning: 'the transaction id' },
    {
      name: 'Type',
      required: true,
      meaning:
        'charge, payment: payment; refund, payment_refund: refund; refund_failure: reversal; payment_failure_refund: ' +
        'chargeback; adjustment of a dispute: chargeback, or its reversal where money comes in; adjustment of a refund ' +
        'with money in: reversal; any other: other',
    },
    {
      name: 'Source',
      required: true,
      meaning: "the refund's id; of a charge, and of a refund whose source is one (ch_, py_), a payment id",
    },
    { name: 'Amount', required: true, meaning: 'the amount, negative for a refund' },
    {
      name: 'Fee',
      required: true,
      meaning: 'the fee, positive where it was charged, negative where it was given back',
    },
    { name: 'Currency', required: true, meaning: 'the settlement currency' },
    { name: 'Created (UTC)', required: true, meaning: 'the time of the line, in UTC' },
    { name: 'Available On (UTC)', required: false, meaning: 'when the money is available' },
    { name: 'Transfer', required: false, meaning: 'the payout id' },
    { name: 'Customer Facing Amount', required: false, meaning: 'what the customer saw, without its sign' },
    { name: 'Customer Facing Currency', required: false, meaning: 'the currency of Customer Facing Amount' },
  ],
  signs:
    "A refund's Amount is negative, that of a failed refund positive; Fee is positive where it was charged. " +
    'The file names no payment of a refund, and lists the uncaptured part of an authorisation as a refund: prefer the itemized reports.',
  example:
    'id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC)\n' +
    'txn_1,refund,re_1,-25.00,0.00,-25.00,usd,2026-10-31 23:59,2026-11-02 00:00',

  identify: (head) => {
    const header = headerIndex(head, 'id', 'Type', 'Source', 'Amount', 'Fee', 'Currency', 'Created (UTC)')
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'stripe-balance-history')
    const id = columns.need('id')
    const word = columns.need('Type')
    const source = columns.need('Source')
    const amount = columns.need('Amount')
    const fee = columns.need('Fee')
    const currency = columns.need('Currency')
    const created = columns.need('Created (UTC)')
    const available = columns.find('Available On (UTC)')
    const transfer = columns.find('Transfer')
    const seen = columns.find('Customer Facing Amount')
    const seenIn = columns.find('Customer Facing Currency')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
    const timeOf = timeReader(context.businessTimeZone, 'UTC')
    const availableOn = dayReader(context.businessTimeZone, 'UTC')
    const money = amountReader(context.fileName, { groups: false })
    const customerFacing = presentedReader(seen, seenIn, money)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, word)
        const code = currencyCode(cells, currency)
        const moved = money(cells, amount, code, line)
        const sourceId = text(cells, source)
        const type = stripeType(kindOf(kind).type, sourceId, moved)
        const rowAmount = amountMoved(type, moved, text(cells, amount))
        const { refund_id, payment_id } = stripeSource(type, sourceId)
        return {
          transaction_id: neededText(cells, id),
          type,
          category: kind,
          refund_id,
          payment_ids: distinct(payment_id),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: rowAmount,
          ...fees(type, money(cells, fee, code, line)),
          currency: code,
          ...customerFacing({ type, amount: rowAmount }, cells, line),
          ...timeOf(cells, created),
          available_on: availableOn(cells, available),
          payout_id: textOrNull(cells, transfer),
          line,
        }
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => timeOf(cells, created).occurred_on,
    })
  },
}
