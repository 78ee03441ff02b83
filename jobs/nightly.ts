/** `tieout nightly`: migrate, pull, import, reconcile, report, tell of it: what cron runs; `--queue` leaves it to workers. */

import { tellOfFailure, toldNight } from '../src/command/told-night.ts'
import { type Flags, type Job, runJob } from '../src/job.ts'

export const nightly = (flags: Flags & { queue?: true }): Promise<void> =>
  runJob('nightly', flags, flags.queue ? queued : toldNight, { migrate: true, failed: tellOfFailure })

const queued = async (job: Job) => await (await import('../src/command/queue-night.ts')).queueNight(job)
