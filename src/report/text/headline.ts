import type { DiscrepancyLine, LegLine, RowLine } from '../lines.ts'
import { sum } from '../messages/phrases.ts'

/** What of a finding can be a figure. */
interface Figures extends Pick<DiscrepancyLine, 'currency' | 'effects'> {
  legs: readonly Pick<LegLine, 'amount'>[]
  rows: readonly Pick<RowLine, 'type' | 'amount' | 'currency'>[]
}

const MEASURES = ['amount', 'refund_fee', 'returned_fee'] as const

/** An amount in minor units of its currency. */
export interface Money {
  minor: bigint
  currency: string
}

/**
 * The figure that stands first at a finding: its effect on ledger minus processor where it has one in its currency, of the
 * first measure that it has one of (an amount and a fee have no sum that stands anywhere), else what its ledger side, else
 * its processor side comes to. null: a finding without a figure of its own.
 */
export const headline = (line: Figures, ledger_currency: string): Money | null => {
  const { currency } = line
  const effects = line.effects.filter((effect) => effect.currency === currency)
  const by_measure = MEASURES.map((measure) => sum(effects.map((effect) => effect[measure])))
  const effect = by_measure.find((of_measure) => of_measure !== 0n)
  if (effect !== undefined) return { minor: effect, currency }
  if (line.legs.length > 0) return { minor: sum(line.legs.map((leg) => leg.amount)), currency: ledger_currency }
  const rows = line.rows.filter((row) => row.type !== 'payment' && row.currency === currency)
  return rows.length === 0 ? null : { minor: sum(rows.map((row) => row.amount)), currency }
}
