/** Checkout.com's settlement breakdown: one line per action, its fees beside it as deductions. */

import { addScaled, type Scaled } from '../../../core/money.ts'
import {
  agree,
  exactAmount,
  exactOrZero,
  negated,
  plainText,
  rounded,
  roundedAmount,
  sumOf,
} from '../../fields/exact-amount.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { NOT_PRESENTED, presentedReader } from '../../fields/presented.ts'
import { timeReader } from '../../fields/record-time.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import {
  amountMoved,
  chargebackType,
  currencyCode,
  derivedIds,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, RowType } from '../format.ts'

/** What a Type is; every other is 'other'. */
const kindOf = lineKinds<RowType>({
  Charge: 'payment',
  'Partial Charge': 'payment',
  Refund: 'refund',
  'Partial Refund': 'refund',
  Chargeback: 'chargeback',
})

export const checkoutSettlementBreakdown: Format = {
  name: 'checkout-settlement-breakdown',
  processor: 'CHECKOUT',
  title: 'Checkout.com settlement breakdown',
  verified: 'third-party importers',
  getting: {
    where: 'Dashboard: Reports, Settlement breakdown, or by SFTP',
    columns: 'no choice',
    often: 'one file for each payout',
  },
  fees: 'has the deductions of each refund in one sum; lacks interchange that follows later',
  refundIdPattern: '^act_[A-Za-z0-9]+$',
  paymentIdPatterns: ['^pay_[A-Za-z0-9]+$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'checkout-settlement-breakdown',
  delimiters: [',', ';', '\t'],
  columns: [
    {
      name: 'Type',
      required: true,
      meaning:
        'Charge, Partial Charge: payment; Refund, Partial Refund: refund; Chargeback: chargeback, or its reversal where ' +
        'money comes in; any other: other',
    },
    { name: 'Payment ID', required: true, meaning: 'a payment id' },
    { name: 'Processed On', required: true, meaning: "the time of the line, in the processor's time_zone" },
    { name: 'Processed On UTC', required: false, meaning: 'the same in UTC, read where it is there' },
    { name: 'Holding Currency', required: true, meaning: 'the settlement currency' },
    { name: 'Gross In Holding Currency', required: true, meaning: 'the amount, negative for a refund' },
    {
      name: 'Deduction In Holding Currency',
      required: true,
      meaning: 'the fees together, negative where they were charged',
    },
    { name: 'Net In Holding Currency', required: true, meaning: 'checked: Gross and Deduction together' },
    {
      name: 'Reserve In Holding Currency',
      required: false,
      meaning: 'money kept back, no fee: taken out of the Deduction where it is part of it',
    },
    { name: 'Action ID', required: false, meaning: 'the transaction id, and the refund id' },
    { name: 'Processing Currency', required: false, meaning: 'the currency of Gross In Processing Currency' },
    { name: 'Gross In Processing Currency', required: false, meaning: 'what the customer saw' },
    { name: 'Reference', required: false, meaning: 'a reference' },
    { name: 'Available On', required: false, meaning: 'when the money is available' },
    { name: 'Payout ID', required: false, meaning: 'the payout id' },
  ],
  signs:
    "A refund's Gross is negative; Deduction is negative where fees were charged, positive where they were given back. " +
    'Verified by a file without refunds and by third-party importers: the financial actions report is surer. ' +
    'Where the file has no Action ID a refund has no id, and a line is known by what it says.',
  example:
    'Type,Payment ID,Reference,Processed On,Available On,Holding Currency,Payout ID,Gross In Holding Currency,Deduction In Holding Currency,Net In Holding Currency,Reserve In Holding Currency\n' +
    'Refund,pay_1,1001,2026-10-31T23:59:59.000,2026-11-02T00:00:00.000,GBP,00000000CFJU,-25,-0.15,-25.15,0',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Type',
      'Payment ID',
      'Holding Currency',
      'Gross In Holding Currency',
      'Deduction In Holding Currency',
      'Net In Holding Currency',
      ['Processed On', 'Processed On UTC'],
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'checkout-settlement-breakdown')
    const word = columns.need('Type')
    const payment = columns.need('Payment ID')
    const processedUtc = columns.find('Processed On UTC')
    const processed = processedUtc ?? columns.need('Processed On')
    const currency = columns.need('Holding Currency')
    const gross = columns.need('Gross In Holding Currency')
    const deduction = columns.need('Deduction In Holding Currency')
    const net = columns.need('Net In Holding Currency')
    const reserve = columns.find('Reserve In Holding Currency')
    const feeColumns = ['Processing Fee', 'Scheme Fee', 'Interchange', 'Tax'].map((name) =>
      columns.find(`${name} In Holding Currency`),
    )
    const action = columns.find('Action ID')
    const seen = columns.find('Gross In Processing Currency')
    const seenIn = columns.find('Processing Currency')
    const reference = columns.find('Reference')
    const availableUtc = columns.find('Available On UTC')
    const available = availableUtc ?? columns.find('Available On')
    const payout = columns.find('Payout ID')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
    const timeOf = timeReader(context.businessTimeZone, processedUtc ? 'UTC' : context.fileTimeZone)
    const availableAt = timeReader(context.businessTimeZone, availableUtc ? 'UTC' : context.fileTimeZone)
    const derived = derivedIds(context)

    /** What the deductions cost: without the reserve, where the file's own columns show that it is among them. */
    const costOf = (cells: readonly string[], deducted: Scaled, code: string): Scaled => {
      const kept = exactOrZero(cells, reserve)
      const listed = sumOf(feeColumns.map((column) => exactOrZero(cells, column)))
      const holdsReserve = kept.unscaled !== 0n && agree(addScaled(listed, kept), deducted, code)
      return negated(holdsReserve ? addScaled(deducted, negated(kept)) : deducted)
    }

    const shown = presentedReader(seen, seenIn, roundedAmount)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, word)
        const { type: known, word: own } = kindOf(kind)
        const code = currencyCode(cells, currency)
        const moved = exactAmount(cells, gross)
        const type = known === 'chargeback' ? chargebackType(moved.unscaled) : known
        const deducted = exactAmount(cells, deduction)
        if (!agree(addScaled(moved, deducted), exactAmount(cells, net), code)) {
          unreadable(
            `Net In Holding Currency is '${text(cells, net)}', expected Gross and Deduction together, ${text(cells, gross)} and ${text(cells, deduction)}`,
          )
        }
        // a dispute may bear the id of what it takes back
        const ownId = known === 'other' || known === 'chargeback' ? '' : text(cells, action)
        const amount = amountMoved(type, rounded(moved, code), text(cells, gross))
        const row = {
          type,
          category: kind,
          refund_id: type === 'refund' && ownId !== '' ? ownId : null,
          payment_ids: distinct(text(cells, payment)),
          reference_ids: distinct(...[reference, ...references].map((column) => text(cells, column))),
          amount,
          ...fees(type, rounded(costOf(cells, deducted, code), code)),
          currency: code,
          ...(type === 'other' ? NOT_PRESENTED : shown({ type, amount }, cells, line)),
          ...timeOf(cells, processed),
          available_on: available && text(cells, available) !== '' ? availableAt(cells, available).occurred_on : null,
          payout_id: textOrNull(cells, payout),
          line,
        }
        const words = [payment, reference, processed].map((column) => text(cells, column))
        const content = [own, ...words, code, plainText(moved), plainText(deducted)]
        return { transaction_id: ownId || derived(content), ...row }
      },
      transactionId: (cells) => textOrNull(cells, action),
      occurredOn: (cells) => timeOf(cells, processed).occurred_on,
    })
  },
}
