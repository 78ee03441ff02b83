/** `tieout corrections ACTION [ID...]`: refunds missing in the ledger, proposed, approved and created in Layer. */

import { actionOf, type CorrectionFlags } from '../src/command/correction-choice.ts'
import { corrections } from '../src/command/corrections.ts'
import { runJob } from '../src/job.ts'

export const correct = (action: string, ids: readonly string[], flags: CorrectionFlags): Promise<void> =>
  runJob('corrections', flags, (job) => corrections(job, actionOf(action), ids, flags))
