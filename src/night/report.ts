/** The end of a night that workers did: the reports and the telling that `nightly` ends with, over all its businesses. */

import type { BusinessConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { type RowOf, run } from '../database/statement.ts'
import type { Job } from '../job.ts'
import type { Night } from '../notify/summary.ts'
import { tellOfNight } from '../notify/tell.ts'
import { deadOfNight, forgetDeadNights, forgetDeadReports, type ReportPayload } from '../queue/jobs.ts'
import { JOB } from './notice.ts'
import { writeNightlyReports } from './report-files.ts'

type Within = (
  night: { as_of: string; businesses: readonly BusinessConfig[] },
  work: (own: Job) => Promise<void>,
) => Promise<void>

/**
 * Writes the reports of a night and tells of it. Done again, it writes the same files and tells again: that is last, so
 * that only a worker killed in that moment tells of a night twice.
 */
export const reportOfNight = (job: Job, payload: unknown, within: Within): Promise<void> => {
  const asked = payload as ReportPayload[]
  const ids = new Set(asked.flatMap(({ business_ids }) => business_ids))
  const as_of = asked[0]?.as_of ?? ''
  const businesses = job.config.businesses.filter(({ id }) => ids.has(id))
  if (businesses.length === 0)
    throw new UsageFault(`none of the businesses of the night as of ${as_of} is in ${job.config.path}`)
  const started_at = asked.map(({ queued_at }) => queued_at).sort()[0] ?? as_of
  return within({ as_of, businesses }, async (own) => {
    const reports = await writeNightlyReports(own)
    const dead = await deadOfNight(own.database, as_of)
    const problems = await problemsOf(own, dead)
    const night = { as_of, started_at, businesses: problems, failure: null, reports }
    await tellOfNight(own.database, own.config, JOB, night, own.log)
    const through = businesses.map(({ id }) => id).filter((id) => !dead.has(id))
    await forgetDeadNights(own.database, as_of, through)
    await forgetDeadReports(own.database)
    own.log.info({ businesses: businesses.length, reports }, 'the night is reported')
  })
}

/** What went wrong for each business in its last try, or kept it from having any. */
const problemsOf = async (
  { database, businesses, as_of }: Job,
  dead: ReadonlyMap<string, string | null>,
): Promise<Night['businesses']> => {
  const ids = businesses.map(({ id }) => id)
  const tries = await run<RowOf<'run/of_night', 'problem'>>(database, 'run/of_night', [ids, as_of, [JOB]])
  const problems = new Map(tries.map(({ business_id, problem }) => [business_id, problem]))
  return businesses.map(({ id, name }) => {
    const given_up = dead.has(id) ? (dead.get(id) ?? 'it was killed each time it was tried') : null
    const problem = problems.get(id) ?? given_up
    return { business_id: id, name, problems: problem === null ? [] : [problem] }
  })
}
