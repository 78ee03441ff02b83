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
    'settled', (select json_agg(concat_ws(' ', direction, processor, pairs, amount) order by direction, processor)
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
    processor: fc.constantFrom('STRIPE', 'STRIPE', 'STRIPE', 'STRIPE', 'BILLPAY', 'SQUARE', null),
    method: fc.constantFrom('CREDIT_CARD', 'CREDIT_CARD', 'CASH'),
    key: fc.option(payment),
  })
  .map((one) => ({
    id: `refund-${one.place}`,
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
    await reconcile(database, business.id, { as_of, now: as_of, full: true, log: quiet })
    expect(incremental).toEqual(await leftBehind(business.id))
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
