/** Instants, dates and months, in the business's time zone. The only import of date-fns and its time zones. */

import { tz, tzOffset } from '@date-fns/tz'
import { format } from 'date-fns/format'
import { parse } from 'date-fns/parse'
import { inCalendar, isDate, wallMillis } from './instant.ts'

const DAY = 86_400_000
const QUARTER_HOUR = 900_000
const MINUTE = 60_000

/** An instant as text, to the second where it is one: '2026-10-31T23:59:59Z', else with its milliseconds. */
export const instantText = (millis: number): string => {
  const text = new Date(millis).toISOString()
  const fraction = text.slice(20, 23).replace(/0+$/, '')
  return `${text.slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`
}

/** Whether the text names a time zone of the IANA database (Europe/Vienna, UTC). */
export const isTimeZone = (zone: string): boolean => {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return false
  if (zone === 'UTC' || Intl.supportedValuesOf('timeZone').includes(zone)) return true
  // an older name or another spelling; the first formatter of a process takes ten times as long as the list
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Offsets found so far, in milliseconds: per zone, of days without a change of clocks, else of quarter hours. */
const offsets = new Map<string, { days: Map<number, number | null>; quarters: Map<number, number> }>()

/** How far a zone's wall clock is ahead of UTC at an instant, in milliseconds. */
const offsetAt = (millis: number, zone: string): number => {
  let known = offsets.get(zone)
  if (!known) {
    known = { days: new Map(), quarters: new Map() }
    offsets.set(zone, known)
  }
  const day = Math.floor(millis / DAY)
  let offset = known.days.get(day)
  if (offset === undefined) {
    const first = askOffset(day * DAY, zone)
    offset = first === askOffset((day + 1) * DAY, zone) ? first : null
    known.days.set(day, offset)
  }
  if (offset !== null) return offset
  const quarter = Math.floor(millis / QUARTER_HOUR)
  const cached = known.quarters.get(quarter)
  if (cached !== undefined) return cached
  const asked = askOffset(quarter * QUARTER_HOUR, zone)
  known.quarters.set(quarter, asked)
  return asked
}

const askOffset = (millis: number, zone: string): number => {
  const minutes = tzOffset(zone, new Date(millis))
  if (Number.isNaN(minutes)) throw new RangeError(`${zone} is no time zone`)
  return Math.round(minutes * MINUTE)
}

/** Dates written so far: there are few, and millions of instants fall on them. */
const dates = new Map<number, string>()

const dateOfDay = (day: number): string => {
  let date = dates.get(day)
  if (date === undefined) {
    date = new Date(day * DAY).toISOString().slice(0, 10)
    dates.set(day, date)
  }
  return date
}

/** The calendar date of an instant in a time zone, 'YYYY-MM-DD'. Offsets are cached: made for millions of values. */
export const dateInZone = (millis: number, zone: string): string =>
  dateOfDay(Math.floor((millis + (zone === 'UTC' ? 0 : offsetAt(millis, zone))) / DAY))

/** What the clocks of a zone show at an instant: 'YYYY-MM-DD HH:MM:SS'. */
export const wallClock = (millis: number, zone: string): string =>
  new Date(millis + (zone === 'UTC' ? 0 : offsetAt(millis, zone))).toISOString().slice(0, 19).replace('T', ' ')

/**
 * The instant of a wall clock reading ('YYYY-MM-DD HH:MM:SS') in a zone, in milliseconds.
 * A reading that the clocks show twice is the first of the two; one that they skip counts with the offset
 * before the change (02:30 of a night that jumps from 02:00 to 03:00 is 03:30).
 * @throws RangeError where the text is no such reading
 */
export const zonedMillis = (localText: string, zone: string): number => {
  const found = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(localText)
  const [year, month, day, hour, minute, second] = (found ?? []).slice(1).map(Number)
  const wall = wallMillis(year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0)
  if (!found || wall === null) throw new RangeError(`'${localText}' is no date and time (YYYY-MM-DD HH:MM:SS)`)
  return wallInZone(wall, zone)
}

const wallInZone = (wall: number, zone: string): number => {
  if (zone === 'UTC') return wall
  const before = wall - offsetAt(wall - DAY, zone)
  const after = wall - offsetAt(wall + DAY, zone)
  if (before === after || offsetAt(before, zone) === wall - before) return before
  return offsetAt(after, zone) === wall - after ? after : before
}

/** The day number of a date: 0 for 1970-01-01. */
const dayOf = (date: string): number => {
  if (!isDate(date)) throw new RangeError(`'${date}' is no date (YYYY-MM-DD)`)
  return Date.parse(`${date}T00:00:00Z`) / DAY
}

/** A date so many days on (or back). */
export const addDays = (date: string, days: number): string => dateOfDay(dayOf(date) + days)

/** How many days b is after a. */
export const daysBetween = (a: string, b: string): number => dayOf(b) - dayOf(a)

/** The month of a date: '2026-10-31' is of '2026-10'. */
export const monthOf = (date: string): string => date.slice(0, 7)

/** Whether the text is a month, 'YYYY-MM'. */
export const isMonth = (text: string): boolean => /^[1-9]\d{3}-(?:0[1-9]|1[0-2])$/.test(text)

/** The month after a month. */
export const nextMonth = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

/** All months from one to another, both included; none where from is after to. */
export const monthsBetween = (from: string, to: string): string[] => {
  const months: string[] = []
  for (let month = from; month <= to; month = nextMonth(month)) months.push(month)
  return months
}

/** Reads one cell: an instant in milliseconds, or a date where the pattern has no time part; null where it is neither. */
export type DateReader = (text: string) => { millis: number | null; date: string | null } | null

/** Tokens read without date-fns, which takes microseconds a cell: what nearly every export uses. */
const QUICK: Readonly<Record<string, { field: Field; digits: string }>> = {
  yyyy: { field: 'year', digits: '(\\d{4})' },
  yy: { field: 'short', digits: '(\\d{2})' },
  MM: { field: 'month', digits: '(\\d{2})' },
  M: { field: 'month', digits: '(\\d{1,2})' },
  dd: { field: 'day', digits: '(\\d{2})' },
  d: { field: 'day', digits: '(\\d{1,2})' },
  HH: { field: 'hour', digits: '(\\d{2})' },
  H: { field: 'hour', digits: '(\\d{1,2})' },
  mm: { field: 'minute', digits: '(\\d{2})' },
  ss: { field: 'second', digits: '(\\d{2})' },
  SSS: { field: 'milli', digits: '(\\d{3})' },
}
type Field = 'year' | 'short' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'milli'

/** Parts of a pattern of date-fns: a quoted text, a run of one letter, anything else. */
const PARTS = /'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g
const TIME_TOKEN = /^[HhKkmsSAaBbtTXxz]/

/** A pattern without the name of a zone at its end, which date-fns writes (z to zzzz) and does not read. */
export const withoutZone = (dateFnsTokens: string): string => dateFnsTokens.replace(/ ?z{1,4}$/, '')

/** Whether a pattern of date-fns tokens reads times. */
export const hasTimePart = (dateFnsTokens: string): boolean =>
  dateFnsTokens.match(PARTS)?.some((part) => TIME_TOKEN.test(part)) ?? false

/**
 * Makes a reader of cells written in a pattern of date-fns tokens, with wall clock readings in a zone.
 * A pattern without a time part reads dates; one with an offset reads instants as they stand; yy is 20yy.
 * @throws RangeError where the pattern is not understood, or does not say year, month and day
 */
export const compileDatePattern = (dateFnsTokens: string, zone: string): DateReader => {
  const parts = dateFnsTokens.match(PARTS)
  if (!parts) throw new RangeError('the pattern is empty')
  const mistaken = parts.find((part) => /^(?:D+|Y+)$/.test(part))
  if (mistaken) throw new RangeError(`use ${mistaken.replaceAll('D', 'd').replaceAll('Y', 'y')} instead of ${mistaken}`)
  const timed = hasTimePart(dateFnsTokens)
  const read = quickReader(parts, zone, timed) ?? thoroughReader(dateFnsTokens, parts, zone, timed)
  const sample = read(format(new Date(2026, 10, 21, 13, 14, 15), dateFnsTokens))
  const on = sample?.date ?? (sample?.millis == null ? null : new Date(sample.millis).toISOString().slice(0, 10))
  if (on === null || Math.abs(daysBetween(on, '2026-11-21')) > 1) {
    throw new RangeError(`the pattern '${dateFnsTokens}' does not say year, month and day`)
  }
  return read
}

const quickReader = (parts: readonly string[], zone: string, timed: boolean): DateReader | null => {
  const fields: Field[] = []
  let source = ''
  for (const part of parts) {
    const token = QUICK[part]
    if (token) fields.push(token.field)
    else if (/^[A-Za-z]/.test(part)) return null
    source += token ? token.digits : literal(part).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  }
  const pattern = new RegExp(`^${source}$`)
  return (text) => {
    const found = pattern.exec(text.trim())
    if (!found) return null
    const said: Record<Field, number> = {
      year: 0,
      short: -1,
      month: 0,
      day: 0,
      hour: 0,
      minute: 0,
      second: 0,
      milli: 0,
    }
    fields.forEach((field, index) => {
      said[field] = Number(found[index + 1])
    })
    const year = said.short >= 0 ? 2000 + said.short : said.year
    const wall = wallMillis(year, said.month, said.day, said.hour, said.minute, said.second)
    return wall === null ? null : momentOf(wall + said.milli, zone, timed)
  }
}

const literal = (part: string): string =>
  part.startsWith("'") ? (part === "''" ? "'" : part.slice(1, -1).replaceAll("''", "'")) : part

const momentOf = (wall: number, zone: string, timed: boolean): { millis: number | null; date: string | null } =>
  timed
    ? { millis: wallInZone(wall, zone), date: null }
    : { millis: null, date: new Date(wall).toISOString().slice(0, 10) }

const thoroughReader = (tokens: string, parts: readonly string[], zone: string, timed: boolean): DateReader => {
  const absolute = parts.some((part) => /^[XxTt]/.test(part))
  const utc = tz('UTC')
  return (text) => {
    const millis = parse(text.trim(), tokens, new Date(Date.UTC(2000, 0, 1)), { in: utc }).getTime()
    if (Number.isNaN(millis) || !inCalendar(millis)) return null
    return absolute ? { millis, date: null } : momentOf(millis, zone, timed)
  }
}

/** A period as flags and stored files have it: '2026-10-01..2026-10-31'. */
export const periodText = ({ from, to }: { from: string; to: string }): string => `${from}..${to}`
