/** One field of a refund as Layer sends it: read, or found wrong with its place and what was expected there. */

import { parseInstant } from '../../core/instant.ts'
import { counted } from '../../core/words.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Where the reader stands in a refund, so that a place is spelled out only where something is wrong. */
export interface Reading {
  /** 'payments' or 'allocations', '' for the refund itself */
  list: string
  index: number
  /** 'line_items' or 'refunded_payment_fees', '' outside them */
  inner: string
  inner_index: number
  /** texts of this refund need to be looked at closely: it has escapes that no column can hold */
  escapes: boolean
  /** the first thing found wrong: the reason of the quarantine */
  wrong: string | null
}

export const openReading = (escapes: boolean): Reading => ({
  list: '',
  index: 0,
  inner: '',
  inner_index: 0,
  escapes,
  wrong: null,
})

/** An instant (UTC text) or a date alone; both null where there is none. */
export interface ReadMoment {
  instant: string | null
  date: string | null
  millis: number | null
}

/** Of ids and references: an index entry, of some 2,700 bytes, has to hold two of them. */
const LONGEST_TEXT = { characters: 1000, bytes: 1250 }

/** Minor units. Sums of millions of such amounts still fit into the database's integers. */
const LARGEST_AMOUNT = 10n ** 15n

/**
 * Allocations, line items or fees of one refund, and its payments: each payment is an item that is matched, and told of beside
 * all that share a key with it. No refund has so many.
 */
const LONGEST_LIST = 10_000
const MOST_PAYMENTS = 1000

/** A NUL character, or half of a character: no column of text holds them. */
const UNSTORABLE: RegExp = /\0|\p{Surrogate}/u

/** The last instant whose date is of year 9999 in every time zone. */
const LAST_MILLIS = Date.UTC(9999, 11, 30)

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const placeOf = (reading: Reading, field: string): string => {
  const outer = reading.list === '' ? '' : `${reading.list}[${reading.index}]`
  const inner = reading.inner === '' ? '' : `.${reading.inner}[${reading.inner_index}]`
  return field === '' ? `${outer}${inner}` || 'the refund' : outer === '' ? field : `${outer}${inner}.${field}`
}

/** A number or a date, in whatever notation: what else a text says may be a person's name, phone or address. */
const NO_WORDS = [
  /^\s{0,40}$/,
  /^-?\d{1,20}(?:[.,]\d{1,20})?$/,
  /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{2}|\d{4}))(?:[T ][\d:.,]{1,18}(?:Z|[-+]\d{2}:?\d{2})?)?$/,
]

/** What stands there, for a person: '"12.5" (text)', 'a text of 9 characters', '12.5 (number)', 'nothing'. */
export const describeValue = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') {
    return NO_WORDS.some((pattern) => pattern.test(value))
      ? `${JSON.stringify(value)} (text)`
      : `a text of ${counted(value.length, 'character')}`
  }
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object'
  return typeof value === 'number' ? `${value} (number)` : String(value)
}

/** Notes what is wrong at a field, unless something was already. */
export const note = (reading: Reading, field: string, value: unknown, expected: string): void => {
  reading.wrong ??= `${placeOf(reading, field)}: found ${describeValue(value)}, expected ${expected}`
}

/** Notes a sum that is larger than any account holds; `field` is what was summed. */
export const checkSum = (reading: Reading, field: string, sum: bigint): void => {
  if (sum > LARGEST_AMOUNT)
    reading.wrong ??= `${placeOf(reading, field)}: found a sum of ${sum}, expected at most 10^15`
}

/** Whole cents, at least 0 and at most 10^15; null and missing are wrong here. JSON's 12.0 is 12. */
export const readCents = (reading: Reading, from: JsonObject, field: string): bigint => {
  const value = from[field]
  const is_whole = typeof value === 'number' && Number.isInteger(value) && value >= 0
  if (is_whole && value <= Number(LARGEST_AMOUNT)) return BigInt(value)
  note(reading, field, value, is_whole ? 'at most 10^15' : 'a whole number of cents, 0 or more')
  return 0n
}

/** A fee in whole cents, at least 0; null where there is none. */
export const readFee = (reading: Reading, from: JsonObject, field: string): bigint | null =>
  from[field] === undefined || from[field] === null ? null : readCents(reading, from, field)

/** A text or null. A whole number counts as its digits: some books send their ids so. */
export const readText = (reading: Reading, from: JsonObject, field: string): string | null => {
  const value = from[field]
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string') {
    note(reading, field, value, 'a text')
    return null
  }
  if (isTooLong(value)) {
    note(reading, field, value, `a text of at most ${LONGEST_TEXT.characters} characters (${LONGEST_TEXT.bytes} bytes)`)
  }
  if (reading.escapes && UNSTORABLE.test(value)) {
    note(reading, field, value, 'a text without a NUL character or half of a character')
  }
  return value
}

const isTooLong = (text: string): boolean =>
  text.length > LONGEST_TEXT.bytes / 3 &&
  (text.length > LONGEST_TEXT.characters || Buffer.byteLength(text) > LONGEST_TEXT.bytes)

/** Whether the database can hold a refund by this id. */
export const isReadableId = (id: string): boolean => id.trim() !== '' && !isTooLong(id) && !UNSTORABLE.test(id)

/** An `id`: '' where it is missing; one that is there but empty is wrong. */
export const readId = (reading: Reading, from: JsonObject, required: boolean): string => {
  const id = readText(reading, from, 'id')
  if (id === null ? required : id.trim() === '') note(reading, 'id', from['id'], 'an id')
  return id ?? ''
}

/** A list of objects; null where none is given. */
export const readList = (reading: Reading, from: JsonObject, field: string): readonly JsonObject[] | null => {
  const value = from[field]
  if (value === undefined || value === null) return null
  const most = field === 'payments' ? MOST_PAYMENTS : LONGEST_LIST
  if (Array.isArray(value) && value.length > most) {
    reading.wrong ??= `${placeOf(reading, field)}: found a list of ${value.length}, expected at most ${most}`
    return []
  }
  if (Array.isArray(value) && value.every(isObject)) return value
  note(reading, field, value, 'a list of objects')
  return null
}

const NO_MOMENT: ReadMoment = { instant: null, date: null, millis: null }

/** A refund and its payments mostly have one moment: it is read once. */
let lastRead: { text: string | null; moment: ReadMoment } = { text: null, moment: NO_MOMENT }

/** A moment of time (ISO 8601; without an offset it is UTC; a date alone is that date). */
export const readMoment = (reading: Reading, from: JsonObject, field: string): ReadMoment => {
  const value = from[field]
  if (value === undefined || value === null) return NO_MOMENT
  if (typeof value === 'string' && value === lastRead.text) return lastRead.moment
  const moment = typeof value === 'string' ? parseInstant(value) : null
  if (typeof value === 'string' && moment !== null && (moment.millis ?? 0) <= LAST_MILLIS) {
    lastRead = { text: value, moment }
    return moment
  }
  note(reading, field, value, 'a date or time (ISO 8601)')
  return NO_MOMENT
}
