/** `tieout review`: what persons decide of findings. What is rare is loaded when it is asked for. */

import { UsageFault } from '../core/errors.ts'
import type { Job, Result } from '../job.ts'
import type { Status } from '../report/lines.ts'
import { decideFindings, decisionOf } from './review/decide.ts'
import { filterOf, hasFilter, type ReviewFlags, sortOf } from './review/flags.ts'
import { importWorkbook } from './review/import.ts'
import { listFindings } from './review/list.ts'
import { forgetRulings, listRulings, ruleItems } from './review/rulings.ts'
import { verifyChains } from './review/verify.ts'

/** The statuses that a decision by filter looks at, where --status is not given. */
const LOOKED_AT = {
  acknowledge: ['open'],
  resolve: ['open', 'acknowledged'],
  reopen: ['acknowledged', 'resolved'],
  assign: ['open', 'acknowledged'],
  comment: ['open', 'acknowledged'],
} as const satisfies Record<string, readonly Status[]>

export type ReviewAction =
  | 'list'
  | 'show'
  | keyof typeof LOOKED_AT
  | 'match'
  | 'unmatch'
  | 'rulings'
  | 'forget'
  | 'verify'
  | 'import'
export type { ReviewFlags }

/** Does what is asked. */
export const review = async (
  job: Job,
  action: ReviewAction,
  given: readonly string[],
  flags: ReviewFlags,
): Promise<Result> => {
  switch (action) {
    case 'list':
      return await listFindings(job, filterOf(flags, ['open', 'acknowledged']), sortOf(flags))
    case 'show':
      return await (await import('./review/show.ts')).showFindings(job, given)
    case 'match':
    case 'unmatch':
      return await ruleItems(job, action, given, flags)
    case 'rulings':
      return await listRulings(job)
    case 'forget':
      return await forgetRulings(job, given, flags)
    case 'verify':
      return await verifyChains(job, flags.against ?? null)
    case 'import':
      return await importWorkbook(job, given, flags)
    default: {
      if (given.length > 0 === hasFilter(flags)) {
        throw new UsageFault(
          `review ${action}: found ${given.length > 0 ? 'ids and a filter' : 'neither ids nor a filter'}, expected one of the two`,
        )
      }
      const meant = given.length > 0 ? given : filterOf(flags, LOOKED_AT[action])
      return await decideFindings(job, decisionOf(action, flags), meant, flags)
    }
  }
}
