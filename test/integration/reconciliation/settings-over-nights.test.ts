/** A setting that changes is applied by the next run to what is matched already: it stays matched, and is judged anew. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeSettings } from '../../../src/business/settings.ts'
import type { BusinessConfig, ProcessorConfig } from '../../../src/config/config.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type Nights, openNights } from '../../support/nights.ts'

let database: FreshDatabase
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
  folder = mkdtempSync(join(tmpdir(), 'tieout-settings-'))
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

/** Other settings from the next night on, of the business and of STRIPE. */
async function set(
  { business }: Nights,
  own: Partial<BusinessConfig>,
  stripe: Partial<ProcessorConfig> = {},
): Promise<void> {
  const processors = business.processors.map((entry) => (entry.name === 'STRIPE' ? { ...entry, ...stripe } : entry))
  await storeSettings(database, { ...business, processors, ...own })
}

const booked = (number: number, cents: number, more: Record<string, unknown> = {}): unknown => ({
  ...{ id: `refund-${number}`, refunded_amount: cents, status: 'PAID', completed_at: '2026-11-03T12:00:00Z' },
  payments: [
    {
      ...{ id: `leg-${number}`, external_id: `re_${number}`, refunded_amount: cents },
      ...{ method: 'CREDIT_CARD', processor: 'STRIPE', ...more },
    },
  ],
})

test('45.00 booked and 44.97 paid: an error, of which a tolerance of 0.03 makes something to know, and none an error again', async () => {
  const nights = await openNights(database)
  const customer = [booked(1, 4500)]
  const stripe = ['t1,Refund,re_1,ch_1,,-44.97,0.00,USD,2026-11-03 12:00:00']
  expect(await nights.night({ customer, stripe })).toEqual(['AMOUNT_MISMATCH leg-1 t1'])
  await set(nights, {}, { amount_tolerance: 3n })
  expect(await nights.night({ customer })).toEqual(['WITHIN_TOLERANCE leg-1 t1'])
  await set(nights, {}, { amount_tolerance: 2n })
  expect(await nights.night({ customer })).toEqual(['AMOUNT_MISMATCH leg-1 t1'])
  expect(await nights.matches()).toEqual(['refund_id leg-1 t1'])
})

test('60.00 CAD paid for 45.00 booked: a rate that comes later explains it, and goes again', async () => {
  const nights = await openNights(database)
  const customer = [booked(1, 4500)]
  const stripe = ['t1,Refund,re_1,ch_1,,-60.00,0.00,CAD,2026-11-03 12:00:00']
  expect(await nights.night({ customer, stripe })).toEqual(['CURRENCY_MISMATCH leg-1 t1'])
  const rates = join(folder, 'rates.csv')
  writeFileSync(rates, 'date,from,to,rate\n2026-11-02,CAD,USD,0.75\n')
  await set(nights, { rates })
  expect(await nights.night({ customer })).toEqual(['CURRENCY_CONVERTED leg-1 t1'])
  await set(nights, { rates, rate_tolerance_bp: 0 })
  writeFileSync(rates, 'date,from,to,rate\n2026-11-02,CAD,USD,0.7502\n')
  await set(nights, { rates, rate_tolerance_bp: 0 })
  expect(await nights.night({ customer })).toEqual(['CURRENCY_MISMATCH leg-1 t1'])
})

test('0.30 charged and not booked: compared by refund, then not at all, then by the month, which is not over', async () => {
  const nights = await openNights(database)
  const customer = [booked(1, 4500)]
  const stripe = ['t1,Refund,re_1,ch_1,,-45.00,0.30,USD,2026-11-03 12:00:00']
  expect(await nights.night({ customer, stripe })).toEqual(['REFUND_FEE_MISMATCH leg-1 t1'])
  await set(nights, {}, { fees: [{ from: '2026-11-01', tie: 'none', categories: [] }] })
  expect(await nights.night({ customer })).toEqual(['FEES_NOT_COMPARED'])
  await set(nights, {}, { fees: [{ from: '2026-11-01', tie: 'month', categories: ['Fee'] }] })
  expect(await nights.night({ customer })).toEqual(['FEES_NOT_COMPARED'])
  await set(nights, {}, { fees: [{ from: '2026-12-01', tie: 'none', categories: [] }] })
  expect(await nights.night({ customer })).toEqual(['REFUND_FEE_MISMATCH leg-1 t1'])
})

test('a fee that agreed is told of once it is not to be compared by refund, and both sides differ in months', async () => {
  const nights = await openNights(database)
  const customer = [{ ...(booked(1, 4500, { fee: 30 }) as object), completed_at: '2026-10-31T12:00:00Z' }]
  const stripe = ['t1,Refund,re_1,ch_1,,-45.00,0.30,USD,2026-11-01 12:00:00']
  expect(await nights.night({ customer, stripe })).toEqual(['CUTOFF_MISMATCH leg-1 t1'])
  await set(nights, {}, { fees: [{ from: '2026-10-01', tie: 'none', categories: [] }] })
  // the amount is still cut off; 0.30 of October, and of November
  expect(await nights.night({ customer })).toEqual([
    'CUTOFF_MISMATCH leg-1 t1',
    'FEES_NOT_COMPARED',
    'FEES_NOT_COMPARED',
  ])
})

test('a start on 1 November takes what October had out of sight, and without it all is there again', async () => {
  const nights = await openNights(database)
  const customer = [booked(1, 4500, { completed_at: '2026-10-10T12:00:00Z' }), booked(2, 700)]
  const stripe = [
    't1,Refund,re_1,ch_1,,-44.00,0.00,USD,2026-10-10 12:00:00',
    't3,Refund,re_3,ch_3,,-9.00,0.00,USD,2026-10-11 12:00:00',
  ]
  const all = ['AMOUNT_MISMATCH leg-1 t1', 'MISSING_AT_PROCESSOR leg-2', 'MISSING_IN_LEDGER t3']
  expect(await nights.night({ customer, stripe })).toEqual(all)
  await set(nights, { starts_on: '2026-11-01' })
  expect(await nights.night({ customer })).toEqual(['MISSING_AT_PROCESSOR leg-2'])
  await set(nights, { starts_on: null })
  expect(await nights.night({ customer })).toEqual(all)
})

test('a refund in CREDIT_CARD by no processor is outside once its method is, and to be matched again once it is not', async () => {
  const nights = await openNights(database)
  const customer = [booked(1, 4500, { processor: null, external_id: null })]
  // of no processor: every configured one must cover its dates
  expect(await nights.night({ customer, stripe: [], billpay: [] })).toEqual(['MISSING_AT_PROCESSOR leg-1'])
  await set(nights, { outside: { methods: ['CREDIT_CARD'], processors: [] } })
  expect(await nights.night({ customer })).toEqual([])
  await set(nights, {})
  expect(await nights.night({ customer })).toEqual(['MISSING_AT_PROCESSOR leg-1'])
})

test('an alias that is added makes a refund of STRIPE_EU one of STRIPE: its line is no other processor’s', async () => {
  const nights = await openNights(database)
  const customer = [booked(1, 4500, { processor: 'STRIPE_EU' })]
  const stripe = ['t1,Refund,re_1,ch_1,,-45.00,0.00,USD,2026-11-03 12:00:00']
  expect(await nights.night({ customer, stripe })).toEqual(['PROCESSOR_MISMATCH leg-1 t1'])
  await set(nights, {}, { aliases: ['STRIPE_EU'] })
  expect(await nights.night({ customer })).toEqual([])
})
