import { describe, expect, it } from 'vitest'
import {
  addScaled,
  formatMajor,
  formatMoney,
  minorDigits,
  parseDecimal,
  parseMajor,
  parseScaled,
  roundScaled,
} from '../../src/core/money.ts'

describe('an amount in text', () => {
  it.each([
    ['12.34', 1234n],
    ['12.3', 1230n],
    ['12', 1200n],
    ['.5', 50n],
    ['-12.34', -1234n],
    ['\u221212.34', -1234n],
    ['+12.34', 1234n],
    [' 12.34 ', 1234n],
    ['1,234.50', 123450n],
    ['-1,234,567.89', -123456789n],
    ["1'234.50", 123450n],
    ['1 234.50', 123450n],
    ['1\u00a0234.50', 123450n],
    ['1\u202f234.50', 123450n],
    ['12.3400', 1234n],
    ['0', 0n],
    ['-0.00', 0n],
    ['92233720368547758.07', 9223372036854775807n],
  ])('%s dollars are %s cents', (text, cents) => {
    expect(parseDecimal(text, 2, '.')).toBe(cents)
  })

  it.each([
    '',
    '-',
    '.',
    '12.',
    '1e3',
    '12,34',
    '1,2345.00',
    '1,234 567.00',
    '1,,234',
    ',123',
    '12.345',
    '$12.00',
    '(12.00)',
    '12.00-',
    '--1',
    'NaN',
    '0x10',
    '\u0661\u0662',
    '92233720368547758.08',
    '9'.repeat(10_000_000),
  ])('%.20s is no amount', (text) => {
    expect(parseDecimal(text, 2, '.')).toBeNull()
  })

  it('reads a comma as the decimal sign where the file says so', () => {
    expect(parseDecimal('1.234,50', 2, ',')).toBe(123450n)
    expect(parseDecimal('12,3', 2, ',')).toBe(1230n)
    expect(parseDecimal('12.34', 2, ',')).toBeNull()
  })

  it('knows that yen have no minor unit and dinars have a thousand fils', () => {
    expect(minorDigits('JPY')).toBe(0)
    expect(minorDigits('KWD')).toBe(3)
    expect(minorDigits('USD')).toBe(2)
    expect(parseMajor('1,234', 'JPY')).toBe(1234n)
    expect(parseMajor('1234.00', 'JPY')).toBe(1234n)
    expect(parseMajor('1234.5', 'JPY')).toBeNull()
    expect(parseMajor('1.234', 'KWD')).toBe(1234n)
    expect(parseMajor('1,5', 'EUR', ',')).toBe(150n)
  })
})

describe('an exact decimal', () => {
  it('keeps every digit', () => {
    expect(parseScaled('-1,234.567')).toEqual({ unscaled: -1234567n, scale: 3 })
    expect(parseScaled('0,0005', ',')).toEqual({ unscaled: 5n, scale: 4 })
    expect(parseScaled('five')).toBeNull()
  })

  it('adds up before it is rounded: three times 0.335 is 1.01, not 1.02', () => {
    const third = { unscaled: 335n, scale: 3 }
    expect(roundScaled(addScaled(addScaled(third, third), third), 2)).toBe(101n)
    expect(addScaled({ unscaled: 1n, scale: 0 }, { unscaled: 5n, scale: 2 })).toEqual({ unscaled: 105n, scale: 2 })
  })

  it('rounds half away from zero', () => {
    expect(roundScaled({ unscaled: 12345n, scale: 3 }, 2)).toBe(1235n)
    expect(roundScaled({ unscaled: -12345n, scale: 3 }, 2)).toBe(-1235n)
    expect(roundScaled({ unscaled: 12344n, scale: 3 }, 2)).toBe(1234n)
    expect(roundScaled({ unscaled: -4n, scale: 1 }, 0)).toBe(0n)
    expect(roundScaled({ unscaled: 7n, scale: 0 }, 2)).toBe(700n)
  })
})

describe('an amount on paper', () => {
  it('is grouped, with the digits of its currency', () => {
    expect(formatMajor(123450n, 'USD')).toBe('1,234.50')
    expect(formatMajor(-5n, 'USD')).toBe('-0.05')
    expect(formatMajor(0n, 'USD')).toBe('0.00')
    expect(formatMajor(-1234567n, 'JPY')).toBe('-1,234,567')
    expect(formatMajor(1234567n, 'KWD')).toBe('1,234.567')
    expect(formatMajor(100000n, 'USD')).toBe('1,000.00')
    expect(formatMoney(123450n, 'USD')).toBe('1,234.50 USD')
  })
})
