/** What is sent to create a refund in Layer and what comes back, as the API's pages have it. */

import { z } from 'zod'
import { UsageFault } from '../../core/errors.ts'
import { apiErrors, describeAnswer, type Hide, LayerFailure } from './failure.ts'
import { isObject } from './value.ts'

const nullableText = z.string().nullish()
const cents = z.number().int().nonnegative()

const allocation = z.looseObject({
  id: nullableText,
  amount: cents,
  invoice_id: nullableText,
  invoice_external_id: nullableText,
  invoice_payment_id: nullableText,
  invoice_payment_external_id: nullableText,
  bill_id: nullableText,
  bill_external_id: nullableText,
  bill_payment_id: nullableText,
  bill_payment_external_id: nullableText,
})

const payment = z.looseObject({
  id: z.string(),
  external_id: nullableText,
  refunded_amount: cents,
  fee: cents.nullish(),
  refund_processing_fee: cents.nullish(),
  completed_at: nullableText,
  method: nullableText,
  processor: nullableText,
  refunded_payment_fees: z.array(z.looseObject({ fee_amount: cents.nullish(), description: nullableText })).nullish(),
})

/** A refund as Layer gives it back: of an invoice or of a bill, with the field names of all versions of the API. */
export const layerRefund = z.looseObject({
  id: z.string().min(1),
  external_id: nullableText,
  refunded_amount: cents,
  status: nullableText,
  completed_at: nullableText,
  allocations: z.array(allocation).nullish(),
  payments: z.array(payment).nullish(),
  memo: nullableText,
  reference_number: nullableText,
})

export type LayerRefund = z.infer<typeof layerRefund>

type RefundMethod = 'CASH' | 'CHECK' | 'CREDIT_CARD' | 'ACH' | 'CREDIT_BALANCE' | 'OTHER'

interface RefundRequest {
  /** the idempotency key; stored before the call, so that a repeated call is the same refund */
  external_id: string
  /** ISO 8601 */
  completed_at: string
  method: RefundMethod
  processor?: string | null
  /** minor units; a number as JSON has it */
  refund_processing_fee?: number
  tags?: readonly { key: string; value: string }[]
  memo?: string | null
  metadata?: Readonly<Record<string, unknown>>
  reference_number?: string | null
}

/** Body of POST .../invoices/{invoiceId}/refund. */
export interface InvoiceRefundRequest extends RefundRequest {
  /** minor units; left out, Layer refunds what is left of the invoice */
  refunded_amount?: number
  refunded_payment_fees?: readonly { account?: unknown; fee_amount: number; description?: string | null }[]
}

/** Body of POST .../bills/refunds: at least one target; the amount follows from it. */
export interface VendorRefundRequest extends RefundRequest {
  bill_id?: string | null
  bill_external_id?: string | null
  bill_line_item_id?: string | null
  bill_line_item_external_id?: string | null
  bill_payment_id?: string | null
  bill_payment_external_id?: string | null
}

export interface CreatedRefund {
  /** 201; false where Layer had it already (200) */
  created: boolean
  refund: LayerRefund
  /** the body as received */
  raw: string
}

/** A refund without an idempotency key is never sent: a lost answer would make it twice. */
export function requireExternalId(refund: { external_id: string }): void {
  if (typeof refund.external_id !== 'string' || refund.external_id.trim() === '') {
    throw new UsageFault('a refund is created in Layer only with an external_id: found none')
  }
}

/** The refund in a 2xx answer, bare or under `data`. Throws LayerFailure, kind broken, where there is none. */
export function readCreated(what: string, status: number, raw: string, hide: Hide): CreatedRefund {
  const body = parsed(raw)
  const errors = isObject(body) && Array.isArray(body['errors']) ? apiErrors(body, hide) : []
  if (errors.length > 0) {
    throw new LayerFailure(`${what}: Layer answered ${status} with errors, ${describeAnswer(errors, hide(raw))}`, {
      kind: 'refused',
      status,
      api_errors: errors,
    })
  }
  const read = layerRefund.safeParse(isObject(body) && isObject(body['data']) ? body['data'] : body)
  if (read.success) return { created: status === 201, refund: read.data, raw }
  const issue = read.error.issues[0]
  const place = issue === undefined ? '' : ` (${issue.path.join('.') || 'the body'}: ${issue.message})`
  throw new LayerFailure(`${what}: Layer answered ${status}, but with no refund${place}`, { kind: 'broken', status })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
