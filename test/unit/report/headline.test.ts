import { expect, test } from 'vitest'
import type { EffectLine } from '../../../src/report/lines.ts'
import { headline } from '../../../src/report/text/headline.ts'

const effect = (
  amount: bigint,
  refund_fee: bigint,
  returned_fee: bigint,
  changes: Partial<EffectLine> = {},
): EffectLine => ({
  ...{ month: '2026-10', processor: 'STRIPE', currency: 'USD', amount, refund_fee, returned_fee },
  ...changes,
})
const said = (
  effects: EffectLine[],
  legs: { amount: bigint }[] = [],
  rows: { type: string; amount: bigint; currency: string }[] = [],
): string => {
  const figure = headline({ currency: 'USD', effects, legs, rows }, 'USD')
  return figure === null ? 'none' : `${figure.minor} ${figure.currency}`
}

test('a refund that the books miss, with its fee, is headed by its amount alone', () => {
  expect(said([effect(-4500n, -35n, -120n)])).toBe('-4500 USD')
})

test('where no amount differs, the fee does', () => {
  expect(said([effect(0n, 35n, 0n)])).toBe('35 USD')
  expect(said([effect(0n, 0n, -120n)])).toBe('-120 USD')
})

test('effects of several months are summed, those of another currency left out', () => {
  expect(said([effect(-4500n, 0n, 0n), effect(1000n, 0n, 0n, { month: '2026-11' })])).toBe('-3500 USD')
  expect(said([effect(4000n, 0n, 0n, { currency: 'EUR' }), effect(-4500n, -35n, 0n)])).toBe('-4500 USD')
})

test('a finding whose effects come to nothing is headed by its ledger side, else by its processor side', () => {
  const months = [effect(4500n, 35n, 0n), effect(-4500n, -35n, 0n, { month: '2026-11' })]
  const row = { type: 'refund', amount: 700n, currency: 'USD' }
  expect(said(months, [{ amount: 4500n }], [row])).toBe('4500 USD')
  expect(said([], [], [row, { type: 'payment', amount: 900n, currency: 'USD' }])).toBe('700 USD')
  expect(said([], [], [{ ...row, currency: 'EUR' }])).toBe('none')
})
