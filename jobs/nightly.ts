/** `tieout nightly`: migrate, pull, import, reconcile, report, tell of it: what cron runs; `--queue` leaves it to workers. */

import { type Flags, type Job, runJob } from '../src/job.ts'
import { tellOfFailure, toldNight } from '../src/night/notice.ts'

export const nightly = (flags: Flags & { queue?: true }): Promise<void> =>
  runJob('nightly', flags, flags.queue ? queued : toldNight, { migrate: true, failed: tellOfFailure })

const queued = async (job: Job) => await (await import('../src/night/queued.ts')).queueNight(job)
