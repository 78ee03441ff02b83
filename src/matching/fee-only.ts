import type { RowItem } from './items.ts'
import { listUnder } from './order.ts'
import type { Row } from './types.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * After pass 1: a row left of amount 0, a fee alone, follows the first row in order of its refund id, processor and type
 * whose amount is not 0, wherever that is or goes. It takes part in no other pass.
 */
export function followWithFees(work: WorkingSet): void {
  for (const [fee, leader] of leadersOfFees(work.refunds)) {
    if (!fee.free) continue
    fee.leader = leader
    listUnder(work.feesOf, leader).push(fee)
    const why = 'A fee alone goes where its refund goes.'
    work.trace?.add('fee_only', 'follows', fee.row.refund_id, [], [fee, leader], why)
  }
}

/** Each fee-only row that follows another row, and that row. `refunds` are refund rows in order. */
export function leadersOfFees<T extends Pick<RowItem, 'row'>>(refunds: readonly T[]): Map<T, T> {
  const fees = refunds.filter(({ row }) => isFeeOnly(row) && row.refund_id !== null)
  const leaders = new Map<string, T | null>(fees.map(({ row }) => [refundOf(row), null]))
  if (fees.length > 0) {
    for (const item of refunds) {
      if (item.row.refund_id === null || isFeeOnly(item.row)) continue
      const refund = refundOf(item.row)
      if (leaders.get(refund) === null) leaders.set(refund, item)
    }
  }
  return new Map(
    fees.flatMap((fee) => {
      const leader = leaders.get(refundOf(fee.row))
      return leader ? [[fee, leader] as const] : []
    }),
  )
}

export const isFeeOnly = ({ amount }: Row): boolean => amount === 0n

const refundOf = ({ type, processor, refund_id }: Row): string => `${type} ${processor}\0${refund_id}`
