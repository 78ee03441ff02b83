/** What `tieout corrections` was asked: who, which corrections, which target. */

import { UsageFault } from '../core/errors.ts'
import { TARGET_FIELDS } from '../corrections/decide.ts'
import type { Target } from '../corrections/store.ts'
import type { Flags } from '../job.ts'

export type Action = 'propose' | 'list' | 'show' | 'approve' | 'reject' | 'post'

export interface CorrectionFlags extends Flags {
  by?: string
  note?: string
  despite?: string
  dryRun?: boolean
  invoiceId?: string
  invoiceExternalId?: string
  billId?: string
  billExternalId?: string
  billLineItemId?: string
  billLineItemExternalId?: string
  billPaymentId?: string
  billPaymentExternalId?: string
}

/** Who does it. Throws UsageFault where nobody is named and somebody has to be. */
export const personOf = (flags: CorrectionFlags, action: Action, optional: boolean): string => {
  const by = flags.by?.trim() ?? ''
  if (by !== '') return by
  if (optional) return 'tieout'
  throw new UsageFault(`corrections ${action}: say who does it with --by NAME`)
}

/** The target that a person gives, in Layer's field names; null: none. */
export const targetOf = (flags: CorrectionFlags): Target | null => {
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(flags)) {
    const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    if (typeof value !== 'string' || !TARGET_FIELDS.includes(field)) continue
    if (value.trim() === '') throw new UsageFault(`--${field.replaceAll('_', '-')}: found nothing, expected an id`)
    given[field] = value.trim()
  }
  return Object.keys(given).length === 0 ? null : given
}

/** The one thing of which each text is the beginning of an id. Throws UsageFault where there is none, or several. */
export const byBeginnings = <T>(
  texts: readonly string[],
  known: readonly T[],
  idsOf: (each: T) => string[],
  what = 'correction',
  list = 'corrections list',
): T[] => {
  const chosen = texts.map((text) => {
    const wanted = text.trim().toLowerCase()
    const fitting = known.filter((each) => wanted !== '' && idsOf(each).some((id) => id.startsWith(wanted)))
    const [only, ...others] = fitting
    if (only !== undefined && others.length === 0) return only
    throw new UsageFault(
      only === undefined
        ? `${text}: found no ${what} of that id; \`${list}\` shows them`
        : `${text}: found ${fitting.length} ${what}s whose ids begin so; give more of it`,
    )
  })
  return [...new Set(chosen)]
}
