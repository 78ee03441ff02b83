/** Refunds of the ledger and lines of Stripe's file in short, and the findings of a business that has them. */

import type { DiscrepancyLine } from '../../src/report/lines.ts'
import { listOf, withReport } from '../../src/report/model.ts'
import type { FreshDatabase } from './database.ts'
import { type Brought, openNights } from './nights.ts'

export interface Booking {
  number: number
  cents: number
  on: string
  payment?: string
  id?: string
  method?: string
  processor?: string | null
  /** not yet paid: no payment moved */
  unpaid?: boolean
  amount?: unknown
}

/** A refund as Layer lists it, with one payment. */
export const booking = ({ number, cents, on, payment, id, method, processor, unpaid, amount }: Booking): unknown => ({
  id: `refund-${number}`,
  external_id: unpaid ? (id ?? null) : null,
  refunded_amount: amount ?? cents,
  status: unpaid ? 'SENT' : 'PAID',
  completed_at: `${on}T12:00:00Z`,
  allocations: [{ id: `allocation-${number}`, amount: cents, invoice_payment_external_id: payment ?? null }],
  payments: unpaid
    ? []
    : [
        {
          ...{ id: `leg-${number}`, external_id: id ?? null, refunded_amount: cents },
          ...{ method: method ?? 'CREDIT_CARD', processor: processor === undefined ? 'STRIPE' : processor },
        },
      ],
})

/** A line of Stripe's file; refunds and disputes take money out. */
export const line = (id: string, kind: string, { refund = '', payment = '' }, cents: number, on: string): string =>
  `${id},${kind},${refund},${payment},,${kind.startsWith('Refund') || kind === 'Dispute' ? '-' : ''}${(cents / 100).toFixed(2)},0.00,USD,${on} 12:00:00`

/** The findings of a new business after these nights. */
export const foundAfter = async (
  database: FreshDatabase,
  ...nights: readonly Brought[]
): Promise<DiscrepancyLine[]> => {
  const { night, business } = await openNights(database)
  for (const brought of nights) await night(brought)
  return await withReport(
    database,
    { as_of: null, generated_at: '2026-11-16T13:00:00Z', from: null, to: null, business_ids: [business.id] },
    async ({ businesses: [report] }) => (report ? await listOf(report.discrepancies()) : []),
  )
}

/** The one finding of this code. */
export const the = (found: readonly DiscrepancyLine[], code: string): DiscrepancyLine => {
  const [one, ...others] = found.filter((each) => each.code === code)
  if (one === undefined || others.length > 0) throw new Error(found.map((each) => each.code).join())
  return one
}
/** The kind and target of each hint. */
export const kinds = ({ related }: DiscrepancyLine): string[] =>
  related.map(({ kind, target }) => `${kind} ${Object.entries(target).flat().join(' ')}`)
