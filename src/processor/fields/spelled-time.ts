/** Times with a month in words: 'Sep 9, 2026 3:00:00 PM PDT', '21-Aug-2026 03:26:23 PM MDT', '2 févr. 2024 05:02:24 UTC'. */

import { isDate } from '../../core/instant.ts'
import { type Occurred, occurredOn } from './record-time.ts'
import { writtenTime } from './written-date.ts'
import { readTimeIn } from './zone-abbreviations.ts'
import { zoneSaid } from './zone-names.ts'

/** Beginnings of months, without accents, in English, German, French, Italian, Spanish, Dutch and Swedish. */
const MONTHS: readonly (readonly string[])[] = [
  ['jan', 'gen', 'ene'],
  ['feb', 'fev'],
  ['mar', 'mrt', 'maa'],
  ['apr', 'avr', 'abr'],
  ['may', 'mai', 'mag', 'mei', 'maj'],
  ['jun', 'juin', 'giu'],
  ['jul', 'juil', 'lug'],
  ['aug', 'aou', 'ago'],
  ['sep', 'set'],
  ['oct', 'okt', 'ott'],
  ['nov'],
  ['dec', 'dez', 'dic'],
]

const MONTH_FIRST = /^(?<month>\p{L}+)\.? (?<day>\d{1,2}), (?<year>\d{4})(?:,? (?<rest>.+))?$/u
const DAY_FIRST = /^(?<day>\d{1,2})[ -](?<month>\p{L}+)\.?[ -](?<year>\d{4})(?:,? (?<rest>.+))?$/u
const TIME = /^(\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?)(?: (.+))?$/

const monthOf = (word: string): number => {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return MONTHS.findIndex((beginnings) => beginnings.some((beginning) => plain.startsWith(beginning))) + 1
}

/**
 * One text as a time, in the zone that it names, else in `zone`; without a time of day it is the date itself, in whatever
 * zone. null where it is none, or its zone is not known.
 */
export const spelledTime = (text: string, zone: string, businessTimeZone: string): Occurred | null => {
  const { day = '', month = '', year = '', rest } = (MONTH_FIRST.exec(text) ?? DAY_FIRST.exec(text))?.groups ?? {}
  const date = `${year}-${String(monthOf(month)).padStart(2, '0')}-${day.padStart(2, '0')}`
  if (!isDate(date)) return null
  if (rest === undefined) return occurredOn(date)
  const [, clock = '', named] = TIME.exec(rest) ?? []
  const time = writtenTime(clock.replaceAll('.', ''))
  const place = named === undefined ? zone : zoneSaid(named)
  return time === null || place === null ? null : readTimeIn(`${date} ${time}`, place, businessTimeZone)
}
