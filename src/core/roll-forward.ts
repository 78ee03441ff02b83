/** The roll-forward of a month (spec section 7): what was open before, what became of it, what is open now. */

export const STEPS = ['opening', 'new', 'cleared', 'resolved', 'changed', 'closing'] as const
export type Step = (typeof STEPS)[number]

/** What findings come to, minor units of the line's currency, and how many they are. */
export interface Sums {
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  count: bigint
}

export type RollForwardLine = {
  business_id: string
  direction: 'customer' | 'vendor'
  processor: string
  currency: string
  month: string
} & Record<Step, Sums>

/** A measure of a line, as the statement close/roll_forward gives it. */
export type RollForwardPart = Pick<
  RollForwardLine,
  'business_id' | 'direction' | 'processor' | 'currency' | 'month'
> & {
  measure: keyof Sums
} & Record<Step, bigint>

/** The lines of parts that come line by line. */
export const rollForwardOf = (parts: readonly RollForwardPart[]): RollForwardLine[] => {
  const lines = new Map<string, RollForwardLine>()
  for (const { business_id, direction, processor, currency, month, measure, ...steps } of parts) {
    const key = JSON.stringify([business_id, direction, processor, currency, month])
    const sums = (): Sums => ({ amount: 0n, refund_fee: 0n, returned_fee: 0n, count: 0n })
    const line = lines.get(key) ?? {
      ...{ business_id, direction, processor, currency, month },
      ...{ opening: sums(), new: sums(), cleared: sums(), resolved: sums(), changed: sums(), closing: sums() },
    }
    for (const step of STEPS) line[step][measure] = steps[step]
    lines.set(key, line)
  }
  return [...lines.values()]
}
