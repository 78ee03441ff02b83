/** A night, and telling of it: what came of it, or why it ended before its time. */

import type { Job, JobOptions, Result } from '../job.ts'
import { tellOfNight } from '../notify/tell.ts'
import { problemOf } from './business-runs.ts'
import { night } from './night.ts'

/** The night's name in table run, whoever does it. */
export const JOB = 'nightly'

export const toldNight = async (job: Job): Promise<Result> => {
  const started_at = job.now()
  const { outcomes, reports, failure, ...result } = await night(job)
  job.progress.step('telling of it')
  const { as_of, config, database, log } = job
  const told = await tellOfNight(
    database,
    config,
    JOB,
    { as_of, started_at, businesses: outcomes, failure, reports },
    log,
  )
  const { exit = 0 } = result
  const isTold = told.every(({ problem }) => problem === null)
  return { ...result, document: { ...result.document, notices: told }, exit: exit === 0 && !isTold ? 4 : exit }
}

/** The night failed as a whole; nothing can be asked of the database. */
export const tellOfFailure: NonNullable<JobOptions['failed']> = async ({ as_of, config, log, now }, error) => {
  const night = { as_of, started_at: now(), businesses: [], failure: problemOf(error, config.secrets), reports: [] }
  await tellOfNight(null, config, JOB, night, log)
}
