/** Checkout.com's financial actions (by payout, by date range): one action, a capture or a refund, is several lines. */

import { exactAmount, plainText, rounded } from '../../fields/exact-amount.ts'
import { numberedIds } from '../../fields/numbered-ids.ts'
import { timeReader } from '../../fields/record-time.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import { lineGroups } from '../../read/line-groups.ts'
import {
  amountMoved,
  chargebackType,
  currencyCode,
  derivedIds,
  fits,
  keepable,
  neededText,
  setAside,
  text,
  textOrNull,
  unreadable,
} from '../../read/record-reader.ts'
import type { CanonicalRow, CsvRecord, Format } from '../format.ts'
import { type Action, actionRow, commonOf, FEE, KINDS, type Part, PRINCIPALS, seenOf } from './action.ts'

export const checkoutFinancialActions: Format = {
  name: 'checkout-financial-actions',
  processor: 'CHECKOUT',
  title: 'Checkout.com financial actions (by payout ID, by date range)',
  verified: "the processor's own sample",
  getting: {
    where: 'Dashboard: Reports, Financial actions, or financial-actions-by-payout-id of the Reports API',
    columns: 'no choice',
    often:
      'one file for each payout, or monthly by date range with the days since the last file again: interchange follows days later',
  },
  fees: 'has gateway, scheme and interchange fees of each refund, charged or given back',
  refundIdPattern: '^act_[A-Za-z0-9]+$',
  paymentIdPatterns: ['^pay_[A-Za-z0-9]+$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'checkout-financial-actions',
  delimiters: [',', ';', '\t'],
  columns: [
    {
      name: 'Action Type',
      required: true,
      meaning:
        'Capture, Partial Capture: payment; Refund, Partial Refund: refund; Clearing Failed: reversal where the money ' +
        'comes back; Chargeback: chargeback, or its reversal where money comes in; any other: other',
    },
    {
      name: 'Action ID',
      required: true,
      meaning: 'the transaction id, and the refund id; all lines of one action and day become one row',
    },
    { name: 'Payment ID', required: true, meaning: 'a payment id' },
    {
      name: 'Breakdown Type',
      required: true,
      meaning:
        'Refund, Capture, ...: the amount; those with Fee, Interchange or Tax: fees; any other: a row of its own',
    },
    { name: 'Processed On', required: true, meaning: "the time of the line, in the processor's time_zone" },
    { name: 'Processed On UTC', required: false, meaning: 'the same in UTC, read where it is there' },
    { name: 'Holding Currency', required: true, meaning: 'the settlement currency' },
    {
      name: 'Holding Currency Amount',
      required: true,
      meaning: 'the amount, negative where money goes out; up to 8 decimals, added up exactly and rounded once',
    },
    { name: 'Processing Currency', required: false, meaning: 'the currency of Processing Currency Amount' },
    { name: 'Processing Currency Amount', required: false, meaning: 'what the customer saw' },
    { name: 'Reference', required: false, meaning: 'a reference' },
    { name: 'Payout ID', required: false, meaning: 'the payout id' },
  ],
  signs:
    'Money that goes out is negative: a refund, and a fee that was charged. A positive fee line was given back. ' +
    'Fees of an action that are processed on a later day than its amount are a row of their own, with amount 0.',
  example:
    'Action Type,Action ID,Payment ID,Processed On,Holding Currency,Payout ID,Reference,Breakdown Type,Holding Currency Amount\n' +
    'Refund,act_1,pay_1,2026-10-31 23:59:59,GBP,00000000CFJU,1001,Refund,-25\n' +
    'Refund,act_1,pay_1,2026-10-31 23:59:59,GBP,00000000CFJU,1001,Gateway Fixed Fee,-0.15',

  identify: (head) => {
    const header = headerIndex(
      head,
      'Action Type',
      'Action ID',
      'Payment ID',
      'Breakdown Type',
      'Holding Currency',
      'Holding Currency Amount',
      ['Processed On', 'Processed On UTC'],
    )
    return header === null ? null : { header }
  },

  open: (header, _preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'checkout-financial-actions')
    const actionType = columns.need('Action Type')
    const action = columns.need('Action ID')
    const payment = columns.need('Payment ID')
    const breakdown = columns.need('Breakdown Type')
    const processedUtc = columns.find('Processed On UTC')
    const processed = processedUtc ?? columns.need('Processed On')
    const currency = columns.need('Holding Currency')
    const amount = columns.need('Holding Currency Amount')
    const seen = columns.find('Processing Currency Amount')
    const seenIn = columns.find('Processing Currency')
    const reference = columns.find('Reference')
    const payout = columns.find('Payout ID')
    const references = context.referenceColumns.flatMap((name) => columns.find(name) ?? [])
    const timeOf = timeReader(context.businessTimeZone, processedUtc ? 'UTC' : context.fileTimeZone)
    const derived = derivedIds(context)

    const partOf = (cells: readonly string[], isPrincipal: boolean): Part => ({
      isPrincipal,
      amount: exactAmount(cells, amount),
      currency: currencyCode(cells, currency),
      seen:
        !isPrincipal || seen === null || seenIn === null || text(cells, seen) === '' || text(cells, seenIn) === ''
          ? null
          : { amount: exactAmount(cells, seen), currency: currencyCode(cells, seenIn) },
      occurred: timeOf(cells, processed),
      payment: text(cells, payment),
      references: [reference, ...references].map((column) => text(cells, column)),
      payout: textOrNull(cells, payout),
    })

    /** A line that stands for itself: of a dispute its money, of any other action whatever it moved. */
    const lineRow = (cells: readonly string[], line: number): CanonicalRow => {
      const part = partOf(cells, true)
      const moved = rounded(part.amount, part.currency)
      const isDispute =
        text(cells, actionType).toLowerCase() === CHARGEBACK &&
        text(cells, breakdown).toLowerCase().startsWith(CHARGEBACK)
      const type = isDispute ? chargebackType(moved) : 'other'
      const amount = amountMoved(type, moved, plainText(part.amount))
      const words = [actionType, action, payment, breakdown].map((column) => text(cells, column))
      const content = [...words, text(cells, processed), part.currency, plainText(part.amount)]
      return {
        ...commonOf([part]),
        transaction_id: derived(content),
        type,
        category: categoryOf(text(cells, actionType), text(cells, breakdown)),
        refund_id: null,
        amount,
        ...seenOf({ type, amount }, [part]),
        refund_fee: 0n,
        returned_fee: 0n,
        line,
      }
    }

    const known = {
      transactionId: (cells: readonly string[]) => textOrNull(cells, action),
      occurredOn: (cells: readonly string[]) => timeOf(cells, processed).occurred_on,
    }
    const lineId = numberedIds()
    const groups = lineGroups<Part & { action: Action }>(columns, sink, known, (parts, line) => {
      const [first] = parts
      if (first === undefined) return unreadable('the action has no lines')
      return { ...actionRow(first.action, parts, lineId), line }
    })
    // captures are most of a file: one is given out as soon as its lines end, so that memory holds refunds only
    let openCapture: string | null = null

    const record = (found: CsvRecord): void => {
      const { cells, line } = found
      const word = text(cells, actionType)
      const id = text(cells, action)
      const kind = KINDS.get(word.toLowerCase())
      const part = text(cells, breakdown)
      // what follows on a later day may be in a later file alone: it must be the same row there
      const key = `${id}\n${word.toLowerCase()}\n${text(cells, processed).slice(0, DAY_CHARACTERS)}`
      if (openCapture !== null && openCapture !== key) {
        groups.close(openCapture)
        openCapture = null
      }
      // a line whose breakdown is empty or cut off may be any part of its action: the action waits with it
      const isPrincipal = kind !== undefined && PRINCIPALS[kind].includes(part.toLowerCase())
      if (kind !== undefined && id !== '' && (isPrincipal || part === '' || FEE.test(part))) {
        groups.add(key, found, () => {
          fits(columns, found)
          neededText(cells, breakdown)
          return { ...partOf(cells, isPrincipal), action: { kind, word, id } }
        })
        if (kind === 'payment') openCapture = key
        return
      }
      try {
        fits(columns, found)
        neededText(cells, actionType)
        if (kind !== undefined) neededText(cells, action)
        sink.row(keepable(lineRow(cells, line)))
      } catch (problem) {
        sink.unreadable(setAside(columns, found, problem, known))
      }
    }
    return {
      record,
      end: () => {
        if (openCapture !== null) groups.close(openCapture)
        groups.closeAll()
        return { period: null, totals: [] }
      },
    }
  },
}

/** The action type of a dispute, and how the breakdown of its money begins. */
const CHARGEBACK = 'chargeback'
/** Of a time, those that say its day. */
const DAY_CHARACTERS = 10

const categoryOf = (action: string, breakdown: string): string =>
  breakdown === '' || breakdown.toLowerCase() === action.toLowerCase() ? action : `${action}: ${breakdown}`
