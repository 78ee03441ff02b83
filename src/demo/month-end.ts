/** What two people of Harbor Coffee do on 4 November: they decide about what the nights found, and close October. */

import { close } from '../command/close.ts'
import { review } from '../command/review.ts'
import type { Job, Result } from '../job.ts'

const ADA = 'Ada Lindqvist'
const BEN = 'Ben Okafor'

/** Ada decides and prepares October, Ben reviews it. By the demo's own clock, so that it comes out the same each time. */
export const closeOctober = async (night: Job): Promise<void> => {
  let minutes = 0
  const now = (): string => {
    minutes += 1
    return `2026-11-04T15:${String(minutes).padStart(2, '0')}:00Z`
  }
  const job: Job = { ...night, flags: {}, now }
  const yes = true
  await done(review(job, 'acknowledge', [], { code: 'CUTOFF_MISMATCH', by: ADA, yes }))
  const removed = {
    code: 'LEDGER_REFUND_REMOVED',
    as: 'explained',
    note: 'entered by mistake, the sale stands',
    by: ADA,
    yes,
  }
  await done(review(job, 'resolve', [], removed))
  const cent = { code: 'WITHIN_TOLERANCE', as: 'waived', note: 'one cent of a vendor', by: ADA, yes }
  await done(review(job, 'resolve', [], cent))
  await done(review(job, 'assign', [], { code: 'MISSING_IN_LEDGER', to: BEN, due: '2026-11-10', by: ADA, yes }))
  await done(
    close(job, '2026-10', { by: ADA, acceptOpen: 'what is open is with Ben, and is corrected in November', yes }),
  )
  await done(close(job, '2026-10', { by: BEN, review: true, yes }))
}

const done = async (deed: Promise<Result>): Promise<void> => {
  const { exit = 0, text } = await deed
  if (exit !== 0) throw new Error(`the month end of the demo: ${text}`)
}
