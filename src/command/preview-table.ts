/** `tieout import --preview --table FILE...`: what a file becomes, for people: counts, sums, dates and the first lines. */

import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { formatMajor } from '../core/money.ts'
import { oneLine } from '../core/visible.ts'
import { counted } from '../core/words.ts'
import type { CanonicalRow, Unreadable } from '../processor/formats/format.ts'
import { readForPreview } from '../processor/preview-file.ts'
import { table } from '../report/text/text-layout.ts'

/** So many lines are shown of the rows, and of those quarantined. */
const FIRST = 10

interface Sum {
  type: string
  category: string
  currency: string
  lines: number
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  first: string
  last: string
}

/**
 * A page of text about one file: its format; for each type, the file's own word for it and currency how many lines, their sums and
 * dates; the first lines; what would be quarantined and why.
 * @throws FileFault where the file is refused
 */
export const previewTable = async (
  business: BusinessConfig,
  processor: ProcessorConfig,
  path: string,
  asked: string | null,
): Promise<string> => {
  const sums = new Map<string, Sum>()
  const rows: CanonicalRow[] = []
  const aside: Unreadable[] = []
  let unreadable = 0
  const { format, context } = await readForPreview(business, processor, path, asked, (batch) => {
    for (const row of batch.rows) addTo(sums, row)
    rows.push(...batch.rows.slice(0, FIRST - rows.length))
    unreadable += batch.unreadable.length
    aside.push(...batch.unreadable.slice(0, FIRST - aside.length))
  })
  const lines = [...sums.values()].reduce((count, sum) => count + sum.lines, 0)
  const read = counted(lines, 'line')
  return [
    `${oneLine(context.fileName)}: ${format.name}, ${read} read, ${unreadable} quarantined\n`,
    ...(sums.size === 0 ? [] : ['\n', sumsTable([...sums.values()])]),
    ...(rows.length === 0 ? [] : [`\n  The first ${rows.length} of ${read}:\n`, rowsTable(rows)]),
    ...(aside.length === 0
      ? []
      : [`\n  Quarantined, the first ${aside.length} of ${unreadable}:\n`, asideTable(aside)]),
  ].join('')
}

const addTo = (sums: Map<string, Sum>, row: CanonicalRow): void => {
  const { type, category, currency, occurred_on } = row
  const key = JSON.stringify([type, category, currency])
  const sum = sums.get(key) ?? {
    ...{ type, category, currency, lines: 0, amount: 0n, refund_fee: 0n, returned_fee: 0n },
    ...{ first: occurred_on, last: occurred_on },
  }
  sum.lines += 1
  sum.amount += row.amount
  sum.refund_fee += row.refund_fee
  sum.returned_fee += row.returned_fee
  if (occurred_on < sum.first) sum.first = occurred_on
  if (occurred_on > sum.last) sum.last = occurred_on
  sums.set(key, sum)
}

const left = (title: string) => ({ title, align: 'left' }) as const
const right = (title: string) => ({ title, align: 'right' }) as const

const sumsTable = (sums: readonly Sum[]): string => {
  const order = ({ type, category, currency }: Sum): string => JSON.stringify([type, category, currency])
  const sorted = [...sums].sort((a, b) => (order(a) < order(b) ? -1 : 1))
  const columns = [
    ...[left('Type'), left('In the file'), right('Lines'), right('Amount'), right('Fees')],
    ...[right('Fees returned'), left('Currency'), left('First'), left('Last')],
  ]
  const cells = ({ type, category, currency, lines, amount, refund_fee, returned_fee, first, last }: Sum): string[] => [
    ...[type, category, String(lines)],
    ...[amount, refund_fee, returned_fee].map((minor) => formatMajor(minor, currency)),
    ...[currency, first, last],
  ]
  return table(columns, sorted.map(cells), 2)
}

const rowsTable = (rows: readonly CanonicalRow[]): string => {
  const columns = [
    ...[right('Line'), left('Date'), left('Type'), right('Amount'), right('Fee'), right('Fee returned')],
    ...[left('Currency'), left('Transaction'), left('Refund'), left('Payment')],
  ]
  const cells = (row: CanonicalRow): string[] => [
    ...[String(row.line), row.occurred_on, row.type],
    ...[row.amount, row.refund_fee, row.returned_fee].map((minor) => formatMajor(minor, row.currency)),
    ...[row.currency, row.transaction_id, row.refund_id ?? '', row.payment_ids.join(' ')],
  ]
  return table(columns, rows.map(cells), 2)
}

const asideTable = (records: readonly Unreadable[]): string =>
  table(
    [right('Line'), left('Reason')],
    records.map(({ line, reason }) => [String(line), reason]),
    2,
  )
