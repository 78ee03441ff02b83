/** The findings that a person means: by the beginnings of their ids, or by a filter. */

import type { BusinessConfig } from '../../config/config.ts'
import { UsageFault } from '../../core/errors.ts'
import { dateInZone } from '../../core/period.ts'
import type { Db } from '../../database/connect.ts'
import { type RowOf, run } from '../../database/statement.ts'
import type { Job } from '../../job.ts'
import { describeFindings, readDiscrepancies } from '../../report/discrepancies.ts'
import { type FindingFilter, isMeant } from '../../report/finding-filter.ts'
import type { BusinessLine, DiscrepancyLine } from '../../report/lines.ts'
import type { FindingRow } from '../explain/items.ts'

/** A finding with all that is known of it; one that is cleared is in no report. */
export type Finding = Omit<DiscrepancyLine, 'status'> & { status: string }

/** Findings of one business. */
export interface Chosen {
  business: BusinessConfig
  line: BusinessLine
  findings: Finding[]
}

/** What is read of each business that was ever reconciled, from one state of the database; what has nothing is left out. */
const chosenOf = async (
  { database, businesses }: Pick<Job, 'database' | 'businesses'>,
  read: (db: Db, line: BusinessLine, as_of: string) => Promise<Finding[]>,
): Promise<Chosen[]> =>
  await database.transaction(async (db) => {
    await db.query('set transaction read only')
    const lines = await run<BusinessLine>(db, 'report/businesses', [businesses.map(({ id }) => id)])
    const chosen: Chosen[] = []
    for (const business of businesses) {
      const line = lines.find(({ business_id }) => business_id === business.id)
      if (line === undefined || line.reconciled_as_of === null) continue
      const findings = await read(db, line, line.reconciled_as_of)
      if (findings.length > 0) chosen.push({ business, line, findings })
    }
    return chosen
  }, 'repeatable read')

export const findingsMeant = async (job: Job, filter: FindingFilter): Promise<Chosen[]> =>
  await chosenOf(job, async (db, line, as_of) => {
    const { month, statuses, codes } = filter
    const reading = { from: month, to: month, statuses, ...(codes.length > 0 ? { codes } : {}) }
    const findings: Finding[] = []
    for await (const finding of readDiscrepancies(db, line, as_of, reading)) {
      if (isMeant(finding, filter, line.currency)) findings.push(finding)
    }
    return findings
  })

/** These findings of a business, described as of its last run, in the order of the ids. */
const describedOf = async (db: Db, line: BusinessLine, as_of: string, ids: readonly string[]): Promise<Finding[]> => {
  const heads = await run<FindingRow>(db, 'review/heads', [line.business_id, ids])
  const today = dateInZone(Date.parse(as_of), line.time_zone)
  const known = new Map((await describeFindings(db, line, today, heads)).map((finding) => [finding.id, finding]))
  return ids.flatMap((id) => known.get(id) ?? [])
}

/** The findings of these whole ids, as far as they are there. */
export const findingsOfIds = async (job: Job, ids: readonly string[]): Promise<Chosen[]> =>
  await chosenOf(job, async (db, line, as_of) => await describedOf(db, line, as_of, ids))

/**
 * The findings whose ids begin with these texts, each once.
 * @throws UsageFault where one is the beginning of none, or of several
 */
export const findingsNamed = async (job: Job, texts: readonly string[]): Promise<Chosen[]> => {
  const asked = [...new Set(texts.map((text) => text.trim().toLowerCase()))]
  const found: RowOf<'review/named'>[] = []
  const chosen = await chosenOf(job, async (db, line, as_of) => {
    const named = await run<RowOf<'review/named'>>(db, 'review/named', [line.business_id, asked])
    found.push(...named)
    const ids = [...new Set(asked.flatMap((text) => meantBy(named, text).map(({ discrepancy_id }) => discrepancy_id)))]
    return await describedOf(db, line, as_of, ids)
  })
  for (const text of asked) {
    const meant = text === '' ? [] : meantBy(found, text)
    if (meant.length === 0) {
      throw new UsageFault(`${text}: found no finding whose id begins so; \`tieout review list\` shows them`)
    }
    if (meant.length > 1) {
      throw new UsageFault(
        `${text}: found several findings whose ids begin so; give more of it, or name the business with --business`,
      )
    }
  }
  return chosen
}

const meantBy = (named: readonly RowOf<'review/named'>[], text: string): RowOf<'review/named'>[] => {
  const own = named.filter((each) => each.text === text)
  const whole = own.filter(({ is_whole }) => is_whole)
  return whole.length > 0 ? whole : own
}
