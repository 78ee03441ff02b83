/** `tieout worker`: does what `tieout nightly --queue` or its own schedule has queued, on as many machines as needed. */

import { connectionsOf, worker as takeJobs, type WorkerFlags } from '../src/command/worker.ts'
import { type Flags, runJob } from '../src/job.ts'

export const worker = (flags: Flags & WorkerFlags): Promise<void> =>
  runJob('worker', flags, async (job) => await takeJobs(job, flags), {
    migrate: true,
    connections: () => connectionsOf(flags),
  })
