/** What the demo's records are made of. Amounts in cents. */

import type { Random } from './random.ts'

/** A charge of a customer's card, or a payment to a vendor: what can be refunded. */
export interface Paid {
  /** the processor's id: ch_..., or BP-... */
  payment: string
  intent: string
  /** the shop's order, or the vendor's bill */
  order: string
  invoice_id: string
  payment_id: string
  party: string
  amount: number
}

export interface StripeLine {
  balance_transaction_id: string
  created: string
  currency: string
  gross: number
  fee: number
  reporting_category: string
  source_id: string
  charge_id: string
  payment_intent_id: string
  order_id: string
}

export interface BillpayLine {
  id: string
  kind: string
  refund: string
  payment: string
  order: string
  amount: number
  fee: number
  at: string
}

export interface LayerRefund {
  id: string
  external_id: string | null
  refunded_amount: number
  status: string
  completed_at: string
  allocations: Record<string, unknown>[]
  payments: Record<string, unknown>[]
  transaction_tags: never[]
}

/** What may be unusual about a refund in the ledger. */
export interface Booking {
  /** the processor's refund id as the payment's external id; null: the bookkeeper did not know it */
  external_id: string | null
  fee?: number
  returned_fee?: number
  processor?: string | null
  method?: string
  /** what the allocation says it refunds, where it is not what was paid */
  target?: Paid | null
  allocated?: number
  paid?: number
  line_items?: readonly number[]
  status?: string
}

/** An invoice or a bill as the sandbox keeps it, with the payment that settled it. */
export interface Document {
  id: string
  external_id: string
  payments: {
    id: string
    external_id: string
    amount: number
    method: string
    processor: string
    completed_at: string
  }[]
  customer?: Record<string, unknown> & { id: string }
  vendor?: Record<string, unknown> & { id: string }
}

export interface Books {
  random: Random
  invoices: Document[]
  bills: Document[]
  customer: LayerRefund[]
  vendor: LayerRefund[]
  stripe: StripeLine[]
  billpay: BillpayLine[]
}
