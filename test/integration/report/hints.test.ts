/** What else may be the same money as a finding's: found on the real path, told in words, and never matched. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DiscrepancyLine } from '../../../src/report/lines.ts'
import { listOf, withReport } from '../../../src/report/model.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Booking, booking, foundAfter, kinds, line, the } from '../../support/hinted.ts'
import { type Brought, openNights } from '../../support/nights.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

const foundIn = (brought: Brought): Promise<DiscrepancyLine[]> => foundAfter(database, brought)

test('100.00 booked as a refund that is a chargeback: the chargeback is named, and no money is asked for', async () => {
  const found = await foundIn({
    customer: [booking({ number: 1, cents: 10_000, on: '2026-10-14', payment: 'ch_1' })],
    stripe: [
      line('t0', 'Payment', { payment: 'ch_1' }, 10_000, '2026-10-10'),
      line('t1', 'Dispute', { payment: 'ch_1' }, 10_000, '2026-10-14'),
    ],
  })
  const missing = the(found, 'MISSING_AT_PROCESSOR')
  expect(kinds(missing)).toEqual(['chargeback transaction_id t1'])
  expect(missing.message).toContain(
    'Note that the same payment ch_1 was charged back: 100.00 USD on 2026-10-14 (t1, stripe.csv line 3).',
  )
  expect(missing.suggestion).toContain('book it as a dispute')
})

test('a chargeback of another payment is no hint', async () => {
  const found = await foundIn({
    customer: [booking({ number: 1, cents: 10_000, on: '2026-10-14', payment: 'ch_1' })],
    stripe: [line('t1', 'Dispute', { payment: 'ch_2' }, 10_000, '2026-10-14')],
  })
  expect(the(found, 'MISSING_AT_PROCESSOR').related).toEqual([])
})

test('50.00 booked twice without ids: the other one is named, and that the payment is refunded in full', async () => {
  const found = await foundIn({
    customer: [
      booking({ number: 1, cents: 5_000, on: '2026-10-14', payment: 'ch_1' }),
      booking({ number: 2, cents: 5_000, on: '2026-10-14', payment: 'ch_1' }),
    ],
    stripe: [
      line('t0', 'Payment', { payment: 'ch_1' }, 5_000, '2026-10-10'),
      line('t1', 'Refund', { refund: 're_1', payment: 'ch_1' }, 5_000, '2026-10-14'),
    ],
  })
  const missing = the(found, 'MISSING_AT_PROCESSOR')
  expect(kinds(missing)).toEqual(['booked_already leg_id leg-1', 'payment_refunded transaction_id t0'])
  expect(missing.suggestion).toContain('probably booked twice')
})

test('20.00 of a payment of 50.00 booked once more while 30.00 of it are left: nothing is called probable', async () => {
  const found = await foundIn({
    customer: [
      booking({ number: 1, cents: 2_000, on: '2026-10-14', payment: 'ch_1' }),
      booking({ number: 2, cents: 2_000, on: '2026-10-14', payment: 'ch_1' }),
    ],
    stripe: [
      line('t0', 'Payment', { payment: 'ch_1' }, 5_000, '2026-10-10'),
      line('t1', 'Refund', { refund: 're_1', payment: 'ch_1' }, 2_000, '2026-10-14'),
    ],
  })
  const missing = the(found, 'MISSING_AT_PROCESSOR')
  expect(kinds(missing)).toEqual(['booked_already leg_id leg-1'])
  expect(missing.suggestion).toContain('may be one refund booked twice, or two parts of one payment')
})

test('50.00 that the ledger has as not yet paid, in cash, or unreadable is not told as if it had nothing', async () => {
  const stripe = [line('t1', 'Refund', { refund: 're_100001', payment: 'ch_1' }, 5_000, '2026-10-14')]
  const says = async (customer: Booking): Promise<string> => {
    const missing = the(await foundIn({ customer: [booking(customer)], stripe }), 'MISSING_IN_LEDGER')
    return `${kinds(missing)}: ${missing.message.split(', but ').slice(1).join(', but ')}`
  }
  const common = { number: 1, cents: 5_000, on: '2026-10-14', id: 're_100001' }
  expect(await says({ ...common, unpaid: true })).toBe(
    'ledger_unpaid refund_id refund-1: the ledger has it as refund refund-1 (SENT) of 50.00 USD, which is not yet paid.',
  )
  expect(await says({ ...common, method: 'CASH', processor: null })).toBe(
    'ledger_outside leg_id leg-1: the ledger has it as refund refund-1 (CASH) of 50.00 USD on 2026-10-14, which no processor moved.',
  )
  expect(await says({ ...common, amount: 'x' })).toMatch(
    /^ledger_quarantined refund_id refund-1: the ledger has refund refund-1, which names re_100001, but it cannot be read: /,
  )
})

test('a refund that names the payment as its own id: the processor’s id of the refund is named', async () => {
  const found = await foundIn({
    customer: [booking({ number: 1, cents: 5_000, on: '2026-10-01', id: 'ch_77' })],
    stripe: [line('t1', 'Refund', { refund: 're_1', payment: 'ch_77' }, 5_000, '2026-10-14')],
  })
  const missing = the(found, 'MISSING_AT_PROCESSOR')
  expect(kinds(missing)[0]).toMatch(/^shared_key|^payment_id/)
  expect(missing.related.map(({ kind }) => kind)).toContain('payment_id')
  expect(missing.suggestion).toContain('names the payment instead of the refund')
})

test('50.00 that failed, and 50.00 missing eight days later', async () => {
  const found = await foundIn({
    customer: [booking({ number: 1, cents: 5_000, on: '2026-10-22' })],
    stripe: [
      line('t1', 'Refund', { refund: 're_1' }, 5_000, '2026-10-14'),
      line('t2', 'Refund failed', { refund: 're_1' }, 5_000, '2026-10-15').replace('-50.00', '50.00'),
    ],
  })
  const missing = the(found, 'MISSING_AT_PROCESSOR')
  expect(kinds(missing)).toEqual(['failed_refund transaction_id t1'])
  expect(missing.suggestion).toContain('the refund that failed')
})

test('re_120001 in the books and re_120007 at Stripe, 20 days apart: each names the other', async () => {
  const found = await foundIn({
    customer: [booking({ number: 1, cents: 5_000, on: '2026-10-02', id: 're_120001' })],
    stripe: [line('t1', 'Refund', { refund: 're_120007' }, 5_000, '2026-10-22')],
  })
  const [at, inLedger] = [the(found, 'MISSING_AT_PROCESSOR'), the(found, 'MISSING_IN_LEDGER')]
  expect(kinds(at)).toEqual([`similar_id discrepancy_id ${inLedger.id}`])
  expect(kinds(inLedger)).toEqual([`similar_id discrepancy_id ${at.id}`])
  expect(inLedger.suggestion).toContain('tieout review match')
})

test('30.00, 20.00 and 7.00 of one payment in the books, 50.00 of it at the processor: two of them make the sum', async () => {
  const stripe = [line('t1', 'Refund', { refund: 're_1', payment: 'ch_5' }, 5_000, '2026-10-22')]
  const missing = async (...cents: number[]): Promise<DiscrepancyLine> => {
    const customer = cents.map((each, index) =>
      booking({ number: index + 1, cents: each, on: '2026-10-02', payment: 'ch_5' }),
    )
    return the(await foundIn({ customer, stripe }), 'MISSING_IN_LEDGER')
  }
  const sums = ({ related }: DiscrepancyLine): string[] =>
    related.map(({ reason }) => reason).filter((text) => text.includes('come to'))
  expect(sums(await missing(3_000, 2_000, 700))).toEqual(
    Array.from(
      { length: 2 },
      () =>
        "the ledger's refund of 30.00 USD on 2026-10-02 (refund-1) and the ledger's refund of 20.00 USD on 2026-10-02 (refund-2) come to the same 50.00 USD",
    ),
  )
  const elsewhere = await missing(3_000, 1_900, 700)
  expect(elsewhere.related.map(({ kind }) => kind)).toEqual(['shared_key', 'shared_key', 'shared_key'])
})

test('three returned fees of 1.45 that the ledger lacks have one cause; two have none', async () => {
  const causes = async (count: number): Promise<string[]> => {
    const { night, business } = await openNights(database)
    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    await night({
      customer: numbers.map((number) =>
        booking({ number, cents: 1_000 * number, on: '2026-10-14', id: `re_${number}` }),
      ),
      stripe: numbers.map((number) =>
        line(`t${number}`, 'Refund', { refund: `re_${number}` }, 1_000 * number, '2026-10-14').replace(
          ',0.00,',
          ',-1.45,',
        ),
      ),
    })
    return await withReport(
      database,
      { as_of: null, generated_at: '2026-11-16T13:00:00Z', from: null, to: null, business_ids: [business.id] },
      async ({ businesses: [report] }) => (report ? (await listOf(report.causes())).map(({ text }) => text) : []),
    )
  }
  expect(await causes(3)).toEqual(['all 3: Stripe has a returned fee of 1.45 USD, the ledger has 0.00 USD'])
  expect(await causes(2)).toEqual([])
})
