/** What the tables say of refunds that are missing in the ledger: their rows, and what the ledger knows of their targets. */

import { heldKey } from '../core/keys.ts'
import type { Db } from '../database/connect.ts'
import { type RowOf, run } from '../database/statement.ts'
import type { Direction } from '../ledger/store/pull.ts'
import { type ContentPointer, contentsOf } from '../ledger/store/refund-content.ts'

/** An open MISSING_IN_LEDGER discrepancy with its row. */
export interface Candidate {
  correction_id: string
  discrepancy_id: string
  direction: Direction
  row_no: bigint
  type: 'refund' | 'vendor_refund' | 'refund_reversal'
  processor: string
  transaction_id: string
  refund_id: string | null
  payment_ids: string[]
  reference_ids: string[]
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  occurred_at: string | null
  occurred_on: string
  ledger_currency: string
  time_zone: string
  /** the processor took it back, in whole or in part */
  is_reversed: boolean
  /** other rows of this type bear its refund_id too */
  shares_refund_id: boolean
  /** the last listing of its direction may be cut off */
  may_be_cut: boolean
}

export const readCandidates = (db: Db, business_id: string): Promise<Candidate[]> =>
  run<Candidate>(db, 'correction/candidates', [business_id])

const KEY_FIELDS = [
  'invoice_payment_external_id',
  'invoice_external_id',
  'bill_payment_external_id',
  'bill_external_id',
] as const

/** An allocation of a stored refund, and one of the keys asked for that it bears in one of Layer's fields. */
export interface NamedAllocation {
  refund_id: string
  /** false: the refund is gone from Layer */
  is_standing: boolean
  /** without a leading # */
  key: string
  /** as Layer has it */
  written: string
  field: (typeof KEY_FIELDS)[number]
  amount: bigint
  invoice_id: string | null
  bill_id: string | null
  bill_payment_id: string | null
}

interface NamingRefund extends ContentPointer {
  refund_id: string
  is_standing: boolean
}

/** Layer's fields of an allocation; the refund was read once, so that amounts are whole numbers. */
type StoredAllocation = Partial<Record<string, string | number | null>>

/** The allocations of stored refunds that bear one of the keys, by refund_id: they name what was refunded by Layer's own ids. */
export async function readAllocations(
  db: Db,
  business_id: string,
  direction: Direction,
  keys: readonly string[],
): Promise<NamedAllocation[]> {
  if (keys.length === 0) return []
  const refunds = await run<NamingRefund>(db, 'correction/naming_refunds', [business_id, direction, keys])
  const wanted = new Set(keys)
  const named: NamedAllocation[] = []
  for await (const { refund, content } of contentsOf(db, business_id, refunds)) {
    const { allocations } = JSON.parse(content) as { allocations?: StoredAllocation[] | null }
    for (const allocation of allocations ?? []) named.push(...namedBy(refund, allocation, wanted))
  }
  return named.sort((a, b) => Number(a.refund_id > b.refund_id) - Number(a.refund_id < b.refund_id))
}

const namedBy = (
  { refund_id, is_standing }: NamingRefund,
  allocation: StoredAllocation,
  wanted: ReadonlySet<string>,
): NamedAllocation[] =>
  KEY_FIELDS.flatMap((field) => {
    const written = `${allocation[field] ?? ''}`.trim()
    const key = heldKey(written)
    if (!wanted.has(key)) return []
    const idOf = (name: string): string | null => (allocation[name] == null ? null : `${allocation[name]}`)
    return {
      ...{ refund_id, is_standing, key, written, field, amount: BigInt(allocation['amount'] ?? 0) },
      ...{ invoice_id: idOf('invoice_id'), bill_id: idOf('bill_id'), bill_payment_id: idOf('bill_payment_id') },
    }
  })

/** A payment that a processor reported. */
export type ReportedPayment = RowOf<'correction/payments'>

export const readReportedPayments = (
  db: Db,
  business_id: string,
  keys: readonly string[],
): Promise<ReportedPayment[]> =>
  keys.length === 0 ? Promise.resolve([]) : run<ReportedPayment>(db, 'correction/payments', [business_id, keys])

export interface UsualMethod {
  direction: Direction
  processor: string
  method: string
}

export const readUsualMethods = (db: Db, business_id: string): Promise<UsualMethod[]> =>
  run<UsualMethod>(db, 'correction/methods', [business_id])

/** External ids that refunds in the ledger bear already, with the id of such a refund. */
export const readTakenExternalIds = async (
  db: Db,
  business_id: string,
  direction: Direction,
  external_ids: readonly string[],
): Promise<Map<string, string>> => {
  const taken = await run<{ external_id: string; refund_id: string }>(db, 'correction/external_ids_taken', [
    business_id,
    direction,
    external_ids,
  ])
  return new Map(taken.map(({ external_id, refund_id }) => [external_id, refund_id]))
}
