/** `tieout reopen-month MONTH`: opens the last closed month again; what was signed is kept. */

import { type ReopenFlags, reopenMonthAsked } from '../src/command/close.ts'
import { runJob } from '../src/job.ts'

export const reopenMonth = (month: string, flags: ReopenFlags): Promise<void> =>
  runJob('reopen-month', flags, (job) => reopenMonthAsked(job, month, flags))
