/** What `tieout review` was asked: the flags, and the filter that they come to. */

import { UsageFault } from '../../core/errors.ts'
import { parseScaled, type Scaled } from '../../core/money.ts'
import { isMonth } from '../../core/period.ts'
import { closest, didYouMean } from '../../core/similar.ts'
import type { Flags } from '../../job.ts'
import { AGES } from '../../report/age.ts'
import { CODES_IN_ORDER } from '../../report/discrepancies.ts'
import { type FindingFilter, SORTS, type Sort, type Span } from '../../report/finding-filter.ts'
import type { Status } from '../../report/lines.ts'
import type { PersonFlags } from '../person.ts'

export interface FilterFlags {
  code?: string
  processor?: string
  month?: string
  owner?: string
  age?: string
  amount?: string
  status?: string
}

export interface ReviewFlags extends Flags, PersonFlags, FilterFlags {
  sort?: string
  as?: string
  to?: string
  due?: string
  yes?: boolean
  dryRun?: boolean
  against?: string
}

const FILTERS = ['code', 'processor', 'month', 'owner', 'age', 'amount', 'status'] as const

/** Whether any of the flags that choose findings is given. */
export const hasFilter = (flags: FilterFlags): boolean => FILTERS.some((name) => flags[name] !== undefined)

const STATUSES: readonly Status[] = ['open', 'acknowledged', 'resolved']

/** The words of a list, each one of those known. */
const wordsOf = <W extends string>(
  flag: string,
  text: string,
  known: readonly W[],
  fold: (word: string) => string,
): W[] =>
  text.split(',').map((word) => {
    const found = known.find((each) => each === fold(word.trim()))
    if (found !== undefined) return found
    throw new UsageFault(`--${flag} ${word.trim()}: expected one of ${known.join(', ')}`, {
      hint: didYouMean(closest(word, known)),
    })
  })

/** 'A..B', 'A..', '..B' or 'A' alone. */
const spanOf = <T>(flag: string, text: string, read: (bound: string) => T | null, example: string): Span<T> => {
  const [first = '', last = first, ...rest] = text.split('..').map((part) => part.trim())
  const bound = (part: string): T | null => (part === '' ? null : read(part))
  const [from, to] = [bound(first), bound(last)]
  const isUnread = (from === null && first !== '') || (to === null && last !== '')
  if (isUnread || rest.length > 0 || (from === null && to === null)) {
    throw new UsageFault(`--${flag} ${text}: expected ${example}`)
  }
  return { from, to }
}

const daysOf = (text: string): number | null => (/^\d{1,6}$/.test(text) ? Number(text) : null)

const ageOf = (text: string): Span<number> => {
  const place = AGES.findIndex(({ bucket }) => bucket === text.trim().toLowerCase())
  const group = AGES[place]
  if (group === undefined) {
    return spanOf(
      'age',
      text,
      daysOf,
      `days such as 31..60 or 31.., or one of ${AGES.map(({ bucket }) => bucket).join(', ')}`,
    )
  }
  return { from: place === 0 ? null : (AGES[place - 1]?.to ?? 0) + 1, to: Number.isFinite(group.to) ? group.to : null }
}

const sizeOf = (text: string): Scaled | null => {
  const exact = parseScaled(text)
  return exact === null || exact.unscaled < 0n ? null : exact
}

const monthNamed = (text: string): string => {
  if (isMonth(text)) return text
  throw new UsageFault(`--month ${text}: expected a month such as 2026-10`)
}

/** 'nobody' means findings without an owner. */
const NOBODY = 'nobody'

/** The filter that the flags come to; `statuses` are those looked at where --status is not given. Throws UsageFault. */
export const filterOf = (flags: FilterFlags, statuses: readonly Status[]): FindingFilter => ({
  codes: flags.code === undefined ? [] : wordsOf('code', flags.code, CODES_IN_ORDER, (word) => word.toUpperCase()),
  processors: flags.processor === undefined ? [] : flags.processor.split(',').map((word) => word.trim().toUpperCase()),
  month: flags.month === undefined ? null : monthNamed(flags.month),
  owner: flags.owner === undefined ? null : flags.owner.trim().toLowerCase() === NOBODY ? '' : flags.owner,
  age: flags.age === undefined ? null : ageOf(flags.age),
  amount:
    flags.amount === undefined
      ? null
      : spanOf('amount', flags.amount, sizeOf, 'an amount such as 12.50, 0..5 or 100..'),
  statuses:
    flags.status === undefined
      ? statuses
      : flags.status.trim() === 'all'
        ? STATUSES
        : wordsOf('status', flags.status, STATUSES, (word) => word.toLowerCase()),
})

export const sortOf = ({ sort }: ReviewFlags): Sort | null =>
  sort === undefined ? null : (wordsOf('sort', sort, SORTS, (word) => word.toLowerCase())[0] ?? null)
