/** `tieout quarantine list | show ID... | accept ID... | dismiss ID...`: quarantined records, and what a person decides of them. */

import { type QuarantineAction, type QuarantineFlags, quarantine } from '../src/command/quarantine.ts'
import { runJob } from '../src/job.ts'

export type { QuarantineAction }

export const handleQuarantine = (
  action: QuarantineAction,
  ids: readonly string[],
  flags: QuarantineFlags,
): Promise<void> => runJob('quarantine', flags, (job) => quarantine(job, action, ids, flags))
