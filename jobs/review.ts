/** `tieout review ACTION [ID...]`: what persons decide of findings, and of which legs and rows are the same money. */

import { type ReviewAction, type ReviewFlags, review } from '../src/command/review.ts'
import { runJob } from '../src/job.ts'

export type { ReviewAction }

export const reviewFindings = (action: ReviewAction, given: readonly string[], flags: ReviewFlags): Promise<void> =>
  runJob(`review ${action}`, flags, (job) => review(job, action, given, flags))
