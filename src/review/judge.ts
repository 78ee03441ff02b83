/** Whether a decision about a finding holds: the finding is as it was when the decision was taken, and no limit is passed. */

import { formatMoney } from '../core/money.ts'
import { samePerson } from '../core/person.ts'
import { rowHash } from '../core/row-hash.ts'
import type { Db } from '../database/connect.ts'
import { type RowOf, run } from '../database/statement.ts'
import { CHANGES, type Decision, type Deed, type Limits, type Taken } from './deeds.ts'
import { historySentence } from './history.ts'

interface Effect {
  month: string
  processor: string
  currency: string
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
}

type StoredStanding = RowOf<
  'review/standing',
  'at' | 'by' | 'kind' | 'from' | 'to' | 'note' | 'as' | 'due_on' | 'owner' | 'owner_due_on'
>

/** Where a finding stands. */
export interface Standing extends Omit<StoredStanding, 'effects'> {
  effects: Effect[]
}

export async function standingOf(db: Db, business_id: string, ids: readonly string[]): Promise<Map<string, Standing>> {
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

const named = (discrepancy_id: string): string => `finding ${discrepancy_id.slice(0, 10)}`

/** What happened last to a finding: 'Ada resolved it as waived on ...'. */
const lastOf = (found: Standing): string | null => {
  const { at, by, kind } = found
  return at === null || by === null || kind === null ? null : historySentence({ ...found, at, by, kind })
}

/** Why what a person decides of a finding is about another state of it than the one that is stored; null: it is about that. */
export const changedSince = (taken: Taken, stored: Standing | undefined): string | null => {
  const which = named(taken.discrepancy_id)
  if (stored === undefined) return `${which} is not there any more`
  if (stored.event_number !== taken.event_number) return `${which} changed since you looked at it: ${lastOf(stored)}`
  if (rowHash({ id: taken.discrepancy_id, ...stored }) !== taken.row_hash)
    return `${which} changed since you looked at it: a run found other amounts, or another code`
  return stored.status === 'cleared' ? `${which} is cleared: the last run did not find it any more` : null
}

/** Why a finding that stands so cannot be decided so; null: it can. `stored`: as it stands in the database. */
export const refusal = (
  { decision, taken }: Deed,
  stored: Standing | undefined,
  now: Standing | undefined,
): string | null => {
  const which = named(taken.discrepancy_id)
  if (stored === undefined || now === undefined) return `${which} is not there any more`
  const { status } = now
  if (decision.action === 'comment') return null
  const changed = changedSince(taken, stored)
  if (changed !== null) return changed
  const statuses: readonly string[] = CHANGES[decision.action].from
  if (!statuses.includes(status)) {
    const last = lastOf(now)
    const cure = status === 'open' ? '' : '; reopen it first'
    return `${which} is ${status} already${last === null ? '' : ` (${last})`}${cure}`
  }
  return decision.action === 'assign' && isOwned(now, decision) ? `${which} is assigned so already` : null
}

interface Owned {
  owner: string | null
  owner_due_on: string | null
}

const isOwned = ({ owner, owner_due_on }: Owned, wanted: { owner: string | null; due_on: string | null }): boolean =>
  samePerson(owner ?? '', wanted.owner ?? '') && owner_due_on === wanted.due_on

/** Whether the decision would change a finding that stands so: what a filter takes. */
export const wouldChange = (decision: Decision, finding: Owned & { status: string }): boolean =>
  (CHANGES[decision.action].from as readonly string[]).includes(finding.status) &&
  (decision.action !== 'assign' || !isOwned(finding, decision))

const size = (value: bigint): bigint => (value < 0n ? -value : value)
const grossOf = (effects: readonly Effect[]): bigint =>
  effects.reduce(
    (sum, { amount, refund_fee, returned_fee }) => sum + size(amount) + size(refund_fee) + size(returned_fee),
    0n,
  )

/** What may be waived, while one finding after the other is. */
export class WaiveLimits {
  readonly #limits: Limits
  readonly #waived: Map<string, bigint>

  private constructor(limits: Limits, waived: Map<string, bigint>) {
    this.#limits = limits
    this.#waived = waived
  }

  /** Knows what is waived already in the months of these findings. */
  static async of(db: Db, limits: Limits, findings: readonly Standing[]): Promise<WaiveLimits> {
    const months = [...new Set(findings.flatMap(({ effects }) => effects.map(({ month }) => month)))]
    const is_asked = limits.waive_limit_month !== null && months.length > 0
    const waived = is_asked ? await run(db, 'review/waived', [limits.id, months]) : []
    const own = waived.filter(({ currency }) => currency === limits.currency)
    return new WaiveLimits(limits, new Map(own.map(({ month, gross }) => [month ?? '', BigInt(gross ?? 0)])))
  }

  /** Counts a finding as waived; where that passes a limit, says so with the figures, and counts nothing. */
  refusal({ discrepancy_id, effects }: Standing): string | null {
    const { currency, waive_limit, waive_limit_month } = this.#limits
    if (waive_limit === null && waive_limit_month === null) return null
    const which = named(discrepancy_id)
    const money = (minor: bigint): string => formatMoney(minor, currency)
    const foreign = effects.find((effect) => effect.currency !== currency)
    if (foreign)
      return `${which} has effects in ${foreign.currency}, which no limit in ${currency} can allow: resolve it as corrected or explained`
    const gross = grossOf(effects)
    if (waive_limit !== null && gross > waive_limit)
      return `${which} comes to ${money(gross)}, above the waive_limit of ${money(waive_limit)}`
    const months = [...new Set(effects.map(({ month }) => month))].map((month) => ({
      month,
      before: this.#waived.get(month) ?? 0n,
      own: grossOf(effects.filter((effect) => effect.month === month)),
    }))
    const passed = months.find(({ before, own }) => waive_limit_month !== null && before + own > waive_limit_month)
    if (passed && waive_limit_month !== null) {
      const { month, before, own } = passed
      return `${which} comes to ${money(own)} in ${month}, where ${money(before)} is waived already: ${money(before + own)}, above the waive_limit_month of ${money(waive_limit_month)}`
    }
    for (const { month, before, own } of months) this.#waived.set(month, before + own)
    return null
  }
}
