import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readStanding, standingLines, standingTitle } from '../../../src/report/standing.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type StoredBusiness, storeBusiness } from '../../support/stored-business.ts'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})

afterAll(() => database.close())

interface Said {
  verdict: string
  reasons?: { code: string; text: string; count: number | null }[]
  /** currency: refunds net, refunds gross, fees gross */
  sums?: Record<string, [number, number, number]>
}

const errors = (count: number) => ({ code: 'OPEN_ERRORS', text: 'not read', count })
const waiting = (count: number) => ({ code: 'WAITING', text: 'not read', count })
const missing = (text: string) => ({ code: 'NOT_COVERED', text, count: null })

/** A business whose last run was on 15 Nov 2026, with the months given. */
async function standingOf(months: Record<string, Said>): Promise<StoredBusiness> {
  const own = await storeBusiness(database)
  for (const [month, { verdict, reasons = [], sums = {} }] of Object.entries(months)) {
    await own.add('month_verdict', { month, verdict, reasons })
    for (const [currency, [net, gross, fees]] of Object.entries(sums)) {
      const line = { direction: 'customer', processor: 'STRIPE', currency, month, processor_total: 0, unexplained: 0 }
      const amount = { measure: 'amount', ledger: net, difference: net, explained: net, gross }
      const fee = { measure: 'refund_fee', ledger: 0, difference: 0, explained: 0, gross: fees }
      await own.add('tie_out_line', { ...line, ...amount })
      await own.add('tie_out_line', { ...line, ...fee })
    }
  }
  return own
}

const said = async (own: StoredBusiness): Promise<string[]> =>
  standingLines(await readStanding(database, own.business_id))

const NOTHING_OPEN =
  'In all months: 0 items to correct, 0 refunds still to arrive; 0 new and 0 cleared since the night before.'

describe('where a business stands', () => {
  test('October is to be closed and August is the worst, each with its net and gross difference by currency', async () => {
    const own = await standingOf({
      '2026-08': {
        verdict: 'incomplete',
        reasons: [missing('Stripe: no file covers 11 Aug'), errors(1)],
        sums: { USD: [-500, 1500, 0] },
      },
      '2026-09': { verdict: 'discrepant', reasons: [errors(2)], sums: { USD: [900, 99900, 0] } },
      '2026-10': {
        verdict: 'discrepant',
        reasons: [errors(19), waiting(1)],
        sums: { CAD: [-1820, 1820, 0], USD: [6845, 61205, 209] },
      },
      '2026-11': { verdict: 'waiting', reasons: [waiting(2)] },
    })
    expect((await said(own)).slice(0, 2)).toEqual([
      'October 2026, to be closed: DISCREPANT: 19 items to correct; 1 refund still to arrive. ' +
        'Ledger minus processors: 68.45 USD net, 612.05 USD gross; -18.20 CAD net, 18.20 CAD gross; fees differ by 2.09 USD.',
      'August 2026, the worst: INCOMPLETE: Stripe: no file covers 11 Aug; 1 item to correct. ' +
        'Ledger minus processors: -5.00 USD net, 15.00 USD gross.',
    ])
    expect(standingTitle(await readStanding(database, own.business_id))).toBe(
      '2026-10 discrepant, 68.45 USD net, -18.20 CAD net; the worst 2026-08 incomplete, -5.00 USD net; 0 items to correct',
    )
  })

  test('refunds of vendors are money that comes in: they stand apart from those of customers, fees together', async () => {
    const own = await standingOf({ '2026-10': { verdict: 'discrepant', sums: { USD: [500, 500, 20] } } })
    const line = { direction: 'vendor', processor: 'BILLPAY', currency: 'USD', month: '2026-10', processor_total: 0 }
    const sums = { ledger: -18225, difference: -18225, explained: -18225, unexplained: 0, gross: 18225 }
    await own.add('tie_out_line', { ...line, ...sums, measure: 'amount' })
    await own.add('tie_out_line', { ...line, ...sums, measure: 'refund_fee', gross: 150 })
    expect((await said(own))[0]).toBe(
      'October 2026, to be closed, the worst: DISCREPANT. Ledger minus processors: 5.00 USD net, 5.00 USD gross; ' +
        'vendor refunds -182.25 USD net, 182.25 USD gross; fees differ by 1.70 USD.',
    )
    expect(standingTitle(await readStanding(database, own.business_id))).toBe(
      '2026-10 discrepant, 5.00 USD net, vendor refunds -182.25 USD net; 0 items to correct',
    )
  })

  test('of two discrepant months the one of 999.00 gross is the worst, though its net is 9.00', async () => {
    const own = await standingOf({
      '2026-08': { verdict: 'discrepant', reasons: [errors(1)], sums: { USD: [5000, 5000, 0] } },
      '2026-09': { verdict: 'discrepant', reasons: [errors(2)], sums: { USD: [900, 99900, 0] } },
      '2026-10': { verdict: 'reconciled' },
    })
    expect(await said(own)).toEqual([
      'October 2026, to be closed: RECONCILED. Ledger minus processors: no difference.',
      'September 2026, the worst: DISCREPANT: 2 items to correct. Ledger minus processors: 9.00 USD net, 999.00 USD gross.',
      NOTHING_OPEN,
    ])
  })

  test('where every month is reconciled none is the worst; a difference within tolerance is said all the same', async () => {
    const own = await standingOf({
      '2026-09': { verdict: 'reconciled', sums: { USD: [1, 1, 0] } },
      '2026-10': { verdict: 'reconciled' },
      '2026-11': { verdict: 'reconciled' },
    })
    expect(await said(own)).toEqual([
      'October 2026, to be closed: RECONCILED. Ledger minus processors: no difference.',
      'Every month is reconciled.',
      NOTHING_OPEN,
    ])
  })

  test('a first month that runs is not to be closed; four reasons are three and one more', async () => {
    const reasons = ['1 Nov', '3 Nov', '5 Nov', '7 Nov'].map((day) => missing(`Stripe: no file covers ${day}`))
    const own = await standingOf({ '2026-11': { verdict: 'incomplete', reasons } })
    expect((await said(own))[0]).toBe(
      'November 2026, not over yet: INCOMPLETE: Stripe: no file covers 1 Nov; Stripe: no file covers 3 Nov; ' +
        'Stripe: no file covers 5 Nov; 1 more reason. Ledger minus processors: no difference.',
    )
  })

  test('after the first night nothing is said of the night before', async () => {
    const own = await standingOf({ '2026-10': { verdict: 'discrepant', reasons: [errors(1)] } })
    const leg = await own.leg({ completed_on: '2026-10-10', amount: 100 })
    await own.finding({ code: 'MISSING_AT_PROCESSOR', leg_nos: [leg] }, [{ month: '2026-10', amount: 100 }])
    expect((await said(own)).at(-1)).toBe(
      'In all months: 1 item to correct, 0 refunds still to arrive; this is the first night.',
    )
  })
})
