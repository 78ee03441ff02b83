/** Where a business stands after a night, in a few lines: the verdict that comes first in a report, a mail and `status`. */

import { CODES, type Code, type DiscrepancyClass } from '../core/discrepancy.ts'
import { formatMoney } from '../core/money.ts'
import { counted } from '../core/words.ts'
import type { Db } from '../database/connect.ts'
import type { RowOf } from '../database/statement.ts'
import { type ReadRows, readAlone } from './ahead.ts'
import type { Direction, Reason, Verdict } from './lines.ts'
import { monthName } from './messages/phrases.ts'

/** What ledger less processors comes to in a month: refunds net and gross, fees gross, in minor units. */
interface MonthSum {
  currency: string
  direction: Direction
  net: bigint
  gross: bigint
  fees: bigint
}

export interface MonthStanding {
  month: string
  verdict: Verdict
  reasons: readonly Reason[]
  is_over: boolean
  is_to_be_closed: boolean
  is_worst: boolean
  /** null: nobody closed or prepared it */
  state: 'prepared' | 'closed' | null
  prepared_by: string | null
  reviewed_by: string | null
  sums: readonly MonthSum[]
}

/** How many findings of a code are open, new since the night before and cleared by this one. */
interface CodeStanding {
  code: Code
  open: bigint
  new: bigint
  cleared: bigint
  /** of the night before; null: this is the first */
  as_of_before: string | null
}

export interface Standing {
  /** the month to be closed, then the worst where that is another; none where no month has a verdict */
  months: readonly MonthStanding[]
  codes: readonly CodeStanding[]
}

type MonthRow = Omit<MonthStanding, 'sums'> & { [Name in keyof MonthSum]: MonthSum[Name] | null }

/** Reads two months and the counts of one business, as its last run left them; `rowsOf` where it reads with others. */
export const readStanding = async (
  db: Db,
  business_id: string,
  rowsOf: ReadRows = readAlone(db),
): Promise<Standing> => {
  const months = new Map<string, MonthStanding & { sums: MonthSum[] }>()
  for (const { currency, direction, net, gross, fees, ...row } of await rowsOf<MonthRow>('report/standing', [
    business_id,
  ])) {
    const month = months.get(row.month) ?? { ...row, sums: [] }
    months.set(row.month, month)
    if (currency !== null && direction !== null)
      month.sums.push({ currency, direction, net: net ?? 0n, gross: gross ?? 0n, fees: fees ?? 0n })
  }
  const codes = await rowsOf<RowOf<'notify/standing', 'as_of_before'> & CodeStanding>('notify/standing', [business_id])
  return { months: [...months.values()], codes }
}

/** So many findings of a class. */
export const countOf = (
  { codes }: Standing,
  wanted: DiscrepancyClass,
  field: 'open' | 'new' | 'cleared' = 'open',
): bigint => codes.reduce((sum, line) => (CODES[line.code].class === wanted ? sum + line[field] : sum), 0n)

/** A line for each of the two months, and one for all; `changes`: with how many are new and cleared, unless that is told apart. */
export const standingLines = (standing: Standing, changes = true): string[] => [
  ...standing.months.map(monthLine),
  ...(standing.months.length > 0 && standing.months.every(({ verdict }) => verdict === 'reconciled')
    ? ['Every month is reconciled.']
    : []),
  inAll(standing, changes),
]

/** Why a month is incomplete: so many reasons are named. */
const REASONS_NAMED = 3

/** 'October 2026, to be closed: DISCREPANT: 19 items to correct. Ledger minus processors: 68.45 USD net, 612.05 USD gross.' */
export const monthLine = (month: MonthStanding): string =>
  `${[monthName(month.month), ...rolesOf(month)].join(', ')}: ${[month.verdict.toUpperCase(), whyText(month.reasons)].filter(Boolean).join(': ')}. ${differenceText(month)}.`

/** 'closed by Ada', 'to be closed', 'the worst', 'not over yet' */
export const rolesOf = (month: MonthStanding): string[] => {
  const { verdict } = month
  return [
    ...(month.state === null ? [] : [signedText(month)]),
    ...(month.is_to_be_closed && month.is_over && month.state === null ? ['to be closed'] : []),
    ...(month.is_worst &&
    month.state !== 'closed' &&
    verdict !== 'reconciled' &&
    (month.is_over || !month.is_to_be_closed)
      ? ['the worst']
      : []),
    ...(month.is_over ? [] : ['not over yet']),
  ]
}

/** 'the vendor refunds were not pulled completely; 19 items to correct' */
export const whyText = (reasons: readonly Reason[]): string => {
  const lacking = reasons.filter(({ code }) => code !== 'OPEN_ERRORS' && code !== 'WAITING')
  const more = lacking.length - REASONS_NAMED
  const said = [
    ...lacking.slice(0, REASONS_NAMED).map(({ text }) => text),
    ...(more > 0 ? [counted(more, 'more reason')] : []),
    ...itemsOf(reasons),
  ]
  return said.join('; ')
}

/** 'closed by Ada and Ben', 'prepared by Ada' */
const signedText = ({ state, prepared_by, reviewed_by }: MonthStanding): string =>
  `${state} by ${[prepared_by, reviewed_by].filter((name) => name !== null).join(' and ')}`

const itemsOf = (reasons: readonly Reason[]): string[] =>
  reasons.flatMap(({ code, count }) => {
    if (count === undefined || count === null) return []
    return code === 'OPEN_ERRORS' ? [toCorrect(count)] : [toArrive(count)]
  })

const toCorrect = (count: number | bigint): string => counted(count, 'item to correct', 'items to correct')
const toArrive = (count: number | bigint): string => counted(count, 'refund still to arrive', 'refunds still to arrive')

/** '68.45 USD net', 'vendor refunds 39.66 USD net' */
const netText = ({ direction, net, currency }: MonthSum): string =>
  `${direction === 'vendor' ? 'vendor refunds ' : ''}${formatMoney(net, currency)} net`

/** 'Ledger minus processors: 68.45 USD net, 612.05 USD gross; 2.09 USD in fees' */
const differenceText = ({ sums }: MonthStanding): string => {
  const refunds = sums
    .filter(({ net, gross }) => net !== 0n || gross !== 0n)
    .map((sum) => `${netText(sum)}, ${formatMoney(sum.gross, sum.currency)} gross`)
  const fees = [...new Set(sums.map(({ currency }) => currency))].flatMap((currency) => {
    const minor = sums.reduce((total, sum) => (sum.currency === currency ? total + sum.fees : total), 0n)
    return minor === 0n ? [] : [formatMoney(minor, currency)]
  })
  const said = [...refunds, ...(fees.length === 0 ? [] : [`fees differ by ${fees.join(' and ')}`])]
  return `Ledger minus processors: ${said.length === 0 ? 'no difference' : said.join('; ')}`
}

/** 'In all months: 19 items to correct, 2 refunds still to arrive; 3 new and 1 cleared since the night before.' */
const inAll = (standing: Standing, changes: boolean): string => {
  const isFirst = standing.codes.length > 0 && standing.codes.every(({ as_of_before }) => as_of_before === null)
  const fresh = countOf(standing, 'error', 'new')
  const cleared = standing.codes.reduce((sum, line) => sum + line.cleared, 0n)
  const since = isFirst ? 'this is the first night' : `${fresh} new and ${cleared} cleared since the night before`
  return `In all months: ${toCorrect(countOf(standing, 'error'))}, ${toArrive(countOf(standing, 'timing'))}${changes ? `; ${since}` : ''}.`
}

/** For a subject line: '2026-10 discrepant, 68.45 USD net; the worst 2026-08 incomplete; 19 items to correct, 3 new'. */
export const standingTitle = (standing: Standing): string => {
  const months = standing.months.map(({ month, verdict, sums, is_to_be_closed }) => {
    const net = sums.filter((sum) => sum.net !== 0n).map(netText)
    return [`${is_to_be_closed ? '' : 'the worst '}${month} ${verdict}`, ...net].join(', ')
  })
  const fresh = countOf(standing, 'error', 'new')
  return [...months, `${toCorrect(countOf(standing, 'error'))}${fresh === 0n ? '' : `, ${fresh} new`}`].join('; ')
}
