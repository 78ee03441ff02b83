/** What is said of a night: a subject line, and what stands and changed, the same for mail, chat and command. */

import { CODES } from '../core/discrepancy.ts'
import { formatMoney } from '../core/money.ts'
import { counted } from '../core/words.ts'
import type { Database, Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { BusinessLine, Verdict } from '../report/lines.ts'
import { decisionText } from '../report/messages/phrases.ts'
import {
  addMoney,
  CHANGES,
  type Change,
  changeText,
  moneyText,
  readSince,
  type Since,
  sinceText,
} from '../report/since.ts'
import { countOf, readStanding, type Standing, standingLines, standingTitle } from '../report/standing.ts'
import type { Part } from './telling.ts'

/** A night that is over, well or not. */
export interface Night {
  /** UTC */
  as_of: string
  /** when it began, by the clock */
  started_at: string
  businesses: readonly { business_id: string; name: string; problems: readonly string[] }[]
  /** why it ended before its time; null: it went through */
  failure: string | null
  /** files written, or their addresses */
  reports: readonly string[]
}

export interface Summary {
  subject: string
  /** what is told, for each channel to write */
  parts: readonly Part[]
  /** something failed, or a night before is missing: told whatever is asked for */
  alarming: boolean
  /** errors are open, or a month is incomplete */
  errors: boolean
  /** changes when there is something new to say */
  fingerprint: string
}

interface BusinessSummary {
  name: string
  headline: string
  standing: Standing
  since: Since | null
  parts: Part[]
  alarms: string[]
  errors: boolean
  fingerprint: string
}

/** Months that are named one by one, the latest first. */
const MONTHS_NAMED = 6
/** Findings of each change that are named, the largest. */
const FINDINGS_NAMED = 5

/** Reads what stands now. `missed_after_hours`: a longer pause between two nights is a missed one. */
export const summaryOf = (
  database: Database,
  night: Night,
  job: string,
  missed_after_hours: number,
): Promise<Summary> =>
  database.transaction(async (db) => {
    const parts: BusinessSummary[] = []
    for (const business of night.businesses)
      parts.push(await businessSummary(db, business, night, job, missed_after_hours))
    return assembled(night, parts)
  }, 'repeatable read')

/** What can be said where the database cannot be asked. */
export const summaryOfFailure = (night: Night): Summary => assembled(night, [])

const assembled = (night: Night, businesses: readonly BusinessSummary[]): Summary => {
  const alarms = businesses.flatMap((business) => business.alarms)
  const alarming = night.failure !== null || alarms.length > 0
  const [only] = businesses
  const state =
    night.failure !== null
      ? 'the nightly run failed'
      : businesses.length === 1 && only
        ? `${only.name}: ${only.headline}`
        : headlineOfAll(businesses)
  // what a reader opens stands first
  const pages = night.reports.filter((link) => /^https?:.*\.html$/.test(link))
  const others = night.reports.filter((link) => !pages.includes(link))
  const parts: Part[] = [
    ...(night.failure === null ? [] : [{ lines: [`The nightly run as of ${night.as_of} failed: ${night.failure}`] }]),
    ...(pages.length === 0 ? [] : [{ links: pages }]),
    ...businesses.flatMap((business) => business.parts),
    ...(others.length === 0 ? [] : [{ title: 'Reports:', links: others }]),
  ]
  return {
    subject: `Tieout: ${alarming && night.failure === null ? 'attention: ' : ''}${state}`,
    parts,
    alarming,
    errors: alarming || businesses.some((business) => business.errors),
    fingerprint: [night.failure ?? '', ...businesses.map((business) => business.fingerprint)].join('|'),
  }
}

const VERDICTS: readonly Verdict[] = ['incomplete', 'discrepant', 'waiting', 'reconciled']

/** '3 businesses: 1 discrepant, 2 reconciled; 12 items to correct, 4 new (75.70 USD)': of the months to be closed. */
const headlineOfAll = (businesses: readonly BusinessSummary[]): string => {
  const verdicts = VERDICTS.flatMap((verdict) => {
    const count = businesses.filter(({ standing }) => standing.months[0]?.verdict === verdict).length
    return count === 0 ? [] : [`${count} ${verdict}`]
  })
  const errors = businesses.reduce((sum, { standing }) => sum + countOf(standing, 'error'), 0n)
  const money = new Map<string, bigint>()
  for (const { since } of businesses)
    for (const [currency, minor] of since?.new.money ?? []) addMoney(money, { minor, currency })
  const count = businesses.reduce((sum, { since }) => sum + (since?.new.count ?? 0), 0)
  const fresh = count === 0 ? '' : `, ${count} new${money.size === 0 ? '' : ` (${moneyText(money)})`}`
  const many = counted(businesses.length, 'business', 'businesses')
  return `${[many, verdicts.join(', ')].filter(Boolean).join(': ')}; ${counted(errors, 'item')} to correct${fresh}`
}

const businessSummary = async (
  db: Db,
  business: Night['businesses'][number],
  night: Night,
  job: string,
  missed_after_hours: number,
): Promise<BusinessSummary> => {
  const { business_id, name, problems } = business
  const standing = await readStanding(db, business_id)
  const [stored] = await run<BusinessLine>(db, 'report/businesses', [[business_id]])
  const since = stored === undefined ? null : await readSince(db, stored, night.as_of)
  const verdicts = await run<{ month: string; verdict: string; reasons: { text: string }[] }>(db, 'report/verdicts', [
    business_id,
    null,
    null,
  ])
  const [state] = await run<{ fingerprint: string }>(db, 'notify/fingerprint', [business_id])
  // the tries of one night bear its as_of, and are one night
  const before = await (await db.kysely())
    .selectFrom('run')
    .select(['started_at', 'outcome'])
    .where('business_id', '=', business_id)
    .where('job', '=', job)
    .where('as_of', '<', night.as_of)
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const named = new Set(standing.months.map(({ month }) => month))
  const open = verdicts.filter(({ month, verdict }) => verdict !== 'reconciled' && !named.has(month)).reverse()
  const alarms = [...problems, ...missed(before, night, missed_after_hours)]
  const byCode = standing.codes
    .filter((line) => line.open > 0n && CODES[line.code].class === 'error')
    .map((line) => `${CODES[line.code].title}: ${line.open}`)
  return {
    ...{ name, standing, since, alarms },
    headline: standingTitle(standing),
    parts: [
      {
        title: name,
        alarms,
        lines: [...standingLines(standing, since === null), ...(since === null ? [] : [sinceText(since)])],
      },
      ...(since === null ? [] : CHANGES.flatMap((change) => changePart(change, since))),
      ...(byCode.length === 0 ? [] : [{ title: 'To correct:', lines: byCode }]),
      ...(open.length === 0 ? [] : [{ title: 'Other months:', lines: monthLines(open) }]),
    ],
    errors: countOf(standing, 'error') > 0n || verdicts.some(({ verdict }) => verdict === 'incomplete'),
    fingerprint: [state?.fingerprint ?? '', ...problems].join(' '),
  }
}

/** The largest findings that are new, cleared or decided, with what they come to. */
const changePart = (change: Change, since: Since): Part[] => {
  const changed = since[change]
  if (changed.count === 0) return []
  const named = changed.named.slice(0, FINDINGS_NAMED)
  const left = changed.count - named.length
  return [
    {
      title: `${changeText(change, changed)}:`,
      findings: named.map(({ figure, ...finding }) => ({
        figure: figure === null ? '' : formatMoney(figure.minor, figure.currency),
        text: [`${CODES[finding.code].title}: ${finding.message}`, change === 'decided' ? decisionText(finding) : null]
          .filter((part) => part !== null)
          .join(' Decided: '),
      })),
      more: left > 0 ? `... and ${left} more` : null,
    },
  ]
}

const monthLines = (open: readonly { month: string; verdict: string; reasons: { text: string }[] }[]): string[] => [
  ...open
    .slice(0, MONTHS_NAMED)
    .map(({ month, verdict, reasons }) =>
      [`${month} ${verdict}`, reasons.map(({ text }) => text).join('; ')].filter(Boolean).join(': '),
    ),
  ...(open.length > MONTHS_NAMED
    ? [
        `... and ${counted(open.length - MONTHS_NAMED, 'earlier month that is', 'earlier months that are')} not reconciled`,
      ]
    : []),
]

/** What is wrong with the night before this one. */
const missed = (before: { started_at: string; outcome: string } | undefined, night: Night, hours: number): string[] => {
  if (!before) return []
  const pause = (Date.parse(night.started_at) - Date.parse(before.started_at)) / 3_600_000
  if (pause > hours) {
    return [`no nightly run for ${Math.floor(pause)} hours before this one (the last began ${before.started_at})`]
  }
  return before.outcome === 'running' ? [`the nightly run of ${before.started_at} did not come to its end`] : []
}
