/** What a refund is on its way into the ledger's tables, and the stage it waits on while the listing arrives. */

import type { Db } from '../database/connect.ts'
import { type CopyValue, copyRows } from '../database/copy.ts'
import { run } from '../database/statement.ts'

/** One leg: an element of payments[]. Amounts in minor units of the business's currency. */
export interface LedgerLeg {
  leg_id: string
  /** 0 for the first leg of this id in its refund, 1 for the second... */
  ordinal: number
  external_id: string | null
  /** trimmed, upper case; null where none is named */
  processor_named: string | null
  method: string | null
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  /** UTC; null where only a date is known */
  completed_at: string | null
  /** in the business's time zone */
  completed_on: string
  /** in order, trimmed, not empty */
  identity_keys: readonly string[]
}

/** One refund of the ledger, as far as it is judged; the whole of it is stored as received. */
export interface LedgerRefund {
  refund_id: string
  external_id: string | null
  refunded_amount: bigint
  status: string | null
  completed_at: string | null
  completed_on: string | null
  reference_number: string | null
  /** trimmed, not empty, each once: of all allocations, then reference_number */
  reference_keys: readonly string[]
  /** those of them that name a payment */
  payment_keys: readonly string[]
  /** null: no allocations given */
  allocation_amounts: readonly bigint[] | null
  /** beside allocation_amounts: the sum of its line items, null where it has none */
  allocation_line_sums: readonly (bigint | null)[]
  /** null: no payments given */
  payments_sum: bigint | null
  legs: readonly LedgerLeg[]
}

/** A refund set aside. `raw` holds no customer or vendor details. */
export interface QuarantinedRefund {
  reason: string
  raw: string
  refund_id: string | null
  dated_on: string | null
}

/** Where a refund stood: which reading of its page, and its place in the listing (from 1). */
export interface Standing {
  reading: number
  place: number
}

/** Each call writes rows of the stage; where it returns a promise, await it before the next. */
export interface PullStage {
  /** `raw` is the refund's JSON, `content_hash` the hash of it. */
  refund(at: Standing, content_hash: string, refund: LedgerRefund, raw: string): void | Promise<void>
  /** The ledger holds this very content already. */
  known(at: Standing, content_hash: string, refund_id: string): void | Promise<void>
  quarantine(at: Standing, refund: QuarantinedRefund): void | Promise<void>
  end(): Promise<bigint>
}

const COLUMNS = [
  ...['kind', 'reading', 'place', 'refund_id', 'content_hash', 'external_id', 'amount', 'completed_at', 'completed_on'],
  ...['status', 'reference_number', 'reference_keys', 'payment_keys', 'allocation_amounts', 'allocation_line_sums'],
  ...['payments_sum', 'raw'],
  ...['leg_id', 'ordinal', 'processor_named', 'method', 'refund_fee', 'returned_fee', 'identity_keys'],
  ...['reason', 'raw_shown'],
] as const

// Rows are written out in full, in the order of the columns: put together from parts they cost twice as much.

const refundRow = (at: Standing, content_hash: string, refund: LedgerRefund, raw: string): CopyValue[] => [
  'refund',
  at.reading,
  at.place,
  refund.refund_id,
  content_hash,
  refund.external_id,
  refund.refunded_amount,
  refund.completed_at,
  refund.completed_on,
  refund.status,
  refund.reference_number,
  refund.reference_keys,
  refund.payment_keys,
  refund.allocation_amounts === null ? null : numbers(refund.allocation_amounts),
  refund.allocation_amounts === null ? null : numbers(refund.allocation_line_sums),
  refund.payments_sum,
  raw,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
]

const legRow = (at: Standing, refund_id: string, leg: LedgerLeg): CopyValue[] => [
  'leg',
  at.reading,
  at.place,
  refund_id,
  null,
  leg.external_id,
  leg.amount,
  leg.completed_at,
  leg.completed_on,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  leg.leg_id,
  leg.ordinal,
  leg.processor_named,
  leg.method,
  leg.refund_fee,
  leg.returned_fee,
  leg.identity_keys,
  null,
  null,
]

const KNOWN_REST: readonly null[] = new Array<null>(21).fill(null)
const QUARANTINE_REST: readonly null[] = new Array<null>(15).fill(null)

/** A bigint[] literal. */
const numbers = (values: readonly (bigint | null)[]): string => `{${values.map((value) => value ?? 'NULL').join(',')}}`

/** Creates the stage in this transaction and opens its COPY: nothing else can run on `db` until end(). */
export async function openStage(db: Db): Promise<PullStage> {
  await run(db, 'intake/pull_stage')
  const copy = copyRows(db, 'pull_stage', COLUMNS)
  return {
    refund(at, content_hash, refund, raw) {
      let waiting = copy.write(refundRow(at, content_hash, refund, raw))
      for (const leg of refund.legs) waiting = copy.write(legRow(at, refund.refund_id, leg)) ?? waiting
      return waiting
    },
    known: (at, content_hash, refund_id) =>
      copy.write(['known', at.reading, at.place, refund_id, content_hash, ...KNOWN_REST]),
    quarantine: (at, { reason, raw, refund_id, dated_on }) =>
      copy.write([
        ...(['quarantine', at.reading, at.place, refund_id, null, null, null, null, dated_on] as const),
        ...QUARANTINE_REST,
        reason,
        raw,
      ]),
    end: () => copy.end(),
  }
}
