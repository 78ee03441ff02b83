/** The step that matches the two sides. */

import type { BusinessConfig } from '../config/config.ts'
import type { Job } from '../job.ts'
import { reconcile } from '../reconciliation/reconcile.ts'
import { listFindings } from '../review/list-findings.ts'
import type { Stepped } from './steps.ts'

/** `full`: at everything anew, which gives what a run gives that looks at what is new, open or touched. */
export const reconcileStep = async (job: Job, business: BusinessConfig, into: Stepped, full = false): Promise<void> => {
  job.progress.step(`${business.name}: reconciling`)
  const { has_unlisted, ...outcome } = await reconcile(job.database, business.id, {
    as_of: job.as_of,
    now: job.now(),
    full,
    log: job.log.child({ business_id: business.id }),
  })
  into.result.reconciliation = outcome
  if (has_unlisted) await listFindings(job.database, business.id)
  into.parts.push({ problem: null })
}
