/** Which months are meant: --from and --to, or --month for one. */

import { UsageFault } from './errors.ts'
import { isMonth } from './period.ts'

export interface MonthFlags {
  /** as given */
  from?: string
  to?: string
  /** short for --from M --to M */
  month?: string
}

/** First and last month, 'YYYY-MM'; null: no bound. */
export interface Months {
  from: string | null
  to: string | null
}

/** @throws UsageFault where a month is none, or the first comes after the last */
export const monthsOf = ({ from, to, month }: MonthFlags): Months => {
  if (month !== undefined && (from ?? to) !== undefined)
    throw new UsageFault(`--month ${month}: stands for --from and --to, so it cannot be used with them`)
  const first = monthOf('--from', from) ?? monthOf('--month', month)
  const last = monthOf('--to', to) ?? monthOf('--month', month)
  if (first !== null && last !== null && first > last)
    throw new UsageFault(`--from ${first} --to ${last}: the first month comes after the last one`)
  return { from: first, to: last }
}

const monthOf = (flag: string, text: string | undefined): string | null => {
  if (text === undefined) return null
  if (!isMonth(text)) throw new UsageFault(`${flag} ${text}: expected a month such as 2026-10`)
  return text
}
