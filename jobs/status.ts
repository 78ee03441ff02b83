/** `tieout status`: what ran last, what is open, when the next of it is due, and what the queue holds. */

import { queueStatus, queueText } from '../src/command/queue-status.ts'
import { type MonthFlags, monthsOf } from '../src/core/months.ts'
import { type Flags, runJob } from '../src/job.ts'
import { readStatus, statusText } from '../src/night/status.ts'

export const status = (flags: Flags & MonthFlags): Promise<void> =>
  runJob('status', flags, async (job) => {
    const { database, businesses, as_of } = job
    const months = monthsOf(flags)
    const statuses = []
    for (const business of businesses) statuses.push(await readStatus(database, business, months))
    const queue = await queueStatus(job)
    return {
      text: [...statuses.map((each) => statusText(each, months)), ...queueText(queue, businesses)].join('\n\n'),
      document: { as_of, ...months, businesses: statuses, queue },
    }
  })
