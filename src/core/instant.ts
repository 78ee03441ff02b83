/** Reads instants and dates as ISO 8601 writes them. */

const MINUTE = 60_000

/** What a text says of time: an instant, or a date alone. */
export interface Moment {
  /** UTC, '2026-10-31T23:59:59.123456Z' (fraction only where not zero); null for a date alone */
  instant: string | null
  /** 'YYYY-MM-DD' of a date alone, else null */
  date: string | null
  millis: number | null
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?([Zz]|[-+\u2212]\d{2}(?::?\d{2})?)?$/

/**
 * Reads an ISO 8601 date or instant. A time without an offset is UTC; of a fraction six digits are kept.
 * null where the text is neither, or names a date that no calendar has.
 */
export const parseInstant = (text: string): Moment | null => {
  const whole = wholeSecond(text)
  if (whole !== null) return { instant: text, date: null, millis: whole }
  const trimmed = text.trim()
  if (DATE.test(trimmed)) return isDate(trimmed) ? { instant: null, date: trimmed, millis: null } : null
  const found = INSTANT.exec(trimmed)
  if (!found) return null
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset = 'Z'] = found
  const wall = wallMillis(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  const shift = offsetMinutes(offset)
  if (wall === null || shift === null) return null
  const seconds = wall - shift * MINUTE
  if (!inCalendar(seconds)) return null
  const micros = fraction.slice(0, 6).replace(/0+$/, '')
  const instant = `${new Date(seconds).toISOString().slice(0, 19)}${micros === '' ? '' : `.${micros}`}Z`
  return { instant, date: null, millis: seconds + Number(fraction.slice(0, 3).padEnd(3, '0')) }
}

/** The instant of 'YYYY-MM-DDTHH:MM:SSZ', as most say it, in milliseconds: millions are read so, a few digits each. */
const wholeSecond = (text: string): number | null => {
  if (text.length !== 20 || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':' || text[19] !== 'Z') return null
  const day = startOfDay(text.slice(0, 10))
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (day === null || !(hour < 24 && minute < 60 && second < 60)) return null
  return day + ((hour * 60 + minute) * 60 + second) * 1000
}

const ZERO = 48

/** Two digits of a text as a number; NaN where they are none. */
export const twoDigits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Days read so far: there are few, and millions of instants fall on them. */
const daysRead = new Map<string, number | null>()

const startOfDay = (date: string): number | null => {
  let start = daysRead.get(date)
  if (start === undefined) {
    const found = DATE.exec(date)
    start = found === null ? null : wallMillis(Number(found[1]), Number(found[2]), Number(found[3]), 0, 0, 0)
    daysRead.set(date, start)
  }
  return start
}

/** 'Z', '+HH', '+HHMM' or '+HH:MM' as minutes east of UTC; null where no clock has it. */
const offsetMinutes = (offset: string): number | null => {
  if (offset === 'Z' || offset === 'z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(3).replace(':', '') || '0')
  if (hours > 15 || minutes > 59) return null
  return offset.startsWith('+') ? hours * 60 + minutes : -(hours * 60 + minutes)
}

/** A wall clock as if it were UTC; null where the calendar or the clock has no such reading. */
export const wallMillis = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | null => {
  if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const millis = Date.UTC(year, month - 1, day, hour, minute, second)
  return new Date(millis).getUTCDate() === day ? millis : null
}

/** Whether an instant is of the years 1000 to 9999. */
export const inCalendar = (millis: number): boolean =>
  millis >= Date.UTC(1000, 0, 1) && millis <= Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Whether the text is a calendar date, 'YYYY-MM-DD'. */
export const isDate = (text: string): boolean => {
  const found = DATE.exec(text)
  return found !== null && wallMillis(Number(found[1]), Number(found[2]), Number(found[3]), 0, 0, 0) !== null
}
