/** `tieout report`: what the last reconciliation found, on the terminal or as files. */

import { type ReportFlags, reportAsked } from '../src/command/report-files.ts'
import { type Flags, runJob } from '../src/job.ts'

export const report = (flags: Flags & ReportFlags): Promise<void> =>
  runJob('report', flags, async (job) => await reportAsked(job, flags))
