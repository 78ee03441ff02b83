/** What makes a leg and a row candidates for each other in a pass, whatever became of it. */

import { identityKeysOf, isRefund, referenceKeysOf } from '../../matching/keys.ts'
import { dayNumber } from '../../matching/order.ts'
import type { Leg, MatchSettings, Pass, Ruling } from '../../matching/types.ts'
import type { LoadedRow } from '../../reconciliation/working-set.ts'

export interface Relation {
  /** the key or amount that relates the two; null: a person did */
  by: string | null
  /** why the pass cannot join them although they are related, as one clause; null where it may */
  apart: string | null
}

/** Of what lies further away than the window, or at another processor, so many of the nearest are told. */
export const MOST_FAR = 3

/** Why passes 2 to 5 never compare the two; null where they do. */
const whyElsewhere = (leg: Leg, row: LoadedRow, settings: MatchSettings): string | null => {
  if (leg.direction !== row.direction) return `it is a ${row.direction} refund and the leg a ${leg.direction} refund`
  if (leg.processor !== row.processor) return `it is at ${row.processor} and the leg says ${leg.processor}`
  if (row.currency !== settings.currency) return `it is in ${row.currency} and the books are in ${settings.currency}`
  return null
}

/** The distance in days, the row's date counted the processor's usual lag earlier. */
export const daysApart = (leg: Leg, row: LoadedRow, settings: MatchSettings): number => {
  const lag = settings.processors.get(row.processor)?.usual_lag_days ?? 0
  return Math.abs(dayNumber(row.on_date) - lag - dayNumber(leg.on_date))
}

const sharedKey = (keys: readonly string[], others: readonly string[]): string | undefined =>
  keys.find((key) => others.includes(key))

/** How the pass relates the two; null where it never looks at them together. */
export function relationIn(
  pass: Pass,
  leg: Leg,
  row: LoadedRow,
  { settings, rulings }: { settings: MatchSettings; rulings: readonly Ruling[] },
): Relation | null {
  if (pass === 'manual') {
    const ruled = rulings.some(({ leg_nos, row_nos }) => leg_nos.includes(leg.leg_no) && row_nos.includes(row.row_no))
    return ruled ? { by: null, apart: null } : null
  }
  if (pass === 'cancelled' || !isRefund(row)) return null
  if (pass === 'refund_id') {
    const by = sharedKey(leg.identity_keys, identityKeysOf(row))
    if (by === undefined) return null
    return { by, apart: leg.direction === row.direction ? null : whyElsewhere(leg, row, settings) }
  }
  if (pass === 'amount_and_date') {
    if (leg.amount !== row.amount) return null
    const apart = whyElsewhere(leg, row, settings) ?? whyFar(leg, row, settings)
    return { by: String(row.amount), apart }
  }
  const by = sharedKey(leg.reference_keys, referenceKeysOf(row)) ?? payoutNamed(pass, leg, row, settings)
  if (by === undefined) return null
  const apart = whyElsewhere(leg, row, settings)
  if (pass === 'payment_reference') return leg.amount === row.amount || apart ? { by, apart } : null
  return apart ? null : { by, apart }
}

const whyFar = (leg: Leg, row: LoadedRow, settings: MatchSettings): string | null => {
  const days = daysApart(leg, row, settings)
  const window = settings.processors.get(row.processor)?.date_window_days ?? 0
  return days > window ? `it lies ${days} days away, and the window is ${window} days` : null
}

const payoutNamed = (pass: Pass, leg: Leg, row: LoadedRow, settings: MatchSettings): string | undefined => {
  if (pass !== 'payment_group' || row.payout_id === null) return undefined
  if (settings.processors.get(row.processor)?.match_payouts !== true) return undefined
  return sharedKey([row.payout_id], [...leg.identity_keys, ...leg.reference_keys])
}
