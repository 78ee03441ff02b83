import { describe, expect, test } from 'vitest'
import { readFlags } from '../../bench/flags.ts'
import { countOn, isAtProcessor, isInLedger, layerRefund, refundOf, stripeLine, yearOf } from '../../bench/refunds.ts'
import { lineOf, tableOf } from '../../bench/table.ts'
import { byTurns, median, type Run } from '../../bench/timing.ts'

const took = (seconds: number, peak_mb: number | null = null): Run => ({ seconds, cpu_seconds: null, peak_mb })

describe('the flags of the bench', () => {
  test('one size gives the others in the proportions of the table', () => {
    expect(readFlags(['--size', '1000000', '--only', 'pull,import'])).toEqual({
      only: new Set(['import', 'pull']),
      ...{ size: 1_000_000, refunds: 300_000, history: 1_000_000, night: 5_000, check: false },
    })
  })

  test('a night of 1,000 new refunds on 200,000 is measured where nothing else is asked for; --quick is a size', () => {
    expect(readFlags([])).toMatchObject({ size: 200_000, history: 200_000, night: 1_000 })
    expect(readFlags(['--quick'])).toMatchObject({ size: 4_000, refunds: 1_200, history: 4_000, night: 20 })
  })

  test('what is no size or no measure is refused', () => {
    expect(() => readFlags(['--size', 'many'])).toThrow('--size many: expected a whole number from 1000')
    expect(() => readFlags(['--only', 'imports'])).toThrow('--only imports: expected some of import,pull')
  })
})

describe('the refunds of the bench', () => {
  const span = yearOf(20_000)
  const refunds = Array.from({ length: 20_000 }, (_, index) => refundOf(index + 1, span))

  test('have ids that look like Stripe’s, each once', () => {
    expect(refunds[0]?.transaction_id).toMatch(/^txn_1[0-9A-Za-z]{5}LkdIwHu7ix[0-9A-Za-z]{8}$/)
    for (const of of ['transaction_id', 'refund_id', 'charge_id', 'ledger_id', 'leg_id'] as const)
      expect(new Set(refunds.map((refund) => refund[of])).size).toBe(20_000)
  })

  test('are the same on both sides, to the cent, but for 1 in 200 on either', () => {
    const refund = refundOf(7, span)
    expect(layerRefund(refund)).toMatchObject({
      payments: [{ external_id: refund.refund_id, refunded_amount: refund.amount }],
    })
    const [whole = '', cents = ''] = [Math.floor(refund.amount / 100), refund.amount % 100].map(String)
    expect(stripeLine(refund)).toContain(`,usd,-${whole}.${cents.padStart(2, '0')},0.00,`)
    expect([countOn(span, isInLedger), countOn(span, isAtProcessor)]).toEqual([19_900, 19_900])
  })
})

describe('the table of the bench', () => {
  test('compares medians and holds a job to its bound and to 300 MB', () => {
    const compared = { measure: 'import', size: 1_000_000, against: 'COPY', at_most: 2 }
    const line = lineOf({ ...compared, jobs: [took(9, 140), took(11, 160)], bases: [took(4), took(5), took(9)] })
    expect(line).toMatchObject({ seconds: 10, against_seconds: 5, ratio: 2, within: true, peak_mb: 160 })
    expect(lineOf({ ...compared, jobs: [took(9, 301)], bases: [took(5)] }).within).toBe(false)
    expect(lineOf({ ...compared, jobs: [took(10.1, 100)], bases: [took(5)] }).within).toBe(false)
    const skipped = { measure: 'nightly', size: 1_000_000, skipped: 'python3-pandas is not installed' }
    expect(tableOf([line, skipped]).split('\n').slice(2, 4)).toEqual([
      'import   1,000,000    10.00  COPY                                5.00   2.00     2.00      yes      160',
      'nightly  1,000,000        -  python3-pandas is not installed        -      -        -        -        -',
    ])
  })

  test('a job runs between two runs of what it is compared with', async () => {
    const order: string[] = []
    const run = (name: string) => async () => {
      order.push(name)
      return took(1)
    }
    await byTurns(2, run('base'), run('job'))
    expect(order).toEqual(['base', 'job', 'base', 'job', 'base'])
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
  })
})
