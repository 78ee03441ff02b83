/** Time zones as reports abbreviate them: 'CET', 'PDT'. Each is a fixed offset, from this table. */

import { isTimeZone } from '../../core/period.ts'
import { type Occurred, readTime } from './record-time.ts'

/**
 * Hours and minutes ahead of UTC. Of abbreviations that two zones share, the one that Adyen's and PayPal's account
 * settings mean (BST is British, CST North American); IST is India's, Israel's and Ireland's, and so not here.
 */
const OFFSETS: Readonly<Record<string, string>> = {
  UTC: '+00:00',
  GMT: '+00:00',
  WET: '+00:00',
  WEST: '+01:00',
  BST: '+01:00',
  CET: '+01:00',
  CEST: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  MSK: '+03:00',
  TRT: '+03:00',
  SAST: '+02:00',
  GST: '+04:00',
  ICT: '+07:00',
  WIB: '+07:00',
  HKT: '+08:00',
  MYT: '+08:00',
  SGT: '+08:00',
  AWST: '+08:00',
  JST: '+09:00',
  KST: '+09:00',
  ACST: '+09:30',
  ACDT: '+10:30',
  AEST: '+10:00',
  AEDT: '+11:00',
  NZST: '+12:00',
  NZDT: '+13:00',
  BRT: '-03:00',
  ART: '-03:00',
  NST: '-03:30',
  NDT: '-02:30',
  AST: '-04:00',
  ADT: '-03:00',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
  AKST: '-09:00',
  AKDT: '-08:00',
  HST: '-10:00',
}

/** The offset ('+01:00') of an abbreviation, or the IANA zone itself ('Europe/Berlin'); null where the name is neither. */
export const zoneOf = (name: string): string | null =>
  OFFSETS[name.toUpperCase()] ?? (name.includes('/') && isTimeZone(name) ? name : null)

/**
 * A wall clock reading ('2026-10-31 23:59:59') in an offset that zoneOf gave or an IANA zone; a date alone is the date
 * itself. null where it is no such reading.
 */
export const readTimeIn = (wall: string, zone: string, businessTimeZone: string): Occurred | null =>
  /^[-+]/.test(zone)
    ? readTime(wall.includes(':') ? `${wall}${zone}` : wall, businessTimeZone, 'UTC')
    : readTime(wall, businessTimeZone, zone)
