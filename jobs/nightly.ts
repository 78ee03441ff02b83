/** `tieout nightly`: migrate, pull, import, reconcile, report, tell of it: what cron runs. */

import { tellOfFailure, toldNight } from '../src/command/told-night.ts'
import { type Flags, runJob } from '../src/job.ts'

export const nightly = (flags: Flags): Promise<void> =>
  runJob('nightly', flags, toldNight, { migrate: true, failed: tellOfFailure })
