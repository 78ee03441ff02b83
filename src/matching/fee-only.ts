import type { RowItem } from './items.ts'
import { listUnder } from './order.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * After pass 1: a row left of amount 0, a fee alone, follows the first row in order of its refund id, processor and type
 * whose amount is not 0, wherever that is or goes. It takes part in no other pass.
 */
export function followWithFees(work: WorkingSet): void {
  const fees = work.refunds.filter(({ free, row }) => free && row.amount === 0n && row.refund_id !== null)
  if (fees.length === 0) return
  const leaders = new Map<string, RowItem | null>(fees.map((fee) => [refundOf(fee), null]))
  for (const item of work.refunds) {
    if (item.row.amount === 0n || item.row.refund_id === null) continue
    if (leaders.get(refundOf(item)) === null) leaders.set(refundOf(item), item)
  }
  for (const fee of fees) {
    const leader = leaders.get(refundOf(fee))
    if (!leader) continue
    fee.leader = leader
    listUnder(work.feesOf, leader).push(fee)
    work.trace?.add(
      'fee_only',
      'follows',
      fee.row.refund_id,
      [],
      [fee, leader],
      'A fee alone goes where its refund goes.',
    )
  }
}

const refundOf = ({ row }: RowItem): string => `${row.type} ${row.processor}\0${row.refund_id}`
