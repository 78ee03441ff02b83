/** Dates as American sites write them, '12/27/2018', and their times, '2:30:00 PM'. */

import { FileFault } from '../../core/errors.ts'
import { isDate } from '../../core/instant.ts'

export type DayOrder = 'dmy' | 'mdy' | 'ymd'

const WITH_YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/
const WITH_YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/

/** '2025-07-03', '2025/7/3' or, in the given order, '12/27/2018' as '2018-12-27'; null where it is no such date. */
export const writtenDate = (text: string, order: DayOrder): string | null => {
  const [, year, month, day] = WITH_YEAR_FIRST.exec(text) ?? []
  if (year !== undefined && month !== undefined && day !== undefined) return calendarDate(year, month, day)
  const [, first, second, lastYear] = WITH_YEAR_LAST.exec(text) ?? []
  if (first === undefined || second === undefined || lastYear === undefined || order === 'ymd') return null
  return order === 'mdy' ? calendarDate(lastYear, first, second) : calendarDate(lastYear, second, first)
}

const calendarDate = (year: string, month: string, day: string): string | null => {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(date) ? date : null
}

/** '21:50:48', '14:00' or '2:30:00 PM' as '14:30:00'; null where it is no time of day. */
export const writtenTime = (text: string): string | null => {
  const [, hours, minutes, seconds = '00', half] = /^(\d{1,2}):(\d{2})(?::(\d{2}))? ?([AaPp][Mm])?$/.exec(text) ?? []
  if (hours === undefined || minutes === undefined) return null
  let hour = Number(hours)
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null
    hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  }
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
  return `${String(hour).padStart(2, '0')}:${minutes}:${seconds}`
}

/** Reads one date: `line` is its record's, `american` whether one that can be read in two ways may be taken as American. */
export type WrittenDateReader = (text: string, line: number | null, american: boolean) => string | null

/**
 * Makes a reader of the dates of one file, which has the month first unless tieout.yaml says otherwise; null where the
 * text is no date. A date with the day first shows that earlier ones were misread: the file is refused. So it is where
 * a date can be read in two ways and nothing tells which.
 */
export const writtenDateReader = (file: string, configured: DayOrder | null): WrittenDateReader => {
  if (configured !== null) return (text) => writtenDate(text, configured)
  let isProven = false
  return (text, line, american) => {
    const date = writtenDate(text, 'mdy')
    if (!WITH_YEAR_LAST.test(text)) return date
    const dayFirst = writtenDate(text, 'dmy')
    if (date !== null && dayFirst === null) isProven = true
    if (isProven || dayFirst === null || dayFirst === date || (date !== null && american)) return date
    throw new FileFault(
      `${file}${line === null ? '' : `, line ${line}`}: the date '${text}' ${date === null ? 'has the day first, expected the month' : 'can be read in two ways'}; ` +
        'say date_order: dmy or mdy for this processor in tieout.yaml',
    )
  }
}
