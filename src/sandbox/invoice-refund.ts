/** POST invoices/{invoiceId}/refund: a refund dedicated to one invoice. */

import { ApiRefusal, invalid, notFound } from './api-error.ts'
import type { BusinessBooks, Entry } from './books.ts'
import { checkBody, type InvoiceRefundBody } from './request-body.ts'
import type { SeedInvoice } from './seed.ts'
import { accountIdentifier, CLEARING_ACCOUNT, customer, type NewId, REVENUE_ACCOUNT, tags } from './shapes.ts'

export interface CreateContext {
  business: BusinessBooks
  new_id: NewId
  /** UTC instant */
  now: string
  /** what a second call with the same external_id but another body gets: the documentation does not say */
  replay: 'existing' | 'conflict'
}

export interface Created {
  status: 200 | 201
  entry: Entry
}

export function checkPeriod(business: BusinessBooks, completed_at: string): void {
  if (business.closed_before === null || completed_at >= business.closed_before) return
  throw new ApiRefusal(
    400,
    'InvalidState',
    'PeriodIsClosed',
    `The period before ${business.closed_before} is closed: completed_at is ${completed_at}.`,
  )
}

/** 201 with a new refund, 200 with the one that has this external_id already. Throws ApiRefusal. */
export function createInvoiceRefund(context: CreateContext, invoice_id: string, body: InvoiceRefundBody): Created {
  const { business } = context
  const invoice = business.invoices.find((each) => each.id === invoice_id)
  if (invoice === undefined) throw notFound('Invoice not found.', 'InvoiceNotFound')
  if (invoice.deleted) {
    throw new ApiRefusal(400, 'ResourceArchived', 'InvoiceDeleted', 'This invoice was deleted: it takes no refund.')
  }
  checkBody(body)
  const existing = body.external_id ? business.byExternalId('invoices', body.external_id) : null
  if (existing !== null) return { status: 200, entry: replayed(context, existing, invoice, body) }
  checkPeriod(business, new Date(body.completed_at).toISOString().slice(0, 10))
  const paid = invoice.payments.reduce((sum, payment) => sum + payment.amount, 0)
  const left = paid - business.refundedOf('invoices', invoice.id, null)
  const amount = body.refunded_amount ?? left
  if (left <= 0) {
    throw new ApiRefusal(400, 'InvalidState', 'InvoiceStateError', 'Nothing is left to refund of this invoice.')
  }
  if (amount > left) throw invalid(`refunded_amount is ${amount}, but ${left} are left to refund of this invoice.`)
  return { status: 201, entry: business.put('invoices', refundOf(context, invoice, body, amount)) }
}

/** The documentation says "idempotent"; a refund of another invoice is surely not the one that was meant. */
function replayed(context: CreateContext, existing: Entry, invoice: SeedInvoice, body: InvoiceRefundBody): Entry {
  const target = existing.targets[0]
  const other = target?.keys.includes(invoice.id) !== true
  const differs = body.refunded_amount !== undefined && body.refunded_amount !== target?.amount
  if (!other && !(context.replay === 'conflict' && differs)) return existing
  throw new ApiRefusal(
    400,
    'Conflict',
    'ExternalIdConflict',
    `external_id ${body.external_id} belongs to refund ${existing.id}, which is another one.`,
  )
}

function refundOf(context: CreateContext, invoice: SeedInvoice, body: InvoiceRefundBody, amount: number) {
  const { new_id, now } = context
  const transaction_tags = tags('invoices', body.tags, new_id, now)
  return {
    id: new_id(),
    external_id: body.external_id ?? null,
    refunded_amount: amount,
    status: 'PAID',
    completed_at: body.completed_at,
    is_dedicated: true,
    allocations: [
      {
        id: new_id(),
        invoice_id: invoice.id,
        amount,
        account_identifier: accountIdentifier(REVENUE_ACCOUNT),
        invoice_external_id: invoice.external_id,
        invoice_line_item_id: null,
        invoice_line_item_external_id: null,
        invoice_payment_id: null,
        invoice_payment_external_id: null,
        customer: customer(invoice),
        transaction_tags: [],
      },
    ],
    payments: [
      {
        id: new_id(),
        external_id: null,
        refunded_amount: amount,
        fee: body.refund_processing_fee,
        completed_at: body.completed_at,
        method: body.method ?? 'CREDIT_CARD',
        processor: body.processor ?? null,
        refunded_payment_fees: body.refunded_payment_fees.map((fee) => ({
          account: accountIdentifier(fee.account?.id ?? CLEARING_ACCOUNT),
          description: fee.description ?? null,
          fee_amount: fee.fee_amount,
        })),
        transaction_tags: [],
      },
    ],
    transaction_tags,
    memo: body.memo ?? null,
    metadata: body.metadata,
    reference_number: body.reference_number ?? null,
  }
}
