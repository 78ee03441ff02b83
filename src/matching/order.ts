/** The order of legs and rows that every pass goes by, and calendar dates as numbers of days. */

import type { Leg, Row } from './types.ts'

/** Compares by UTF-16 code unit, never by locale. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const byNumber = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** Legs in order: date, leg id, refund id. The last two only make the order total. */
export const compareLegs = (a: Leg, b: Leg): number =>
  byCodeUnit(a.on_date, b.on_date) ||
  byCodeUnit(a.leg_id, b.leg_id) ||
  byCodeUnit(a.refund_id, b.refund_id) ||
  byCodeUnit(a.direction, b.direction) ||
  byNumber(a.leg_no, b.leg_no)

/** Rows in order: date, transaction id, account. The last two only make the order total. */
export const compareRows = (a: Row, b: Row): number =>
  byCodeUnit(a.on_date, b.on_date) ||
  byCodeUnit(a.transaction_id, b.transaction_id) ||
  byCodeUnit(a.account, b.account) ||
  byCodeUnit(a.processor, b.processor) ||
  byNumber(a.row_no, b.row_no)

/** Days from 1970-01-01 to a calendar date, `YYYY-MM-DD`. */
export const dayNumber = (on_date: string): number => Date.parse(on_date) / 86_400_000

/** The list that a map holds under a key, made when there is none. */
export function listUnder<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key)
  if (known) return known
  const made: V[] = []
  lists.set(key, made)
  return made
}
