/** `tieout fees set|list`: what a processor's invoice says of a month's fees, typed in. */

import { type FeesAction, type FeesFlags, fees as feesAsked } from '../src/command/fees.ts'
import { runJob } from '../src/job.ts'

export type { FeesAction }

export const fees = (action: FeesAction, given: readonly string[], flags: FeesFlags): Promise<void> =>
  runJob(`fees ${action}`, flags, (job) => feesAsked(job, action, given, flags))
