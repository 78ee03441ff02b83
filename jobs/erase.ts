/** `tieout erase --customer ID`: takes a person's details out of the refunds as received. */

import { type EraseFlags, erase as eraseAsked } from '../src/command/erase.ts'
import { runJob } from '../src/job.ts'

export const erase = (flags: EraseFlags): Promise<void> => runJob('erase', flags, (job) => eraseAsked(job, flags))
