/** `tieout status`: what ran last, what is open, and when the next of it is due. */

import { readStatus, statusText } from '../src/command/status.ts'
import { type Flags, runJob } from '../src/job.ts'

export const status = (flags: Flags): Promise<void> =>
  runJob('status', flags, async ({ database, businesses, as_of }) => {
    const statuses = []
    for (const business of businesses) statuses.push(await readStatus(database, business))
    return { text: statuses.map(statusText).join('\n\n'), document: { as_of, businesses: statuses } }
  })
