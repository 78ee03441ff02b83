/** The demo's three sets of records: Layer's listings, Stripe's report lines, BILLPAY's lines. Amounts in cents. */

import { instantText, zonedMillis } from '../core/period.ts'
import type { Booking, Books, Document, LayerRefund, Paid } from './records.ts'

export const ZONE = 'America/New_York'

/** A wall clock reading in New York, '2026-10-31 23:40', as an instant. */
const at = (wall: string): string => instantText(zonedMillis(`${wall}:00`, ZONE))

const CUSTOMERS = [
  'Ada Brook',
  'Ben Castle',
  'Cleo Marsh',
  'Dan Okafor',
  'Eve Lindqvist',
  'Finn Harper',
  'Gia Moreno',
] as const
const VENDORS = ['Sidamo Importers', 'North Dock Roasters', 'Cupworks Paper', 'Blue Churn Dairy'] as const

/** A sale by card: its charge stands in Stripe's report. */
export const sale = (books: Books, wall: string, amount: number): Paid => {
  const { random } = books
  const charge = `ch_3Q${random.letters(22)}`
  const intent = `pi_3Q${random.letters(22)}`
  const order = `HC-${random.between(10_000, 99_999)}`
  const fee = Math.floor((amount * 29 + 500) / 1000) + 30
  stripeLine(books, wall, 'charge', charge, { amount, fee, charge, intent, order })
  const [invoice_id, payment_id] = [random.uuid(), random.uuid()]
  const paid = { payment: charge, intent, order, invoice_id, payment_id, party: random.pick(CUSTOMERS), amount }
  books.invoices.push({ ...document(paid, wall, 'CREDIT_CARD', 'STRIPE'), customer: customer(paid.party) })
  return paid
}

/** A sale of an earlier month, of which this month's reports know nothing. */
export const earlierSale = (books: Books, amount: number): Paid => {
  const paid = sale(books, '2026-09-15 12:00', amount)
  books.stripe.pop()
  return paid
}

interface Line {
  amount: number
  fee: number
  charge: string
  intent: string
  order: string
  currency?: string
}

export const stripeLine = (books: Books, wall: string, category: string, source: string, line: Line): void => {
  books.stripe.push({
    balance_transaction_id: `txn_3Q${books.random.letters(22)}`,
    created: at(wall),
    currency: line.currency ?? 'usd',
    gross: line.amount,
    fee: line.fee,
    reporting_category: category,
    source_id: source,
    charge_id: line.charge,
    payment_intent_id: line.intent,
    order_id: line.order,
  })
}

interface Moved {
  /** what Stripe charged for it (positive) or gave back of the original fee (negative) */
  fee?: number
  currency?: string
  /** the refund that failed: the line is its reversal */
  failed?: string
}

/** A refund as Stripe made it; gives its id. */
export const stripeRefund = (books: Books, paid: Paid, wall: string, amount: number, moved: Moved = {}): string => {
  const id = moved.failed ?? `re_3Q${books.random.letters(22)}`
  stripeLine(books, wall, moved.failed ? 'refund_failure' : 'refund', id, {
    amount: moved.failed ? amount : -amount,
    fee: moved.fee ?? 0,
    charge: paid.payment,
    intent: paid.intent,
    order: paid.order,
    ...(moved.currency ? { currency: moved.currency } : {}),
  })
  return id
}

/** A bill paid through BILLPAY. */
export const billPaid = (books: Books, wall: string, amount: number): Paid => {
  const { random } = books
  const payment = `BP-${random.between(400_000, 899_999)}`
  const order = `BILL-${random.between(2000, 9999)}`
  books.billpay.push({
    id: billpayId(books),
    kind: 'Bill payment',
    refund: '',
    payment,
    order,
    amount,
    fee: 0,
    at: at(wall),
  })
  const [invoice_id, payment_id] = [random.uuid(), random.uuid()]
  const paid = { payment, intent: '', order, invoice_id, payment_id, party: random.pick(VENDORS), amount }
  books.bills.push({ ...document(paid, wall, 'ACH', 'BILLPAY'), vendor: vendor(paid.party) })
  return paid
}

/** A vendor's refund as BILLPAY received it; gives its id. */
export const billpayRefund = (books: Books, paid: Paid, wall: string, amount: number, fee = 0): string => {
  const refund = `VR${String(books.billpay.length * 37 + 100_000)}`
  const { payment, order } = paid
  books.billpay.push({
    id: billpayId(books),
    kind: 'Vendor credit',
    refund,
    payment,
    order,
    amount: -amount,
    fee,
    at: at(wall),
  })
  return refund
}

const billpayId = (books: Books): string => `T${String(books.billpay.length + 1).padStart(6, '0')}`

/** Records a refund to a customer in the ledger. */
export const bookCustomer = (books: Books, paid: Paid, wall: string, amount: number, booking: Booking): LayerRefund =>
  book(books, books.customer, 'invoice', paid, wall, amount, { processor: 'STRIPE', method: 'CREDIT_CARD', ...booking })

/** Records a refund from a vendor in the ledger. */
export const bookVendor = (books: Books, paid: Paid, wall: string, amount: number, booking: Booking): LayerRefund =>
  book(books, books.vendor, 'bill', paid, wall, amount, { processor: 'BILLPAY', method: 'ACH', ...booking })

const book = (
  { random }: Books,
  listing: LayerRefund[],
  kind: 'invoice' | 'bill',
  paid: Paid,
  wall: string,
  amount: number,
  booking: Booking,
): LayerRefund => {
  const target = booking.target === undefined ? paid : booking.target
  const completed_at = at(wall)
  const refund: LayerRefund = {
    id: random.uuid(),
    external_id: null,
    refunded_amount: amount,
    status: booking.status ?? 'PAID',
    completed_at,
    allocations: [
      {
        id: random.uuid(),
        [`${kind}_id`]: paid.invoice_id,
        amount: booking.allocated ?? amount,
        [`${kind}_external_id`]: target?.order ?? null,
        [`${kind}_payment_id`]: paid.payment_id,
        [`${kind}_payment_external_id`]: target?.payment ?? null,
        line_items: (booking.line_items ?? []).map((item) => ({ external_id: null, amount: item })),
        ...(kind === 'invoice' ? { customer: customer(paid.party) } : { vendor: vendor(paid.party) }),
        transaction_tags: [],
      },
    ],
    payments: [
      {
        id: random.uuid(),
        external_id: booking.external_id,
        refunded_amount: booking.paid ?? amount,
        [kind === 'invoice' ? 'fee' : 'refund_processing_fee']: booking.fee ?? 0,
        completed_at,
        method: booking.method,
        processor: booking.processor,
        ...(kind === 'invoice' ? { refunded_payment_fees: returnedFees(booking.returned_fee ?? 0) } : {}),
        transaction_tags: [],
      },
    ],
    transaction_tags: [],
  }
  listing.push(refund)
  return refund
}

const returnedFees = (amount: number): object[] =>
  amount === 0
    ? []
    : [
        {
          account: { type: 'StableName', stable_name: 'PROCESSING_FEES' },
          description: 'Processing fee',
          fee_amount: amount,
        },
      ]

const document = (paid: Paid, wall: string, method: string, processor: string): Document => {
  const { invoice_id, payment_id, payment, order, amount } = paid
  const settled = { id: payment_id, external_id: payment, amount, method, processor, completed_at: at(wall) }
  return { id: invoice_id, external_id: order, payments: [settled] }
}

const slug = (name: string): string => name.toLowerCase().replaceAll(' ', '-')

const customer = (name: string): { id: string; individual_name: string; email: string } => ({
  id: `customer-${slug(name)}`,
  individual_name: name,
  email: `${slug(name)}@example.com`,
})

const vendor = (name: string): { id: string; company_name: string; email: string } => ({
  id: `vendor-${slug(name)}`,
  company_name: name,
  email: `accounts@${slug(name)}.example`,
})
