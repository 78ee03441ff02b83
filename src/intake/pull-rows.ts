/** The rows of a pull in COPY's binary format: for where they are kept, or for the stage. */

import { type Fields, openFields } from '../database/copy-binary.ts'
import type { LedgerLeg, LedgerRefund, QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'

/** Whose refunds they are, and which pull brought them. */
export interface Scope {
  business_id: string
  direction: string
  pull_id: bigint
}

/** A table, and the columns of a row as it is written here. */
export interface Target {
  table: string
  columns: readonly string[]
}

/** Rows of one table, as bytes of COPY. */
export interface Rows extends Target {
  pieces: Iterable<Buffer>
}

export const MOMENT = ['completed_at', 'completed_on', 'payment_keys'] as const
export const OF_REFUND = [
  ...['status', 'reference_number', 'reference_keys', 'keys_written', 'allocation_amounts', 'allocation_line_sums'],
  ...['allocations_sum', 'line_items_differ', 'payments_sum'],
] as const
export const OF_LEG = [
  ...['leg_id', 'ordinal', 'processor_named', 'method', 'refund_fee', 'returned_fee', 'identity_keys'],
] as const
const OF_QUARANTINE = ['reason', 'raw_shown'] as const

/** The contents as received. */
export const VERSIONS: Target = {
  table: 'ledger_refund_version',
  columns: ['business_id', 'direction', 'pull_id', 'place', 'refund_id', 'content_hash', 'raw'],
}

/** Each kind of row fills its part of them. */
export const STAGE: Target = {
  table: 'pull_stage',
  columns: [
    ...['kind', 'place', 'refund_id', 'content_hash', 'external_id', 'amount', ...MOMENT],
    ...[...OF_REFUND, ...OF_LEG, ...OF_QUARANTINE],
  ],
}

export interface RowWriter {
  version(versions: Fields, received: ReceivedRefund): void
  /** a refund and its legs, to be merged */
  refund(stage: Fields, received: ReceivedRefund): void
  /** a refund that the ledger holds with this very content */
  known(stage: Fields, place: number, refund_id: string, content_hash: string): void
  quarantine(stage: Fields, place: number, refund: QuarantinedRefund): void
}

/** How the rows of a table begin. */
export const headOf = ({ columns }: Target, { business_id, direction }: Scope, ...pulls: bigint[]): Buffer => {
  const head = openFields()
  head.row(columns.length)
  head.uuid(business_id)
  head.text(direction)
  for (const pull of pulls) head.int8(pull)
  return head.bytes()
}

export function rowWriter(scope: Scope): RowWriter {
  const { pull_id } = scope
  const version = headOf(VERSIONS, scope, pull_id)

  return {
    version(versions, { refund: { refund_id }, content_hash, raw, place }) {
      versions.written(version)
      versions.int8(place)
      versions.text(refund_id)
      versions.text(content_hash)
      versions.text(raw)
    },
    refund(stage, { refund, content_hash, place }) {
      begin(stage, 'refund', place, refund.refund_id, content_hash)
      inCommon(stage, refund, refund.refunded_amount, refund.payment_keys)
      ofRefund(stage, refund)
      absent(stage, OF_LEG.length + OF_QUARANTINE.length)
      for (const leg of refund.legs) {
        begin(stage, 'leg', place, refund.refund_id, null)
        inCommon(stage, leg, leg.amount, refund.payment_keys)
        absent(stage, OF_REFUND.length)
        ofLeg(stage, leg)
        absent(stage, OF_QUARANTINE.length)
      }
    },
    known(stage, place, refund_id, content_hash) {
      begin(stage, 'known', place, refund_id, content_hash)
      absent(stage, 2 + MOMENT.length + OF_REFUND.length + OF_LEG.length + OF_QUARANTINE.length)
    },
    quarantine(stage, place, { reason, raw, refund_id, dated_on }) {
      begin(stage, 'quarantine', place, refund_id, null)
      absent(stage, 3)
      stage.date(dated_on)
      absent(stage, 1 + OF_REFUND.length + OF_LEG.length)
      stage.text(reason)
      stage.text(raw)
    },
  }
}

const absent = (stage: Fields, columns: number): void => {
  for (let column = 0; column < columns; column += 1) stage.text(null)
}

const begin = (stage: Fields, kind: string, place: number, refund_id: string | null, hash: string | null): void => {
  stage.row(STAGE.columns.length)
  stage.text(kind)
  stage.int8(place)
  stage.text(refund_id)
  stage.text(hash)
}

export const inCommon = (
  row: Fields,
  of: Pick<LedgerRefund | LedgerLeg, 'external_id' | 'completed_at' | 'completed_on'>,
  amount: bigint,
  payment_keys: readonly string[],
): void => {
  row.text(of.external_id)
  row.int8(amount)
  row.instant(of.completed_at)
  row.date(of.completed_on)
  row.texts(payment_keys)
}

export const ofRefund = (row: Fields, refund: LedgerRefund): void => {
  row.text(refund.status)
  row.text(refund.reference_number)
  row.texts(refund.reference_keys)
  row.text(refund.keys_written === null ? null : JSON.stringify(refund.keys_written))
  row.int8s(refund.allocation_amounts)
  row.int8s(refund.allocation_amounts === null ? null : refund.allocation_line_sums)
  row.int8(refund.allocations_sum)
  row.bool(refund.line_items_differ)
  row.int8(refund.payments_sum)
}

export const ofLeg = (row: Fields, leg: LedgerLeg): void => {
  row.text(leg.leg_id)
  row.int4(leg.ordinal)
  row.text(leg.processor_named)
  row.text(leg.method)
  row.int8(leg.refund_fee)
  row.int8(leg.returned_fee)
  row.texts(leg.identity_keys)
}
