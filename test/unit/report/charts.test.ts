import { expect, test } from 'vitest'
import { noAges } from '../../../src/report/age.ts'
import { ageChart, bridgeChart, matchedChart } from '../../../src/report/html/charts.ts'
import type { TieOutLine } from '../../../src/report/lines.ts'
import type { BridgeLine } from '../../../src/report/text/detail-lines.ts'

const line = (ledger: bigint, processor_total: bigint): TieOutLine => ({
  business_id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01',
  direction: 'customer',
  processor: 'STRIPE',
  currency: 'USD',
  month: '2026-10',
  measure: 'amount',
  ledger,
  processor_total,
  difference: ledger - processor_total,
  explained: ledger - processor_total,
  unexplained: 0n,
  tied: null,
  gross: 0n,
})

const cause = (code: BridgeLine['code'], amount: bigint): BridgeLine => ({
  direction: 'customer',
  currency: 'USD',
  code,
  findings: 1n,
  amount,
  refund_fee: 0n,
  returned_fee: 0n,
})

/** The figures beside the bars, from top to bottom. */
const values = (markup: string): string[] =>
  [...markup.matchAll(/<text class="value"[^>]*>([^<]*)</g)].map(([, value]) => value ?? '')

test('the bridge goes from the ledger to the processors: what the ledger lacks is added, errors come first', () => {
  const chart = bridgeChart(
    'x',
    'customer',
    'USD',
    [line(10_000n, 12_500n)],
    [cause('AWAITING_PROCESSOR', 2_000n), cause('MISSING_IN_LEDGER', -4_500n)],
  )
  expect(values(chart?.markup ?? '')).toEqual(['100.00', '+45.00', '-20.00', '125.00'])
  // and the table beside it foots line by line
  const cells = [...(chart?.markup ?? '').matchAll(/<td class="number">([^<]*)</g)].map(([, text]) => text)
  expect(cells).toEqual(['100.00', '100.00', '+45.00', '145.00', '-20.00', '125.00', '125.00', '125.00'])
})

test('small causes beside large totals are drawn on a scale that says where it begins', () => {
  const chart = bridgeChart(
    'x',
    'customer',
    'USD',
    [line(10_000_000n, 10_004_500n)],
    [cause('MISSING_IN_LEDGER', -4_500n)],
  )
  expect(chart?.markup).toMatch(/The bars do not begin at zero but at 99,\d{3}\.\d{2} USD:/)
  expect(chart?.markup).toMatch(/>cut off at 99,\d{3}\.\d{2} USD</)
  const small = bridgeChart('x', 'customer', 'USD', [line(0n, 4_500n)], [cause('MISSING_IN_LEDGER', -4_500n)])
  expect(small?.markup).toContain('The bars begin at zero.')
  expect(small?.markup).toContain('>0.00 USD<')
})

test('nothing on either side is no chart', () => {
  expect(bridgeChart('x', 'customer', 'USD', [line(0n, 0n)], [])).toBeNull()
  expect(ageChart('x', noAges())).toBeNull()
  expect(matchedChart('x', [])).toBeNull()
})

test('a day of 2,000 of which one is not matched is not called matched to 100%', () => {
  const chart = matchedChart('x', [
    { day: '2026-10-14', legs: 1000n, legs_matched: 1000n, rows: 1000n, rows_matched: 999n },
  ])
  expect(chart?.markup).toContain('2026-10-14: 99.9% matched')
})
