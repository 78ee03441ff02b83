/** dLocal's cross-border settlement report (since 2026): a line of names and one of totals, then the header and the lines. */

import { FileFault } from '../../../core/errors.ts'
import { addScaled } from '../../../core/money.ts'
import { bareRow } from '../../fields/bare-row.ts'
import {
  agree,
  exactAmount,
  exactOrZero,
  NOTHING,
  plainText,
  rounded,
  roundedAmount,
} from '../../fields/exact-amount.ts'
import { lineKinds } from '../../fields/line-kinds.ts'
import { presentedReader } from '../../fields/presented.ts'
import { dayReader, timeReader } from '../../fields/record-time.ts'
import { bindColumns, headerIndex } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import {
  amountMoved,
  currencyCode,
  distinct,
  fees,
  lineReader,
  neededText,
  text,
  textOrNull,
  typeMoved,
  UnreadableRecord,
  unreadable,
} from '../../read/record-reader.ts'
import type { CsvRecord, Format, RowType } from '../format.ts'
import { statedTotal } from '../stated-total.ts'

/** What a ROW_TYPE is; every other is 'other': ADJUSTMENT, SETTLEMENT_FEE. */
const kindOf = lineKinds<RowType>({
  PAYMENT: 'payment',
  TRANSACTION: 'payment',
  REFUND: 'refund',
  CHARGEBACK: 'chargeback',
})

export const dlocalSettlement: Format = {
  name: 'dlocal-settlement',
  processor: 'DLOCAL',
  title: 'dLocal cross-border settlement report (2026)',
  verified: 'real file',
  getting: {
    where: 'Merchant dashboard: Reports, Settlements, or by SFTP: ..._Settlement_Reports_DATE.csv',
    columns: 'no choice',
    often: 'one file for each transfer',
  },
  fees: 'has the fee of a refund in FEE_AMOUNT; lacks the fee of the transfer, a line of its own (other)',
  refundIdPattern: '^REF-\\S+$',
  paymentIdPatterns: ['^[A-Z]-\\S+$'],
  hasRefundFees: true,
  hasReturnedFees: true,
  idFamily: 'dlocal-settlement',
  delimiters: [',', ';'],
  columns: [
    {
      name: 'ROW_TYPE',
      required: true,
      meaning:
        'REFUND: refund; PAYMENT, TRANSACTION: payment; CHARGEBACK: chargeback, or its reversal where money comes in; any ' +
        'other: other',
    },
    {
      name: 'DLOCAL_TRANSACTION_ID',
      required: true,
      meaning: "the transaction id; a refund's id (REF-), else a payment id",
    },
    { name: 'TRANSACTION_ID', required: true, meaning: 'a reference: the id that the merchant gave' },
    { name: 'CREATION_DATE', required: true, meaning: 'the time of the line, where it has no APPROVED_DATE' },
    { name: 'APPROVED_DATE', required: false, meaning: "the time of the line, in the processor's time_zone" },
    { name: 'GROSS_AMOUNT', required: true, meaning: 'the amount, with six decimals, negative for a refund' },
    { name: 'FEE_AMOUNT', required: true, meaning: 'the fee, negative where it was charged' },
    { name: 'NET_AMOUNT', required: true, meaning: 'checked: GROSS_AMOUNT and FEE_AMOUNT together' },
    { name: 'LOCAL_AMOUNT', required: false, meaning: 'what the customer saw' },
    { name: 'LOCAL_CURRENCY', required: false, meaning: 'the currency of LOCAL_AMOUNT' },
    { name: 'SETTLEMENT_CURRENCY', required: false, meaning: 'of the HEADER line: the settlement currency' },
    { name: 'NET_TOTAL_AMOUNT', required: false, meaning: 'of the HEADER line, like its other totals: checked' },
    { name: 'TRANSFER_ID', required: false, meaning: 'of the HEADER line: the payout id' },
    { name: 'TRANSFER_DATE', required: false, meaning: 'of the HEADER line: when the money is available' },
  ],
  signs:
    "A refund's amounts are negative; FEE_AMOUNT is negative where it was charged: net = gross + fee. Amounts are rounded " +
    'to the cent line by line, the totals of the HEADER line are held against the exact sums.',
  example:
    'ROW_TYPE,TRANSFER_ID,TRANSFER_DATE,SETTLEMENT_CURRENCY,GROSS_TOTAL_AMOUNT,FEE_TOTAL_AMOUNT,NET_TOTAL_AMOUNT\n' +
    'HEADER,TR-1,2026-11-02,USD,-25.004000,-0.500000,-25.504000\n' +
    'ROW_TYPE,CREATION_DATE,APPROVED_DATE,TRANSACTION_ID,DLOCAL_TRANSACTION_ID,LOCAL_AMOUNT,LOCAL_CURRENCY,FX_RATE,GROSS_AMOUNT,FEE_AMOUNT,NET_AMOUNT\n' +
    'REFUND,2026-10-30 10:00:00,2026-10-31 23:59:59,1001,REF-1,-125.00,BRL,5,-25.004000,-0.500000,-25.504000',

  identify: (head) => {
    const header = headerIndex(head, 'ROW_TYPE', 'DLOCAL_TRANSACTION_ID', 'GROSS_AMOUNT', 'FEE_AMOUNT', 'NET_AMOUNT')
    return header === null ? null : { header }
  },

  open: (header, preamble, context, sink) => {
    const columns = bindColumns(header, context.fileName, 'dlocal-settlement')
    const word = columns.need('ROW_TYPE')
    const id = columns.need('DLOCAL_TRANSACTION_ID')
    const own = columns.need('TRANSACTION_ID')
    const created = columns.need('CREATION_DATE')
    const approved = columns.find('APPROVED_DATE')
    const gross = columns.need('GROSS_AMOUNT')
    const fee = columns.need('FEE_AMOUNT')
    const net = columns.need('NET_AMOUNT')
    const presented = presentedReader(columns.find('LOCAL_AMOUNT'), columns.find('LOCAL_CURRENCY'), roundedAmount)
    const references = [own, ...context.referenceColumns.map((name) => columns.find(name))]
    const timeOf = timeReader(context.businessTimeZone, context.fileTimeZone)
    const settlement = settlementOf(preamble, context)
    const code = settlement.currency
    const sums = { GROSS_TOTAL_AMOUNT: NOTHING, FEE_TOTAL_AMOUNT: NOTHING, NET_TOTAL_AMOUNT: NOTHING }

    const occurred = (cells: readonly string[]) =>
      timeOf(cells, approved !== null && text(cells, approved) !== '' ? approved : created)

    return lineReader(columns, sink, {
      row: (cells, line) => {
        const category = neededText(cells, word)
        const left = exactAmount(cells, net)
        const whole = exactOrZero(cells, gross)
        const charged = exactOrZero(cells, fee)
        const known = kindOf(category).type
        if (known !== 'other' && !agree(addScaled(whole, charged), left, code)) {
          unreadable(
            `NET_AMOUNT is ${quote(text(cells, net))}, expected GROSS_AMOUNT and FEE_AMOUNT together, ${text(cells, gross)} and ${text(cells, fee)}`,
          )
        }
        const moved = rounded(known === 'other' ? left : whole, code)
        const type = typeMoved(known, moved)
        const ownId = neededText(cells, id)
        const row = bareRow({
          // a dispute may bear the id of what it takes back
          transaction_id: known === 'chargeback' ? `${ownId}:${type}` : ownId,
          type,
          category,
          refund_id: type === 'refund' ? ownId : null,
          payment_ids: distinct(type === 'refund' || type === 'other' ? '' : ownId),
          reference_ids: distinct(...references.map((column) => text(cells, column))),
          amount: amountMoved(type, moved, text(cells, gross)),
          ...fees(type, moved - rounded(left, code)),
          currency: code,
          ...(settlement.date !== null && known === 'other' && text(cells, created) === ''
            ? { occurred_at: null, occurred_on: settlement.date }
            : occurred(cells)),
          available_on: settlement.date,
          payout_id: settlement.id,
          line,
        })
        sums.GROSS_TOTAL_AMOUNT = addScaled(sums.GROSS_TOTAL_AMOUNT, whole)
        sums.FEE_TOTAL_AMOUNT = addScaled(sums.FEE_TOTAL_AMOUNT, charged)
        sums.NET_TOTAL_AMOUNT = addScaled(sums.NET_TOTAL_AMOUNT, left)
        return type === 'other' ? row : { ...row, ...presented(row, cells, line) }
      },
      transactionId: (cells) => neededText(cells, id),
      occurredOn: (cells) => occurred(cells).occurred_on,
      summary: () => ({
        period: null,
        totals: Object.entries(sums).flatMap(([name, sum]) => {
          const stated = settlement.total(name)
          if (stated === null) return []
          return statedTotal(name, plainText(stated), rounded(stated, code), rounded(sum, code), code)
        }),
      }),
    })
  },
}

/** What the two lines above the header say of the transfer; nothing where there are none. */
const settlementOf = (
  preamble: readonly CsvRecord[],
  { fileName, currency, businessTimeZone, fileTimeZone }: Parameters<Format['open']>[2],
) => {
  const names = preamble.find(({ cells }) => cells.some((cell) => cell.trim() === 'SETTLEMENT_CURRENCY'))
  const values = preamble.find(({ cells }) => cells[0]?.trim() === 'HEADER')
  if (names === undefined || values === undefined) {
    return { currency, id: null, date: null, total: () => null }
  }
  const columns = bindColumns(names, fileName, 'dlocal-settlement')
  const { cells, line } = values
  try {
    const totals = ['GROSS_TOTAL_AMOUNT', 'FEE_TOTAL_AMOUNT', 'NET_TOTAL_AMOUNT'].flatMap((name) => {
      const column = columns.find(name)
      return column === null || text(cells, column) === '' ? [] : [[name, exactAmount(cells, column)] as const]
    })
    return {
      currency: currencyCode(cells, columns.need('SETTLEMENT_CURRENCY')),
      id: textOrNull(cells, columns.find('TRANSFER_ID')),
      date: dayReader(businessTimeZone, fileTimeZone)(cells, columns.find('TRANSFER_DATE')),
      total: (name: string) => new Map(totals).get(name) ?? null,
    }
  } catch (problem) {
    if (!(problem instanceof UnreadableRecord)) throw problem
    throw new FileFault(`${fileName}, line ${line}: of the totals ${problem.message}`)
  }
}
