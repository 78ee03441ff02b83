/** One line of an Amazon settlement report, as the group that it belongs to needs it. */

import { lineKinds } from '../../fields/line-kinds.ts'
import type { Occurred } from '../../fields/record-time.ts'
import type { Columns } from '../../read/columns.ts'
import { currencyCode, type LineFormat, neededText, text } from '../../read/record-reader.ts'
import { noTime } from '../../read/spreadsheet.ts'
import type { CsvRecord, ReadingContext, RowType } from '../format.ts'
import type { AmazonAmounts, AmazonAmountsReader } from './amounts.ts'
import { type AmazonSummaries, readAmazonTime } from './summary.ts'

export interface AmazonLine extends AmazonAmounts {
  settlement: string
  /** the transaction-type, as Amazon spells it */
  kind: string
  adjustment: string
  order: string
  shipment: string
  currency: string
  deposited: string | null
  occurred: Occurred
  cells: readonly string[]
}

export interface AmazonLines extends Required<Pick<LineFormat, 'transactionId' | 'occurredOn'>> {
  /** throws UnreadableRecord where the line cannot be read */
  read(record: CsvRecord): AmazonLine
  /** likewise */
  kindOf(cells: readonly string[]): string
  paymentIds(line: AmazonLine): string[]
  referenceIds(line: AmazonLine): string[]
  /** what tells a line from others that stand for themselves */
  content(line: AmazonLine): string[]
  /** what holds lines together: a refund's adjustment, an order's shipment; null for a line that stands for itself */
  groupKey(cells: readonly string[]): string | null
}

/** What a transaction-type is. A guarantee claim takes the payment back as a chargeback does. */
export const amazonKind = lineKinds<RowType>({
  Order: 'payment',
  Refund: 'refund',
  'Chargeback Refund': 'chargeback',
  'A-to-z Guarantee Refund': 'chargeback',
})

/** Binds the columns of the file at hand. */
export const amazonLines = (
  columns: Columns,
  context: ReadingContext,
  summaries: AmazonSummaries,
  amountsOf: AmazonAmountsReader,
): AmazonLines => {
  const settlement = columns.need('settlement-id')
  const word = columns.need('transaction-type')
  const adjustment = columns.need('adjustment-id')
  const order = columns.need('order-id')
  const currency = columns.need('currency')
  const postedTime = columns.find('posted-date-time')
  const posted = columns.need('posted-date')
  const item = columns.find('order-item-code')
  const shipment = columns.find('shipment-id')
  const adjustedItem = columns.find('merchant-adjustment-item-id')
  const described = columns.find('amount-description')
  const own = [columns.find('merchant-order-id'), columns.find('merchant-order-item-id'), adjustedItem]
  const references = [...own, ...context.referenceColumns.map((name) => columns.find(name))]
  const content = [order, adjustment, item, adjustedItem, described, postedTime, posted]

  const kindOf = (cells: readonly string[]): string => amazonKind(text(cells, word)).word

  // lines of one order or refund have the same time
  let lastCell = ''
  let last: Occurred | null = null
  const occurredOf = (cells: readonly string[]): Occurred => {
    const column = text(cells, postedTime) === '' ? posted : (postedTime ?? posted)
    const cell = text(cells, column)
    if (last !== null && cell === lastCell) return last
    const read =
      readAmazonTime(cell, context) ?? noTime(column, cell, 'a date and time such as 2026-10-31 23:59:59 UTC')
    lastCell = cell
    last = read
    return read
  }

  return {
    read: ({ cells, line }) => {
      const { word: kind } = amazonKind(neededText(cells, word))
      const known = summaries.of(text(cells, settlement), line)
      const code = text(cells, currency) === '' ? known.currency : currencyCode(cells, currency)
      const amounts = amountsOf(cells, code, line)
      const occurred = occurredOf(cells)
      summaries.add(known.id, amounts.paid + amounts.fee)
      return {
        paid: amounts.paid,
        fee: amounts.fee,
        some: amounts.some,
        settlement: known.id,
        kind,
        adjustment: text(cells, adjustment),
        order: text(cells, order),
        shipment: text(cells, shipment),
        currency: code,
        deposited: known.deposited?.occurred_on ?? null,
        occurred,
        cells,
      }
    },
    kindOf,
    paymentIds: ({ cells }) => [text(cells, order), text(cells, item)],
    referenceIds: ({ cells }) => references.map((column) => text(cells, column)),
    content: ({ cells }) => content.map((column) => text(cells, column)),
    groupKey: (cells) => {
      const kind = kindOf(cells)
      const ids = [text(cells, settlement), 'Refund', text(cells, adjustment)]
      // a line that lost its type may be of the refund: it keeps the refund back
      if ((kind === 'Refund' || kind === '') && ids[2] !== '') return ids.join('\t')
      const orderId = text(cells, order)
      if (orderId === '') return null
      if (kind === 'Refund') return [...ids, orderId, text(cells, postedTime ?? posted)].join('\t')
      // those of one adjustment belong together
      if (amazonKind(kind).type === 'chargeback' && ids[2] !== '') return [ids[0], kind, ids[2]].join('\t')
      return kind === 'Order' ? [ids[0], kind, orderId, text(cells, shipment)].join('\t') : null
    },
    transactionId: (cells) =>
      kindOf(cells) === 'Refund' && text(cells, adjustment) !== ''
        ? `${neededText(cells, settlement)}:${text(cells, adjustment)}`
        : null,
    occurredOn: (cells) => occurredOf(cells).occurred_on,
  }
}
