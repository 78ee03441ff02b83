/** Authorize.Net's download file of transactions. It has no fees: those are the acquirer's. */

import { amountReader } from '../../fields/amount-reader.ts'
import { bareRow } from '../../fields/bare-row.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import type { Occurred } from '../../fields/record-time.ts'
import { spelledTime } from '../../fields/spelled-time.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import { quoteWord } from '../../read/quote.ts'
import { amountMoved, distinct, lineReader, neededText, text, unreadable } from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { Format, RowType } from '../format.ts'

/** What an Action Code is; every other is 'other': AUTH_ONLY moved no money, VOID took it back before it did. */
const kindOf = lineKinds<RowType>({
  CREDIT: 'refund',
  AUTH_CAPTURE: 'payment',
  PRIOR_AUTH_CAPTURE: 'payment',
  CAPTURE_ONLY: 'payment',
})

/** Of a Transaction Status, without blanks and case: the money moved. */
const SETTLED: ReadonlySet<string> = new Set(['', 'settledsuccessfully', 'refundsettledsuccessfully'])

export const authorizeNetTransactions: Format = {
  name: 'authorize-net-transactions',
  processor: 'AUTHORIZE_NET',
  title: 'Authorize.Net transactions (download file)',
  verified: "the processor's documentation",
  getting: {
    where: 'Merchant Interface: Search, or Reports, Statistics; Download to File, Standard fields with a header line',
    columns: 'with column titles; Expanded fields have the reference transaction and the status too',
    often: 'monthly, with the days since the last file again: a line is settled later',
  },
  fees: "lacks all: fees are on the acquirer's statement",
  refundIdPattern: '^[0-9]{10,12}$',
  paymentIdPatterns: [],
  hasRefundFees: false,
  hasReturnedFees: false,
  idFamily: 'authorize-net-transactions',
  delimiters: ['\t', ',', ';'],
  columns: [
    { name: 'Response Code', required: true, meaning: '1: approved; any other moved no money: other' },
    {
      name: 'Transaction ID',
      required: true,
      meaning: 'the transaction id; of a CREDIT the refund id, else a payment id',
    },
    {
      name: 'Submit Date/Time',
      required: true,
      meaning: "the time of the line, 21-Aug-2026 03:26:23 PM MDT; the processor's time_zone where it names no zone",
    },
    { name: 'Settlement Date/Time', required: false, meaning: 'likewise of a settled line, where it is there' },
    { name: 'Total Amount', required: true, meaning: 'the amount, positive for payments and credits alike' },
    {
      name: 'Action Code',
      required: true,
      meaning: 'CREDIT: refund; AUTH_CAPTURE, PRIOR_AUTH_CAPTURE, CAPTURE_ONLY: payment; any other: other',
    },
    {
      name: 'Transaction Status',
      required: false,
      meaning: 'Settled Successfully, Refund Settled Successfully: the money moved; any other: other',
    },
    { name: 'Reference Transaction ID', required: false, meaning: 'of a CREDIT a payment id' },
    { name: 'Invoice Number', required: false, meaning: 'a reference' },
    { name: 'Currency', required: false, meaning: "the currency; the business's where there is none" },
  ],
  signs:
    'All amounts are positive: a CREDIT is money that goes out. A line that is not settled yet is stored as other, and ' +
    'again when it is.',
  example: [
    'Response Code|Transaction ID|Submit Date/Time|Invoice Number|Total Amount|Method|Action Code|Transaction Status|Reference Transaction ID',
    '1|60100000002|31-Oct-2026 11:59:59 PM EDT|1001|25.00|VISA|CREDIT|Refund Settled Successfully|60100000001',
  ]
    .join('\n')
    .replaceAll('|', '\t'),

  identify: (head) => {
    const header = headerIndex(
      head,
      'Response Code',
      'Transaction ID',
      'Submit Date/Time',
      'Total Amount',
      'Action Code',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'authorize-net-transactions')
    const response = columns.need('Response Code')
    const id = columns.need('Transaction ID')
    const submitted = columns.need('Submit Date/Time')
    const settled = columns.find('Settlement Date/Time')
    const amount = columns.need('Total Amount')
    const word = columns.need('Action Code')
    const status = columns.find('Transaction Status')
    const original = columns.find('Reference Transaction ID', 'Ref Transaction ID')
    const currency = columns.find('Currency')
    const references = [columns.find('Invoice Number'), ...context.referenceColumns.map((name) => columns.find(name))]
    const money = amountReader(context.fileName, { groups: true })

    const occurred = (cells: readonly string[]): Occurred => {
      const column = settled !== null && text(cells, settled) !== '' ? settled : submitted
      const said = spelledTime(text(cells, column), context.fileTimeZone, context.businessTimeZone)
      return said ?? noTime(column, text(cells, column), 'a time such as 31-Oct-2026 11:59:59 PM EDT')
    }

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const ownId = neededText(cells, id)
        const action = neededText(cells, word)
        const code = text(cells, currency).toUpperCase() || context.currency
        const state = text(cells, status).replaceAll(' ', '').toLowerCase()
        const answer = text(cells, response)
        if (!/^[1-4]$/.test(answer)) {
          unreadable(`Response Code is ${quoteWord(answer)}, expected 1 (approved), 2, 3 or 4`)
        }
        const isMoney = answer === '1' && SETTLED.has(state)
        const known = kindOf(action).type
        const type = isMoney ? known : 'other'
        const size = money(cells, amount, code, line)
        return bareRow({
          // what is not settled may yet become so: then it is a line of its own
          transaction_id: isMoney ? ownId : `${ownId}:${state || `response ${answer}`}`,
          type,
          category: isMoney ? action : `${action}: ${text(cells, status) || `response ${answer}`}`,
          refund_id: type === 'refund' ? ownId : null,
          payment_ids: distinct(known === 'payment' ? ownId : '', text(cells, original).replace(/^0$/, '')),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: amountMoved(type, known === 'refund' ? -size : size, text(cells, amount)),
          currency: code,
          ...occurred(cells),
          line,
        })
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => occurred(cells).occurred_on,
    })
  },
}
