import { expect, test } from 'vitest'
import { readMoneyText } from '../../../src/processor/fields/money-text.ts'

test.each([
  ['$1,149.00', 'USD', 114900n],
  ['($33.62)', 'USD', -3362n],
  ['-$12.00', 'USD', -1200n],
  ['$-12.00', 'USD', -1200n],
  ['\u2212$12.00', 'USD', -1200n],
  ['$0.00', 'USD', 0n],
  ['12.5', 'USD', 1250n],
  ['.50', 'USD', 50n],
  ['-8.00', 'USD', -800n],
  ['(8.00)', 'USD', -800n],
  ['CA$8.00', 'CAD', 800n],
  ['8.00 USD', 'USD', 800n],
  ['$8.00', 'AUD', 800n],
  ['£8.00', 'GBP', 800n],
  ['¥1,200', 'JPY', 1200n],
])('%s in %s is %s minor units', (cell, currency, minor) => {
  expect(readMoneyText(cell, currency)).toBe(minor)
})

test.each([
  ['£8.00', 'USD', 'pounds are no dollars'],
  ['CA$8.00', 'USD', 'Canadian dollars are no American ones'],
  ['8.00 EUR', 'USD', 'nor are euros'],
  ['$8.005', 'USD', 'half a cent is no amount'],
  ['¥1,200.50', 'JPY', 'yen have no cents'],
  ['(-$8.00)', 'USD', 'twice negative'],
  ['--8.00', 'USD', 'twice negative'],
  ['-$-8.00', 'USD', 'twice negative'],
  ['$8.00$', 'USD', 'two signs of money'],
  ['8,00', 'USD', 'a comma before the cents'],
  ['1,14.00', 'USD', 'a group of two'],
  ['$', 'USD', 'no digits'],
  ['()', 'USD', 'no digits'],
  ['', 'USD', 'blank is not 0'],
  ['-', 'USD', 'a dash is not 0'],
  ['1e3', 'USD', 'an exponent'],
  ['8.00 constructor', 'USD', 'a word'],
])('%s is no amount in %s: %s', (cell, currency) => {
  expect(readMoneyText(cell, currency)).toBeNull()
})
