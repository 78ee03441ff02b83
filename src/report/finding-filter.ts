/** Which findings a person means: by code, processor, month, owner, age, amount and status; and in which order. */

import type { Code } from '../core/discrepancy.ts'
import { minorDigits, type Scaled } from '../core/money.ts'
import { foldedName } from '../core/person.ts'
import type { DiscrepancyLine, Status } from './lines.ts'
import { sum } from './messages/phrases.ts'
import { headline, type Money } from './text/headline.ts'

/** Both ends included; null: no bound. */
export interface Span<T> {
  from: T | null
  to: T | null
}

export interface FindingFilter {
  /** none: all */
  codes: readonly Code[]
  /** upper case; none: all */
  processors: readonly string[]
  /** 'YYYY-MM': those that a report of this month has */
  month: string | null
  /** '': those of nobody; null: all */
  owner: string | null
  /** days */
  age: Span<number> | null
  /** of the figure's size, in major units of its currency */
  amount: Span<Scaled> | null
  statuses: readonly Status[]
}

export const SORTS = ['age', 'amount', 'due', 'owner', 'processor'] as const
export type Sort = (typeof SORTS)[number]

type Fitting = Omit<DiscrepancyLine, 'status'>

/** The figure of a finding as it is filtered, sorted and summed: without its sign. */
export const sizeOf = (line: Fitting, ledger_currency: string): Money | null => {
  const figure = headline(line, ledger_currency)
  return figure && { ...figure, minor: figure.minor < 0n ? -figure.minor : figure.minor }
}

/** Whether minor units of a currency lie below, at or above an exact amount: negative, 0, positive. */
const compareMoney = ({ minor, currency }: Money, { unscaled, scale }: Scaled): number => {
  const [one, other] = [minor * 10n ** BigInt(scale), unscaled * 10n ** BigInt(minorDigits(currency))]
  return one < other ? -1 : one > other ? 1 : 0
}

/** Whether the finding is meant, its code, month and status apart, which the database is asked for. */
export const isMeant = (line: Fitting, filter: FindingFilter, ledger_currency: string): boolean => {
  const { processors, owner, age, amount } = filter
  if (processors.length > 0 && !processors.includes(line.processor ?? '')) return false
  if (owner !== null && foldedName(line.owner ?? '') !== foldedName(owner)) return false
  if (age !== null) {
    if (line.age_days === null) return false
    if (line.age_days < (age.from ?? Number.NEGATIVE_INFINITY)) return false
    if (line.age_days > (age.to ?? Number.POSITIVE_INFINITY)) return false
  }
  if (amount === null) return true
  const size = sizeOf(line, ledger_currency)
  if (size === null) return false
  return (
    (amount.from === null || compareMoney(size, amount.from) >= 0) &&
    (amount.to === null || compareMoney(size, amount.to) <= 0)
  )
}

const COMPARES: Readonly<Record<Sort, (a: Fitting, b: Fitting, currency: string) => number>> = {
  age: (a, b) => (b.age_days ?? -1) - (a.age_days ?? -1),
  amount: (a, b, currency) => {
    const [one, other] = [sizeOf(a, currency)?.minor ?? -1n, sizeOf(b, currency)?.minor ?? -1n]
    return one > other ? -1 : one < other ? 1 : 0
  },
  due: (a, b) => compareTexts(a.due_on ?? a.owner_due_on, b.due_on ?? b.owner_due_on),
  owner: (a, b) => compareTexts(a.owner && foldedName(a.owner), b.owner && foldedName(b.owner)),
  processor: (a, b) => compareTexts(a.processor, b.processor),
}

/** Ascending, null last. */
const compareTexts = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1

/** Oldest, largest, earliest first; what is equal keeps its order. */
export const sorted = <L extends Fitting>(lines: readonly L[], sort: Sort, ledger_currency: string): L[] =>
  lines.toSorted((a, b) => COMPARES[sort](a, b, ledger_currency))

/** What the sizes of some findings come to, by currency. */
export const totalsOf = (lines: readonly Fitting[], ledger_currency: string): Money[] => {
  const sizes = lines.flatMap((line) => sizeOf(line, ledger_currency) ?? [])
  const currencies = [...new Set(sizes.map(({ currency }) => currency))].sort()
  return currencies.map((currency) => ({
    currency,
    minor: sum(sizes.filter((size) => size.currency === currency).map(({ minor }) => minor)),
  }))
}
