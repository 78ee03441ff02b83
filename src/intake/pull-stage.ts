/** What a refund is on its way into the ledger's tables, and the stage it waits on while the listing arrives. */

import type { Db } from '../database/connect.ts'
import { type CopyValue, copyLine } from '../database/copy.ts'
import { run } from '../database/statement.ts'
import { copyGathered, type GatheredLines, gatherLines } from './pull-lines.ts'
import { storeVersions, type VersionsOf, versionLine } from './pull-versions.ts'

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
  /** `raw` is the refund's JSON, `content_hash` the hash of it: that version is kept at once. */
  refund(at: Standing, content_hash: string, refund: LedgerRefund, raw: string): void | Promise<void>
  /** The ledger holds this very content already. */
  known(at: Standing, content_hash: string, refund_id: string): void | Promise<void>
  quarantine(at: Standing, refund: QuarantinedRefund): void | Promise<void>
  /** All of it is on the stage. */
  end(): Promise<void>
  /** For what ends in a fault: returns when nothing is on its way any more, so that all of it can be undone. */
  stop(): Promise<void>
}

const COLUMNS = [
  ...['kind', 'reading', 'place', 'refund_id', 'content_hash', 'external_id', 'amount', 'completed_at', 'completed_on'],
  ...['status', 'reference_number', 'reference_keys', 'payment_keys', 'allocation_amounts', 'allocation_line_sums'],
  'payments_sum',
  ...['leg_id', 'ordinal', 'processor_named', 'method', 'refund_fee', 'returned_fee', 'identity_keys'],
  ...['reason', 'raw_shown'],
] as const

// Rows are written out in full, in the order of the columns: put together from parts they cost twice as much.

const refundRow = (at: Standing, content_hash: string, refund: LedgerRefund): CopyValue[] => [
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

const legRow = (at: Standing, { refund_id, payment_keys }: LedgerRefund, leg: LedgerLeg): CopyValue[] => [
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
  payment_keys,
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

const KNOWN_REST: readonly null[] = new Array<null>(20).fill(null)
const QUARANTINE_REST: readonly null[] = new Array<null>(14).fill(null)

/** A bigint[] literal. */
const numbers = (values: readonly (bigint | null)[]): string => `{${values.map((value) => value ?? 'NULL').join(',')}}`

/** Bytes of lines that are sent together: one portion is on its way while the next is put together. */
const PORTION = 2_000_000

/** Lines of both tables. */
interface Portion {
  rows: GatheredLines
  versions: GatheredLines
}

const emptyPortion = (): Portion => ({ rows: gatherLines(), versions: gatherLines() })

/** Creates the stage in this transaction: nothing else can run on `db` until end(). */
export async function openStage(db: Db, versions_of: VersionsOf): Promise<PullStage> {
  await run(db, 'intake/pull_stage')
  let filling = emptyPortion()
  let sent = emptyPortion()
  let sending: Promise<void> = Promise.resolve()

  const send = async ({ rows, versions }: Portion): Promise<void> => {
    await copyGathered(db, 'pull_stage', COLUMNS, rows)
    if (versions.bytes().length > 0) await storeVersions(db, versions)
    rows.clear()
    versions.clear()
  }

  /** What fails in sending comes out with the next portion, or at the end; until then it is not unhandled. */
  const hand = async (): Promise<void> => {
    const full = filling
    await sending
    filling = sent
    sent = full
    sending = send(full)
    sending.catch(() => undefined)
  }

  const handWhereFull = (): void | Promise<void> => {
    if (filling.rows.size() + filling.versions.size() >= PORTION) return hand()
  }

  return {
    refund(at, content_hash, refund, raw) {
      filling.rows.add(copyLine(refundRow(at, content_hash, refund)))
      for (const leg of refund.legs) filling.rows.add(copyLine(legRow(at, refund, leg)))
      filling.versions.add(versionLine(versions_of, refund.refund_id, content_hash, raw))
      return handWhereFull()
    },
    known(at, content_hash, refund_id) {
      filling.rows.add(copyLine(['known', at.reading, at.place, refund_id, content_hash, ...KNOWN_REST]))
      return handWhereFull()
    },
    quarantine(at, { reason, raw, refund_id, dated_on }) {
      const head = ['quarantine', at.reading, at.place, refund_id, null, null, null, null, dated_on] as const
      filling.rows.add(copyLine([...head, ...QUARANTINE_REST, reason, raw]))
      return handWhereFull()
    },
    async end() {
      await hand()
      await sending
    },
    stop: () => sending.catch(() => undefined),
  }
}
