/** Who does what a person does. */

import { userInfo } from 'node:os'
import type { Job } from '../job.ts'
import type { Act } from '../review/repairs.ts'

/** The flags of a command that changes something in a person's name. */
export interface PersonFlags {
  by?: string
  note?: string
}

/** The act of who is named with --by (or TIEOUT_USER), else of who is logged in. */
export const actOf = (job: Job, { by, note }: PersonFlags): Act => ({
  by: by?.trim() || userInfo().username,
  at: job.now(),
  note: note?.trim() || null,
})
