/** `tieout reconcile`: matches what is stored, finds the discrepancies and ties the totals out. */

import { type Flags, runJob } from '../src/job.ts'
import { eachBusiness } from '../src/night/business-runs.ts'
import { reconcileStep } from '../src/night/reconcile-step.ts'
import { nothingDone, resultOf } from '../src/night/steps.ts'

export const reconcile = (flags: Flags & { full?: true }): Promise<void> =>
  runJob('reconcile', flags, async (job) => {
    const outcomes = await eachBusiness(job, async (business, own) => {
      const done = nothingDone()
      await reconcileStep(own, business, done, flags.full === true)
      return done
    })
    return resultOf(job, outcomes)
  })
