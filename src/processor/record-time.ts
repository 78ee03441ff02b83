/** Dates and times of records as the canonical row has them: an instant, and the date in the business's time zone. */

import { dateInZone, instantText, parseInstant, zonedMillis } from '../period.ts'
import type { CanonicalRow } from './format.ts'
import { type Column, quote, text, unreadable } from './record-reader.ts'

export type Occurred = Pick<CanonicalRow, 'occurred_at' | 'occurred_on'>

/** The instant so many milliseconds after 1970, with its date in the business's zone. */
export const occurredAt = (millis: number, businessTimeZone: string): Occurred => ({
  occurred_at: instantText(millis),
  occurred_on: dateInZone(millis, businessTimeZone),
})

/** A date without a time: it is the date itself, in whatever zone. */
export const occurredOn = (date: string): Occurred => ({ occurred_at: null, occurred_on: date })

export type TimeReader = (cells: readonly string[], column: Column) => Occurred

/**
 * Makes a reader of ISO-like times: '2026-10-31 23:59:59', with 'T', without seconds, with a fraction, with an offset,
 * or a date alone. A time without an offset is a wall clock reading in `fileTimeZone`. Made for millions of cells.
 */
export const timeReader = (businessTimeZone: string, fileTimeZone: string): TimeReader => {
  let lastCell = ''
  let last: Occurred | null = null
  return (cells, column) => {
    const cell = text(cells, column)
    if (last !== null && cell === lastCell) return last
    const read = readTime(cell, businessTimeZone, fileTimeZone)
    if (read === null) {
      return unreadable(`${column.name} is ${quote(cell)}, expected a date and time such as 2026-10-31 23:59:59`)
    }
    lastCell = cell
    last = read
    return read
  }
}

/** Likewise of one text; null where it is no such time. */
export const readTime = (cell: string, businessTimeZone: string, fileTimeZone: string): Occurred | null => {
  const moment = parseInstant(cell)
  if (moment === null) return null
  if (moment.millis === null || moment.instant === null) return moment.date === null ? null : occurredOn(moment.date)
  if (fileTimeZone === 'UTC' || HAS_OFFSET.test(cell)) {
    return { occurred_at: moment.instant, occurred_on: dateInZone(moment.millis, businessTimeZone) }
  }
  const wall = moment.instant.slice(0, 19).replace('T', ' ')
  const millis = zonedMillis(wall, fileTimeZone)
  const fraction = moment.instant.slice(19, -1)
  return {
    occurred_at: `${instantText(millis).slice(0, 19)}${fraction}Z`,
    occurred_on: dateInZone(millis, businessTimeZone),
  }
}

const HAS_OFFSET = /(?:[Zz]|:\d{2}(?:[.,]\d+)? ?[-+\u2212]\d{2}(?::?\d{2})?)$/
