/** `tieout close MONTH`: a person signs a month, or reviews what another one prepared; its proof, and its export. */

import { type CloseFlags, close as closeAsked } from '../src/command/close.ts'
import { runJob } from '../src/job.ts'

export const close = (month: string, flags: CloseFlags): Promise<void> =>
  runJob('close', flags, (job) => closeAsked(job, month, flags))
