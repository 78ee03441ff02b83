import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { quiet } from '../support/quiet.ts'
import { openBusiness, takeIn } from '../support/small-night.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

/** Everything a run leaves behind, as text, but for the clock and the ids that the database gives. */
const LEFT_BEHIND = `
  select json_build_object(
    'matches', (select json_agg(part order by part) from (
       select concat_ws(' ', 'leg', leg_no, match_no, pass, row_no) as part from match_leg where business_id = $1
       union all select concat_ws(' ', 'row', row_no, match_no, pass) from match_row where business_id = $1) parts),
    'open', (select json_agg(item_no order by item_no) from open_item where business_id = $1),
    'settled', (select json_agg(concat_ws(' ', direction, processor, pass, pairs, amount) order by direction, processor, pass)
       from settled_total where business_id = $1 and pairs > 0),
    'found', (select json_agg(concat_ws(' ', code, discrepancy_id, status, processor, currency, dated_on, due_on) order by discrepancy_id)
       from discrepancy where business_id = $1 and status <> 'cleared'),
    'legs', (select json_agg(concat_ws(' ', discrepancy_id, leg_no) order by discrepancy_id, leg_no)
       from discrepancy_leg join discrepancy using (business_id, discrepancy_id) where business_id = $1 and status <> 'cleared'),
    'rows', (select json_agg(concat_ws(' ', discrepancy_id, row_no) order by discrepancy_id, row_no)
       from discrepancy_row join discrepancy using (business_id, discrepancy_id) where business_id = $1 and status <> 'cleared'),
    'effects', (select json_agg(concat_ws(' ', discrepancy_id, month, effect.processor, effect.currency, amount, refund_fee, returned_fee)
         order by discrepancy_id, month, effect.processor, effect.currency)
       from discrepancy_effect effect join discrepancy using (business_id, discrepancy_id) where business_id = $1 and status <> 'cleared'),
    'lines', (select json_agg(concat_ws(' ', direction, processor, currency, month, measure, ledger, processor_total, explained, unexplained, gross)
         order by direction, processor, currency, month, measure)
       from tie_out_line where business_id = $1),
    'totals', (select json_agg(concat_ws(' ', direction, processor, pass, legs, rows, amount, count) order by direction, processor, pass)
       from match_total where business_id = $1),
    'outside', (select json_agg(concat_ws(' ', direction, method, month, legs, amount) order by direction, method, month)
       from outside_total where business_id = $1),
    'verdicts', (select json_agg(concat_ws(' ', month, verdict, reasons) order by month) from month_verdict where business_id = $1)
  )::text as text`

const UNEXPLAINED = 'select * from tie_out_line where business_id = $1 and unexplained <> 0'

/** The rule of ALLOCATION_TARGET_MISMATCH, match by match: legs that it is about. */
const MISBOOKED = `
  select booked.leg_no
  from match_leg booked
  join ledger_leg leg using (business_id, leg_no)
  where booked.business_id = $1 and exists (
    select from match_leg other
    join ledger_leg part using (business_id, leg_no)
    join ledger_refund refund using (business_id, direction, refund_id)
    join processor_row known using (business_id)
    where other.business_id = $1 and other.match_no = booked.match_no and known.payment_ids && refund.payment_keys
      and known.processor in (
        select line.processor from match_row paid join processor_row line using (business_id, row_no)
        where paid.business_id = $1 and paid.match_no = booked.match_no)
      and not exists (
        select from match_row paid join processor_row line using (business_id, row_no)
        where paid.business_id = $1 and paid.match_no = booked.match_no
          and (line.payment_ids || line.reference_ids) && refund.payment_keys))
  order by booked.leg_no`

const FOUND_MISBOOKED = `
  select listed.leg_no from discrepancy stored join discrepancy_leg listed using (business_id, discrepancy_id)
  where stored.business_id = $1 and stored.code = 'ALLOCATION_TARGET_MISMATCH' and stored.status <> 'cleared'
  order by listed.leg_no`

/** What settled pairs wait for: the payments that they are booked against, where their row names none of them. */
const WAITED_FOR = `
  select pair.leg_no, key
  from match_item pair
  join ledger_leg leg using (business_id, leg_no)
  join processor_row line using (business_id, row_no)
  cross join unnest(leg.payment_keys) as key
  where pair.business_id = $1 and not leg.payment_keys && (line.payment_ids || line.reference_ids)
  order by pair.leg_no, key`

const AWAITED = 'select leg_no, key from awaited_payment where business_id = $1 order by leg_no, key'

const leftBehind = async (business_id: string): Promise<unknown> => {
  const [row] = await database.query<{ text: string }>(LEFT_BEHIND, [business_id])
  return JSON.parse(row?.text ?? 'null')
}

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

/** Lives through the nights: after each, a full run must find what the incremental one left. */
async function liveThroughNights(nights: readonly Night[]): Promise<void> {
  const business = await openBusiness(database)
  let lines = 0
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
    await reconcile(database, business.id, { as_of, now: as_of, log: quiet })
    expect(await database.query(UNEXPLAINED, [business.id])).toEqual([])
    const incremental = await leftBehind(business.id)
    const ask = async (text: string) => await database.query(text, [business.id])
    expect(await ask(FOUND_MISBOOKED)).toEqual(await ask(MISBOOKED))
    expect(await ask(AWAITED)).toEqual(await ask(WAITED_FOR))
    await reconcile(database, business.id, { as_of, now: as_of, full: true, log: quiet })
    expect(incremental).toEqual(await leftBehind(business.id))
    expect(await ask(AWAITED)).toEqual(await ask(WAITED_FOR))
  }
}

const sequences = {
  numRuns: Number(process.env['TIEOUT_SEQUENCES'] ?? 6),
  interruptAfterTimeLimit: 250_000,
  endOnFailure: true,
}

test('night after night, what is new, open or touched is enough: a full run finds nothing else', {
  timeout: 280_000,
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

test('payments that come late, are refunded again or get their refund back are found by their ids as by a full run', {
  timeout: 280_000,
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
