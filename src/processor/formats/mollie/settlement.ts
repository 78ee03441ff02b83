/** Mollie's settlement report, as exported from the Dashboard. It names no fees and no payment of a refund. */

import { NOT_PRESENTED, presented } from '../../fields/presented.ts'
import { timeReader } from '../../fields/record-time.ts'
import { bindColumns, columnKey, headerIndex } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import {
  amountMoved,
  chargebackType,
  currencyCode,
  derivedIds,
  distinct,
  lineReader,
  money,
  neededText,
  text,
  textOrNull,
  unreadable,
} from '../../read/record-reader.ts'
import type { Format, RowType } from '../format.ts'

/** Words of 'Payment method' for a refund; money that comes back under one of them is a refund that was returned. */
const REFUND_WORDS: ReadonlySet<string> = new Set(['refund', 'returned refund', 'returned_refund'])
/** Words for a payment that is taken back, or given again where the money comes in. */
const CHARGEBACK_WORDS: ReadonlySet<string> = new Set(['chargeback', 'chargeback reversal', 'chargeback_reversal'])
/** Every other word is a method of paying, a fee or a dispute: the id tells payments (and captures) from the rest. */
const PAYMENT_ID = /^(?:tr|cpt)_/
/** A refund in one of these states moved no money for good, whatever the line says. */
const FAILED_STATES: ReadonlySet<string> = new Set(['failed', 'canceled', 'cancelled', 'expired'])

const typeOf = (method: string, id: string, settled: bigint): RowType => {
  if (REFUND_WORDS.has(method)) return settled > 0n ? 'refund_reversal' : 'refund'
  if (CHARGEBACK_WORDS.has(method)) return chargebackType(settled)
  return PAYMENT_ID.test(id) ? 'payment' : 'other'
}

export const mollieSettlement: Format = {
  name: 'mollie-settlement',
  processor: 'MOLLIE',
  title: 'Mollie settlement report (Dashboard export)',
  verified: 'third-party importers',
  getting: {
    where: 'Dashboard: Balances, Settlements, a settlement, Export, CSV',
    columns: 'no choice',
    often: 'one file for each settlement',
  },
  fees: 'lacks those of a refund: fees are withheld in one line for each invoice (other)',
  refundIdPattern: '^re_[A-Za-z0-9]+$',
  paymentIdPatterns: ['^tr_[A-Za-z0-9]+$'],
  hasRefundFees: false,
  hasReturnedFees: false,
  idFamily: 'mollie-settlement',
  delimiters: [',', ';', '\t'],
  columns: [
    { name: 'Date', required: true, meaning: "the time of the line, in the processor's time_zone" },
    {
      name: 'Payment method',
      required: true,
      meaning:
        'refund: refund, or reversal where the money comes back; chargeback: chargeback, or its reversal likewise; any ' +
        'other: payment by its ID, else other',
    },
    { name: 'ID', required: true, meaning: "the transaction id; a refund's id (re_), a payment id (tr_, cpt_)" },
    { name: 'Currency', required: true, meaning: 'the currency of Amount' },
    { name: 'Amount', required: true, meaning: 'as the customer saw it' },
    { name: 'Settlement currency', required: true, meaning: 'the settlement currency' },
    { name: 'Settlement amount', required: true, meaning: 'the amount, negative for a refund' },
    { name: 'Settlement reference', required: true, meaning: 'the payout id' },
    { name: 'Status', required: false, meaning: 'a refund that failed or was canceled is quarantined' },
    {
      name: 'Amount refunded',
      required: false,
      meaning: 'not read: on a payment a running total, no refund',
    },
  ],
  signs:
    "A refund's Settlement amount is negative, that of a returned refund positive. Fees are withheld as one line per " +
    'invoice, of type other: no refund has a fee of its own.',
  example:
    'Date,Payment method,Currency,Amount,Status,ID,Settlement currency,Settlement amount,Settlement reference\n' +
    '2026-10-31 23:59:59,refund,EUR,-25.00,refunded,re_4qqhO89gsT,EUR,-25.00,1234567.2610.01',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Payment method',
      'ID',
      'Settlement currency',
      'Settlement amount',
      'Settlement reference',
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'mollie-settlement')
    const date = columns.need('Date')
    const word = columns.need('Payment method')
    const id = columns.need('ID')
    const currency = columns.need('Currency')
    const amount = columns.need('Amount')
    const settledIn = columns.need('Settlement currency')
    const settledAmount = columns.need('Settlement amount')
    const settlement = columns.need('Settlement reference')
    const status = columns.find('Status')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
    // not bound: of a payment it may name the customer, and what is bound is shown of quarantined lines
    const description = header.cells.findIndex((name) => columnKey(name) === 'description')
    const timeOf = timeReader(context.businessTimeZone, context.fileTimeZone)
    const derived = derivedIds(context)

    /** a line without a method says what it is in words and an invoice number: 'Withheld transaction fees MOL-1' */
    const wordsOf = (cells: readonly string[]): string =>
      (cells[description] ?? '')
        .replace(/\S*\d\S*/g, '')
        .trim()
        .replace(/\s+/g, ' ') || 'no payment method'

    const contentOf = (cells: readonly string[], settled: bigint): string[] => [
      ...[date, word, settledIn, settlement].map((column) => text(cells, column)),
      wordsOf(cells),
      String(settled),
    ]

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const said = text(cells, word)
        const method = said.toLowerCase()
        const isRefund = REFUND_WORDS.has(method)
        const ownId = isRefund ? neededText(cells, id) : text(cells, id)
        const code = currencyCode(cells, settledIn)
        const settled = money(cells, settledAmount, code)
        const type = typeOf(method, ownId, settled)
        const shown =
          isRefund || text(cells, amount) !== '' ? money(cells, amount, currencyCode(cells, currency)) : null
        if (shown !== null) {
          if (isRefund ? sign(shown) !== sign(settled) : sign(shown) * sign(settled) < 0) {
            unreadable(
              `Amount is ${quote(text(cells, amount))} and Settlement amount ${quote(text(cells, settledAmount))}: expected the same sign`,
            )
          }
        }
        const state = text(cells, status).toLowerCase()
        if (type === 'refund' && FAILED_STATES.has(state)) {
          unreadable(
            `Status is ${quoteWord(state)}, expected a refund that was paid out: see at Mollie whether the money left, and whether it came back`,
          )
        }
        const rowAmount = amountMoved(type, settled, text(cells, settledAmount))
        const row = {
          type,
          category: said || (ownId === '' ? wordsOf(cells) : ownId.replace(/_.*/, '')),
          refund_id: isRefund ? ownId : null,
          payment_ids: distinct(type === 'payment' ? ownId : ''),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: rowAmount,
          refund_fee: 0n,
          returned_fee: 0n,
          currency: code,
          ...(shown === null || type === 'other'
            ? NOT_PRESENTED
            : presented({ type, amount: rowAmount }, shown, currencyCode(cells, currency))),
          ...timeOf(cells, date),
          available_on: null,
          payout_id: textOrNull(cells, settlement),
          line,
        }
        // last: a quarantined line must not count among the identical ones
        const transaction_id =
          ownId === '' ? derived(contentOf(cells, settled)) : lineIdOf(type, method, ownId, settled)
        return { transaction_id, ...row }
      },
      transactionId: (cells) => textOrNull(cells, id),
      occurredOn: (cells) => timeOf(cells, date).occurred_on,
    })
  },
}

/** One id stands for a refund and for its return, for a payment and for its failure, for a dispute and its end. */
const lineIdOf = (type: RowType, method: string, id: string, settled: bigint): string => {
  if (type === 'other' || CHARGEBACK_WORDS.has(method)) return `${id}:${method}${settled > 0n ? ':returned' : ''}`
  return type === 'refund_reversal' || (type === 'payment' && settled < 0n) ? `${id}:returned` : id
}

const sign = (amount: bigint): number => (amount > 0n ? 1 : amount < 0n ? -1 : 0)
