import type { Draft, LegItem } from './items.ts'
import { listUnder } from './order.ts'

const NONE: readonly never[] = []

/** The legs of refunds that have several, by refund and identity key, and the matches that such a key decided. */
export class LegsOfRefund {
  readonly #legs = new Map<string, LegItem[]>()
  readonly #matches = new Map<string, Draft[]>()
  readonly #ofSeveral = new Set<LegItem>()

  constructor(legs: readonly LegItem[]) {
    const first = new Map<string, LegItem>()
    for (const item of legs) {
      const refund = refundOf(item)
      const other = first.get(refund)
      if (other) this.#ofSeveral.add(other).add(item)
      else first.set(refund, item)
    }
    for (const item of this.#ofSeveral) {
      for (const key of new Set(item.leg.identity_keys)) listUnder(this.#legs, partOf(item, key)).push(item)
    }
    for (const list of this.#legs.values()) list.sort((a, b) => a.order - b.order)
  }

  /** All legs of this leg's refund that have the key, in order; empty where the refund has this one leg. */
  withKey(item: LegItem, key: string): readonly LegItem[] {
    return this.#ofSeveral.has(item) ? (this.#legs.get(partOf(item, key)) ?? NONE) : NONE
  }

  remember(item: LegItem, key: string, draft: Draft): void {
    if (this.#ofSeveral.has(item)) listUnder(this.#matches, partOf(item, key)).push(draft)
  }

  /** The matches of this leg's refund that the key decided, in the order in which they were made. */
  matchesWithKey(item: LegItem, key: string): readonly Draft[] {
    return this.#ofSeveral.has(item) ? (this.#matches.get(partOf(item, key)) ?? NONE) : NONE
  }
}

const refundOf = ({ leg }: LegItem): string => `${leg.direction} ${leg.refund_id}`
const partOf = (item: LegItem, key: string): string => `${refundOf(item)}\0${key}`
