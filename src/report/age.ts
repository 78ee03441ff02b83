/** How long findings have been waiting (spec section 7). */

import type { DiscrepancyClass } from '../core/discrepancy.ts'

/** The groups of ages, youngest first; `to` is the last day in it. */
export const AGES: readonly { bucket: string; title: string; to: number }[] = [
  { bucket: '0-1', title: '0-1 days', to: 1 },
  { bucket: '2-7', title: '2-7 days', to: 7 },
  { bucket: '8-30', title: '8-30 days', to: 30 },
  { bucket: '31-60', title: '31-60 days', to: 60 },
  { bucket: '61-90', title: '61-90 days', to: 90 },
  { bucket: 'over 90', title: 'over 90 days', to: Number.POSITIVE_INFINITY },
]

/** The group of an age, null where there is none. A date after as_of counts as 0 days. */
export const ageGroup = (age_days: number | null): { bucket: string; title: string } | null =>
  age_days === null ? null : (AGES.find(({ to }) => age_days <= to) ?? null)

/** Findings that are open or acknowledged, by class and group of ages. */
export type AgeCounts = Record<DiscrepancyClass, number[]>

export const noAges = (): AgeCounts => ({
  error: AGES.map(() => 0),
  timing: AGES.map(() => 0),
  info: AGES.map(() => 0),
})

/** Counts a finding, or so many like it, unless it is settled or has no date. */
export const countAge = (
  ages: AgeCounts,
  finding: { class: DiscrepancyClass; status: string; age_bucket: string | null },
  times = 1,
): void => {
  const group = AGES.findIndex(({ bucket }) => bucket === finding.age_bucket)
  const counts = ages[finding.class]
  if (group >= 0 && finding.status !== 'resolved') counts[group] = (counts[group] ?? 0) + times
}
