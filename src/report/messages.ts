/** The sentence of each finding: what is wrong, by how much, when, and where both sides of it came from. */

import type { Code } from '../discrepancy.ts'
import { formatMoney } from '../money.ts'
import { monthOf } from '../period.ts'
import type { BusinessLine, DiscrepancyLine, LegLine, Measure, RowLine } from './lines.ts'
import {
  counted,
  legPhrase,
  listed,
  monthName,
  processorName,
  refundWord,
  rowPhrase,
  rowPlace,
  sum,
  surplus,
} from './phrases.ts'

/** What the ledger says of a whole refund (sql/report/discrepancy_refunds.sql). Amounts are minor units. */
export interface RefundFacts {
  refund_id: string
  external_id: string | null
  refunded_amount: bigint
  status: string | null
  completed_on: string | null
  payment_keys: string[]
  payments_sum: bigint | null
  allocations_sum: bigint | null
  allocations: number | null
  /** allocations, counted from 1, whose line items do not sum to them */
  line_items_off: number[]
  pulled_at: string | null
  last_pulled_at: string | null
  removed_at: string | null
}

export type Found = Omit<DiscrepancyLine, 'message'>

interface Facts {
  found: Found
  refunds: readonly RefundFacts[]
  /** of the ledger */
  currency: string
  /** of the processor side */
  processor: string
}

/** One or two sentences about a finding, for people. `refunds`: those of its legs, or the one it is about. */
export const messageOf = (found: Found, refunds: readonly RefundFacts[], business: BusinessLine): string =>
  SENTENCES[found.code]({
    found,
    refunds,
    currency: business.currency,
    processor: processorName(found.rows[0]?.processor ?? found.processor),
  })

const processorSays = ({ found, processor }: Facts): string => {
  const [row] = found.rows
  if (!row) return `${processor} has a ${refundWord(found.direction)}`
  if (row.type === 'refund_reversal') {
    return `${processor} took back a refund of ${formatMoney(-row.amount, row.currency)} on ${row.occurred_on} (${rowPlace(row)})`
  }
  const verb = row.type === 'vendor_refund' ? 'received a vendor refund of' : 'refunded'
  return `${processor} ${verb} ${listed(found.rows.map(rowPhrase))}`
}

const ledgerSays = ({ found, currency }: Facts): string =>
  `The ledger has a ${refundWord(found.direction)} of ${listed(found.legs.map((leg) => legPhrase(leg, currency)))}`

const through = ({ found }: Facts): string => {
  const named = found.legs[0]?.processor ?? found.processor
  return named === null || named === 'UNASSIGNED' ? 'without a processor' : `through ${processorName(named)}`
}

const filesOf = ({ found }: Facts): string => {
  const named = found.legs[0]?.processor ?? found.processor
  return named === null || named === 'UNASSIGNED' ? "the processors' files" : `${processorName(named)}'s files`
}

/** 'Ledger: ...; Stripe: ...' */
const bothSides = ({ found, currency, processor }: Facts): string =>
  `Ledger: ${listed(found.legs.map((leg) => legPhrase(leg, currency)))}. ${processor}: ${listed(found.rows.map(rowPhrase))}.`

const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  amount: 'refund',
  refund_fee: 'refund fee',
  returned_fee: 'returned fee',
}

const measured = (items: readonly (LegLine | RowLine)[], measure: Measure): bigint =>
  sum(items.map((item) => item[measure]))

const mismatch =
  (measure: Measure) =>
  (facts: Facts): string => {
    const { found, currency, processor } = facts
    const word = MEASURE_WORDS[measure]
    const [ledger, there] = [measured(found.legs, measure), measured(found.rows, measure)]
    const unit = found.legs.length > 0 ? currency : found.currency
    if (found.legs.length === 0) {
      return `${processor} made and took back a refund, but of its ${word}s ${formatMoney(there, unit)} remain: ${listed(found.rows.map(rowPhrase))}.`
    }
    const claim =
      measure === 'amount'
        ? `The ledger refunded ${formatMoney(ledger, unit)} where ${processor} refunded ${formatMoney(there, unit)}`
        : `The ledger has a ${word} of ${formatMoney(ledger, unit)} where ${processor} has ${formatMoney(there, unit)}`
    return `${claim}: ${surplus(ledger - there, unit)}. ${bothSides(facts)}`
  }

const withinTolerance = (facts: Facts): string => {
  const { found, currency } = facts
  const measures: readonly Measure[] = ['amount', 'refund_fee', 'returned_fee']
  const parts = measures.flatMap((measure) => {
    const difference = measured(found.legs, measure) - measured(found.rows, measure)
    return difference === 0n ? [] : [`${MEASURE_WORDS[measure]} ${surplus(difference, currency)} in the ledger`]
  })
  return `The two sides differ by no more than is tolerated: ${listed(parts)}. ${bothSides(facts)}`
}

const monthsOf = (dates: readonly string[]): string => listed([...new Set(dates.map(monthOf))].map(monthName))

const cutoff = (facts: Facts): string => {
  const { found, processor } = facts
  const there = monthsOf(found.rows.map((row) => row.occurred_on))
  if (found.legs.length === 0) {
    return `${processor} made and took back the same refund, in different months (${there}): ${listed(found.rows.map(rowPhrase))}.`
  }
  const here = monthsOf(found.legs.map((leg) => leg.completed_on))
  return `Both sides agree on the money, but the ledger dates it in ${here} and ${processor} in ${there}. ${bothSides(facts)}`
}

const failed = (facts: Facts): string => {
  const { found, processor } = facts
  const back = found.rows.filter((row) => row.type === 'refund_reversal')
  const made = found.rows.filter((row) => row.type !== 'refund_reversal')
  const said = made.length > 0 ? `, which it had made as ${listed(made.map(rowPhrase))}` : ''
  const reversed = back.map(
    (row) => `${formatMoney(-row.amount, row.currency)} on ${row.occurred_on} (${rowPlace(row)})`,
  )
  return `${ledgerSays(facts)}, but ${processor} took back ${listed(reversed)}${said}.`
}

const target = (facts: Facts): string => {
  const { refunds, found, processor } = facts
  const booked = [...new Set(refunds.flatMap((refund) => refund.payment_keys))]
  const refunded = [...new Set(found.rows.flatMap((row) => row.payment_id))]
  return `The ledger books the refund against payment ${listed(booked)}, but ${processor} refunded payment ${listed(refunded)}. ${bothSides(facts)}`
}

const duplicate = (facts: Facts): string => {
  const key = facts.found.legs[0]?.external_id ?? facts.found.legs[0]?.refund_external_id
  return `${ledgerSays(facts)}, but what it names${key ? ` (${key})` : ''} is already matched by another refund of the ledger.`
}

const ambiguous = (facts: Facts): string => {
  const { found, processor } = facts
  const made = found.rows.filter((row) => row.type !== 'refund_reversal')
  return `${counted(found.legs.length, 'payment')} of the ledger and ${counted(made.length, 'line')} of ${processor} have the same amount within few days, and nothing tells which belong together. ${bothSides(facts)}`
}

const overRefund = ({ found, processor }: Facts): string => {
  const payments = found.rows.filter((row) => row.type === 'payment')
  const paid = sum(payments.map((row) => row.amount))
  const back = sum(found.rows.filter((row) => row.type !== 'payment').map((row) => row.amount))
  const unit = found.currency
  return `${processor} refunded ${formatMoney(back, unit)} of ${formatMoney(paid, unit)} paid, ${formatMoney(back - paid, unit)} more than there was: ${listed(found.rows.map((row) => `${row.type.replace('_', ' ')} ${rowPhrase(row)}`))}.`
}

const refundPlace = (refund: RefundFacts): string => {
  const external = refund.external_id === null ? '' : ` (external id ${refund.external_id})`
  const on = refund.completed_on === null ? '' : ` of ${refund.completed_on}`
  return `Refund ${refund.refund_id}${external}${on}`
}

const since = (refund: RefundFacts): string =>
  refund.pulled_at === null ? '' : `, as of the pull of ${refund.pulled_at.slice(0, 10)}`

const whole =
  (sentence: (refund: RefundFacts, currency: string) => string) =>
  ({ found, refunds, currency }: Facts): string => {
    const [refund] = refunds
    return refund ? sentence(refund, currency) : `Refund ${found.refund_id ?? ''} of the ledger is not in order.`
  }

const allocationImbalance = whole((refund, currency) => {
  const allocated = refund.allocations_sum ?? 0n
  return `${refundPlace(refund)} refunds ${formatMoney(refund.refunded_amount, currency)}, but its ${counted(refund.allocations ?? 0, 'allocation')} sum to ${formatMoney(allocated, currency)}: ${surplus(allocated - refund.refunded_amount, currency)}${since(refund)}.`
})

const paymentImbalance = whole((refund, currency) => {
  const paid = refund.payments_sum ?? 0n
  const status = refund.status === null ? '' : `, status ${refund.status}`
  return `${refundPlace(refund)} refunds ${formatMoney(refund.refunded_amount, currency)}, but its payments sum to ${formatMoney(paid, currency)}: ${surplus(paid - refund.refunded_amount, currency)}${status}${since(refund)}.`
})

const lineItemImbalance = whole(
  (refund, currency) =>
    `${refundPlace(refund)} of ${formatMoney(refund.refunded_amount, currency)}: the line items of its allocation ${listed(refund.line_items_off.map(String))} do not sum to the allocation${since(refund)}.`,
)

const removed = whole((refund, currency) => {
  const was =
    refund.last_pulled_at === null ? '' : ` was in the ledger in the pull of ${refund.last_pulled_at.slice(0, 10)}`
  const gone = refund.removed_at === null ? ' is gone' : ` is gone in that of ${refund.removed_at.slice(0, 10)}`
  return `${refundPlace(refund)} over ${formatMoney(refund.refunded_amount, currency)}${was}${was === '' ? '' : ' and'}${gone}.`
})

const changedAfterClose = (facts: Facts): string => {
  const { found, refunds, currency } = facts
  const [refund] = refunds
  const about =
    found.rows.length > 0 || found.legs.length > 0
      ? ` ${[found.legs.length > 0 ? `Ledger: ${listed(found.legs.map((leg) => legPhrase(leg, currency)))}.` : '', found.rows.length > 0 ? `${facts.processor}: ${listed(found.rows.map(rowPhrase))}.` : ''].join(' ').trim()}`
      : refund
        ? ` ${refundPlace(refund)} over ${formatMoney(refund.refunded_amount, currency)}${since(refund)}.`
        : ''
  return `A closed month is no longer as it was signed.${about}`
}

const SENTENCES: Readonly<Record<Code, (facts: Facts) => string>> = {
  MISSING_IN_LEDGER: (facts) =>
    facts.found.rows[0]?.type === 'refund_reversal'
      ? `${processorSays(facts)}, but neither its files nor the ledger have the refund that it undoes.`
      : `${processorSays(facts)}, but the ledger has no refund for it.`,
  AWAITING_LEDGER: (facts) =>
    `${processorSays(facts)}, and the ledger has no refund for it yet; it is due there by ${facts.found.due_on ?? 'its next pull'}.`,
  MISSING_AT_PROCESSOR: (facts) =>
    `${ledgerSays(facts)} ${through(facts)}, but ${filesOf(facts)} have no line for it, although they cover its dates.`,
  AWAITING_PROCESSOR: (facts) =>
    `${ledgerSays(facts)} ${through(facts)}, and ${filesOf(facts)} do not reach far enough yet to say whether it was made.`,
  AMOUNT_MISMATCH: mismatch('amount'),
  REFUND_FEE_MISMATCH: mismatch('refund_fee'),
  RETURNED_FEE_MISMATCH: mismatch('returned_fee'),
  WITHIN_TOLERANCE: withinTolerance,
  CURRENCY_MISMATCH: (facts) =>
    `The ledger has the refund in ${facts.currency}, ${facts.processor} in ${listed([...new Set(facts.found.rows.map((row) => row.currency))])}. ${bothSides(facts)}`,
  PROCESSOR_MISMATCH: (facts) =>
    `The ledger has the refund ${through(facts)}, but it was made by ${facts.processor}. ${bothSides(facts)}`,
  REFUND_FAILED: failed,
  CUTOFF_MISMATCH: cutoff,
  ALLOCATION_TARGET_MISMATCH: target,
  DUPLICATE_IN_LEDGER: duplicate,
  AMBIGUOUS_MATCH: ambiguous,
  OVER_REFUND: overRefund,
  ALLOCATION_IMBALANCE: allocationImbalance,
  PAYMENT_IMBALANCE: paymentImbalance,
  LINE_ITEM_IMBALANCE: lineItemImbalance,
  LEDGER_REFUND_REMOVED: removed,
  CHANGED_AFTER_CLOSE: changedAfterClose,
}
