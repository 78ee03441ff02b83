/** `tieout status`: what ran last, what is open, when the next of it is due, and what the queue holds. */

import { queueStatus, queueText } from '../src/command/queue-status.ts'
import { type MonthFlags, monthsOf } from '../src/core/months.ts'
import { dateInZone } from '../src/core/period.ts'
import { type Flags, runJob } from '../src/job.ts'
import type { metricsResult } from '../src/night/metrics.ts'
import { failedNotices, noticeText, readStatus, statusText } from '../src/night/status.ts'
import { FEW, summaryText } from '../src/night/status-summary.ts'

const metricsOf: typeof metricsResult = async (...asked) =>
  (await import('../src/night/metrics.ts')).metricsResult(...asked)

export const status = (flags: Flags & MonthFlags & { metrics?: true }): Promise<void> =>
  runJob('status', flags, async (job) => {
    const { database, businesses, as_of } = job
    const months = monthsOf(flags)
    const statuses = []
    for (const business of businesses) {
      const status = await readStatus(database, business, months)
      statuses.push({ business, status, today: dateInZone(Date.parse(as_of), business.time_zone) })
    }
    if (flags.metrics) return await metricsOf(database, statuses)
    const queue = await queueStatus(job)
    const failed = await failedNotices(job.config.data_dir)
    return {
      text: [
        ...(statuses.length > FEW
          ? [summaryText(statuses.map(({ status }) => status))]
          : statuses.map(({ status, today }) => statusText(status, today, months))),
        ...queueText(queue, businesses),
        ...noticeText(failed),
      ].join('\n\n'),
      document: { as_of, ...months, businesses: statuses.map(({ status }) => status), queue, failed_notices: failed },
    }
  })
