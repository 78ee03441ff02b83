/**
 * PayPal's row-typed reports: settlement (STL) and transaction detail (TRR), both over SFTP. The first cell says what a
 * row is: RH report header, FH file header, SH section header, CH column header, SB transaction, SF section footer,
 * SC section count, RF report footer, RC report count, FF file footer.
 */

import { FileFault } from '../../../core/errors.ts'
import { bindColumns } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import type { CsvRecord, FileSummary, ReadingContext, RecordReader, RowSink, StatedTotal } from '../format.ts'
import { periodOf, widened } from '../stated-period.ts'
import { newTally, statedCount, statedSums, statesSums, type Tally } from './stated-totals.ts'
import { paypalRows } from './transaction.ts'
import { type RowTypedLayout, squeezed, timeOf, transactionReader } from './transaction-line.ts'

const FOOTERS = ['SF', 'SC', 'RF', 'RC', 'FF']
const ROW_TYPES = ['RH', 'FH', 'SH', 'CH', 'SB', ...FOOTERS]

/** The names of the column header among these records, squeezed; null where the file has no such rows. */
export const columnHeader = (head: readonly CsvRecord[]): string[] | null => {
  const first = head[0]?.cells[0]?.trim()
  if (first === undefined || !ROW_TYPES.includes(first)) return null
  const header = head.find(({ cells }) => cells[0]?.trim() === 'CH')
  const keys = header?.cells.map(squeezed)
  return keys?.includes(squeezed('Transaction Event Code')) ? keys : null
}

/** Reads one report from its first row. */
export const rowTypedReader = (context: ReadingContext, sink: RowSink, layout: RowTypedLayout): RecordReader => {
  const file = context.fileName
  const rows = paypalRows()
  const totals: StatedTotal[] = []
  const report = newTally()
  let inFile = newTally()
  let inSection = newTally()
  let transactions: RecordReader | null = null
  let period: FileSummary['period'] = null
  /** the header that no footer has closed yet, and its line: FH by FF, a section by any footer */
  let open: { kind: 'FH' | 'SH'; line: number } | null = null
  /** a report of several files states its sums in the last, of all */
  let isWhole = true

  const setAside = (line: number, reason: string, raw: string): void =>
    sink.unreadable({ line, reason, raw, transaction_id: null, occurred_on: null })

  const widen = ({ cells, line }: CsvRecord): void => {
    const [, begins = '', ends = ''] = cells
    const from = timeOf(begins, context)
    const to = timeOf(ends, context)
    if (from === null || to === null) {
      setAside(
        line,
        `the section's period is ${quote(begins)} to ${quote(ends)}, expected times such as 2026/10/31 00:00:00 -0700`,
        `SH,${begins},${ends}`,
      )
      return
    }
    period = widened(period, periodOf(from, to))
  }

  const transaction = (found: CsvRecord): void => {
    if (transactions === null) {
      throw new FileFault(
        `${file}, line ${found.line}: a transaction (SB) stands before any column header (CH), expected the header first; get the file again`,
      )
    }
    for (const tally of [report, inFile, inSection]) tally.count += 1
    transactions.record(found)
  }

  const bind = (found: CsvRecord): void => {
    const columns = bindColumns(found, file, layout.format)
    const tallies = (): Tally[] => [report, inFile, inSection]
    transactions = transactionReader(columns, context, sink, layout, rows.of, tallies)
  }

  const footer = (kind: string, found: CsvRecord): void => {
    if (open?.kind === 'SH' || kind === 'FF') open = null
    if (kind === 'FF') totals.push(statedCount(found, inFile.count))
    else if (kind === 'SC') totals.push(statedCount(found, inSection.count))
    else if (kind === 'SF') totals.push(...stated(found, inSection))
    else if (!isWhole) return
    else if (kind === 'RC') totals.push(statedCount(found, report.count))
    else totals.push(...stated(found, report))
  }

  const record = (found: CsvRecord): void => {
    const kind = (found.cells[0] ?? '').trim()
    if (kind === 'SB') transaction(found)
    else if (kind === 'CH') bind(found)
    else if (kind === 'SH') {
      inSection = newTally()
      open ??= { kind, line: found.line }
      widen(found)
    } else if (kind === 'FH') {
      inFile = newTally()
      open = { kind, line: found.line }
      isWhole &&= /^0*1$/.test((found.cells[1] ?? '').trim())
    } else if (FOOTERS.includes(kind)) footer(kind, found)
    else if (kind !== 'RH') {
      // the rest of a broken line may be a customer's words: no more of it is shown than a row type is long
      const begins = kind.slice(0, 4)
      setAside(found.line, `the row begins with ${quoteWord(begins)}, expected one of ${ROW_TYPES.join(', ')}`, begins)
    }
  }

  const end = (): FileSummary => {
    rows.end(sink)
    if (open !== null) {
      const [what, by] = open.kind === 'FH' ? ['file (FH)', 'FF'] : ['section (SH)', 'SF, SC, RF or FF']
      throw new FileFault(
        `${file} is cut off: the ${what} that begins on line ${open.line} is not closed by a footer (${by}); get the file again`,
      )
    }
    return { period, totals }
  }
  return { record, end }
}

const stated = (found: CsvRecord, tally: Tally): StatedTotal[] =>
  statesSums(found) ? statedSums(found, tally) : [statedCount(found, tally.count)]
