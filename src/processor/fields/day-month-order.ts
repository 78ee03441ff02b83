/** Files whose dates have the day or the month first, as their owner's country has it: the dates themselves tell. */

import { FileFault } from '../../core/errors.ts'
import type { CsvRecord, RecordReader } from '../formats/format.ts'
import { type DayOrder, writtenDate } from './written-date.ts'

export interface DayMonthOrder {
  /** Takes a date into account: whether it can be read now. FileFault where it has the other order than the file. */
  see(text: string, line: number): boolean
  /** Whether any date can be read: the order was said, or told. */
  isKnown(): boolean
  /** 'YYYY-MM-DD'; null where it is no date in the file's order */
  read(text: string): string | null
  /** At the end of the file: FileFault where a date can be read in two ways and nothing told which. */
  end(): void
}

/**
 * Finds the order of one file: '29/12/2026' can be read in one way only and decides for all. With the year first, or
 * with points ('29.12.2026', always the day first), nothing has to be decided. What tieout.yaml says must not be
 * contradicted by a date; where it says nothing and no date tells, the file is refused.
 */
export const dayMonthOrder = (file: string, configured: DayOrder | null): DayMonthOrder => {
  let order = configured
  let decidedIn: number | null = null
  let firstInTwoWays: { text: string; line: number } | null = null

  return {
    see: (text, line) => {
      const said = configured === 'ymd' ? null : orderOf(text)
      if (said === null || (said === 'either' && order !== null)) return true
      if (said === 'either') {
        firstInTwoWays ??= { text, line }
        return false
      }
      if (order !== null && order !== said) {
        const other =
          decidedIn === null
            ? 'tieout.yaml says otherwise for this processor (date_order)'
            : `line ${decidedIn} has not`
        throw new FileFault(
          `${file}, line ${line}: the date '${text}' has the ${said === 'dmy' ? 'day' : 'month'} first, but ${other}: one of the two is wrong`,
        )
      }
      if (order === null) decidedIn = line
      order = said
      return true
    },
    isKnown: () => order !== null,
    read: (text) => writtenDate(text, order ?? 'dmy'),
    end: () => {
      if (order !== null || firstInTwoWays === null) return
      const { text, line } = firstInTwoWays
      throw new FileFault(
        `${file}, line ${line}: the date '${text}' can be read with the day or the month first, and no date of the file tells which; ` +
          'say date_order: dmy or mdy for this processor in tieout.yaml',
      )
    },
  }
}

/**
 * Holds records back from the first whose date can be read in two ways on, until one tells which; then reads them in
 * order. `datesOf` gives the cells of a record that hold dates.
 */
export const readInOrder = (
  order: DayMonthOrder,
  datesOf: (cells: readonly string[]) => readonly string[],
  lines: RecordReader,
): RecordReader => {
  let held: CsvRecord[] = []
  const give = (): void => {
    for (const record of held) lines.record(record)
    held = []
  }
  return {
    record: (record) => {
      const told = datesOf(record.cells).map((date) => order.see(date, record.line))
      held.push(record)
      if (order.isKnown() || (held.length === 1 && told.every((isTold) => isTold))) give()
    },
    end: () => {
      order.end()
      give()
      return lines.end()
    },
  }
}

/** The order a date shows; 'either' where both are dates and not the same; null where it shows nothing. */
const orderOf = (text: string): 'dmy' | 'mdy' | 'either' | null => {
  if (text.includes('.')) return null
  const dayFirst = writtenDate(text, 'dmy')
  const monthFirst = writtenDate(text, 'mdy')
  if (dayFirst === monthFirst) return null
  if (dayFirst !== null && monthFirst !== null) return 'either'
  return dayFirst === null ? 'mdy' : 'dmy'
}
