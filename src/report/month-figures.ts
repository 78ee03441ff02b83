/** The figures that stand first: both sides of a month, and what the money of both is made of. Amounts are minor units. */

import { CODES, type DiscrepancyClass } from '../core/discrepancy.ts'
import type { Direction, TieOutLine } from './lines.ts'
import type { BusinessReport } from './model.ts'

/** What the money of a side is made of; `resolved` are effects that a person settled. */
export type Part = 'matched' | DiscrepancyClass | 'resolved'

/** The amounts of one direction and currency, over its processors. */
export interface Side extends Record<'ledger' | 'processors' | 'difference' | 'explained' | 'unexplained', bigint> {
  direction: Direction
  currency: string
  /** of both sides together, without signs: what is matched, counted once, and the effects of what is not */
  parts: Record<Part, bigint>
}

/** The sides of a month: customers first, the business's currency first. `lines`: of any months. */
export const monthFigures = async (
  of: BusinessReport,
  lines: readonly TieOutLine[],
  month: string,
): Promise<Side[]> => {
  const sides = new Map<string, Side & { gross: bigint }>()
  for (const line of lines) {
    if (line.month !== month || line.measure !== 'amount') continue
    const { direction, currency } = line
    const side = sides.get(`${direction} ${currency}`) ?? none(direction, currency)
    sides.set(`${direction} ${currency}`, side)
    side.ledger += line.ledger
    side.processors += line.processor_total
    for (const figure of ['difference', 'explained', 'unexplained', 'gross'] as const) side[figure] += line[figure]
  }
  for await (const effect of of.effects()) {
    const side = effect.month === month ? sides.get(`${effect.direction} ${effect.currency}`) : undefined
    if (side === undefined) continue
    side.parts[effect.status === 'resolved' ? 'resolved' : CODES[effect.code].class] +=
      effect.amount < 0n ? -effect.amount : effect.amount
  }
  for (const side of sides.values()) {
    const matched = (side.ledger + side.processors - side.gross) / 2n
    side.parts.matched = matched > 0n ? matched : 0n
  }
  const place = ({ direction, currency }: Side): string =>
    `${direction} ${currency === of.business.currency ? '' : currency}`
  return [...sides.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

const none = (direction: Direction, currency: string): Side & { gross: bigint } => ({
  ...{ direction, currency, ledger: 0n, processors: 0n, difference: 0n, explained: 0n, unexplained: 0n, gross: 0n },
  parts: { matched: 0n, error: 0n, timing: 0n, info: 0n, resolved: 0n },
})
