/** `tieout reconcile`: matches what is stored, finds the discrepancies and ties the totals out. */

import { eachBusiness } from '../src/command/business-runs.ts'
import { reconcileStep } from '../src/command/reconcile-step.ts'
import { nothingDone, resultOf } from '../src/command/steps.ts'
import { type Flags, runJob } from '../src/job.ts'

export const reconcile = (flags: Flags & { full?: true }): Promise<void> =>
  runJob('reconcile', flags, async (job) => {
    const outcomes = await eachBusiness(job, async (business) => {
      const done = nothingDone()
      await reconcileStep(job, business, done, flags.full === true)
      return done
    })
    return resultOf(job, outcomes)
  })
