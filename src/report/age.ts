/** How long findings have been waiting, as auditors group them. */

/** The groups, youngest first; `to` is the last day in it. */
export const AGES: readonly { title: string; to: number }[] = [
  { title: '0-7 days', to: 7 },
  { title: '8-30 days', to: 30 },
  { title: '31-60 days', to: 60 },
  { title: '61-90 days', to: 90 },
  { title: 'over 90 days', to: Number.POSITIVE_INFINITY },
]

/** The group of an age; 'no date' where there is none. A date after as_of counts as 0 days. */
export const ageGroup = (age_days: number | null): string =>
  age_days === null ? 'no date' : (AGES.find(({ to }) => age_days <= to)?.title ?? 'no date')
