/** The bodies of the two calls that create a refund: JSON schemas, and the rules that no schema says. */

import { invalid } from './api-error.ts'

const METHODS = ['CASH', 'CHECK', 'CREDIT_CARD', 'ACH', 'CREDIT_BALANCE', 'OTHER'] as const

interface RefundBody {
  completed_at: string
  external_id?: string | null
  method?: (typeof METHODS)[number] | null
  processor?: string | null
  refund_processing_fee: number
  tags: { key: string; value: string }[]
  memo?: string | null
  metadata: Readonly<Record<string, unknown>>
  reference_number?: string | null
}

export interface InvoiceRefundBody extends RefundBody {
  refunded_amount?: number
  refunded_payment_fees: { account?: { id?: string }; fee_amount: number; description?: string | null }[]
}

export interface VendorRefundBody extends RefundBody {
  bill_id?: string | null
  bill_external_id?: string | null
  bill_line_item_id?: string | null
  bill_line_item_external_id?: string | null
  bill_payment_id?: string | null
  bill_payment_external_id?: string | null
}

const nullableText = { type: ['string', 'null'] }
const nullableId = { type: ['string', 'null'], format: 'uuid' }
const cents = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

const common = {
  completed_at: { type: 'string', format: 'date-time' },
  external_id: nullableText,
  processor: nullableText,
  refund_processing_fee: { ...cents, default: 0 },
  tags: {
    type: 'array',
    default: [],
    items: {
      type: 'object',
      required: ['key', 'value'],
      properties: { key: { type: 'string' }, value: { type: 'string' } },
    },
  },
  memo: nullableText,
  metadata: { type: 'object', default: {} },
  reference_number: nullableText,
}

/** The page of this call leaves its body out; these are the fields that Layer's own examples and client send. */
export const invoiceRefundSchema = {
  type: 'object',
  required: ['completed_at'],
  properties: {
    ...common,
    method: { type: ['string', 'null'], enum: [...METHODS, null] },
    refunded_amount: { ...cents, minimum: 1 },
    refunded_payment_fees: {
      type: 'array',
      default: [],
      items: {
        type: 'object',
        required: ['fee_amount'],
        properties: {
          account: { type: 'object', properties: { id: { type: 'string' } } },
          fee_amount: cents,
          description: nullableText,
        },
      },
    },
  },
}

/** Unknown fields are ignored. */
export const vendorRefundSchema = {
  type: 'object',
  required: ['completed_at', 'method'],
  properties: {
    ...common,
    method: { type: 'string', enum: METHODS },
    bill_id: nullableId,
    bill_external_id: nullableText,
    bill_line_item_id: nullableId,
    bill_line_item_external_id: nullableText,
    bill_payment_id: nullableId,
    bill_payment_external_id: nullableText,
  },
}

const METADATA_BYTES = 10 * 1024

/** What both calls ask for beyond their schemas. Throws ApiRefusal 400. */
export function checkBody(body: RefundBody): void {
  if (Buffer.byteLength(JSON.stringify(body.metadata)) > METADATA_BYTES) {
    throw invalid('metadata is larger than 10KB.')
  }
  if (body.external_id === '') throw invalid('external_id is empty.')
}
