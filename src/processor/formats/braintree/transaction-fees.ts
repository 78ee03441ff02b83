/** Braintree's transaction-level fee report: the only one of its files with the fees of a refund. */

import { amountReader } from '../../fields/amount-reader.ts'
import { bareRow } from '../../fields/bare-row.ts'
import { exactOrZero, rounded } from '../../fields/exact-amount.ts'
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
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, RowType } from '../format.ts'

/** What a Transaction Type is; every other is 'other'. */
const kindOf = lineKinds<RowType>({ sale: 'payment', credit: 'refund' })

const CHARGED = ['Discount', 'Per Transaction Fee', 'Multicurrency Fee Amount', 'Est. Interchange Total Amount']
const GIVEN_BACK = [
  'Discount Credit',
  'Per Transaction Fee Credit',
  'Multicurrency Fee Credit',
  'Est. Interchange Rate Credit',
  'Est. Interchange Fixed Credit',
]

export const braintreeTransactionFees: Format = {
  name: 'braintree-transaction-fees',
  processor: 'BRAINTREE',
  title: 'Braintree transaction-level fee report',
  verified: 'real file',
  getting: {
    where: 'Control Panel: Reports, Transaction-level fee report, or the report URL of the API',
    columns: 'no choice',
    often: 'monthly: the report of a month is complete some days after its end',
  },
  fees: 'has the fee of a refund, charged or given back (the ... Credit columns); lacks chargeback fees',
  refundIdPattern: '^[a-z0-9]{6,8}$',
  paymentIdPatterns: [],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'braintree-transaction-fees',
  delimiters: [',', ';', '\t'],
  columns: [
    {
      name: 'Transaction ID',
      required: true,
      meaning: 'the transaction id; of a credit the refund id, of a sale a payment id',
    },
    { name: 'Original Transaction ID', required: true, meaning: 'of a credit a payment id' },
    { name: 'Transaction Type', required: true, meaning: 'sale: payment, credit: refund, any other: other' },
    { name: 'Settlement Currency', required: true, meaning: 'the settlement currency' },
    { name: 'Settlement Amount', required: true, meaning: 'the amount; the type says which way it went' },
    { name: 'Settlement Date', required: true, meaning: 'the date of the line' },
    { name: 'Total Fee Amount', required: true, meaning: 'the fee (or Est. Total Fee Amount), whatever its sign' },
    {
      name: 'Discount',
      required: false,
      meaning: 'as in Per Transaction Fee, Multicurrency Fee Amount: the fee was charged',
    },
    {
      name: 'Discount Credit',
      required: true,
      meaning:
        'as in Per Transaction Fee Credit, Multicurrency Fee Credit: the fee was given back; with both quarantined',
    },
    { name: 'Presentment Amount', required: false, meaning: 'what the customer saw' },
    { name: 'Presentment Currency', required: false, meaning: 'the currency of Presentment Amount' },
    { name: 'Order ID', required: false, meaning: 'a reference' },
    { name: 'Disbursement Date', required: false, meaning: 'when the money is available' },
    { name: 'Deposit ID', required: false, meaning: 'the payout id' },
  ],
  signs:
    'The type says which way the money went; of a fee, whether the columns that end in Credit are filled. ' +
    'Import this report or the transaction search of an account, not both.',
  example:
    'Merchant Account ID,Transaction ID,Original Transaction ID,Transaction Type,Presentment Currency,Settlement Currency,Settlement Amount,Settlement Date,Disbursement Date,Order ID,Discount,Discount Credit,Per Transaction Fee,Per Transaction Fee Credit,Total Fee Amount\n' +
    'harbor,rf1abcde,pm1abcde,credit,USD,USD,25.00,2026-10-31,2026-11-02,1001,0,0.0259,0.00,0.00,0.65',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Transaction ID',
      'Original Transaction ID',
      'Transaction Type',
      'Settlement Amount',
      'Discount Credit',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'braintree-transaction-fees')
    const id = columns.need('Transaction ID')
    const original = columns.need('Original Transaction ID')
    const word = columns.need('Transaction Type')
    const currency = columns.need('Settlement Currency')
    const amount = columns.need('Settlement Amount')
    const settled = columns.need('Settlement Date')
    const fee = columns.need('Total Fee Amount', 'Est. Total Fee Amount')
    columns.need('Discount Credit')
    const charged = CHARGED.map((name) => columns.find(name))
    const givenBack = GIVEN_BACK.map((name) => columns.find(name))
    const available = columns.find('Disbursement Date')
    const deposit = columns.find('Deposit ID')
    const order = columns.find('Order ID')
    const references = [order, ...context.referenceColumns.map((name) => columns.find(name))]
    const timeOf = timeReader(context.businessTimeZone, 'UTC')
    const availableOn = dayReader(context.businessTimeZone, 'UTC')
    const money = amountReader(context.fileName, { groups: true })
    const presented = presentedReader(columns.find('Presentment Amount'), columns.find('Presentment Currency'), money)

    /** positive where the fee was charged */
    const costOf = (cells: readonly string[], code: string): bigint => {
      const isSome = (of: typeof charged): boolean => of.some((column) => exactOrZero(cells, column).unscaled !== 0n)
      const size = rounded(exactOrZero(cells, fee), code)
      const isBack = isSome(givenBack)
      if (isBack && isSome(charged)) unreadable('fees were charged and given back in one line, expected one of the two')
      return isBack === size > 0n ? -size : size
    }

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const ownId = neededText(cells, id)
        const category = neededText(cells, word)
        const { type } = kindOf(category)
        const code = currencyCode(cells, currency)
        const said = money(cells, amount, code, line)
        const size = said < 0n ? -said : said
        const row = bareRow({
          transaction_id: ownId,
          type,
          category,
          refund_id: type === 'refund' ? ownId : null,
          payment_ids: distinct(type === 'payment' ? ownId : '', text(cells, original)),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: type === 'other' ? said : amountMoved(type, type === 'refund' ? -size : size, text(cells, amount)),
          ...fees(type, costOf(cells, code)),
          currency: code,
          ...timeOf(cells, settled),
          available_on: availableOn(cells, available),
          payout_id: textOrNull(cells, deposit),
          line,
        })
        return type === 'other' ? row : { ...row, ...presented(row, cells, line) }
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => timeOf(cells, settled).occurred_on,
    })
  },
}
