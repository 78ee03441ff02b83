/** What the queue holds of the chosen businesses, for status. */

import type { BusinessConfig } from '../config/config.ts'
import { counted } from '../core/words.ts'
import type { Job } from '../job.ts'
import { type DeadJob, type QueueState, readQueue } from '../queue/jobs.ts'

/** Null where there is no queue. Dead jobs of other businesses are left out; reports and schedule are everybody's. */
export const queueStatus = async ({ database, businesses }: Job): Promise<QueueState | null> => {
  const state = await readQueue(database)
  const isMeant = ({ business_id }: DeadJob): boolean =>
    business_id === null || businesses.some(({ id }) => id === business_id)
  return state && { ...state, dead: state.dead.filter(isMeant) }
}

/** For people; nothing where there is no queue. */
export const queueText = (state: QueueState | null, businesses: readonly BusinessConfig[]): string[] => {
  if (state === null) return []
  const { queued, running, waiting, dead } = state
  const counts = `${queued} queued, ${running} under way, ${counted(waiting, 'report')} to come`
  const advice = '  the next night tries anew; so does `tieout nightly --queue`, with --as-of for the same night'
  return [
    [
      `Queue: ${counts}, ${dead.length} given up`,
      ...dead.map((job) => `  GIVEN UP after ${job.attempts} tries: ${nameOf(job, businesses)}: ${problemOf(job)}`),
      ...(dead.length > 0 ? [advice] : []),
    ].join('\n'),
  ]
}

const nameOf = ({ kind, as_of, business_id }: DeadJob, businesses: readonly BusinessConfig[]): string => {
  const of = as_of === null ? '' : ` as of ${as_of}`
  if (kind === 'business') return `${businesses.find(({ id }) => id === business_id)?.name ?? business_id}${of}`
  return kind === 'report' ? `the report${of}` : `the queueing of a scheduled night${of}`
}

const problemOf = ({ problem }: DeadJob): string => problem ?? 'it was killed each time it was tried'
