/** The period that a file states of itself, as dates and, where it has times, as instants. */

import type { Occurred } from '../fields/record-time.ts'
import type { StatedPeriod } from './format.ts'

export const periodOf = (from: Occurred, to: Occurred): StatedPeriod => ({
  from: from.occurred_on,
  to: to.occurred_on,
  from_at: from.occurred_at,
  to_at: to.occurred_at,
})

/** One period from the beginning of the earlier to the end of the later of two. */
export const widened = (one: StatedPeriod | null, other: StatedPeriod): StatedPeriod => {
  if (one === null) return other
  const first = beginsBefore(other, one) ? other : one
  const last = endsAfter(other, one) ? other : one
  return { from: first.from, from_at: first.from_at, to: last.to, to_at: last.to_at }
}

const beginsBefore = (one: StatedPeriod, other: StatedPeriod): boolean =>
  one.from_at !== null && other.from_at !== null
    ? Date.parse(one.from_at) < Date.parse(other.from_at)
    : one.from < other.from

const endsAfter = (one: StatedPeriod, other: StatedPeriod): boolean =>
  one.to_at !== null && other.to_at !== null ? Date.parse(one.to_at) > Date.parse(other.to_at) : one.to > other.to
