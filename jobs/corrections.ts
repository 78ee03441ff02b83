/** `tieout corrections ACTION [ID...]`: refunds missing in the ledger, proposed, approved and created in Layer. */

import type { Action, CorrectionFlags } from '../src/command/correction-choice.ts'
import { corrections } from '../src/command/corrections.ts'
import { runJob } from '../src/job.ts'

export type { Action }

export const correct = (action: Action, ids: readonly string[], flags: CorrectionFlags): Promise<void> =>
  runJob('corrections', flags, (job) => corrections(job, action, ids, flags))
