/** The sentences of findings about the fees of a month. They have no rows: their processor is the one that they name. */

import { formatMoney } from '../../core/money.ts'
import { type Facts, type FeeTotal, MEASURE_WORDS } from './message-facts.ts'
import { listed, monthName, processorName, sum, surplus } from './phrases.ts'

/** 'October 2026', or 'vendor refunds in October 2026' */
const ofMonth = ({ found }: Facts): string => {
  const month = found.month === null ? 'one month' : monthName(found.month)
  return found.direction === 'vendor' ? `vendor refunds in ${month}` : month
}

export const feeTotalMismatch = (facts: Facts): string => {
  const { found } = facts
  const measure = found.measure === 'returned_fee' ? 'returned_fee' : 'refund_fee'
  const processor = processorName(found.processor)
  const verb = measure === 'refund_fee' ? 'charged refund fees' : 'gave back fees'
  const [total] = facts.fee_totals
  const difference = sum(found.effects.map((effect) => effect[measure]))
  if (total === undefined) {
    return `${processor} ${verb} in ${ofMonth(facts)} that differ from the ledger's, which are ${surplus(difference, found.currency)}.`
  }
  const [ledger, there] = [total.ledger, total.processor_total].map((minor) => formatMoney(minor, found.currency))
  return `${processor} ${verb} of ${there} in ${ofMonth(facts)}, and the ledger has ${ledger}: ${surplus(total.ledger - total.processor_total, found.currency)}.`
}

/** Why the fees are not compared, by the level at which the month is tied out. */
const REASONS: Readonly<Record<NonNullable<FeeTotal['tied']>, string>> = {
  none: "the configuration leaves them out, or the processor's files have none",
  month: "they are compared as the month's total, and the month is not over, or has neither fee lines nor an amount",
  per_refund: 'refunds were matched across a change of the fee settings',
}

export const feesNotCompared = (facts: Facts): string => {
  const { found } = facts
  const processor = processorName(found.processor)
  const differences = (['refund_fee', 'returned_fee'] as const).flatMap((measure) => {
    const minor = sum(found.effects.map((effect) => effect[measure]))
    return minor === 0n ? [] : [{ measure, minor }]
  })
  const own = facts.fee_totals.find(({ measure }) => differences.some((difference) => difference.measure === measure))
  const tied = (own ?? facts.fee_totals[0])?.tied
  const reason = tied ? `: ${REASONS[tied]}` : ''
  const parts = differences.map(({ measure, minor }) => {
    const amount = formatMoney(minor < 0n ? -minor : minor, found.currency)
    return `${amount} ${minor < 0n ? 'less' : 'more'} in ${MEASURE_WORDS[measure]}s`
  })
  const said = parts.length === 0 ? '' : ` The ledger has ${listed(parts)} than ${processor}.`
  return `The fees of ${processor} for ${ofMonth(facts)} are not compared${reason}.${said}`
}
