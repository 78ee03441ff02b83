/** Amazon's settlement report as a flat file, V2, and V1 which differs in its amount columns. One refund is several lines. */

import { FileFault } from '../../../core/errors.ts'
import { formatMajor } from '../../../core/money.ts'
import { amountReader } from '../../fields/amount-reader.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import { detached, lineGroups } from '../../read/line-groups.ts'
import { quote } from '../../read/quote.ts'
import {
  amountMoved,
  chargebackType,
  derivedIds,
  distinct,
  fits,
  isReversal,
  UnreadableRecord,
  unreadable,
} from '../../read/record-reader.ts'
import type { CanonicalRow, CsvRecord, Format, RowType } from '../format.ts'
import { amazonAmounts, amazonSums } from './amounts.ts'
import { type AmazonLine, amazonKind, amazonLines } from './line.ts'
import { amazonSummaries } from './summary.ts'

export const amazonSettlementV2: Format = {
  name: 'amazon-settlement-v2',
  processor: 'AMAZON',
  title: 'Amazon settlement report, flat file V2 (V1 too)',
  verified: "the processor's documentation",
  getting: {
    where:
      'Seller Central: Reports, Payments, All statements, Download flat file V2, or GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2 of the SP-API',
    columns: 'no choice',
    often: 'one file for each settlement, every 14 days or as set',
  },
  fees: 'has commission given back and the refund commission that Amazon keeps, of each refund; lacks advertising and storage, which are lines of their own (other)',
  refundIdPattern: '^amzn1:crow:\\S+$',
  paymentIdPatterns: ['^[0-9]{3}-[0-9]{7}-[0-9]{7}$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'amazon-settlement-v2',
  delimiters: ['\t', ',', ';'],
  columns: [
    { name: 'settlement-id', required: true, meaning: 'the payout id' },
    {
      name: 'transaction-type',
      required: true,
      meaning:
        'Refund: refund, Order: payment, Chargeback Refund and A-to-z Guarantee Refund: chargeback (with money in its ' +
        'reversal), any other: other',
    },
    { name: 'adjustment-id', required: true, meaning: "the refund's id: its lines, or a chargeback's, become one row" },
    { name: 'order-id', required: true, meaning: 'a payment id; the lines of an order and shipment become one row' },
    { name: 'amount-type', required: true, meaning: 'ItemFees (or another fee): a fee, any other: part of the amount' },
    { name: 'amount', required: true, meaning: 'negative for a refund; in V1 a column for each kind: price-amount...' },
    {
      name: 'posted-date',
      required: true,
      meaning: 'the date or time of the line: read where posted-date-time is empty or missing',
    },
    { name: 'posted-date-time', required: false, meaning: 'the time of the line' },
    { name: 'total-amount', required: true, meaning: 'of the summary line: checked' },
    { name: 'currency', required: true, meaning: 'of the summary line: the settlement currency' },
    { name: 'settlement-start-date', required: false, meaning: 'of the summary line: the period' },
    { name: 'settlement-end-date', required: false, meaning: 'of the summary line: the period' },
    { name: 'deposit-date', required: false, meaning: 'of the summary line: when the money is available' },
    { name: 'order-item-code', required: false, meaning: 'a payment id' },
    { name: 'shipment-id', required: false, meaning: 'tells the shipments of an order' },
    { name: 'merchant-order-id', required: false, meaning: 'a reference' },
    { name: 'merchant-order-item-id', required: false, meaning: 'a reference' },
    { name: 'merchant-adjustment-item-id', required: false, meaning: 'a reference' },
  ],
  signs:
    "A refund's amounts are negative; of its fee lines those that are positive (Commission) were given back, those that " +
    'are negative (RefundCommission) were charged for the refund.',
  example: [
    'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id adjustment-id amount-type amount-description amount posted-date-time posted-date',
    '12345678901 2026-10-18T00:00:00+00:00 2026-11-01T00:00:00+00:00 2026-11-03T00:00:00+00:00 -22.30 USD        ',
    '12345678901      Refund 111-1234567-1234567 amzn1:crow:a1 ItemPrice Principal -25.00 2026-10-31T23:59:59+00:00 2026-10-31',
    '12345678901      Refund 111-1234567-1234567 amzn1:crow:a1 ItemFees Commission 3.75 2026-10-31T23:59:59+00:00 2026-10-31',
    '12345678901      Refund 111-1234567-1234567 amzn1:crow:a1 ItemFees RefundCommission -1.05 2026-10-31T23:59:59+00:00 2026-10-31',
  ]
    .join('\n')
    .replaceAll(' ', '\t'),

  identify: (head) => {
    const header = headerIndex(
      head,
      'settlement-id',
      'total-amount',
      'transaction-type',
      'order-id',
      'adjustment-id',
      ['amount-type', 'price-type'],
      ['amount', 'price-amount'],
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'amazon-settlement-v2')
    const money = amountReader(context.fileName, { groups: true })
    const summaries = amazonSummaries(columns, context, money)
    const lines = amazonLines(columns, context, summaries, amazonAmounts(columns, money))
    const derived = derivedIds(context)
    /** orders with refund lines that have an adjustment-id, and with such that have none */
    const adjusted = new Set<string>()
    const unadjusted = new Set<string>()

    const refuseMixed = ({ kind, settlement, order }: AmazonLine): void => {
      const key = orderKey(settlement, order)
      if (kind !== 'Refund' || !adjusted.has(key) || !unadjusted.has(key)) return
      unreadable(
        `order ${quote(order)} has refund lines with an adjustment-id and without: expected it on all, it holds the lines of a refund together`,
      )
    }
    const rowOf = (group: readonly AmazonLine[], line: number): CanonicalRow => {
      const [first] = group
      if (first === undefined) return unreadable('the group has no line')
      refuseMixed(first)
      if (group.some(({ currency }) => currency !== first.currency)) unreadable('its lines have different currencies')
      const known = amazonKind(first.kind).type
      const { paid, refund_fee, returned_fee } = amazonSums(group)
      const type = known === 'chargeback' ? chargebackType(paid) : known
      const isOther = type === 'other'
      const amount = isOther ? paid + returned_fee - refund_fee : paid
      const row = {
        type,
        category: first.kind,
        refund_id: type === 'refund' ? first.adjustment || null : null,
        payment_ids: distinct(...group.flatMap(lines.paymentIds)),
        reference_ids: distinct(...group.flatMap(lines.referenceIds)),
        amount: amountMoved(type, amount, formatMajor(amount, first.currency)),
        ...(isOther ? { refund_fee: 0n, returned_fee: 0n } : feesOf(type, refund_fee, returned_fee)),
        currency: first.currency,
        ...first.occurred,
        presented_amount: null,
        presented_currency: null,
        available_on: first.deposited,
        payout_id: first.settlement,
        line,
      }
      return { transaction_id: idOf(type, first, amount), ...row }
    }
    /** an adjustment may go on in the next settlement: its row there is another one */
    const idOf = (type: RowType, first: AmazonLine, amount: bigint): string => {
      const { settlement, adjustment, kind, order, shipment } = first
      if (type === 'refund' && adjustment !== '') return `${settlement}:${adjustment}`
      if (type === 'payment') return derived([settlement, kind, order, shipment])
      return derived([settlement, kind, ...lines.content(first), String(amount)])
    }

    const groups = lineGroups(columns, sink, lines, rowOf)
    /** the order at hand: its lines stand together, while those of a refund may lie apart */
    let openOrder = ''

    const read = (found: CsvRecord): void => {
      const shared = lines.groupKey(found.cells)
      const key = shared ?? `line ${found.line}`
      const isOrder = shared !== null && lines.kindOf(found.cells) === 'Order'
      if (openOrder !== key) groups.close(openOrder)
      groups.add(key, shared === null || isOrder ? found : detached(found), (record) => {
        const line = lines.read(record)
        if (line.kind === 'Refund')
          (line.adjustment === '' ? unadjusted : adjusted).add(orderKey(line.settlement, line.order))
        return line
      })
      if (shared === null) groups.close(key)
      openOrder = isOrder ? key : ''
    }

    return {
      record: (record) => {
        // a summary line may leave out the empty cells at its end
        const mayBeSummary = record.cells.length < columns.width
        if (mayBeSummary && summaries.take(record)) return
        refuseWrongLength(() => fits(columns, record), record, context.fileName)
        if (!summaries.take(record)) read(record)
      },
      end: () => {
        groups.closeAll()
        return summaries.summary()
      },
    }
  },
}

/** On a reversal a cost is a returned fee that is taken back, and a fee given back undoes the refund fee. */
const feesOf = (type: RowType, charged: bigint, back: bigint): Pick<CanonicalRow, 'refund_fee' | 'returned_fee'> =>
  isReversal(type) ? { refund_fee: -back, returned_fee: -charged } : { refund_fee: charged, returned_fee: back }

const orderKey = (settlement: string, order: string): string => `${settlement}\t${order}`

/** A line too short or long may be of any refund, which would then be read without it. */
const refuseWrongLength = (check: () => unknown, { line }: CsvRecord, file: string): void => {
  try {
    check()
  } catch (problem) {
    if (!(problem instanceof UnreadableRecord)) throw problem
    throw new FileFault(
      `${file}, line ${line}: ${problem.message}; it may belong to any refund of this report, so that none can be read: get the file again`,
    )
  }
}
