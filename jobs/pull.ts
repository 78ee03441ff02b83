/** `tieout pull`: the refund listings of every business, both directions, from Layer. */

import { type Flags, runJob } from '../src/job.ts'
import { eachBusiness } from '../src/night/business-runs.ts'
import { layerClientOf, pullStep } from '../src/night/pull-step.ts'
import { nothingDone, resultOf } from '../src/night/steps.ts'

export const pull = (flags: Flags): Promise<void> =>
  runJob('pull', flags, async (job) => {
    const client = layerClientOf(job)
    const outcomes = await eachBusiness(job, async (business, own) => {
      const done = nothingDone()
      await pullStep(own, business, client, done)
      return done
    })
    return resultOf(job, outcomes)
  })
