/** `tieout nightly`: migrate, pull, import, reconcile, report: what cron runs. What fails for one leaves the rest to be done. */

import { eachBusiness } from '../src/command/business-runs.ts'
import { writeNightlyReports } from '../src/command/report-files.ts'
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
} from '../src/command/steps.ts'
import { type Flags, runJob } from '../src/job.ts'

export const nightly = (flags: Flags): Promise<void> =>
  runJob(
    'nightly',
    flags,
    async (job) => {
      const client = once(() => layerClientOf(job))
      const outcomes = await eachBusiness(job, async (business) => {
        const done = nothingDone()
        await attempt(done, async () => await pullStep(job, business, client(), done))
        await attempt(done, async () => await importStep(job, business, THE_INBOXES, done))
        await attempt(done, async () => await reconcileStep(job, business, done))
        return done
      })
      return resultOf(job, outcomes, await writeNightlyReports(job))
    },
    { migrate: true },
  )
