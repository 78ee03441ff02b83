/** Affirm's settlement report, as exported from its merchant portal. */

import { amountReader } from '../../fields/amount-reader.ts'
import { bareRow } from '../../fields/bare-row.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { timeReader } from '../../fields/record-time.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
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
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, RowType } from '../format.ts'

/** What an event_type is; every other is 'other': merchant_fee, fee_adjustment, vcn_balance_fee_adjustment. */
const kindOf = lineKinds<RowType>({
  loan_captured: 'payment',
  split_capture: 'payment',
  loan_refunded: 'refund',
  refund_voided: 'refund_reversal',
  dispute_opened: 'chargeback',
  dispute_resolved: 'chargeback_reversal',
})

export const affirmSettlement: Format = {
  name: 'affirm-settlement',
  processor: 'AFFIRM',
  title: 'Affirm settlement report',
  verified: "the processor's documentation",
  getting: {
    where: 'Merchant portal: Settlements, Export (all events), or the settlement events of the API as CSV',
    columns: 'no choice',
    often: 'monthly, or daily: since autumn 2024 a line is dated on the day of its deposit',
  },
  fees: 'has the fee of a refund, mostly given back, in fees',
  refundIdPattern: null,
  paymentIdPatterns: ['^[A-Z0-9]{4}-[A-Z0-9]{4}$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'affirm-settlement',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'date', required: true, meaning: 'the date of the line, in UTC where it has a time' },
    {
      name: 'event_type',
      required: true,
      meaning:
        'loan_captured, split_capture: payment; loan_refunded: refund; refund_voided: reversal; dispute_opened: ' +
        'chargeback; dispute_resolved: its reversal where money comes in; any other: other',
    },
    { name: 'transaction_id', required: true, meaning: "of a refund its refund id; part of the line's id" },
    { name: 'charge_id', required: true, meaning: 'a payment id: a charge and its refunds share it' },
    { name: 'order_id', required: false, meaning: 'a reference' },
    { name: 'sales', required: true, meaning: 'the amount of a payment' },
    { name: 'refunds', required: true, meaning: 'the amount of a refund, with or without a minus' },
    { name: 'fees', required: true, meaning: 'the fee: total_settled tells whether it was charged or given back' },
    {
      name: 'total_settled',
      required: true,
      meaning: 'what the line moves, fees included; negative where money goes out',
    },
    { name: 'currency', required: false, meaning: "the settlement currency; the business's where there is none" },
    { name: 'deposit_id', required: false, meaning: 'the payout id' },
  ],
  signs:
    'total_settled is negative for a refund; amount and fee are taken by their size, and must add up to it. Affirm does ' +
    'not document the signs of refunds and fees.',
  example:
    'date,charge_created_date,charge_id,transaction_id,order_id,event_type,sales,refunds,fees,total_settled,deposit_id\n' +
    '2026-10-31,2026-10-01,AB12-CD34,RF00000000000001,1001,loan_refunded,0.00,-25.00,1.50,-23.50,DP1',

  identify: (head) => {
    const header = headerIndex(head, 'charge_id', 'transaction_id', 'event_type', 'sales', 'refunds', 'fees')
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'affirm-settlement')
    const date = columns.need('date')
    const word = columns.need('event_type')
    const id = columns.need('transaction_id')
    const charge = columns.need('charge_id')
    const sales = columns.need('sales')
    const refunds = columns.need('refunds')
    const fee = columns.need('fees')
    const total = columns.need('total_settled', 'total settled')
    const currency = columns.find('currency')
    const deposit = columns.find('deposit_id')
    const references = [columns.find('order_id'), ...context.referenceColumns.map((name) => columns.find(name))]
    const timeOf = timeReader(context.businessTimeZone, 'UTC')
    const money = amountReader(context.fileName, { groups: true })
    const derived = derivedIds(context)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const category = neededText(cells, word)
        const { type: known, word: event } = kindOf(category)
        const code = text(cells, currency).toUpperCase() || context.currency
        const sizeOf = (column: typeof fee): bigint => {
          const said = text(cells, column) === '' ? 0n : money(cells, column, code, line)
          return said < 0n ? -said : said
        }
        const settled = money(cells, total, code, line)
        const type = typeMoved(known, settled)
        const isFull = type === 'payment' || type === 'refund' || type === 'refund_reversal'
        const size = sizeOf(type === 'payment' ? sales : refunds)
        const moved = !isFull ? settled : type === 'refund' ? -size : size
        const cost = moved - settled
        if (isFull && cost !== sizeOf(fee) && cost !== -sizeOf(fee)) {
          unreadable(
            `${total.name} is ${quote(text(cells, total))}, expected ${quote(text(cells, type === 'payment' ? sales : refunds))} and the fee ${quote(text(cells, fee))} together`,
          )
        }
        const transaction = isFull ? neededText(cells, id) : text(cells, id)
        const row = bareRow({
          transaction_id: '',
          type,
          category,
          refund_id: type === 'refund' ? transaction : null,
          payment_ids: distinct(text(cells, charge)),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: amountMoved(type, moved, text(cells, total)),
          ...fees(type, cost),
          currency: code,
          ...timeOf(cells, date),
          payout_id: textOrNull(cells, deposit),
          line,
        })
        // one transaction id may stand for an event and what undoes it
        if (isFull) return { ...row, transaction_id: `${transaction}:${event}` }
        const content = [event, transaction, ...row.payment_ids, text(cells, date), String(settled), code]
        return { ...row, transaction_id: derived(content) }
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => timeOf(cells, date).occurred_on,
    })
  },
}
