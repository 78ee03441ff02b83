/** The date of a line that tieout.yaml maps: one column, or with the time and the zone in columns of their own. */

import type { MappingConfig } from '../../../config/config.ts'
import { compileDatePattern, type DateReader, hasTimePart, withoutZone } from '../../../core/period.ts'
import { type Occurred, occurredAt, occurredOn } from '../../fields/record-time.ts'
import { zoneSaid } from '../../fields/zone-names.ts'
import type { Columns } from '../../read/columns.ts'
import { quote, quoteWord } from '../../read/quote.ts'
import { text, UnreadableRecord, unreadable } from '../../read/record-reader.ts'
import { isRewrittenDate } from '../../read/spreadsheet.ts'

/** How a time in a column of its own is written where date_format says only the date. */
const PLAIN_TIME = 'HH:mm:ss'

/** A date and time that end in a word more than date_format says, such as '26-Oct-2026 03:26:23 PM MDT'. */
const ENDS_IN_WORD = /^(.*\S)\s+(\S+)$/

/**
 * Makes the reader of a line's date. A time column is read as if it stood behind the date, with a blank between them.
 * A zone column, or a zone behind the time, says in which zone the reading is: an IANA name, an abbreviation, an offset.
 * Without it the reading is in the mapping's time_zone.
 */
export const mappedTime = (
  mapping: MappingConfig,
  columns: Columns,
  businessTimeZone: string,
): ((cells: readonly string[]) => Occurred) => {
  const names = mapping.columns
  const date = columns.need(names.occurred_at)
  const time = names.time === null ? null : columns.need(names.time)
  const zone = names.zone === null ? null : columns.need(names.zone)
  const format = withoutZone(mapping.date_format)
  const pattern = time === null || hasTimePart(format) ? format : `${format} ${PLAIN_TIME}`
  const isTimed = hasTimePart(pattern)
  const readers = new Map([['', compileDatePattern(pattern, mapping.time_zone)]])

  const readerIn = (name: string): DateReader | null => {
    const known = readers.get(name)
    if (known) return known
    const found = zoneSaid(name)
    if (found === null) return null
    const reader = compileDatePattern(pattern, found)
    readers.set(name, reader)
    return reader
  }
  /** The reading without its last word, in the zone that this word names. */
  const readInOwnZone = (written: string): ReturnType<DateReader> => {
    const [, wall = '', word = ''] = ENDS_IN_WORD.exec(written) ?? []
    return (isTimed && word !== '' && readerIn(word)?.(wall)) || null
  }
  return (cells) => {
    const name = text(cells, zone)
    const read = readerIn(name)
    if (read === null) {
      return unreadable(
        `${zone?.name} is ${quoteWord(name)}, expected a time zone such as America/New_York, EST or -05:00`,
      )
    }
    const written = time === null ? text(cells, date) : `${text(cells, date)} ${text(cells, time)}`
    const found = read(written) ?? readInOwnZone(written)
    if (found?.date != null) return occurredOn(found.date)
    if (found?.millis != null) return occurredAt(found.millis, businessTimeZone)
    const place = time === null ? date.name : `${date.name} and ${time.name}`
    // where the file is said to have the year first, a spreadsheet has put it last
    throw new UnreadableRecord(
      `${place} is ${quote(written.trim())}, expected a date written as ${pattern}`,
      pattern.startsWith('yyyy') && isRewrittenDate(written.trim()),
    )
  }
}
