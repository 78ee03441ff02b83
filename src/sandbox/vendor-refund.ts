/** POST bills/refunds: a vendor refund, its amount computed from the bill, line item or payment that it is for. */

import { isDeepStrictEqual } from 'node:util'
import { ApiRefusal, invalid, notFound } from './api-error.ts'
import type { BusinessBooks } from './books.ts'
import { type CreateContext, type Created, checkPeriod } from './invoice-refund.ts'
import { checkBody, type VendorRefundBody } from './request-body.ts'
import type { SeedBill } from './seed.ts'
import { account, CLEARING_ACCOUNT, EXPENSE_ACCOUNT, tags, vendor } from './shapes.ts'

type Item = SeedBill['line_items'][number]
type Payment = SeedBill['payments'][number]

interface Target {
  bill: SeedBill
  item: Item | null
  payment: Payment | null
}

/** 201 with a new refund; with the external_id of an earlier one 200, updated or unchanged. Throws ApiRefusal. */
export function createVendorRefund(context: CreateContext, body: VendorRefundBody): Created {
  const { business } = context
  checkBody(body)
  const target = targetOf(business, body)
  const existing = body.external_id ? business.byExternalId('bills', body.external_id) : null
  checkPeriod(business, new Date(body.completed_at).toISOString().slice(0, 10))
  const amount = amountOf(business, target, existing?.id ?? null)
  const refund = refundOf(context, target, body, amount)
  if (existing === null) return { status: 201, entry: business.put('bills', refund) }
  const before: unknown = JSON.parse(existing.json)
  if (sameContent(before, refund)) return { status: 200, entry: existing }
  return { status: 200, entry: business.put('bills', { ...refund, id: existing.id }) }
}

/** Of all that names the target, everything must name the same. */
function targetOf(business: BusinessBooks, body: VendorRefundBody): Target {
  const found: Target[] = []
  const look = (name: keyof VendorRefundBody, matches: (bill: SeedBill) => Omit<Target, 'bill'> | null): void => {
    if (typeof body[name] !== 'string') return
    for (const bill of business.bills) {
      const match = matches(bill)
      if (match === null) continue
      found.push({ bill, ...match })
      return
    }
    throw notFound(`${name} ${body[name]} not found.`)
  }
  const none = { item: null, payment: null }
  const item = (wanted: (each: Item) => boolean) => (bill: SeedBill) => {
    const hit = bill.line_items.find(wanted)
    return hit === undefined ? null : { ...none, item: hit }
  }
  const payment = (wanted: (each: Payment) => boolean) => (bill: SeedBill) => {
    const hit = bill.payments.find(wanted)
    return hit === undefined ? null : { ...none, payment: hit }
  }
  look('bill_id', (bill) => (bill.id === body.bill_id ? none : null))
  look('bill_external_id', (bill) => (bill.external_id === body.bill_external_id ? none : null))
  look(
    'bill_line_item_id',
    item(({ id }) => id === body.bill_line_item_id),
  )
  look(
    'bill_line_item_external_id',
    item(({ external_id }) => external_id === body.bill_line_item_external_id),
  )
  look(
    'bill_payment_id',
    payment(({ id }) => id === body.bill_payment_id),
  )
  look(
    'bill_payment_external_id',
    payment(({ external_id }) => external_id === body.bill_payment_external_id),
  )
  const [first] = found
  if (first === undefined) throw invalid('At least one target (bill, line item or payment) must be given.')
  const target: Target = {
    bill: first.bill,
    item: found.find((each) => each.item !== null)?.item ?? null,
    payment: found.find((each) => each.payment !== null)?.payment ?? null,
  }
  const agree = found.every(
    (each) =>
      each.bill === first.bill &&
      (each.item === null || each.item === target.item) &&
      (each.payment === null || each.payment === target.payment),
  )
  if (!agree || (target.item !== null && target.payment !== null)) {
    throw new ApiRefusal(400, 'InvalidParameters', 'DoesNotMatchExistingEntity', 'The targets given are not the same.')
  }
  if (target.bill.deleted) {
    throw new ApiRefusal(400, 'ResourceArchived', 'ResourceArchived', 'This bill was deleted: it takes no refund.')
  }
  return target
}

/** What is left of the target, but no more than is left of what was paid for the bill. */
function amountOf(business: BusinessBooks, { bill, item, payment }: Target, except: string | null): number {
  const left = (key: string, amount: number): number => amount - business.refundedOf('bills', key, except)
  const of_bill = left(
    bill.id,
    bill.payments.reduce((sum, each) => sum + each.amount, 0),
  )
  const part = item ?? payment
  const amount = part === null ? of_bill : Math.min(of_bill, left(part.id, part.amount))
  if (amount > 0) return amount
  throw new ApiRefusal(400, 'InvalidState', 'BillStateError', 'Nothing is left to refund of this target.')
}

function refundOf(context: CreateContext, { bill, item, payment }: Target, body: VendorRefundBody, amount: number) {
  const { new_id, now } = context
  const blank = { memo: null, metadata: {}, reference_number: null }
  return {
    id: new_id(),
    external_id: body.external_id ?? null,
    refunded_amount: amount,
    status: 'PAID',
    completed_at: body.completed_at,
    allocations: [
      {
        id: new_id(),
        bill_id: bill.id,
        amount,
        line_items: (item === null ? [] : [item]).map((each) => ({
          external_id: each.external_id,
          amount,
          ledger_account: account(each.account_id ?? EXPENSE_ACCOUNT),
          prepayment_account: null,
          transaction_tags: [],
          ...blank,
        })),
        bill_external_id: bill.external_id,
        bill_line_item_id: item?.id ?? null,
        bill_line_item_external_id: item?.external_id ?? null,
        bill_payment_id: payment?.id ?? null,
        bill_payment_external_id: payment?.external_id ?? null,
        vendor: vendor(bill),
        transaction_tags: [],
        ...blank,
      },
    ],
    payments: [
      {
        id: new_id(),
        external_id: null,
        refunded_amount: amount,
        refund_processing_fee: body.refund_processing_fee,
        completed_at: body.completed_at,
        method: body.method,
        processor: body.processor ?? null,
        payment_clearing_account: account(CLEARING_ACCOUNT),
        transaction_tags: [],
        ...blank,
      },
    ],
    transaction_tags: tags('bills', body.tags, new_id, now),
    memo: body.memo ?? null,
    metadata: body.metadata,
    reference_number: body.reference_number ?? null,
  }
}

/** Whether two refunds say the same but for the ids that the sandbox gave to their parts. */
function sameContent(before: unknown, after: object): boolean {
  const given = new Set(['id', 'dimension_id', 'definition_id', 'created_at', 'updated_at'])
  const plain = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (name, part: unknown) => (given.has(name) ? undefined : part)))
  return isDeepStrictEqual(plain(before), plain(after))
}
