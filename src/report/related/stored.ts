/** What is stored beside the open findings and says something of their money, in words (sql/report/related_stored.sql). */

import { formatMoney } from '../../core/money.ts'
import { daysBetween } from '../../core/period.ts'
import type { Hint, HintKind, Target } from './hint.ts'

export interface StoredHint {
  kind: HintKind
  /** null: a quarantined refund whose id cannot be read */
  target: string | null
  amount: bigint | null
  currency: string | null
  on_date: string | null
  /** the key that it was found by: a payment or an id */
  named: string
  /** a file and line, a refund of the ledger, the reason of a quarantined record, the processor's id of the refund, or what was refunded in all */
  place: string | null
}

/** As a hint of a finding of that date. */
export const storedHint = (found: StoredHint, dated_on: string | null): Hint => {
  const { kind, on_date } = found
  const days = on_date === null || dated_on === null ? null : Math.abs(daysBetween(dated_on, on_date))
  return { kind, target: targetOf(found), reason: reasonOf(found), days }
}

const targetOf = ({ kind, target }: StoredHint): Target => {
  if (target === null || kind === 'line_quarantined' || kind === 'conflict_line') return {}
  if (kind === 'ledger_unpaid' || kind === 'ledger_quarantined') return { refund_id: target }
  if (kind === 'ledger_outside' || kind === 'ledger_before_start' || kind === 'booked_already')
    return { leg_id: target }
  return { transaction_id: target }
}

const reasonOf = ({ kind, target, amount, currency, on_date, named, place }: StoredHint): string => {
  const money = amount === null || currency === null ? '' : formatMoney(amount, currency)
  switch (kind) {
    case 'chargeback':
      return `the same payment ${named} was charged back: ${money} on ${on_date} (${target}, ${place})`
    case 'other_line':
      return `the processor has another line of the same payment ${named}: ${money} on ${on_date} (${target}, ${place})`
    case 'payment_refunded':
      return place === null || currency === null
        ? `the payment ${named} of ${money} is refunded in full already`
        : `of the payment ${named} of ${money}, ${formatMoney(BigInt(place), currency)} were refunded in all, this included`
    case 'payment_id':
      return `${named} is the id of a payment; the processor's refund of it is ${place}, ${money} on ${on_date}`
    case 'ledger_unpaid':
      return `the ledger has it as refund ${place} of ${money}, which is not yet paid`
    case 'ledger_quarantined':
      return `the ledger has refund ${target ?? '(its id cannot be read)'}, which names ${named}, but it cannot be read: ${place}`
    case 'line_quarantined':
      return `a line that names ${named} is in quarantine (${target}): ${place}`
    case 'conflict_line':
      return `another line of ${named} is in quarantine (${target}): ${place?.replace(/\.$/, '')}`
    case 'ledger_outside':
      return `the ledger has it as refund ${place} of ${money} on ${on_date}, which no processor moved`
    case 'ledger_before_start':
      return `the ledger has it as refund ${place} of ${money}, dated ${on_date}, before starts_on`
    case 'booked_already':
      return `the ledger has another refund of the same payment and amount, ${place} on ${on_date}, which is matched`
    case 'failed_refund':
      return `a refund of the same amount was made on ${on_date} and failed (${named})`
    default:
      return `${named} is ${kind}`
  }
}
