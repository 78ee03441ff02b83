/** The summary lines of Amazon settlement reports: one per settlement, the only ones with its total and currency. */

import { FileFault } from '../../../core/errors.ts'
import type { AmountReader } from '../../fields/amount-reader.ts'
import { type Occurred, readTime } from '../../fields/record-time.ts'
import type { Column, Columns } from '../../read/columns.ts'
import { quote } from '../../read/quote.ts'
import { currencyCode, neededText, text, UnreadableRecord } from '../../read/record-reader.ts'
import { isRewrittenDate, refuseRewritten } from '../../read/spreadsheet.ts'
import type { CsvRecord, FileSummary, ReadingContext, StatedPeriod } from '../format.ts'
import { periodOf, widened } from '../stated-period.ts'
import { statedTotal } from '../stated-total.ts'

interface AmazonSettlement {
  id: string
  currency: string
  deposited: Occurred | null
}

export interface AmazonSummaries {
  /** whether the record is a summary line; then it has been read. FileFault where it cannot be */
  take(record: CsvRecord): boolean
  /** the settlement of an ordinary line; FileFault where its summary line did not come before */
  of(id: string, line: number): AmazonSettlement
  /** counts what an ordinary line moves, for the check of its settlement's total */
  add(id: string, moved: bigint): void
  /** period and totals, at the end of the file */
  summary(): FileSummary
}

interface Known extends AmazonSettlement {
  total: bigint
  stated: string
  read: bigint
  period: StatedPeriod | null
}

/** A time as Amazon writes it: ISO with an offset, '2026-10-31 23:59:59 UTC', '31.10.2026 23:59:59 UTC', or a date alone. */
export const readAmazonTime = (cell: string, { businessTimeZone, fileTimeZone }: ReadingContext): Occurred | null =>
  readTime(cell.replace(/^(\d{2})\.(\d{2})\.(\d{4})/, '$3-$2-$1').replace(/ UTC$/, 'Z'), businessTimeZone, fileTimeZone)

/** Binds the summary's columns and reads its lines as they come. */
export const amazonSummaries = (columns: Columns, context: ReadingContext, money: AmountReader): AmazonSummaries => {
  const id = columns.need('settlement-id')
  const word = columns.need('transaction-type')
  const total = columns.need('total-amount')
  const currency = columns.need('currency')
  const start = columns.find('settlement-start-date')
  const end = columns.find('settlement-end-date')
  const deposit = columns.find('deposit-date')
  const settlements = new Map<string, Known>()

  const timeOf = (cells: readonly string[], column: Column | null, line: number): Occurred | null => {
    const cell = text(cells, column)
    if (column === null || cell === '') return null
    const time = readAmazonTime(cell, context)
    if (time !== null) return time
    if (isRewrittenDate(cell))
      refuseRewritten(context.fileName, line, `of the summary ${column.name} is ${quote(cell)}`)
    throw new FileFault(
      `${context.fileName}, line ${line}: of the summary ${column.name} is ${quote(cell)}, expected a date and time such as 2026-10-31 23:59:59 UTC`,
    )
  }
  const read = ({ cells, line }: CsvRecord): Known => {
    try {
      const code = currencyCode(cells, currency)
      const said = money(cells, total, code, line)
      const from = timeOf(cells, start, line)
      const to = timeOf(cells, end, line)
      if (from !== null && to !== null && from.occurred_on > to.occurred_on) {
        throw new FileFault(
          `${context.fileName}, line ${line}: settlement-start-date (${from.occurred_on}) is after settlement-end-date (${to.occurred_on})`,
        )
      }
      return {
        id: neededText(cells, id),
        currency: code,
        deposited: timeOf(cells, deposit, line),
        total: said,
        stated: text(cells, total),
        read: 0n,
        period: from === null || to === null ? null : periodOf(from, to),
      }
    } catch (problem) {
      if (!(problem instanceof UnreadableRecord)) throw problem
      throw new FileFault(`${context.fileName}, line ${line}: of the summary ${problem.message}`)
    }
  }

  return {
    take: (record) => {
      if (text(record.cells, word) !== '' || text(record.cells, total) === '') return false
      const settlement = read(record)
      if (settlements.has(settlement.id)) {
        throw new FileFault(
          `${context.fileName}, line ${record.line}: a second summary of settlement ${quote(settlement.id)}, expected one: is the report in the file twice?`,
        )
      }
      settlements.set(settlement.id, settlement)
      return true
    },
    of: (settlementId, line) => {
      const settlement = settlements.get(settlementId)
      if (settlement) return settlement
      throw new FileFault(
        `${context.fileName}, line ${line}: settlement-id is ${quote(settlementId)}, expected one whose summary line with total-amount and currency came before: get the whole report`,
      )
    },
    add: (settlementId, moved) => {
      const settlement = settlements.get(settlementId)
      if (settlement) settlement.read += moved
    },
    summary: () => {
      const all = [...settlements.values()]
      const periods = all.flatMap(({ period }) => period ?? [])
      const isStated = periods.length === all.length
      return {
        period: isStated ? periods.reduce(widened, null) : null,
        totals: all.map((each) =>
          statedTotal(
            `total-amount of settlement ${each.id}`,
            each.stated,
            each.total,
            each.read,
            each.currency,
            /,\d{1,2}$/.test(each.stated) ? ',' : '.',
          ),
        ),
      }
    },
  }
}
