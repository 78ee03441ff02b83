/** `tieout desk`: the review desk in a browser, on this machine. */

import { type DeskFlags, openDesk } from '../src/desk/open.ts'
import { runJob } from '../src/job.ts'

export const desk = (flags: DeskFlags): Promise<void> =>
  runJob('desk', flags, (job) => openDesk(job, flags), { connections: () => 8 })
