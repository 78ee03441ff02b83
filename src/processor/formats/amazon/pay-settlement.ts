/** Amazon Pay's settlement report: title lines with seller and period, then one line per movement. */

import { FileFault } from '../../../core/errors.ts'
import { formatMajor } from '../../../core/money.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { type Occurred, readTime, timeReader } from '../../fields/record-time.ts'
import { bindColumns, columnKey, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import {
  amountMoved,
  chargebackType,
  currencyCode,
  derivedIds,
  distinct,
  fees,
  lineReader,
  money,
  neededText,
  text,
  textOrNull,
  unreadable,
} from '../../read/record-reader.ts'
import type { CsvRecord, Format, ReadingContext, RowType, StatedPeriod } from '../format.ts'
import { periodOf } from '../stated-period.ts'

/** What a TransactionType is; every other is 'other': Transfer, Reserve, fees. */
const kindOf = lineKinds<RowType>({
  Capture: 'payment',
  Refund: 'refund',
  // by these the payment is taken back, or given again where money comes in
  Chargeback: 'chargeback',
  'A-to-z': 'chargeback',
  'A-to-z Guarantee': 'chargeback',
  'A-to-z Guarantee Claim': 'chargeback',
})
/** An id that is a capture's. */
const CAPTURE = /-C\d+$/

export const amazonPaySettlement: Format = {
  name: 'amazon-pay-settlement',
  processor: 'AMAZON_PAY',
  title: 'Amazon Pay settlement report',
  verified: 'real file',
  getting: {
    where: 'Seller Central: Reports, Payments, Settlement reports, download as CSV',
    columns: 'no choice',
    often: 'one file for each settlement, every 14 days or as set',
  },
  fees: 'has the fee of each refund, mostly given back, in TotalTransactionFee',
  refundIdPattern: '^[A-Z][0-9]{2}-[0-9]{7}-[0-9]{7}-R[0-9]{6}$',
  paymentIdPatterns: ['^[A-Z][0-9]{2}-[0-9]{7}-[0-9]{7}$', '^[A-Z][0-9]{2}-[0-9]{7}-[0-9]{7}-C[0-9]{6}$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'amazon-pay-settlement',
  delimiters: [',', '\t', ';'],
  columns: [
    { name: 'TransactionPostedDate', required: true, meaning: 'the time of the line' },
    { name: 'SettlementId', required: true, meaning: 'the payout id' },
    {
      name: 'AmazonTransactionId',
      required: true,
      meaning: "the transaction id; the refund's id, of a capture a payment id",
    },
    {
      name: 'TransactionType',
      required: true,
      meaning: 'Refund: refund, Capture: payment, Chargeback and A-to-z claims: chargeback, any other: other',
    },
    { name: 'AmazonOrderReferenceId', required: true, meaning: 'a payment id: a capture and its refunds share it' },
    { name: 'CurrencyCode', required: true, meaning: 'the settlement currency' },
    { name: 'TransactionAmount', required: true, meaning: 'the amount, negative for a refund' },
    {
      name: 'TotalTransactionFee',
      required: true,
      meaning: 'the fee, negative where it was charged, positive where it was given back',
    },
    { name: 'NetTransactionAmount', required: true, meaning: 'checked: TransactionAmount plus TotalTransactionFee' },
    { name: 'SellerReferenceId', required: false, meaning: 'a reference' },
    { name: 'SellerOrderId', required: false, meaning: 'a reference' },
  ],
  signs:
    "A refund's TransactionAmount is negative; TotalTransactionFee is negative where it was charged. The title lines " +
    'SettlementStartDate and SettlementEndDate state the period.',
  example:
    'TransactionPostedDate,SettlementId,AmazonTransactionId,TransactionType,AmazonOrderReferenceId,CurrencyCode,TransactionAmount,TotalTransactionFee,NetTransactionAmount\n' +
    '2026-10-31T23:59:59 -0700,7000000001,P01-1234567-7654321-R012345,Refund,P01-1234567-7654321,USD,-25.00,0.29,-24.71',

  identify: (head) => {
    const header =
      headerIndex(head, 'TransactionPostedDate', 'AmazonTransactionId', 'TransactionType', 'TransactionAmount') ??
      headerIndex(head, ...REFUND_REPORT)
    return header === null ? null : { header }
  },

  open: (header, preamble, context, sink) => {
    refuseRefundReport(header, context.fileName)
    const columns = bindColumns(header, context.fileName, 'amazon-pay-settlement')
    const posted = columns.need('TransactionPostedDate')
    const settlement = columns.need('SettlementId')
    const id = columns.need('AmazonTransactionId')
    const word = columns.need('TransactionType')
    const order = columns.need('AmazonOrderReferenceId')
    const currency = columns.need('CurrencyCode')
    const amount = columns.need('TransactionAmount')
    const fee = columns.need('TotalTransactionFee')
    const net = columns.need('NetTransactionAmount')
    const own = [columns.find('SellerReferenceId'), columns.find('SellerOrderId')]
    const references = [...own, ...context.referenceColumns.map((name) => columns.find(name))]
    const timeOf = timeReader(context.businessTimeZone, context.fileTimeZone)
    const period = titlePeriod(preamble, context)
    const derived = derivedIds(context)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, word)
        const code = currencyCode(cells, currency)
        const moved = money(cells, amount, code)
        const { type: known, word: own } = kindOf(kind)
        const isChargeback = known === 'chargeback'
        const type = isChargeback ? chargebackType(moved) : known
        const isDerived = isChargeback || type === 'other'
        const ownId = isDerived ? text(cells, id) : neededText(cells, id)
        const isCapture = type === 'payment' || (isChargeback && CAPTURE.test(ownId))
        const feeMoved = money(cells, fee, code)
        if (moved + feeMoved !== money(cells, net, code)) {
          unreadable(
            `NetTransactionAmount is ${quote(text(cells, net))}, expected ${formatMajor(moved + feeMoved, code)}: TransactionAmount plus TotalTransactionFee`,
          )
        }
        const row = {
          type,
          category: kind,
          refund_id: type === 'refund' ? ownId : null,
          payment_ids: distinct(isCapture ? ownId : '', text(cells, order)),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: amountMoved(type, moved, text(cells, amount)),
          ...fees(type, -feeMoved),
          currency: code,
          ...timeOf(cells, posted),
          presented_amount: null,
          presented_currency: null,
          available_on: null,
          payout_id: textOrNull(cells, settlement),
          line,
        }
        if (!isDerived) return { transaction_id: ownId, ...row }
        // a dispute may bear the id of its capture, a transfer bears none
        const content = [settlement, id, word, order, currency, amount, fee, posted].map((column) =>
          column === word ? own : text(cells, column),
        )
        return { transaction_id: derived(content), ...row }
      },
      transactionId: (cells) => textOrNull(cells, id),
      occurredOn: (cells) => timeOf(cells, posted).occurred_on,
      summary: () => ({ period, totals: [] }),
    })
  },
}

/** Columns by which Amazon Pay's other report is known. */
const REFUND_REPORT = ['AmazonRefundId', 'RefundAmount', 'RefundStatus']

const refuseRefundReport = (header: CsvRecord, file: string): void => {
  if (headerIndex([header], ...REFUND_REPORT) === null) return
  throw new FileFault(
    `${file} is Amazon Pay's refund report: it names a refund once for every status and no fees; expected the settlement report (amazon-pay-settlement), which has what was settled`,
  )
}

/** The period of the title lines; null where they state none. */
const titlePeriod = (
  preamble: readonly CsvRecord[],
  { fileName, businessTimeZone, fileTimeZone }: ReadingContext,
): StatedPeriod | null => {
  const timeNamed = (name: string): Occurred | null => {
    const title = preamble.find(({ cells }) => columnKey(cells[0] ?? '') === columnKey(name))
    if (title === undefined) return null
    const cell = title.cells[1]?.trim() ?? ''
    const time = readTime(cell, businessTimeZone, fileTimeZone)
    if (time !== null) return time
    throw new FileFault(
      `${fileName}, line ${title.line}: ${name} is ${quote(cell)}, expected a date and time such as 2026-10-31T23:59:59 -0700`,
    )
  }
  const from = timeNamed('SettlementStartDate')
  const to = timeNamed('SettlementEndDate')
  if (from === null || to === null) return null
  if (from.occurred_on <= to.occurred_on) return periodOf(from, to)
  throw new FileFault(
    `${fileName}: SettlementStartDate (${from.occurred_on}) is after SettlementEndDate (${to.occurred_on})`,
  )
}
