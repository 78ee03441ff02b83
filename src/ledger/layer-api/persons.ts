/** The people in a refund as Layer sends it: who they are, and the refund without their details. */

import { isObject } from './value.ts'

/** Whose details they are, in a refund and in each of its allocations. */
const PARTIES = new Set(['customer', 'vendor'])

/** What Tieout reads of a refund: no name, address, phone, memo, tag or metadata is among it, nor whose refund it is. */
export const READ_FIELDS: ReadonlySet<string> = new Set([
  ...['id', 'external_id', 'refunded_amount', 'status', 'completed_at', 'reference_number', 'method', 'processor'],
  ...['payments', 'fee', 'refund_processing_fee', 'refunded_payment_fees', 'fee_amount'],
  ...['allocations', 'amount', 'line_items', 'invoice_id', 'invoice_external_id', 'invoice_payment_id'],
  ...['invoice_payment_external_id', 'bill_id', 'bill_external_id', 'bill_payment_id', 'bill_payment_external_id'],
])

/** The ids of the people that a refund names, by Layer or by the business, each once. */
export function personsIn(refund: unknown): string[] {
  const found = new Set<string>()
  const add = (value: unknown): void => {
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') found.add(String(value))
  }
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) look(item)
    if (!isObject(value)) return
    for (const [name, item] of Object.entries(value)) {
      if (/^(?:customer|vendor)_(?:external_)?id$/.test(name)) add(item)
      if (PARTIES.has(name) && isObject(item)) {
        add(item['id'])
        add(item['external_id'])
      }
      look(item)
    }
  }
  look(refund)
  return [...found]
}

/** The refund with what Tieout reads, and nothing else: all that figures are made of is still there. */
export function withoutDetails(refund: unknown): unknown {
  if (Array.isArray(refund)) return refund.map(withoutDetails)
  if (!isObject(refund)) return refund
  const read = Object.entries(refund).filter(([name]) => READ_FIELDS.has(name))
  return Object.fromEntries(read.map(([name, value]) => [name, withoutDetails(value)]))
}
