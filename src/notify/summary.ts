/** What is said of a night: a subject line and a page of text, the same for mail, chat and command. */

import { CODES } from '../core/discrepancy.ts'
import { counted } from '../core/words.ts'
import type { Db } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import { countOf, readStanding, standingLines, standingTitle } from '../report/standing.ts'

/** A night that is over, well or not. */
export interface Night {
  /** UTC */
  as_of: string
  /** when it began, by the clock */
  started_at: string
  businesses: readonly { business_id: string; name: string; problems: readonly string[] }[]
  /** why it ended before its time; null: it went through */
  failure: string | null
  /** files written */
  reports: readonly string[]
}

export interface Summary {
  subject: string
  text: string
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
  lines: string[]
  alarms: string[]
  errors: boolean
  fingerprint: string
}

/** Months that are named one by one, the latest first. */
const MONTHS_NAMED = 6

/** Reads what stands now. `missed_after_hours`: a longer pause between two nights is a missed one. */
export const summaryOf = async (db: Db, night: Night, job: string, missed_after_hours: number): Promise<Summary> => {
  const parts: BusinessSummary[] = []
  for (const business of night.businesses)
    parts.push(await businessSummary(db, business, night, job, missed_after_hours))
  return assembled(night, parts)
}

/** What can be said where the database cannot be asked. */
export const summaryOfFailure = (night: Night): Summary => assembled(night, [])

const assembled = (night: Night, parts: readonly BusinessSummary[]): Summary => {
  const alarms = parts.flatMap((part) => part.alarms)
  const alarming = night.failure !== null || alarms.length > 0
  const [only] = parts
  const state =
    night.failure !== null
      ? 'the nightly run failed'
      : parts.length === 1 && only
        ? `${only.name}: ${only.headline}`
        : `${counted(parts.length, 'business', 'businesses')}, ${parts.filter((part) => part.errors).length} with items to correct or data missing`
  const text = [
    ...(night.failure === null ? [] : [`The nightly run as of ${night.as_of} failed: ${night.failure}`, '']),
    ...parts.flatMap((part) => [
      part.name,
      ...part.alarms.map((line) => `  ! ${line}`),
      ...part.lines.map((line) => `  ${line}`),
      '',
    ]),
    ...(night.reports.length === 0 ? [] : ['Reports:', ...night.reports.map((path) => `  ${path}`)]),
  ]
  return {
    subject: `Tieout: ${alarming && night.failure === null ? 'attention: ' : ''}${state}`,
    text: text.join('\n').trimEnd(),
    alarming,
    errors: alarming || parts.some((part) => part.errors),
    fingerprint: [night.failure ?? '', ...parts.map((part) => part.fingerprint)].join('|'),
  }
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
  return {
    name,
    headline: standingTitle(standing),
    lines: [
      ...standingLines(standing),
      ...open
        .slice(0, MONTHS_NAMED)
        .map(
          ({ month, verdict, reasons }) =>
            `${[`${month} ${verdict}`, reasons.map(({ text }) => text).join('; ')].filter(Boolean).join(': ')}`,
        ),
      ...(open.length > MONTHS_NAMED
        ? [
            `... and ${counted(open.length - MONTHS_NAMED, 'earlier month that is', 'earlier months that are')} not reconciled`,
          ]
        : []),
      ...standing.codes
        .filter((line) => line.open > 0n && CODES[line.code].class === 'error')
        .map((line) => `  ${CODES[line.code].title}: ${line.open}`),
    ],
    alarms: [...problems, ...missed(before, night, missed_after_hours)],
    errors: countOf(standing, 'error') > 0n || verdicts.some(({ verdict }) => verdict === 'incomplete'),
    fingerprint: [state?.fingerprint ?? '', ...problems].join(' '),
  }
}

/** What is wrong with the night before this one. */
const missed = (before: { started_at: string; outcome: string } | undefined, night: Night, hours: number): string[] => {
  if (!before) return []
  const pause = (Date.parse(night.started_at) - Date.parse(before.started_at)) / 3_600_000
  if (pause > hours) {
    return [`no nightly run for ${Math.floor(pause)} hours before this one (the last began ${before.started_at})`]
  }
  return before.outcome === 'running' ? [`the nightly run of ${before.started_at} did not come to its end`] : []
}
