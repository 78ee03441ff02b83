/** Which dates a file covers, and which of its lines cover none (spec section 3). */

import { addDays, daysBetween } from '../core/period.ts'
import type { StatedPeriod } from './formats/format.ts'

/** A date that lines of a file bear. */
export interface LinesDate {
  date: string
  /** how many lines */
  lines: number
  /** the first of them */
  line: number
}

export interface Coverage {
  covers_from: string | null
  covers_to: string | null
  /** UTC instants of a stated period with times */
  covers_from_at: string | null
  covers_to_at: string | null
  coverage_source: 'given' | 'stated' | 'dates' | 'none'
  /** lines whose dates cover nothing, ten at most: one for each date */
  stray_lines: StrayLine[]
}

export interface StrayLine {
  line: number
  dated_on: string
}

/** How far from all other lines a line's date may lie to count. */
const REACH_DAYS = 92
const MOST_STRAYS = 10

/**
 * What a file covers: the dates given, else the period that it states, else its lines from the first date to the last.
 * Of these, dates after the day after `as_of_date` do not count, and where `files_cover` is dates, neither does the date
 * of a line that lies more than 92 days from every other line: one slip in a year would cover decades.
 */
export const coverageOf = (
  dates: readonly LinesDate[],
  said: { given: { from: string; to: string } | null; stated: StatedPeriod | null },
  { as_of_date, files_cover }: { as_of_date: string; files_cover: 'dates' | 'month' | 'year' },
): Coverage => {
  const latest = addDays(as_of_date, 1)
  const sorted = [...dates].sort((one, other) => (one.date < other.date ? -1 : 1))
  const due = sorted.filter(({ date }) => date <= latest)
  const counted = files_cover === 'dates' ? due.filter((_, index) => hasNeighbour(due, index)) : due
  const covering = new Set(counted)
  const stray_lines = sorted
    .filter((each) => !covering.has(each))
    .map(({ date, line }) => ({ line, dated_on: date }))
    .sort((one, other) => one.line - other.line)
    .slice(0, MOST_STRAYS)
  const { given, stated } = said
  const without = { covers_from_at: null, covers_to_at: null, stray_lines }
  if (given) return { covers_from: given.from, covers_to: given.to, coverage_source: 'given', ...without }
  if (stated) {
    return {
      covers_from: stated.from,
      covers_to: stated.to,
      covers_from_at: stated.from_at,
      covers_to_at: stated.to_at,
      coverage_source: 'stated',
      stray_lines,
    }
  }
  const [from, to] = [counted[0]?.date ?? null, counted.at(-1)?.date ?? null]
  return { covers_from: from, covers_to: to, coverage_source: from === null ? 'none' : 'dates', ...without }
}

/** Whether another line lies within reach of the lines of a date; a file's only line needs none. */
const hasNeighbour = (sorted: readonly LinesDate[], index: number): boolean => {
  const [before, at, after] = [sorted[index - 1], sorted[index], sorted[index + 1]]
  if (at === undefined) return false
  if (at.lines > 1 || sorted.length === 1) return true
  return (
    (before !== undefined && daysBetween(before.date, at.date) <= REACH_DAYS) ||
    (after !== undefined && daysBetween(at.date, after.date) <= REACH_DAYS)
  )
}
