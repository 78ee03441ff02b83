/** Who does what a person does. */

import { userInfo } from 'node:os'
import { personName } from '../core/person.ts'
import type { Job } from '../job.ts'
import type { Act } from '../review/repairs.ts'

/** The flags of a command that changes something in a person's name. */
export interface PersonFlags {
  by?: string
  note?: string
}

/** The act of who is named with --by (or TIEOUT_USER), else of who is logged in. Throws UsageFault where that is nobody. */
export const actOf = (job: Pick<Job, 'now'>, { by, note }: PersonFlags): Act => ({
  by: personName(by?.trim() || loggedIn()),
  at: job.now(),
  note: note?.trim() || null,
})

/** A user without an entry, as containers have them, has no name. */
const loggedIn = (): string => {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}
