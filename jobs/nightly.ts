/** `tieout nightly`: migrate, pull, import, reconcile, report: what cron runs. */

import { night } from '../src/command/night.ts'
import { type Flags, runJob } from '../src/job.ts'

export const nightly = (flags: Flags): Promise<void> => runJob('nightly', flags, night, { migrate: true })
