/** `tieout pull`: the refund listings of every business, both directions, from Layer. */

import { eachBusiness } from '../src/command/business-runs.ts'
import { layerClientOf, pullStep } from '../src/command/pull-step.ts'
import { nothingDone, resultOf } from '../src/command/steps.ts'
import { type Flags, runJob } from '../src/job.ts'

export const pull = (flags: Flags): Promise<void> =>
  runJob('pull', flags, async (job) => {
    const client = layerClientOf(job)
    const outcomes = await eachBusiness(job, async (business) => {
      const done = nothingDone()
      await pullStep(job, business, client, done)
      return done
    })
    return resultOf(job, outcomes)
  })
