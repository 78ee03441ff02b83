/** What a file holds as a whole: its first and last date, and how many lines of what kind over what amount. */

import type { CanonicalRow, FileSummary, RowType, Unreadable } from './format.ts'

/** Lines of one of the file's own words, in one currency. */
export interface Category {
  category: string
  type: RowType
  currency: string
  count: number
  /** minor units, as the canonical rows have it */
  amount: bigint
}

export interface Coverage {
  covers_from: string | null
  covers_to: string | null
  coverage_source: 'given' | 'stated' | 'dates' | 'none'
}

export interface FileProfile {
  row(row: CanonicalRow): void
  unreadable(record: Unreadable): void
  /** lines seen so far */
  lines(): number
  coverage(summary: FileSummary, given: { from: string; to: string } | null): Coverage
  /** by category, type and currency, in the order of their first lines */
  categories(): Category[]
}

/** A file with more words than this for its kinds of line has free text in that column: the rest is counted together. */
const MOST_CATEGORIES = 500
const LONGEST_CATEGORY = 200

export const profileFile = (): FileProfile => {
  const counted = new Map<string, Category>()
  let first: string | null = null
  let last: string | null = null
  let lines = 0

  const date = (on: string): void => {
    if (first === null || on < first) first = on
    if (last === null || on > last) last = on
  }
  let latest: Category | null = null
  const categoryOf = ({ category, type, currency }: CanonicalRow): Category => {
    if (latest?.category === category && latest.type === type && latest.currency === currency) return latest
    const key = `${type} ${currency} ${category}`
    const known = counted.get(key)
    if (known) {
      latest = known
      return known
    }
    const word = counted.size < MOST_CATEGORIES ? copied(category.slice(0, LONGEST_CATEGORY)) : '(other words)'
    const wordKey = counted.size < MOST_CATEGORIES ? key : `${type} ${currency} ${word}`
    const made = counted.get(wordKey) ?? { category: word, type, currency, count: 0, amount: 0n }
    counted.set(copied(wordKey), made)
    return made
  }
  return {
    row(row) {
      lines += 1
      date(row.occurred_on)
      const category = categoryOf(row)
      category.count += 1
      category.amount += row.amount
    },
    unreadable({ occurred_on }) {
      lines += 1
      if (occurred_on !== null) date(occurred_on)
    },
    lines: () => lines,
    coverage: ({ period }, given) => {
      if (given) return { covers_from: given.from, covers_to: given.to, coverage_source: 'given' }
      if (period) return { covers_from: period.from, covers_to: period.to, coverage_source: 'stated' }
      return { covers_from: first, covers_to: last, coverage_source: first === null ? 'none' : 'dates' }
    },
    categories: () => [...counted.values()],
  }
}

/** A text of its own: a piece of a block of the file would keep the whole block in memory. */
const copied = (piece: string): string => Buffer.from(piece).toString()

/** Categories as JSON; amounts as integers, however large. */
export const categoriesJson = (categories: readonly Category[]): string =>
  `[${categories
    .map(
      ({ category, type, currency, count, amount }) =>
        `${JSON.stringify({ category, type, currency, count }).slice(0, -1)},"amount":${amount}}`,
    )
    .join(',')}]`
