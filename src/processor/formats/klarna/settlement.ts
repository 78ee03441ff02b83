/** Klarna's settlement report (and Kustom's, of the same layout): from the Merchant Portal, the API or by SFTP. */

import { FileFault } from '../../../core/errors.ts'
import { amountReader } from '../../fields/amount-reader.ts'
import { timeReader } from '../../fields/record-time.ts'
import { bindColumns, columnKey, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import {
  currencyCode,
  derivedIds,
  distinct,
  lineReader,
  neededText,
  text,
  typeMoved,
  unreadable,
} from '../../read/record-reader.ts'
import type { CsvRecord, Format, RowType } from '../format.ts'
import { readKlarnaSummary } from './summary.ts'

/** Types that are deducted from the payout; CORRECTION goes either way, all others are added. */
const DEDUCTED: ReadonlySet<string> = new Set(['RETURN', 'REVERSAL', 'FEE', 'HOLDBACK', 'CHARGE'])

/**
 * A RETURN is a refund that the merchant made, unless its detailed type says otherwise (PAYMENT_DEFAULT: the customer
 * did not pay, so that the payment is taken back). A REVERSAL is a dispute; REVERSAL_MERCHANT_PROTECTION gives its money
 * again. FEE_REFUND, a fee charged by mistake, is other.
 */
const typeOf = (type: string, detail: string): RowType => {
  if (type === 'SALE') return 'payment'
  if (type === 'REVERSAL') return 'chargeback'
  if (type === 'REVERSAL_MERCHANT_PROTECTION') return 'chargeback_reversal'
  if (type !== 'RETURN') return 'other'
  if (detail === 'PAYMENT_DEFAULT') return 'chargeback'
  return detail === '' || detail === 'PURCHASE_RETURN' ? 'refund' : 'other'
}

export const klarnaSettlement: Format = {
  name: 'klarna-settlement',
  processor: 'KLARNA',
  title: 'Klarna settlement report (CSV with transactions)',
  verified: "the processor's documentation",
  getting: {
    where:
      'Merchant Portal: Settlements, Download CSV with transactions, or by SFTP, or GET /settlements/v1/reports/payout-with-transactions (CSV)',
    columns: 'switch refund_id and detailed_type on in the Report Configurator',
    often: 'one file for each payout',
  },
  fees: "lacks those of a refund: Klarna's fees are lines of their own (other), or invoiced",
  // a refund_id is a UUID, but so is an order_id: no veto by shape
  refundIdPattern: null,
  paymentIdPatterns: [],
  hasRefundFees: false,
  hasReturnedFees: false,
  idFamily: 'klarna-settlement',
  delimiters: [';', ',', '\t'],
  columns: [
    {
      name: 'type',
      required: true,
      meaning:
        'RETURN: refund (with the detailed_type PAYMENT_DEFAULT chargeback, with any other but PURCHASE_RETURN other), ' +
        'SALE: payment, REVERSAL: chargeback, REVERSAL_MERCHANT_PROTECTION: its reversal, any other: other',
    },
    { name: 'capture_date', required: true, meaning: 'the time of the line, in UTC' },
    { name: 'order_id', required: true, meaning: 'a payment id: an order and its returns share it' },
    { name: 'amount', required: true, meaning: 'the amount, with or without a minus where it is deducted' },
    { name: 'posting_currency', required: true, meaning: 'the settlement currency' },
    {
      name: 'refund_id',
      required: false,
      meaning: "the refund's id; not in SFTP files unless switched on in Klarna's Report Configurator: do so",
    },
    { name: 'detailed_type', required: false, meaning: 'tells returns of the merchant from those of Klarna' },
    { name: 'capture_id', required: false, meaning: 'of a sale a payment id' },
    { name: 'short_order_id', required: false, meaning: 'a reference' },
    { name: 'merchant_reference1', required: false, meaning: 'a reference' },
    { name: 'merchant_reference2', required: false, meaning: 'a reference' },
    { name: 'merchant_capture_reference', required: false, meaning: 'a reference' },
    { name: 'merchant_refund_reference', required: false, meaning: 'a reference' },
    { name: 'payment_reference', required: false, meaning: 'of the summary: the payout id' },
    { name: 'payout_date', required: false, meaning: 'of the summary: when the money is available' },
    { name: 'total_return_amount', required: false, meaning: 'of the summary, like its other totals: checked' },
  ],
  signs:
    'The type says which way the money goes. Klarna prints deductions without a minus, or with one where the Report ' +
    'Configurator says so: a file must do the same throughout. Fees are lines of type other, no part of a refund.',
  example:
    'total_sale_amount;total_return_amount;settlement_currency;payment_reference;payout_date\n' +
    '0.00;25.00;EUR;PAY1;2026-11-02T07:45:00Z\n' +
    'type;capture_date;sale_date;order_id;short_order_id;capture_id;merchant_reference1;merchant_reference2;amount;posting_currency;refund_id\n' +
    'RETURN;2026-10-31T23:59:59Z;2026-10-01T12:00:00Z;c504a9bb-1948-46d5-8e93-1cc4e24f4a99;9875QW2;;1001;;25.00;EUR;8e93b66a-6ab1-4d3d-b60d-1cc4e24f4a99',

  identify: (head) => {
    const header = headerIndex(head, 'type', 'capture_date', 'order_id', 'amount', 'posting_currency')
    return header === null ? null : { header }
  },

  open: (header, preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'klarna-settlement')
    const word = columns.need('type')
    const captured = columns.need('capture_date')
    const order = columns.need('order_id')
    const amount = columns.need('amount')
    const currency = columns.need('posting_currency')
    const refund = columns.find('refund_id')
    const detail = columns.find('detailed_type')
    const capture = columns.find('capture_id')
    const own = ['short_order_id', 'merchant_reference1', 'merchant_reference2']
    const ofParts = ['merchant_capture_reference', 'merchant_refund_reference']
    const references = [...own, ...ofParts, ...context.referenceColumns].map((name) => columns.find(name))
    const timeOf = timeReader(context.businessTimeZone, context.fileTimeZone)
    const money = amountReader(context.fileName, { groups: true })
    const summary = readKlarnaSummary(preamble, context, money)
    const derived = derivedIds(context)
    const sums = new Map<string, bigint>()
    let deductions: { minus: boolean; line: number } | null = null

    /** what a line moves on the balance, whether or not the file prints a minus */
    const movedBy = (type: string, said: bigint, cell: string, line: number): bigint => {
      if (!DEDUCTED.has(type) || said === 0n) return said
      deductions ??= { minus: said < 0n, line }
      if (deductions.minus !== said < 0n) {
        unreadable(
          `the amount of this ${type} is ${quote(cell)}, expected it ${deductions.minus ? 'with' : 'without'} a minus as in line ${deductions.line}`,
        )
      }
      return deductions.minus ? said : -said
    }

    const sumOf = (types: readonly string[]): bigint => types.reduce((sum, type) => sum + (sums.get(type) ?? 0n), 0n)

    const reader = lineReader(columns, sink, {
      row: (cells, line) => {
        const kind = neededText(cells, word).toUpperCase()
        const detailed = text(cells, detail).toUpperCase()
        const known = typeOf(kind, detailed)
        const code = currencyCode(cells, currency)
        const isCompared = known === 'refund' || known === 'payment'
        const orderId = isCompared ? neededText(cells, order) : text(cells, order)
        const moved = movedBy(kind, money(cells, amount, code, line), text(cells, amount), line)
        const type = typeMoved(known, moved)
        const refundId = type === 'refund' ? text(cells, refund) : ''
        const row = {
          type,
          category: detailed === '' ? kind : `${kind} ${detailed}`,
          refund_id: refundId || null,
          payment_ids: distinct(orderId, type === 'payment' ? text(cells, capture) : ''),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: type === 'payment' || type === 'other' ? moved : -moved,
          refund_fee: 0n,
          returned_fee: 0n,
          currency: code,
          ...timeOf(cells, captured),
          presented_amount: null,
          presented_currency: null,
          available_on: summary.paid_out?.occurred_on ?? null,
          payout_id: summary.payout_id,
          line,
        }
        // without the columns that a report may be set to leave out: the id of a line must not depend on the settings
        const transaction_id = derived([kind, row.occurred_at ?? row.occurred_on, orderId, String(moved), code])
        if (code === summary.currency) sums.set(kind, (sums.get(kind) ?? 0n) + (DEDUCTED.has(kind) ? -moved : moved))
        return { transaction_id, ...row }
      },
      occurredOn: (cells) => timeOf(cells, captured).occurred_on,
      summary: () => ({ period: null, totals: summary.totals(sumOf) }),
    })
    return {
      ...reader,
      record: (record) => {
        refuseSecondReport(record, context.fileName)
        reader.record(record)
      },
    }
  },
}

/** Reports of several payouts put together: their totals and payout ids would be mixed up. */
const refuseSecondReport = ({ cells, line }: CsvRecord, file: string): void => {
  const first = columnKey(cells[0] ?? '')
  if (first !== 'type' && !first.startsWith('total_') && first !== 'payment_reference') return
  throw new FileFault(
    `${file}, line ${line}: another summary or header begins here, expected one settlement in a file: split the file before it`,
  )
}
