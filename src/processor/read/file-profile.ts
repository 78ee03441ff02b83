/** What a file holds as a whole: how many lines of which date, and how many of what kind over what amount. */

import type { LinesDate } from '../file-coverage.ts'
import type { CanonicalRow, RowType, Unreadable } from '../formats/format.ts'

/** Lines of one of the file's own words, in one currency. */
export interface Category {
  category: string
  type: RowType
  currency: string
  count: number
  /** minor units, as the canonical rows have it */
  amount: bigint
}

export interface FileProfile {
  row(row: CanonicalRow): void
  unreadable(record: Unreadable): void
  /** lines seen so far, the unreadable ones included */
  lines(): number
  /** in the order of their first lines */
  dates(): LinesDate[]
  /** by category, type and currency, in the order of their first lines */
  categories(): Category[]
}

/** A file with more words than this for its kinds of line has free text in that column: the rest is counted together. */
const MOST_CATEGORIES = 500
const LONGEST_CATEGORY = 200

export const profileFile = (): FileProfile => {
  const counted = new Map<string, Category>()
  const dates = new Map<string, LinesDate>()
  let lines = 0

  // a file is mostly in order of time, so that the next line is of the same date
  let sameDate: LinesDate | null = null
  const addDate = (date: string, line: number): void => {
    sameDate = sameDate?.date === date ? sameDate : (dates.get(date) ?? null)
    if (sameDate === null) {
      sameDate = { date, line, lines: 0 }
      dates.set(date, sameDate)
    }
    sameDate.lines += 1
    if (line < sameDate.line) sameDate.line = line
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
    const word = counted.size < MOST_CATEGORIES ? copied(category.slice(0, LONGEST_CATEGORY)) : '(other words)'
    const wordKey = counted.size < MOST_CATEGORIES ? key : `${type} ${currency} ${word}`
    const made = counted.get(wordKey) ?? { category: word, type, currency, count: 0, amount: 0n }
    counted.set(copied(wordKey), made)
    return made
  }
  return {
    row(row) {
      lines += 1
      addDate(row.occurred_on, row.line)
      const category = categoryOf(row)
      category.count += 1
      category.amount += row.amount
    },
    unreadable({ occurred_on, line }) {
      lines += 1
      if (occurred_on !== null) addDate(occurred_on, line)
    },
    lines: () => lines,
    dates: () => [...dates.values()],
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
