/** The sentences of what a pass did, and of why it found nothing. Pure. */

import { formatMoney } from '../../core/money.ts'
import { counted } from '../../core/words.ts'
import { isRefund } from '../../matching/keys.ts'
import type { Leg, Pass, TraceEntry } from '../../matching/types.ts'
import type { LoadedRow } from '../../reconciliation/working-set.ts'
import { type Focus, named } from './items.ts'

const total = (items: readonly { amount: bigint }[]): bigint => items.reduce((sum, { amount }) => sum + amount, 0n)

const sides = (legs: readonly Leg[], rows: readonly LoadedRow[]): string =>
  `${counted(legs.length, 'leg')} and ${counted(rows.length, 'row')}`

/** The trace speaks in minor units; this one in money. */
export function sentenceOf(
  { step, outcome, by, why }: Pick<TraceEntry, 'step' | 'outcome' | 'by' | 'why'>,
  legs: readonly Leg[],
  rows: readonly LoadedRow[],
  currency: string,
): string {
  if (outcome !== 'not_equal') return why
  if (step === 'payment_group') {
    const [ledger, there] = [formatMoney(total(legs), currency), formatMoney(total(rows), currency)]
    return `All that is left with ${by} is ${ledger} in the books and ${there} at the processor: no equal sums.`
  }
  if (step === 'payment_reference_only') {
    const [amount] = legs
    if (legs.length === 1 && rows.length === 1 && amount) {
      return `One leg and one row are left with ${by}, but this pass does not join them.`
    }
    return `${sides(legs, rows)} are left with ${by}; this pass needs one of each.`
  }
  if (step === 'amount_and_date') {
    const amount = legs[0] === undefined ? '' : ` of ${formatMoney(legs[0].amount, currency)}`
    return `${sides(legs, rows)}${amount} lie close together: not as many on both sides.`
  }
  return why
}

/** Why a pass has no candidate. */
export function nothingFound(pass: Pass, { legs, rows }: Focus): string {
  switch (pass) {
    case 'manual':
      return 'Nobody ruled on it.'
    case 'refund_id': {
      const keys = legs.flatMap((leg) => leg.identity_keys)
      if (keys.length > 0) return `No row bears ${named([...new Set(keys)])}.`
      if (rows.length === 0) return 'The leg names no id of the processor.'
      const ids = rows.flatMap(({ refund_id, transaction_id }) => [
        ...(refund_id === null ? [] : [refund_id]),
        transaction_id,
      ])
      return `No leg names ${named([...new Set(ids)])}.`
    }
    case 'payment_reference':
      return 'Nothing of its amount shares a payment or reference with it.'
    case 'payment_group':
    case 'payment_reference_only':
      return 'Nothing that is left shares a payment or reference with it.'
    case 'amount_and_date':
      return 'Nothing that is open has its amount and lies within a month of it.'
    case 'cancelled':
      return rows.some(isRefund) ? 'No reversal belongs to it.' : 'This pass is about rows that their reversals undo.'
  }
}
