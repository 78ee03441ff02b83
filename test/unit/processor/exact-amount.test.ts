import { expect, test } from 'vitest'
import { parseScaled, type Scaled } from '../../../src/core/money.ts'
import { agree, plainText, rounded, sumOf } from '../../../src/processor/fields/exact-amount.ts'

const exact = (text: string): Scaled => parseScaled(text) ?? { unscaled: 999n, scale: 0 }

test('0.15, 0.002 and 0.0029703 are added exactly and rounded once, to 0.15', () => {
  expect(rounded(sumOf([exact('-0.15'), exact('-0.002'), exact('-0.0029703')]), 'USD')).toBe(-15n)
})

test('three times 0.004 is a cent, rounded one by one it would be nothing', () => {
  expect(rounded(sumOf([exact('0.004'), exact('0.004'), exact('0.004')]), 'USD')).toBe(1n)
  expect(rounded(exact('0.004'), 'USD')).toBe(0n)
})

test('half a cent rounds away from zero, and yen have none', () => {
  expect(rounded(exact('-0.005'), 'USD')).toBe(-1n)
  expect(rounded(exact('12.4'), 'JPY')).toBe(12n)
  expect(rounded(exact('0.0005'), 'KWD')).toBe(1n)
})

test('amounts agree where they differ by less than half a cent', () => {
  expect(agree(exact('1.5'), exact('1.50000001'), 'USD')).toBe(true)
  expect(agree(exact('1.50'), exact('1.51'), 'USD')).toBe(false)
})

test('an amount no account holds is not rounded', () => {
  expect(() => rounded(exact('99999999999999999999'), 'USD')).toThrow('larger than any account holds')
})

test('the same amount has the same text', () => {
  expect(['-5', '-5.0', '-5.00', '-.05', '0.10', '0', '0.00'].map((text) => plainText(exact(text)))).toEqual([
    '-5',
    '-5',
    '-5',
    '-0.05',
    '0.1',
    '0',
    '0',
  ])
})
