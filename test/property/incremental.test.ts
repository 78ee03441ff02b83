import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linkOverRefunds } from '../../src/reconciliation/over-refund.ts'
import { type ReconcileOutcome, reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { wrongsIn } from '../support/integrity.ts'
import { quiet } from '../support/quiet.ts'
import { runs } from '../support/runs.ts'
import { openBusiness, takeIn } from '../support/small-night.ts'
import { standingOf } from '../support/stored-world.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const date = fc
  .tuple(fc.constantFrom('2026-10', '2026-11'), fc.integer({ min: 1, max: 12 }))
  .map(([month, day]) => `${month}-${String(day).padStart(2, '0')}`)
const refund_id = fc.constantFrom('re_1', 're_2', 're_3', 're_4', 're_5', 're_6', 'own-1')
const amount = fc.constantFrom(100, 200, 300)
const payment = fc.constantFrom('ch_1', 'ch_2', 'ch_3')

/** A refund of the ledger; its id has few values, so that a later night changes or removes it. */
const refund = fc
  .record({
    place: fc.integer({ min: 1, max: 9 }),
    date,
    amount,
    more: fc.constantFrom(0, 0, 0, 5),
    external_id: fc.option(fc.oneof(refund_id, fc.constantFrom('t1', 't2')), { freq: 4 }),
    /** the books' own number of the refund, which is an id of its payment too */
    number: fc.option(fc.oneof(refund_id, fc.constantFrom('t1', 't2', 'R-1', 'R-2')), { freq: 2 }),
    processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY', 'SQUARE', null),
    method: fc.constantFrom('CREDIT_CARD', 'CREDIT_CARD', 'CASH'),
    key: fc.option(payment),
  })
  .map((one) => ({
    id: `refund-${one.place}`,
    external_id: one.number,
    refunded_amount: one.amount + one.more,
    status: 'PAID',
    completed_at: `${one.date}T12:00:00Z`,
    allocations: [{ id: 'allocation', amount: one.amount + one.more, invoice_payment_external_id: one.key }],
    payments: [
      {
        id: `leg-${one.place}`,
        external_id: one.external_id,
        refunded_amount: one.amount,
        method: one.method,
        processor: one.processor,
      },
    ],
  }))

const line = fc
  .record({
    kind: fc.constantFrom('Refund', 'Refund', 'Refund', 'Refund', 'Vendor credit', 'Refund failed', 'Payment'),
    date,
    amount,
    refund: fc.option(refund_id, { freq: 5 }),
    payment: fc.option(payment),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'CAD'),
  })
  .map(({ kind, date, amount, refund, payment, currency }) => {
    const sign = kind === 'Refund failed' || kind === 'Payment' ? '' : '-'
    return [
      kind,
      kind === 'Payment' ? '' : (refund ?? ''),
      payment ?? '',
      '',
      `${sign}${amount / 100}.00`,
      '0.00',
      currency,
      `${date} 12:00:00`,
    ]
  })

const night = fc.record({
  customer: fc.uniqueArray(refund, { maxLength: 6, selector: ({ id }) => id }),
  vendor: fc.uniqueArray(refund, { maxLength: 2, selector: ({ id }) => id }),
  stripe: fc.array(line, { maxLength: 5 }),
  billpay: fc.array(line, { maxLength: 2 }),
})

/** One night's new lines, and the listings as they stand; `+` between payment ids of one line. */
type Night = Record<'customer' | 'vendor', unknown[]> & Record<'stripe' | 'billpay', string[][]>

/** A mapping reads one payment id; some formats have several: a charge and its intent. */
const SEVERAL_PAYMENT_IDS = `
  update processor_row set payment_ids = string_to_array(payment_ids[1], '+')
  where business_id = $1 and payment_ids[1] like '%+%'`

const linkedRows = async (business_id: string): Promise<string[]> =>
  (await standingOf(database, business_id)).filter((line) => line.startsWith('linked '))

/**
 * Lives through the nights. After each nothing is wrong in the tables, and the rows that hang together by payments are
 * those that are found when all are looked at; in the end everything is matched anew, twice alike.
 */
async function liveThroughNights(nights: readonly Night[]): Promise<void> {
  const business = await openBusiness(database)
  let lines = 0
  const reconciled = async (as_of: string, full: boolean): Promise<ReconcileOutcome> => {
    const outcome = await reconcile(database, business.id, { as_of, now: as_of, full, log: quiet })
    expect(outcome.unexplained_lines).toBe(0)
    expect(await wrongsIn(database)).toEqual([])
    return outcome
  }
  for (const [number, { customer, vendor, stripe, billpay }] of nights.entries()) {
    const as_of = `2026-11-${15 + number}T12:00:00Z`
    const named = (of: string[][]): string[] => of.map((cells) => [`t${++lines}`, ...cells].join())
    await takeIn(database, business, {
      as_of,
      customer,
      vendor,
      files: { STRIPE: named(stripe), BILLPAY: named(billpay) },
    })
    await database.query(SEVERAL_PAYMENT_IDS, [business.id])
    await reconciled(as_of, false)
    const linked = await linkedRows(business.id)
    await database.transaction(async (db) => await linkOverRefunds(db, business.id, null))
    expect(linked).toEqual(await linkedRows(business.id))
  }
  const at_last = '2026-11-25T12:00:00Z'
  await reconciled(at_last, true)
  expect((await reconciled(at_last, true)).matches_changed).toBe(0)
}

const sequences = { ...runs('TIEOUT_SEQUENCES', 6), endOnFailure: true }

test('night after night of listings and files, everything ties out and nothing is wrong in the tables', {
  timeout: 60_000 + sequences.numRuns * 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(night, { minLength: 2, maxLength: 5 }), async (nights) => {
      await liveThroughNights(nights)
    }),
    sequences,
  )
})

const place = fc.integer({ min: 1, max: 5 })
/** Of money that agrees: the refund re_n gives this back, of the payment ch_n. */
const wonted = (place: number): number => (place % 2 === 0 ? 200 : 100)
const payments = place.map((one) => `ch_${one}`)

/** Mostly as it should be (null), sometimes otherwise. */
const mostly = <T>(otherwise: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: otherwise })

const dayOfNovember = fc.integer({ min: 1, max: 12 }).map((day) => `2026-11-${String(day).padStart(2, '0')}`)

/** Payments and what comes of them over the nights: refunded twice, refused late, tied to others by a later line. */
const moneyLine = fc
  .record({
    kind: fc.constantFrom(
      'Payment',
      'Payment',
      'Refund',
      'Refund',
      'Refund failed',
      'Refund failed',
      'Vendor credit',
      'Dispute',
    ),
    place,
    date: dayOfNovember,
    amount: mostly(fc.constantFrom(100, 200)),
    names_refund: fc.boolean(),
    payments: fc.oneof(
      { weight: 8, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: payments },
      { weight: 2, arbitrary: fc.tuple(payments, payments).map((both) => both.join('+')) },
      { weight: 2, arbitrary: fc.constant('') },
    ),
    paid_back: fc.constantFrom(false, false, false, false, true),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'USD', 'CAD'),
  })
  .map(({ kind, place, date, amount, names_refund, payments, paid_back, currency }) => {
    const negative = kind === 'Refund' || kind === 'Vendor credit' || (kind === 'Payment' && paid_back)
    const of_refund = kind === 'Payment' || kind === 'Dispute' || !names_refund ? '' : `re_${place}`
    return [
      kind,
      of_refund,
      payments ?? `ch_${place}`,
      '',
      `${negative ? '-' : ''}${(amount ?? wonted(place)) / 100}.00`,
      '0.00',
      currency,
      `${date} 12:00:00`,
    ]
  })

/** Refunds of the ledger that say which payment they give back, mostly rightly. */
const bookedRefund = fc
  .record({ place, date: dayOfNovember, key: mostly(payments), more: mostly(fc.constant(5)).map((more) => more ?? 0) })
  .map(({ place, date, key, more }) => ({
    id: `refund-${place}`,
    refunded_amount: wonted(place) + more,
    status: 'PAID',
    completed_at: `${date}T12:00:00Z`,
    allocations: [
      { id: 'allocation', amount: wonted(place) + more, invoice_payment_external_id: key ?? `ch_${place}` },
    ],
    payments: [
      {
        id: `leg-${place}`,
        external_id: `re_${place}`,
        refunded_amount: wonted(place) + more,
        method: 'CREDIT_CARD',
        processor: 'STRIPE',
      },
    ],
  }))

const nightOfPayments = fc.record({
  customer: fc.uniqueArray(bookedRefund, { maxLength: 3, selector: ({ id }) => id }),
  vendor: fc.uniqueArray(bookedRefund, { maxLength: 1, selector: ({ id }) => id }),
  stripe: fc.array(moneyLine, { maxLength: 5 }),
  billpay: fc.array(moneyLine, { maxLength: 2 }),
})

/** What was booked stays in the listing, but for what is booked otherwise later: pairs that are settled stay settled. */
function kept(nights: readonly Night[]): Night[] {
  const standing = { customer: new Map<unknown, unknown>(), vendor: new Map<unknown, unknown>() }
  const listing = (side: 'customer' | 'vendor', fresh: readonly unknown[]): unknown[] => {
    for (const one of fresh) standing[side].set((one as { id: string }).id, one)
    return [...standing[side].values()]
  }
  return nights.map((one) => ({
    ...one,
    customer: listing('customer', one.customer),
    vendor: listing('vendor', one.vendor),
  }))
}

test('payments that come late, are refunded again or get their refund back are found by their ids as among all rows', {
  timeout: 60_000 + sequences.numRuns * 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(nightOfPayments, { minLength: 3, maxLength: 6 }), async (nights) => {
      await liveThroughNights(kept(nights))
    }),
    sequences,
  )
})

const invoices = place.map((one) => `inv_${one}`)

/** A refund booked against a number of the business's own, which is no payment of the processor, or is not yet. */
const invoicedRefund = (place: number) =>
  fc
    .record({
      date: dayOfNovember,
      key: fc.oneof(
        { weight: 5, arbitrary: fc.constant(`inv_${place}`) },
        { weight: 2, arbitrary: invoices },
        { weight: 1, arbitrary: payments },
      ),
      second_key: mostly(fc.oneof(invoices, payments)),
      amount: mostly(fc.constant(wonted(place) + 5)).map((other) => other ?? wonted(place)),
    })
    .map(({ date, key, second_key, amount }) => ({
      id: `refund-${place}`,
      refunded_amount: amount,
      status: 'PAID',
      completed_at: `${date}T12:00:00Z`,
      allocations: [
        { id: 'a', amount, invoice_payment_external_id: key },
        { id: 'b', amount: 0, invoice_payment_external_id: second_key },
      ],
      payments: [
        {
          id: `leg-${place}`,
          external_id: `re_${place}`,
          refunded_amount: amount,
          method: 'CREDIT_CARD',
          processor: 'STRIPE',
        },
      ],
    }))

/** What the processor paid back of it, as it should be: of another payment. */
const plainLine = (place: number) =>
  dayOfNovember.map((date) => [
    'Refund',
    `re_${place}`,
    `ch_${place}`,
    '',
    `-${wonted(place) / 100}.00`,
    '0.00',
    'USD',
    `${date} 12:00:00`,
  ])

/** A line that shows that one of these numbers is a payment after all. */
const invoicedLine = fc
  .record({
    kind: fc.constantFrom('Payment', 'Payment', 'Dispute', 'Refund', 'Refund failed', 'Vendor credit'),
    refund: mostly(place),
    invoice: invoices,
    also: mostly(fc.oneof(invoices, payments)),
    date: dayOfNovember,
  })
  .map(({ kind, refund, invoice, also, date }) => [
    kind,
    kind === 'Payment' || refund === null ? '' : `re_${refund}`,
    also === null ? invoice : `${invoice}+${also}`,
    '',
    kind === 'Refund' || kind === 'Vendor credit' ? '-1.00' : '1.00',
    '0.00',
    'USD',
    `${date} 12:00:00`,
  ])

const PLACES = [1, 2, 3, 4]

/** First all is booked and paid back, mostly as it should be; then comes what is known later. */
const nightsOfInvoices = fc
  .record({
    customer: fc.tuple(...PLACES.map(invoicedRefund)),
    stripe: fc.tuple(...PLACES.map(plainLine)),
    billpay: fc.array(invoicedLine, { maxLength: 2 }),
    later: fc.array(
      fc.record({
        customer: fc.array(place.chain(invoicedRefund), { maxLength: 1 }),
        vendor: fc.constant<unknown[]>([]),
        stripe: fc
          .tuple(fc.array(place.chain(plainLine), { maxLength: 1 }), fc.array(invoicedLine, { maxLength: 2 }))
          .map((lines) => lines.flat()),
        billpay: fc.array(invoicedLine, { maxLength: 2 }),
      }),
      { minLength: 2, maxLength: 5 },
    ),
  })
  .map(({ later, ...first }): Night[] => [{ vendor: [], ...first }, ...later])

test('a refund booked against a number that the processor does not know is looked at again when a line bears it', {
  timeout: 280_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(nightsOfInvoices, async (nights) => {
      await liveThroughNights(kept(nights))
    }),
    sequences,
  )
})
