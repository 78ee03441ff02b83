/** Why one leg and one row must not be joined, with the ids that disagree: for `explain`. The passes ask `veto.ts`. */

import { hasRefundIdShape, paymentKindsOfLeg, paymentKindsOfRow } from './keys.ts'
import type { Leg, MatchSettings, Pass, Row, Ruling } from './types.ts'
import { isVetoed, reasonOfVeto, Vetoes } from './veto.ts'

const PASSES_WITHOUT_IDENTITY: readonly Pass[] = ['manual', 'refund_id', 'cancelled']

export class PairVetoes {
  readonly #settings: MatchSettings
  readonly #vetoes: Vetoes

  constructor(settings: MatchSettings, rulings: readonly Ruling[]) {
    this.#settings = settings
    this.#vetoes = new Vetoes(rulings)
  }

  /** One clause; null where the pass may join the two. */
  reason(pass: Pass, leg: Leg, row: Row): string | null {
    const ruled = { leg: this.#vetoes.ofLeg(leg), row: this.#vetoes.ofRow(row) }
    if (isVetoed(ruled.leg, ruled.row)) return reasonOfVeto(ruled.leg, ruled.row)
    const rules = this.#settings.processors.get(row.processor)
    if (!rules || PASSES_WITHOUT_IDENTITY.includes(pass)) return null
    if (row.refund_id !== null && hasRefundIdShape(leg, rules) && !leg.identity_keys.includes(row.refund_id)) {
      return `the leg names refund ${leg.identity_keys.join(', ')} and the row is refund ${row.refund_id}`
    }
    if (pass !== 'amount_and_date' || leg.payment_keys.some((key) => row.payment_ids.includes(key))) return null
    const isKnown = (key: string): boolean => this.#settings.known_payment_ids(row.processor, key)
    const kinds = paymentKindsOfLeg(leg, rules, isKnown) & paymentKindsOfRow(row, rules)
    if (kinds === 0) return null
    return `the leg names payment ${leg.payment_keys.join(', ')} and the row is of payment ${row.payment_ids.join(', ')}`
  }
}
