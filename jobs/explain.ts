/** `tieout explain ID`: why a leg, a row or a finding stands where it does, and the SQL that shows its figures. */

import { explain } from '../src/command/explain.ts'
import { type Flags, runJob } from '../src/job.ts'

export const explainItem = (id: string, flags: Flags): Promise<void> =>
  runJob('explain', flags, async (job) => await explain(job, id))
