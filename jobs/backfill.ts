/** `tieout backfill --from MONTH --to MONTH`: pull, import and reconcile over history, month by month; resumable. */

import { type BackfillFlags, backfill as backfillHistory } from '../src/backfill/backfill.ts'
import { type Flags, runJob } from '../src/job.ts'

export const backfill = (flags: Flags & BackfillFlags): Promise<void> =>
  runJob('backfill', flags, async (job) => await backfillHistory(job, flags), { migrate: true })
