/** One night: pull, import, reconcile for each business, then the report for all. What fails leaves the rest to be done. */

import type { Job, Result } from '../job.ts'
import { eachBusiness } from './business-runs.ts'
import { writeNightlyReports } from './report-files.ts'
import {
  attempt,
  importStep,
  layerClientOf,
  nothingDone,
  once,
  pullStep,
  reconcileStep,
  resultOf,
  THE_INBOXES,
} from './steps.ts'

export const night = async (job: Job): Promise<Result & { reports: string[] }> => {
  const client = once(() => layerClientOf(job))
  const outcomes = await eachBusiness(job, async (business) => {
    const done = nothingDone()
    await attempt(done, async () => await pullStep(job, business, client(), done))
    await attempt(done, async () => await importStep(job, business, THE_INBOXES, done))
    await attempt(done, async () => await reconcileStep(job, business, done))
    return done
  })
  const reports = await writeNightlyReports(job)
  return { ...resultOf(job, outcomes, reports), reports }
}
