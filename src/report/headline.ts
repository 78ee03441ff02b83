import type { DiscrepancyLine } from './lines.ts'
import { sum } from './phrases.ts'

/** An amount in minor units of its currency. */
export interface Money {
  minor: bigint
  currency: string
}

/**
 * The figure that stands first at a finding: its effect on ledger minus processor where it has one in its currency,
 * else what its ledger side, else its processor side comes to. null: a finding without a figure of its own.
 */
export const headline = (line: DiscrepancyLine, ledger_currency: string): Money | null => {
  const { currency } = line
  const effects = line.effects.filter((effect) => effect.currency === currency)
  const effect = sum(effects.map((entry) => entry.amount + entry.refund_fee + entry.returned_fee))
  if (effect !== 0n) return { minor: effect, currency }
  if (line.legs.length > 0) return { minor: sum(line.legs.map((leg) => leg.amount)), currency: ledger_currency }
  const rows = line.rows.filter((row) => row.type !== 'payment' && row.currency === currency)
  return rows.length === 0 ? null : { minor: sum(rows.map((row) => row.amount)), currency }
}
