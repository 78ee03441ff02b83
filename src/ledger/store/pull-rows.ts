/** The rows of a pull: refunds and legs for the stage, pages of contents for where they are kept. */

import type { BulkTable } from '../../database/bulk/bulk.ts'
import type { Fields } from '../../database/bulk/copy-binary.ts'
import type { LedgerLeg, LedgerRefund, QuarantinedRefund } from './ledger-refund.ts'
import type { Page } from './refund-content.ts'

/** Whose refunds they are, and which pull brought them. */
export interface Scope {
  business_id: string
  direction: string
  pull_id: bigint
}

const MOMENT = ['completed_at', 'completed_on', 'payment_keys'] as const
const OF_REFUND = [
  ...['content_hash', 'content_page', 'content_place', 'external_id', 'amount', ...MOMENT],
  ...['status', 'reference_number', 'reference_keys', 'keys_written', 'allocation_amounts', 'allocation_line_sums'],
  ...['allocations_sum', 'line_items_differ', 'payments_sum'],
] as const
const STAGED_REFUND = ['kind', 'place', 'refund_id'] as const
const OF_QUARANTINE = ['completed_on', 'reason', 'raw_shown'] as const
const STAGED_LEG = [
  ...['place', 'refund_id', 'leg_id', 'ordinal', 'processor_named', 'method', 'refund_fee', 'returned_fee'],
  ...['identity_keys', 'external_id', 'amount', ...MOMENT],
] as const
const PAGE = ['business_id', 'pull_id', 'page_no', 'refunds', 'codec', 'raw'] as const

export const PULL_TABLES = {
  refund: { table: 'pull_refund', columns: [...STAGED_REFUND, ...OF_REFUND] },
  quarantine: { table: 'pull_refund', columns: [...STAGED_REFUND, ...OF_QUARANTINE] },
  leg: { table: 'pull_leg', columns: STAGED_LEG },
  page: { table: 'ledger_page', columns: PAGE },
} as const satisfies Record<string, BulkTable>

/** Where a content lies: in which page, and at which place of it, from 0. */
export interface ContentPlace {
  page_no: number
  place: number
}

/** `content`: null where the ledger keeps it already. */
export function writeRefund(
  row: Fields,
  place: number,
  refund: LedgerRefund,
  content_hash: string,
  content: ContentPlace | null,
): void {
  row.row(PULL_TABLES.refund.columns.length)
  row.text('refund')
  row.int8(place)
  row.text(refund.refund_id)
  row.text(content_hash)
  row.int4(content?.page_no ?? null)
  row.int4(content?.place ?? null)
  writeCommon(row, refund, refund.refunded_amount, refund.payment_keys)
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

export function writeLeg(row: Fields, place: number, { refund_id, payment_keys }: LedgerRefund, leg: LedgerLeg): void {
  row.row(STAGED_LEG.length)
  row.int8(place)
  row.text(refund_id)
  row.text(leg.leg_id)
  row.int4(leg.ordinal)
  row.text(leg.processor_named)
  row.text(leg.method)
  row.int8(leg.refund_fee)
  row.int8(leg.returned_fee)
  row.texts(leg.identity_keys)
  writeCommon(row, leg, leg.amount, payment_keys)
}

export function writeQuarantine(row: Fields, place: number, refund: QuarantinedRefund): void {
  row.row(PULL_TABLES.quarantine.columns.length)
  row.text('quarantine')
  row.int8(place)
  row.text(refund.refund_id)
  row.date(refund.dated_on)
  row.text(refund.reason)
  row.text(refund.raw)
}

export function writePage(row: Fields, { business_id, pull_id }: Scope, page: Page): void {
  row.row(PAGE.length)
  row.uuid(business_id)
  row.int8(pull_id)
  row.int4(page.page_no)
  row.int4(page.refunds)
  row.text(page.codec)
  row.bytea(page.raw)
}

const writeCommon = (
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
