/** `tieout report`: what the last reconciliation found, on the terminal or as files. */

import { type Flags, runJob } from '../src/job.ts'
import { type ReportFlags, reportAsked } from '../src/night/report-files.ts'

export const report = (flags: Flags & ReportFlags): Promise<void> =>
  runJob('report', flags, async (job) => await reportAsked(job, flags))
