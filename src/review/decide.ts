/**
 * What persons decide of findings (spec section 7): acknowledge, resolve, reopen, assign, comment. The one way in which a
 * finding's status is changed by a person, whoever asks: the command line, a workbook, a browser.
 */

import { ReviewFault, UsageFault } from '../core/errors.ts'
import { formatMoney } from '../core/money.ts'
import { personName, samePerson } from '../core/person.ts'
import { rowHash } from '../core/row-hash.ts'
import type { Db } from '../database/connect.ts'
import { count, type RowOf, run } from '../database/statement.ts'
import { appendEvents, type ChainEnd, NO_EVENT } from './events.ts'
import { historySentence } from './history.ts'
import type { Act } from './repairs.ts'

/** As what a finding is resolved. */
export const RESOLUTIONS = ['corrected', 'waived', 'explained'] as const
type Resolution = (typeof RESOLUTIONS)[number]

export type Decision =
  | { action: 'acknowledge' | 'reopen' | 'comment' }
  | { action: 'resolve'; as: Resolution }
  /** owner null: nobody; due_on: 'YYYY-MM-DD' or null */
  | { action: 'assign'; owner: string | null; due_on: string | null }

/** The state of a finding in which a decision is taken: what the person saw. */
export interface Taken {
  discrepancy_id: string
  /** over its code and effects (rowHash) */
  row_hash: string
  /** of the last event about it but for comments; 0: none */
  event_number: bigint
}

/** The business whose findings they are, with its limits in minor units of its currency; null: no limit. */
export interface Limits {
  id: string
  currency: string
  waive_limit: bigint | null
  waive_limit_month: bigint | null
}

/** What came of it. */
export interface Decided {
  discrepancy_id: string
  event_number: bigint
  from: string | null
  to: string | null
}

/** The statuses that each decision takes, and to which it leads; null: it stays. */
const CHANGES = {
  acknowledge: { from: ['open'], to: 'acknowledged', kind: 'acknowledged' },
  resolve: { from: ['open', 'acknowledged'], to: 'resolved', kind: 'resolved' },
  reopen: { from: ['acknowledged', 'resolved'], to: 'open', kind: 'reopened' },
  assign: { from: ['open', 'acknowledged', 'resolved'], to: null, kind: 'assigned' },
  comment: { from: ['open', 'acknowledged', 'resolved', 'cleared'], to: null, kind: 'commented' },
} as const satisfies Record<Decision['action'], { from: readonly string[]; to: string | null; kind: string }>

type StoredStanding = RowOf<
  'review/standing',
  'at' | 'by' | 'kind' | 'from' | 'to' | 'note' | 'as' | 'due_on' | 'owner' | 'owner_due_on'
>
interface Standing extends Omit<StoredStanding, 'effects'> {
  effects: Effect[]
}
interface Effect {
  month: string
  processor: string
  currency: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}

/**
 * Takes one decision about findings of a business, all of them or none, in a transaction and under the business's lock.
 * @throws UsageFault where the name, or a note that is needed, is missing
 * @throws ReviewFault where one may not be decided so, or is not any more as it was when the decision was taken
 */
export async function decide(
  db: Db,
  business: Limits,
  decision: Decision,
  act: Act,
  given: readonly Taken[],
): Promise<Decided[]> {
  checkDecision(decision, act)
  const taken = [...new Map(given.map((each) => [each.discrepancy_id, each])).values()]
  const ids = taken.map(({ discrepancy_id }) => discrepancy_id)
  const standing = await standingOf(db, business.id, ids)
  const refused = taken.flatMap((each) => refusal(decision, each, standing.get(each.discrepancy_id)) ?? [])
  if (refused.length > 0) throw new ReviewFault(`nothing was written: ${listOf(refused)}`)
  const findings = ids.flatMap((id) => standing.get(id) ?? [])
  if (decision.action === 'resolve' && decision.as === 'waived') await checkLimits(db, business, findings)

  const { to, kind } = CHANGES[decision.action]
  if (to !== null) {
    await (await db.kysely())
      .updateTable('discrepancy')
      .set({ status: to })
      .where('business_id', '=', business.id)
      .where('discrepancy_id', 'in', ids)
      .execute()
  }
  const [last] = await run<ChainEnd>(db, 'event/last', [business.id])
  const events = findings.map((finding) => ({
    ...{ at: act.at, actor: personName(act.by), kind, subject: finding.discrepancy_id, note: act.note },
    ...changeOf(decision, finding),
  }))
  await appendEvents(db, business.id, last ?? NO_EVENT, events)
  // an error that is resolved is open no more, and its month may be another
  if (decision.action === 'resolve' || decision.action === 'reopen') await count(db, 'tie_out/verdicts', [business.id])
  const first = (last?.event_number ?? 0n) + 1n
  return findings.map(({ discrepancy_id }, place) => {
    const { from_state, to_state } = events[place] ?? { from_state: null, to_state: null }
    return { discrepancy_id, event_number: first + BigInt(place), from: from_state, to: to_state }
  })
}

/** What its event says beside who, when and why. */
const changeOf = (decision: Decision, { status, code, owner }: Standing) => {
  const { to } = CHANGES[decision.action]
  if (decision.action === 'assign') {
    const details = decision.due_on === null ? {} : { due_on: decision.due_on }
    return { from_state: owner, to_state: decision.owner?.trim() ?? null, details }
  }
  if (to === null) return { from_state: null, to_state: null, details: null }
  return {
    from_state: status,
    to_state: to,
    details: decision.action === 'resolve' ? { as: decision.as, code } : { code },
  }
}

const NEEDS_NOTE: readonly Decision['action'][] = ['resolve', 'comment']

/** @throws UsageFault where the name, or a note that is needed, is missing */
export const checkDecision = ({ action }: Decision, { by, note }: Act): void => {
  personName(by)
  if (NEEDS_NOTE.includes(action) && (note === null || note.trim() === ''))
    throw new UsageFault(`${action}: found no note, expected --note TEXT that says why`)
}

async function standingOf(db: Db, business_id: string, ids: readonly string[]): Promise<Map<string, Standing>> {
  const stored = await run<StoredStanding>(db, 'review/standing', [business_id, ids])
  return new Map(
    stored.map((each) => {
      const effects = (each.effects as Record<keyof Effect, string>[]).map((effect) => ({
        ...effect,
        amount: BigInt(effect.amount),
        refund_fee: BigInt(effect.refund_fee),
        returned_fee: BigInt(effect.returned_fee),
      }))
      return [each.discrepancy_id, { ...each, effects }]
    }),
  )
}

const SHOWN = 5

const listOf = (sentences: readonly string[]): string => {
  const more = sentences.length - SHOWN
  return [...sentences.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

const named = (discrepancy_id: string): string => `finding ${discrepancy_id.slice(0, 10)}`

/** What happened last to a finding: 'Ada resolved it as waived on ...'. */
const lastOf = (found: Standing): string | null => {
  const { at, by, kind } = found
  return at === null || by === null || kind === null ? null : historySentence({ ...found, at, by, kind })
}

/** Why a finding cannot be decided so; null: it can. */
const refusal = (decision: Decision, taken: Taken, found: Standing | undefined): string | null => {
  const which = named(taken.discrepancy_id)
  if (found === undefined) return `${which} is not there any more`
  const { status } = found
  if (decision.action === 'comment') return null
  if (found.event_number !== taken.event_number) return `${which} changed since you looked at it: ${lastOf(found)}`
  if (rowHash({ id: taken.discrepancy_id, ...found }) !== taken.row_hash)
    return `${which} changed since you looked at it: a run found other amounts, or another code`
  if (status === 'cleared') return `${which} is cleared: the last run did not find it any more`
  const statuses: readonly string[] = CHANGES[decision.action].from
  if (!statuses.includes(status)) {
    const last = lastOf(found)
    const cure = status === 'open' ? '' : '; reopen it first'
    return `${which} is ${status} already${last === null ? '' : ` (${last})`}${cure}`
  }
  return decision.action === 'assign' && isOwned(found, decision) ? `${which} is assigned so already` : null
}

const isOwned = (
  found: Pick<Standing, 'owner' | 'owner_due_on'>,
  { owner, due_on }: { owner: string | null; due_on: string | null },
): boolean => samePerson(found.owner ?? '', owner ?? '') && found.owner_due_on === due_on

/** Whether the decision would change a finding that stands so: what a filter takes. */
export const wouldChange = (
  decision: Decision,
  finding: { status: string; owner: string | null; owner_due_on: string | null },
): boolean =>
  (CHANGES[decision.action].from as readonly string[]).includes(finding.status) &&
  (decision.action !== 'assign' || !isOwned(finding, decision))

const size = (value: bigint): bigint => (value < 0n ? -value : value)
const grossOf = (effects: readonly Effect[]): bigint =>
  effects.reduce(
    (sum, { amount, refund_fee, returned_fee }) => sum + size(amount) + size(refund_fee) + size(returned_fee),
    0n,
  )

/** @throws ReviewFault with the figures, where waiving these findings goes above a limit */
async function checkLimits(db: Db, business: Limits, findings: readonly Standing[]): Promise<void> {
  const { currency, waive_limit, waive_limit_month } = business
  if (waive_limit === null && waive_limit_month === null) return
  const money = (minor: bigint): string => formatMoney(minor, currency)
  const refuse = (why: readonly string[]): void => {
    if (why.length > 0) throw new ReviewFault(`nothing was written: ${listOf(why)}`)
  }
  refuse(
    findings.flatMap(({ discrepancy_id, effects }) => {
      const [foreign] = effects.filter((effect) => effect.currency !== currency)
      if (foreign === undefined) return []
      return `${named(discrepancy_id)} has effects in ${foreign.currency}, which no limit in ${currency} can allow: resolve it as corrected or explained`
    }),
  )
  refuse(
    findings.flatMap(({ discrepancy_id, effects }) => {
      const gross = grossOf(effects)
      if (waive_limit === null || gross <= waive_limit) return []
      return `${named(discrepancy_id)} comes to ${money(gross)}, above the waive_limit of ${money(waive_limit)}`
    }),
  )
  const effects = findings.flatMap((finding) => finding.effects)
  const months = [...new Set(effects.map(({ month }) => month))].sort()
  if (waive_limit_month === null || months.length === 0) return
  const waived = await run(db, 'review/waived', [business.id, months])
  refuse(
    months.flatMap((month) => {
      const own = waived.filter((each) => each.month === month && each.currency === currency)
      const before = own.reduce((sum, { gross }) => sum + BigInt(gross ?? 0), 0n)
      const now = grossOf(effects.filter((effect) => effect.month === month))
      if (before + now <= waive_limit_month) return []
      return `${money(now)} would be waived in ${month} beside ${money(before)} that is waived already, ${money(before + now)} in total, above the waive_limit_month of ${money(waive_limit_month)}`
    }),
  )
}
