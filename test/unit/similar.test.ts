import { expect, test } from 'vitest'
import { closest, didYouMean } from '../../src/core/similar.ts'

const KEYS = ['id', 'name', 'currency', 'time_zone', 'ledger_dates', 'ledger_lag_days', 'waive_limit', 'processors']

test.each([
  ['curency', 'currency'],
  ['currencies', 'currency'],
  ['CURRENCY', 'currency'],
  ['timezone', 'time_zone'],
  ['tiem_zone', 'time_zone'],
  ['naem', 'name'],
  // the only one that contains it
  ['ledger_lag', 'ledger_lag_days'],
  ['limit', 'waive_limit'],
  // two contain it
  ['ledger', null],
  ['rates', null],
  ['nickname', null],
  ['x', null],
  ['', null],
])('%s is taken for %s', (word, known) => {
  expect(closest(word, KEYS)).toBe(known)
})

test('of two that are equally close the first is meant, and the closer one wins', () => {
  expect(closest('adyem', ['adyen', 'adyex'])).toBe('adyen')
  expect(closest('adyexx', ['adyen', 'adyex'])).toBe('adyex')
  expect(closest('stripe-itemised', ['stripe-itemized', 'stripe-balance-history'])).toBe('stripe-itemized')
})

test('says nothing where nothing is close', () => {
  expect(didYouMean(closest('strpe', ['STRIPE', 'ADYEN']))).toBe('did you mean STRIPE?')
  expect(didYouMean(closest('paypal', ['STRIPE', 'ADYEN']))).toBe(null)
  expect(didYouMean(closest('paypal', []))).toBe(null)
})
