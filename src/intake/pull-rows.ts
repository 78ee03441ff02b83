/** The rows of a pull in COPY's binary format: of the ledger's own tables, and of the stage of what has to be merged. */

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

const OWNER = ['business_id', 'direction'] as const
const MOMENT = ['completed_at', 'completed_on', 'payment_keys'] as const
const OF_REFUND = [
  ...['status', 'reference_number', 'reference_keys', 'allocation_amounts', 'allocation_line_sums', 'payments_sum'],
] as const
const OF_LEG = [
  ...['leg_id', 'ordinal', 'processor_named', 'method', 'refund_fee', 'returned_fee', 'identity_keys'],
] as const
const OF_QUARANTINE = ['reason', 'raw_shown'] as const

/** The contents as received. */
export const VERSIONS: Target = {
  table: 'ledger_refund_version',
  columns: [...OWNER, 'pull_id', 'refund_id', 'content_hash', 'raw'],
}

export const REFUNDS: Target = {
  table: 'ledger_refund',
  columns: [
    ...[...OWNER, 'first_pull_id', 'changed_pull_id', 'last_pull_id', 'refund_id', 'content_hash'],
    ...['external_id', 'refunded_amount', ...MOMENT, ...OF_REFUND],
  ],
}

export const LEGS: Target = {
  table: 'ledger_leg',
  columns: [...OWNER, 'refund_id', 'external_id', 'amount', ...MOMENT, ...OF_LEG],
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
  version(fields: Fields, received: ReceivedRefund): void
  /** a refund and its legs, for the ledger's tables */
  refund(refunds: Fields, legs: Fields, received: ReceivedRefund): void
  /** a refund and its legs, for the stage */
  staged(stage: Fields, received: ReceivedRefund): void
  /** a refund that the ledger holds with this very content */
  known(stage: Fields, place: number, refund_id: string, content_hash: string): void
  quarantine(stage: Fields, place: number, refund: QuarantinedRefund): void
}

export function rowWriter({ business_id, direction, pull_id }: Scope): RowWriter {
  const begun = (target: Target, ...pulls: bigint[]): Buffer => {
    const fields = openFields()
    fields.row(target.columns.length)
    fields.uuid(business_id)
    fields.text(direction)
    for (const pull of pulls) fields.int8(pull)
    return fields.bytes()
  }
  const version = begun(VERSIONS, pull_id)
  const refund = begun(REFUNDS, pull_id, pull_id, pull_id)
  const leg = begun(LEGS)

  return {
    version(fields, { refund: { refund_id }, content_hash, raw }) {
      fields.written(version)
      fields.text(refund_id)
      fields.text(content_hash)
      fields.text(raw)
    },
    refund(refunds, legs, { refund: of, content_hash }) {
      refunds.written(refund)
      refunds.text(of.refund_id)
      refunds.text(content_hash)
      inCommon(refunds, of, of.refunded_amount, of.payment_keys)
      ofRefund(refunds, of)
      for (const each of of.legs) {
        legs.written(leg)
        legs.text(of.refund_id)
        inCommon(legs, each, each.amount, of.payment_keys)
        ofLeg(legs, each)
      }
    },
    staged(stage, { refund: of, content_hash, place }) {
      begin(stage, 'refund', place, of.refund_id, content_hash)
      inCommon(stage, of, of.refunded_amount, of.payment_keys)
      ofRefund(stage, of)
      absent(stage, OF_LEG.length + OF_QUARANTINE.length)
      for (const each of of.legs) {
        begin(stage, 'leg', place, of.refund_id, null)
        inCommon(stage, each, each.amount, of.payment_keys)
        absent(stage, OF_REFUND.length)
        ofLeg(stage, each)
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

const absent = (fields: Fields, columns: number): void => {
  for (let column = 0; column < columns; column += 1) fields.text(null)
}

const begin = (stage: Fields, kind: string, place: number, refund_id: string | null, hash: string | null): void => {
  stage.row(STAGE.columns.length)
  stage.text(kind)
  stage.int8(place)
  stage.text(refund_id)
  stage.text(hash)
}

const inCommon = (
  fields: Fields,
  of: Pick<LedgerRefund | LedgerLeg, 'external_id' | 'completed_at' | 'completed_on'>,
  amount: bigint,
  payment_keys: readonly string[],
): void => {
  fields.text(of.external_id)
  fields.int8(amount)
  fields.instant(of.completed_at)
  fields.date(of.completed_on)
  fields.texts(payment_keys)
}

const ofRefund = (fields: Fields, refund: LedgerRefund): void => {
  fields.text(refund.status)
  fields.text(refund.reference_number)
  fields.texts(refund.reference_keys)
  fields.int8s(refund.allocation_amounts)
  fields.int8s(refund.allocation_amounts === null ? null : refund.allocation_line_sums)
  fields.int8(refund.payments_sum)
}

const ofLeg = (fields: Fields, leg: LedgerLeg): void => {
  fields.text(leg.leg_id)
  fields.int4(leg.ordinal)
  fields.text(leg.processor_named)
  fields.text(leg.method)
  fields.int8(leg.refund_fee)
  fields.int8(leg.returned_fee)
  fields.texts(leg.identity_keys)
}

/** The hashes and contents in rows of VERSIONS. */
export function* contentsOf(versions: Buffer): Generator<{ content_hash: string; raw: string }> {
  let at = 0
  const field = (): Buffer => {
    const from = at + 4
    at = from + versions.readInt32BE(at)
    return versions.subarray(from, at)
  }
  while (at < versions.length) {
    at += 2
    const fields = VERSIONS.columns.map(field)
    const [content_hash = '', raw = ''] = fields.slice(-2).map((bytes) => bytes.toString())
    yield { content_hash, raw }
  }
}
