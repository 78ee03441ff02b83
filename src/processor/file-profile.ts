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
  /** of a stated period with times */
  covers_from_at: string | null
  covers_to_at: string | null
  coverage_source: 'given' | 'stated' | 'dates' | 'none'
}

/** What some lines of a file hold together. */
export interface LinesProfile {
  /** lines seen so far, the unreadable ones included */
  lines: number
  first_on: string | null
  last_on: string | null
  /** by category, type and currency, in the order of their first lines */
  categories: Category[]
}

export interface FileProfile {
  row(row: CanonicalRow): void
  unreadable(record: Unreadable): void
  /** The lines that come next, seen before. */
  add(lines: LinesProfile): void
  lines(): number
  profile(): LinesProfile
  /** whether its categories are all the file's own words, so that added to any other profile they count as its lines would */
  isExact(): boolean
  coverage(summary: FileSummary, given: { from: string; to: string } | null): Coverage
}

/** A file with more words than this for its kinds of line has free text in that column: the rest is counted together. */
const MOST_CATEGORIES = 500
const LONGEST_CATEGORY = 200

export const profileFile = (): FileProfile => {
  const counted = new Map<string, Category>()
  let first: string | null = null
  let last: string | null = null
  let lines = 0
  let isExact = true

  const date = (on: string): void => {
    if (first === null || on < first) first = on
    if (last === null || on > last) last = on
  }
  let latest: Category | null = null
  const categoryOf = ({ category, type, currency }: Pick<Category, 'category' | 'type' | 'currency'>): Category => {
    if (latest?.category === category && latest.type === type && latest.currency === currency) return latest
    const key = `${type} ${currency} ${category}`
    const known = counted.get(key)
    if (known) {
      latest = known
      return known
    }
    isExact &&= counted.size < MOST_CATEGORIES && category.length <= LONGEST_CATEGORY
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
    add(others) {
      lines += others.lines
      if (others.first_on !== null) date(others.first_on)
      if (others.last_on !== null) date(others.last_on)
      for (const other of others.categories) {
        const category = categoryOf(other)
        category.count += other.count
        category.amount += other.amount
      }
    },
    lines: () => lines,
    profile: () => ({ lines, first_on: first, last_on: last, categories: [...counted.values()] }),
    isExact: () => isExact,
    coverage: ({ period }, given) => {
      if (given) return { ...withoutTimes(given.from, given.to), coverage_source: 'given' }
      if (period) {
        const { from, to, from_at, to_at } = period
        return {
          ...{ covers_from: from, covers_to: to, covers_from_at: from_at, covers_to_at: to_at },
          coverage_source: 'stated',
        }
      }
      return { ...withoutTimes(first, last), coverage_source: first === null ? 'none' : 'dates' }
    },
  }
}

const withoutTimes = (covers_from: string | null, covers_to: string | null): Omit<Coverage, 'coverage_source'> => ({
  ...{ covers_from, covers_to, covers_from_at: null, covers_to_at: null },
})

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
