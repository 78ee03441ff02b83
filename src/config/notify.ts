/** The section `notify` of tieout.yaml: whom a night is told to. */

import { readAddress } from './address.ts'
import type { ConfigShape } from './shape.ts'

/** change: when something is new since it was last told; error: while errors are open or a month is incomplete */
export type NotifyWhen = 'change' | 'error' | 'always'

/** Whom a night is told to. A night that failed or did not come is told whatever is asked for. */
export interface NotifyConfig {
  /** a longer pause between two nights is a missed one */
  missed_after_hours: number
  /** smtp: smtps://user:password@host:port; attach: the report that goes along */
  email: {
    when: NotifyWhen
    smtp: string
    from: string
    to: readonly string[]
    attach: 'html' | 'xlsx' | null
  } | null
  webhook: { when: NotifyWhen; url: string } | null
  /** a program and its arguments, run in the configuration's folder */
  command: { when: NotifyWhen; run: readonly string[]; folder: string } | null
  /** asked for after each night that went through */
  ping: string | null
}

/** The section with what is left out filled in; `folder`: of the configuration file. */
export const notifyOf = (shape: ConfigShape['notify'], folder: string): NotifyConfig => ({
  missed_after_hours: shape?.missed_after_hours ?? 26,
  email: shape?.email ? { ...shape.email, smtp: readAddress(shape.email.smtp)?.encoded ?? '' } : null,
  webhook: shape?.webhook ?? null,
  command: shape?.command ? { ...shape.command, folder } : null,
  ping: shape?.ping ?? null,
})
