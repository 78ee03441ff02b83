/** Stories of which a finding alone would say something false or harmful: its hint, its sentence and its advice say what is so. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { listOf, withReport } from '../../../src/report/model.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { booking, foundAfter, kinds, line, the } from '../../support/hinted.ts'
import { openNights } from '../../support/nights.ts'
import { storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('160.00 failed and was then paid by check: the check is named, and no money is to be sent again', async () => {
  const failed = the(
    await foundAfter(database, {
      customer: [
        booking({ number: 1, cents: 16_000, on: '2026-10-14', payment: 'ch_1', id: 're_1' }),
        booking({ number: 2, cents: 16_000, on: '2026-10-20', payment: 'ch_1', method: 'CHECK', processor: null }),
      ],
      stripe: [
        line('t0', 'Payment', { payment: 'ch_1' }, 16_000, '2026-10-10'),
        line('t1', 'Refund', { refund: 're_1', payment: 'ch_1' }, 16_000, '2026-10-14'),
        line('t2', 'Refund failed', { refund: 're_1', payment: 'ch_1' }, 16_000, '2026-10-16').replace(',-', ','),
      ],
    }),
    'REFUND_FAILED',
  )
  expect(kinds(failed)).toEqual(['ledger_outside leg_id leg-2'])
  expect(failed.message).toContain('refund-2 (CHECK) of 160.00 USD on 2026-10-20, which no processor moved.')
  expect(failed.suggestion).toBe(
    'Check whether the customer got the money by the refund named above: if so, reverse this one in Layer. Send no money before that.',
  )
})

test('260.00 with a wrong id is not booked twice: the open line of its payment is its own money', async () => {
  const found = await foundAfter(database, {
    customer: [booking({ number: 1, cents: 26_000, on: '2026-10-14', payment: 'ch_1', id: 're_999' })],
    stripe: [
      line('t0', 'Payment', { payment: 'ch_1' }, 26_000, '2026-10-10'),
      line('t1', 'Refund', { refund: 're_1', payment: 'ch_1' }, 26_000, '2026-10-14'),
    ],
  })
  const missing = the(found, 'MISSING_AT_PROCESSOR')
  expect(kinds(missing)).toEqual([`shared_key discrepancy_id ${the(found, 'MISSING_IN_LEDGER').id}`])
  expect(missing.suggestion).toContain('match the two with `tieout review match`')
})

test('a line of 71.25 that cannot be read is named with its number, and nothing says that there is no line', async () => {
  const missing = the(
    await foundAfter(database, {
      customer: [booking({ number: 1, cents: 7_125, on: '2026-10-14', id: 're_12345' })],
      stripe: [line('t1', 'Refund', { refund: 're_12345' }, 7_125, '2026-10-14').replace('-71.25', 'n/a')],
    }),
    'MISSING_AT_PROCESSOR',
  )
  expect(kinds(missing)).toEqual(['line_quarantined '])
  expect(missing.message).toMatch(/, but a line that names re_12345 is in quarantine \(\d+\): Amount is 'n\/a'/)
  expect(missing.message).not.toContain('no line for it')
  expect(missing.suggestion).toMatch(/^Look at that line with `tieout quarantine show`/)
})

test('143.00 stands, 134.00 as the ledger has it is in quarantine: neither is corrected before that is checked', async () => {
  const refund = (cents: number): string => line('t1', 'Refund', { refund: 're_1' }, cents, '2026-10-14')
  const differs = the(
    await foundAfter(
      database,
      { customer: [booking({ number: 1, cents: 13_400, on: '2026-10-14', id: 're_1' })], stripe: [refund(14_300)] },
      { customer: [booking({ number: 1, cents: 13_400, on: '2026-10-14', id: 're_1' })], stripe: [refund(13_400)] },
    ),
    'AMOUNT_MISMATCH',
  )
  expect(kinds(differs)).toEqual(['conflict_line '])
  expect(differs.message).toContain('with amount 143.00, here 134.00')
  expect(differs.suggestion).toMatch(/^Check at the processor which of its two lines is right/)
})

test('50.00 that was removed from the ledger though Stripe made it: both findings say so', async () => {
  const stripe = [line('t1', 'Refund', { refund: 're_1' }, 5_000, '2026-10-14')]
  const found = await foundAfter(
    database,
    { customer: [booking({ number: 1, cents: 5_000, on: '2026-10-14', id: 're_1' })], stripe },
    { customer: [] },
  )
  const missing = the(found, 'MISSING_IN_LEDGER')
  expect(missing.message).toContain('the ledger had refund refund-1 of 50.00 USD on 2026-10-14, which was removed.')
  expect(missing.suggestion).toMatch(/^Check why that refund was removed from Layer/)
  const removed = the(found, 'LEDGER_REFUND_REMOVED')
  expect(kinds(removed)).toEqual([`same_id_elsewhere discrepancy_id ${missing.id}`])
  expect(removed.suggestion).toMatch(/^Check whether the line named above is this refund: if so its money moved/)
})

test('a duplicate of 50.00 that was removed as told: its sentence names the refund that stays', async () => {
  const twice = [1, 2].map((number) =>
    booking({ number, cents: 5_000, on: `2026-10-1${3 + number}`, payment: 'ch_1', id: 're_1' }),
  )
  const removed = the(
    await foundAfter(
      database,
      { customer: twice, stripe: [line('t1', 'Refund', { refund: 're_1', payment: 'ch_1' }, 5_000, '2026-10-14')] },
      { customer: twice.slice(0, 1) },
    ),
    'LEDGER_REFUND_REMOVED',
  )
  expect(kinds(removed)).toEqual(['booked_already leg_id leg-1'])
  expect(removed.suggestion).toMatch(/^Nothing to do if it was a duplicate of the refund named above/)
})

test('330.00 by Stripe, booked as 130.00 and 200.00 with one id: the two are said to agree together', async () => {
  const found = await foundAfter(database, {
    customer: [
      booking({ number: 1, cents: 13_000, on: '2026-10-14', id: 're_1' }),
      booking({ number: 2, cents: 20_000, on: '2026-10-14', id: 're_1' }),
    ],
    stripe: [line('t1', 'Refund', { refund: 're_1' }, 33_000, '2026-10-14')],
  })
  const [differs, twice] = [the(found, 'AMOUNT_MISMATCH'), the(found, 'DUPLICATE_IN_LEDGER')]
  expect(kinds(differs)).toEqual([`other_part discrepancy_id ${twice.id}`])
  expect(kinds(twice)).toEqual([`other_part discrepancy_id ${differs.id}`])
  expect(twice.message).toContain(
    'the ledger has 200.00 USD too little in its refund refund-1 of 2026-10-14, and the two',
  )
  for (const { suggestion } of [differs, twice])
    expect(suggestion).toContain('`tieout review match` rules that they are one')
})

test('44.00 of a payment of 44.00 refunded twice and booked once: the second is told as too much', async () => {
  const missing = the(
    await foundAfter(database, {
      customer: [booking({ number: 1, cents: 4_400, on: '2026-10-14', id: 're_1', payment: 'ch_1' })],
      stripe: [
        line('t0', 'Payment', { payment: 'ch_1' }, 4_400, '2026-10-10'),
        line('t1', 'Refund', { refund: 're_1', payment: 'ch_1' }, 4_400, '2026-10-14'),
        line('t2', 'Refund', { refund: 're_2', payment: 'ch_1' }, 4_400, '2026-10-15'),
      ],
    }),
    'MISSING_IN_LEDGER',
  )
  expect(missing.message).toContain('of the payment ch_1 of 44.00 USD, 88.00 USD were refunded in all, this included.')
  expect(missing.suggestion).toMatch(/^More went back than was paid/)
})

test('of a payment of 44.00 refunded twice 44.00 are too much: above a materiality of 43.99, and not of 44.00', async () => {
  const brought = {
    customer: [1, 2].map((number) =>
      booking({ number, cents: 4_400, on: '2026-10-14', id: `re_${number}`, payment: 'ch_1' }),
    ),
    stripe: [
      line('t0', 'Payment', { payment: 'ch_1' }, 4_400, '2026-10-10'),
      line('t1', 'Refund', { refund: 're_1', payment: 'ch_1' }, 4_400, '2026-10-14'),
      line('t2', 'Refund', { refund: 're_2', payment: 'ch_1' }, 4_400, '2026-10-14'),
    ],
  }
  const { night, business } = await openNights(database)
  await night(brought)
  const material = async (limit: number): Promise<boolean | null> => {
    await database.query(`update business set materiality_item = $2 where business_id = $1`, [business.id, limit])
    const scope = {
      as_of: null,
      generated_at: '2026-11-16T13:00:00Z',
      from: null,
      to: null,
      business_ids: [business.id],
    }
    return await withReport(database, scope, async ({ businesses: [report] }) =>
      report ? the(await listOf(report.discrepancies()), 'OVER_REFUND').material : null,
    )
  }
  expect(await material(4_399)).toBe(true)
  expect(await material(4_400)).toBe(false)
})

test('a refund through a processor that is not configured says so', async () => {
  const missing = the(
    await foundAfter(database, {
      customer: [booking({ number: 1, cents: 6_500, on: '2026-10-14', processor: 'PAYPAL' })],
    }),
    'MISSING_AT_PROCESSOR',
  )
  expect(missing.message).toBe(
    "The ledger has a customer refund of 65.00 USD on 2026-10-14 through PayPal, which is not configured, but the processors' files have no line for it, although they cover its date.",
  )
  expect(missing.suggestion).toMatch(
    /^PayPal is not configured\. If it is another name of a processor that is, add it under aliases/,
  )
})

test('a refund of 8 October within a hole of the files: the days that no file covers are named', async () => {
  const own = await storeBusiness(database)
  const leg = await own.leg({ refund_id: 'ref-1', leg_id: 'pay-1', completed_on: '2026-10-08', amount: 4000 })
  for (const [covers_from, covers_to] of [
    ['2026-10-01', '2026-10-09'],
    ['2026-10-12', '2026-11-10'],
  ])
    await own.add('coverage_span', { processor: 'STRIPE', covers_from, covers_to })
  await own.finding({ code: 'AWAITING_PROCESSOR', leg_nos: [leg], dated_on: '2026-10-08', due_on: '2026-10-13' })
  const [awaited] = await withReport(
    database,
    { as_of: null, generated_at: '2026-11-16T13:00:00Z', from: null, to: null, business_ids: [own.business_id] },
    async ({ businesses: [report] }) => (report ? await listOf(report.discrepancies()) : []),
  )
  expect(awaited?.message).toContain('and no file covers 10 to 11 Oct, so it cannot be said whether it was made.')
})

test('three refunds under a name that is no alias have one cause, and so have the fees of three months', async () => {
  const own = await storeBusiness(database)
  const file_id = await own.file({})
  for (const [index, amount] of [1000, 2000, 3000].entries()) {
    const [refund_id, on] = [`ref-${index}`, `2026-10-0${index + 1}`]
    await own.add('ledger_refund', {
      ...{ direction: 'customer', refund_id, content_hash: '', refunded_amount: amount, payment_keys: [] },
      ...{ reference_keys: [], first_pull_id: 1, changed_pull_id: 1, last_pull_id: 1 },
      ...{ content_pull_id: 1, content_page: 0, content_place: index },
    })
    const leg = await own.leg({
      refund_id,
      leg_id: `pay-${index}`,
      completed_on: on,
      amount,
      processor_named: 'STRIPE_EU',
    })
    const row = await own.row({ transaction_id: `txn_${index}`, occurred_on: on, amount, file_id, line: index + 2 })
    await own.finding({ code: 'PROCESSOR_MISMATCH', leg_nos: [leg], row_nos: [row], dated_on: on }, [
      { month: '2026-10', amount, processor: 'STRIPE_EU' },
      { month: '2026-10', amount: -amount },
    ])
    const month = `2026-0${index + 7}`
    await own.finding({ code: 'FEE_TOTAL_MISMATCH', month, measure: 'refund_fee', dated_on: `${month}-28` }, [
      { month, refund_fee: -48 * (index + 1) },
    ])
  }
  const causes = await withReport(
    database,
    { as_of: null, generated_at: '2026-11-16T13:00:00Z', from: null, to: null, business_ids: [own.business_id] },
    async ({ businesses: [report] }) => (report ? await listOf(report.causes()) : []),
  )
  expect(causes.map(({ code, count, amount, text }) => [code, count, amount, text])).toEqual([
    ['PROCESSOR_MISMATCH', 3n, 0n, 'all 3, 60.00 USD: the ledger names STRIPE_EU where Stripe moved the money'],
    ['FEE_TOTAL_MISMATCH', 3n, -288n, 'in all 3 months: the ledger has less in refund fees than Stripe'],
  ])
})
