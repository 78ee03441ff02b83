/** The exact request that creates a refund in Layer: made when it is approved, stored, and sent as it stands. */

import { createHash } from 'node:crypto'
import { UsageFault } from '../core/errors.ts'
import type { InvoiceRefundRequest, VendorRefundRequest } from '../ledger/layer-api/refund.ts'
import type { Correction, Target } from './store.ts'

export interface StoredRequest {
  request_path: string
  /** JSON */
  request_body: string
  /** of path, line feed, body */
  request_sha256: string
}

type Meant = Pick<
  Correction,
  | 'direction'
  | 'external_id'
  | 'amount'
  | 'refund_fee'
  | 'returned_fee'
  | 'processor'
  | 'method'
  | 'completed_at'
  | 'correction_id'
>

/** A whole number as JSON has it. */
const cents = (minor: bigint): number => {
  if (minor <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(minor)
  throw new UsageFault(`the amount ${minor} is larger than JSON numbers can hold: enter this refund in Layer by hand`)
}

/** A partial refund must not become a whole one: the amount stands in a customer refund's body. */
const invoiceBody = (meant: Meant): Omit<InvoiceRefundRequest, 'method'> & { method: string } => ({
  external_id: meant.external_id,
  refunded_amount: cents(meant.amount),
  completed_at: meant.completed_at,
  method: meant.method,
  processor: meant.processor,
  refund_processing_fee: cents(meant.refund_fee),
  ...(meant.returned_fee > 0n
    ? { refunded_payment_fees: [{ fee_amount: cents(meant.returned_fee), description: 'Processing fee returned' }] }
    : {}),
})

/** No amount: Layer computes it from the target. */
const vendorBody = (meant: Meant, target: Target): Omit<VendorRefundRequest, 'method'> & { method: string } => ({
  external_id: meant.external_id,
  completed_at: meant.completed_at,
  method: meant.method,
  ...target,
  processor: meant.processor,
  refund_processing_fee: cents(meant.refund_fee),
})

const sealed = (request_path: string, body: object): StoredRequest => {
  const request_body = JSON.stringify(body)
  return { request_path, request_body, request_sha256: requestHash(request_path, request_body) }
}

const requestHash = (path: string, body: string): string =>
  createHash('sha256').update(`${path}\n${body}`).digest('hex')

/** The request for a correction. Throws UsageFault where the target is not of its direction. */
export const requestFor = (business_id: string, meant: Meant, target: Target): StoredRequest => {
  const business = `/v1/businesses/${encodeURIComponent(business_id)}`
  if (meant.direction === 'vendor') return sealed(`${business}/bills/refunds`, vendorBody(meant, target))
  const invoice_id = target['invoice_id']
  if (invoice_id === undefined) {
    throw new UsageFault(`correction ${meant.correction_id}: found no invoice_id, which a refund to a customer needs`)
  }
  return sealed(`${business}/invoices/${encodeURIComponent(invoice_id)}/refund`, invoiceBody(meant))
}

export interface ReadyRequest {
  /** null: the refund is of a bill, which its body names */
  invoice_id: string | null
  body: InvoiceRefundRequest & VendorRefundRequest
}

/** The stored request, to be sent as it is; null where what is stored is not what was approved. */
export const readRequest = ({ request_path, request_body, request_sha256 }: Correction): ReadyRequest | null => {
  if (request_path === null || request_body === null) return null
  if (requestHash(request_path, request_body) !== request_sha256) return null
  const invoice_id = /\/invoices\/([^/]+)\/refund$/.exec(request_path)?.[1] ?? null
  return { invoice_id: invoice_id === null ? null : decodeURIComponent(invoice_id), body: JSON.parse(request_body) }
}
