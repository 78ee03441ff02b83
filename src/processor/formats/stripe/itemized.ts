/** Stripe's itemized reports: balance change from activity, payout reconciliation, ending balance (spec section 11). */

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

/** What a reporting category is; every other is 'other', also those whose name contains "refund". */
const kindOf = lineKinds<StripeKind>({
  charge: 'payment',
  refund: 'refund',
  refund_failure: 'refund_reversal',
  dispute: 'chargeback',
  charge_failure: 'chargeback',
  dispute_reversal: 'chargeback_reversal',
  adjustment: 'adjustment',
})

export const stripeItemized: Format = {
  name: 'stripe-itemized',
  processor: 'STRIPE',
  title: 'Stripe itemized reports (balance change from activity, payout reconciliation, ending balance reconciliation)',
  verified: 'real file',
  getting: {
    where:
      'Dashboard: Reports, Balance, Download, Itemized (or Payout reconciliation), or balance_change_from_activity.itemized.3 of the Reporting API',
    columns:
      'tick charge_id and payment_intent_id, which are not among the default columns: without them a refund names no payment; metadata columns as needed',
    often: 'monthly, or daily by the API',
  },
  fees: "has the fee of a refund, charged or given back, in fee; lacks Stripe's monthly fees, which are lines of their own (other)",
  refundIdPattern: '^(re|pyr)_[A-Za-z0-9]+$',
  paymentIdPatterns: ['^(ch|py)_[A-Za-z0-9]+$', '^pi_[A-Za-z0-9]+$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'stripe',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'balance_transaction_id', required: true, meaning: 'the transaction id' },
    {
      name: 'reporting_category',
      required: true,
      meaning:
        'charge: payment, refund: refund, refund_failure: reversal, dispute and charge_failure: chargeback, ' +
        'dispute_reversal: its reversal, adjustment of a refund with money in: reversal, any other: other',
    },
    {
      name: 'source_id',
      required: true,
      meaning: "the refund's id; of a charge, and of a refund whose source is one (ch_, py_), a payment id",
    },
    { name: 'created_utc', required: false, meaning: 'the time of the line, in UTC' },
    {
      name: 'created',
      required: false,
      meaning: "the same in the processor's time_zone: read where created_utc is missing",
    },
    { name: 'available_on_utc', required: false, meaning: 'when the money is available, in UTC' },
    {
      name: 'available_on',
      required: false,
      meaning: "the same in the processor's time_zone: read where available_on_utc is missing",
    },
    { name: 'currency', required: true, meaning: 'the settlement currency' },
    { name: 'gross', required: true, meaning: 'the amount, negative for a refund' },
    {
      name: 'fee',
      required: true,
      meaning: 'the fee, positive where it was charged, negative where it was given back',
    },
    { name: 'charge_id', required: false, meaning: 'a payment id' },
    { name: 'payment_intent_id', required: false, meaning: 'a payment id' },
    { name: 'invoice_id', required: false, meaning: 'a reference' },
    { name: 'automatic_payout_id', required: false, meaning: 'the payout id' },
    { name: 'customer_facing_amount', required: false, meaning: 'what the customer saw, without its sign' },
    { name: 'customer_facing_currency', required: false, meaning: 'the currency of customer_facing_amount' },
  ],
  signs: "A refund's gross is negative, that of a failed refund positive; fee is positive where it was charged.",
  example:
    'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,charge_id\n' +
    'txn_1,2026-10-31 23:59:59,usd,-25.00,0.00,-25.00,refund,re_1,ch_1',

  identify: (head) => {
    const header = headerIndex(
      head,
      'balance_transaction_id',
      'reporting_category',
      'source_id',
      'currency',
      'gross',
      'fee',
      ['created_utc', 'created'],
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'stripe-itemized')
    const id = columns.need('balance_transaction_id')
    const category = columns.need('reporting_category')
    const source = columns.need('source_id')
    const currency = columns.need('currency')
    const gross = columns.need('gross')
    const fee = columns.need('fee')
    const createdUtc = columns.find('created_utc')
    const created = createdUtc ?? columns.need('created')
    const availableUtc = columns.find('available_on_utc')
    const available = availableUtc ?? columns.find('available_on')
    const charge = columns.find('charge_id')
    const intent = columns.find('payment_intent_id')
    const invoice = columns.find('invoice_id')
    const payout = columns.find('automatic_payout_id')
    const seen = columns.find('customer_facing_amount')
    const seenIn = columns.find('customer_facing_currency')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
    const inUtc = timeReader(context.businessTimeZone, 'UTC')
    const inFileZone = timeReader(context.businessTimeZone, context.fileTimeZone)
    const createdAt = createdUtc ? inUtc : inFileZone
    const availableOn = dayReader(context.businessTimeZone, availableUtc ? 'UTC' : context.fileTimeZone)
    const money = amountReader(context.fileName, { groups: false })
    const customerFacing = presentedReader(seen, seenIn, money)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, category)
        const code = currencyCode(cells, currency)
        const moved = money(cells, gross, code, line)
        const sourceId = text(cells, source)
        const type = stripeType(kindOf(kind).type, sourceId, moved)
        const amount = amountMoved(type, moved, text(cells, gross))
        const { refund_id, payment_id } = stripeSource(type, sourceId)
        return {
          transaction_id: neededText(cells, id),
          type,
          category: kind,
          refund_id,
          payment_ids: distinct(payment_id, text(cells, charge), text(cells, intent)),
          reference_ids: distinct(text(cells, invoice), ...references.map((column) => text(cells, column))),
          amount,
          ...fees(type, money(cells, fee, code, line)),
          currency: code,
          ...customerFacing({ type, amount }, cells, line),
          ...createdAt(cells, created),
          available_on: availableOn(cells, available),
          payout_id: textOrNull(cells, payout),
          line,
        }
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => createdAt(cells, created).occurred_on,
    })
  },
}
