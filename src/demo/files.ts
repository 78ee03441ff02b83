/** The demo's records as the files and listings that Harbor Coffee would really have. */

import { formatMajor } from '../core/money.ts'
import { addDays, dateInZone, instantText, wallClock } from '../core/period.ts'
import type { Seed } from '../sandbox/seed.ts'
import { ZONE } from './books.ts'
import { HARBOR } from './demo-config.ts'
import { ordinaryMonth } from './ordinary.ts'
import { seeded } from './random.ts'
import type { BillpayLine, Books, LayerRefund, StripeLine } from './records.ts'
import { recordLate, troubles } from './troubles.ts'

/** What there is to see on one night: Layer's books, and the files that arrived since the night before. */
export interface Night {
  as_of: string
  /** for the sandbox */
  seed: Seed
  files: readonly { path: string; text: string }[]
}

/** Three and four November at six in the morning in New York, and the same day at four, after the close. */
const NIGHTS = ['2026-11-03T11:00:00Z', '2026-11-04T11:00:00Z', '2026-11-04T21:00:00Z'] as const

/**
 * Three nights of the demo: what is reported of October is nearly all there in the first; in the second, more came; before the
 * third October was closed, and somebody recorded a refund of it all the same.
 */
export const demoNights = (): [Night, Night, Night] => {
  const random = seeded(20_261_031)
  const books: Books = { random, invoices: [], bills: [], customer: [], vendor: [], stripe: [], billpay: [] }
  const { deleted, forgotten } = troubles(books)
  ordinaryMonth(books)
  const customer = [...books.customer]
  recordLate(books, forgotten)
  const inOrder = (refunds: LayerRefund[]): LayerRefund[] =>
    refunds.toSorted((a, b) => Date.parse(a.completed_at) - Date.parse(b.completed_at) || (a.id < b.id ? -1 : 1))
  const known = (refunds: LayerRefund[], as_of: string): LayerRefund[] =>
    inOrder(refunds).filter((refund) => Date.parse(refund.completed_at) < Date.parse(as_of))
  const [first, second, third] = NIGHTS
  return [
    {
      as_of: first,
      seed: seedOf(books, known(customer, first), known(books.vendor, first)),
      files: [...files(books, '2026-10-01', '2026-10-31'), ...files(books, '2026-11-01', '2026-11-02')],
    },
    {
      as_of: second,
      seed: seedOf(
        books,
        known(customer, second).filter((refund) => refund !== deleted),
        known(books.vendor, second),
      ),
      files: files(books, '2026-11-03', '2026-11-03'),
    },
    {
      as_of: third,
      seed: seedOf(
        books,
        known(books.customer, third).filter((refund) => refund !== deleted),
        known(books.vendor, third),
      ),
      files: [],
    },
  ]
}

const seedOf = (books: Books, customer: readonly LayerRefund[], vendor: readonly LayerRefund[]): Seed => ({
  businesses: [
    {
      id: HARBOR,
      name: 'Harbor Coffee',
      invoices: books.invoices,
      bills: books.bills,
      invoice_refunds: customer.map((refund) => ({ ...refund })),
      bill_refunds: vendor.map((refund) => ({ ...refund })),
    },
  ],
})

const files = (books: Books, from: string, to: string): { path: string; text: string }[] => {
  const within = (instant: string): boolean => {
    const date = dateInZone(Date.parse(instant), ZONE)
    return from <= date && date <= to
  }
  const stripe = books.stripe.filter((line) => within(line.created))
  const billpay = books.billpay.filter((line) => within(line.at))
  return [
    { path: `inbox/stripe/itemized_balance_change_${from}_${to}.csv`, text: stripeReport(stripe) },
    { path: `inbox/billpay/billpay_${from}_${to}.csv`, text: billpayReport(billpay) },
  ]
}

const csv = (header: readonly string[], records: readonly (readonly string[])[]): string =>
  [header, ...records]
    .map(
      (cells) => `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`,
    )
    .join('')

const plain = (amount: number, currency: string): string => formatMajor(BigInt(amount), currency).replaceAll(',', '')

/** Stripe's itemized balance change report, as its dashboard exports it with one metadata column. */
const stripeReport = (lines: readonly StripeLine[]): string => {
  const header = [
    'balance_transaction_id',
    'created_utc',
    'created',
    'available_on_utc',
    'available_on',
    'currency',
    'gross',
    'fee',
    'net',
    'reporting_category',
    'source_id',
    'description',
    'charge_id',
    'payment_intent_id',
    'payment_metadata[order_id]',
  ]
  const sorted = lines.toSorted((a, b) => Date.parse(a.created) - Date.parse(b.created))
  const records = sorted.map((line) => {
    const available = instantText(Date.parse(line.created) + 2 * 86_400_000)
    const currency = line.currency.toUpperCase()
    return [
      line.balance_transaction_id,
      wallClock(Date.parse(line.created), 'UTC'),
      wallClock(Date.parse(line.created), ZONE),
      `${available.slice(0, 10)} 00:00:00`,
      `${addDays(available.slice(0, 10), -1)} 20:00:00`,
      line.currency,
      plain(line.gross, currency),
      plain(line.fee, currency),
      plain(line.gross - line.fee, currency),
      line.reporting_category,
      line.source_id,
      line.order_id === '' ? '' : `Order ${line.order_id}, Harbor Coffee`,
      line.charge_id,
      line.payment_intent_id,
      line.order_id,
    ]
  })
  return csv(header, records)
}

const billpayReport = (lines: readonly BillpayLine[]): string => {
  const header = ['Id', 'Kind', 'Refund', 'Payment', 'Bill', 'Amount', 'Fee', 'Currency', 'Date']
  const sorted = lines.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const records = sorted.map((line) => [
    line.id,
    line.kind,
    line.refund,
    line.payment,
    line.order,
    plain(line.amount, 'USD'),
    plain(line.fee, 'USD'),
    'USD',
    wallClock(Date.parse(line.at), ZONE),
  ])
  return csv(header, records)
}
