import { expect, test } from 'vitest'
import { amongFindings, type OpenItem } from '../../../src/report/related/among-findings.ts'
import { nearest } from '../../../src/report/related/hint.ts'
import { isOneOff } from '../../../src/report/related/similar-id.ts'

const leg = (id: string, cents: bigint, on_date: string, changes: Partial<OpenItem> = {}): OpenItem => ({
  ...{ discrepancy_id: `d-${id}`, code: 'MISSING_AT_PROCESSOR', side: 'leg', id, refund_id: `ref-${id}` },
  ...{
    identity_keys: [],
    payment_keys: [],
    reference_keys: [],
    processor: 'STRIPE',
    account: '',
    direction: 'customer',
  },
  ...{ currency: 'USD', amount: cents, on_date, payout_id: null, payment_kinds: [] },
  ...changes,
})
const row = (id: string, cents: bigint, on_date: string, changes: Partial<OpenItem> = {}): OpenItem =>
  leg(id, cents, on_date, { code: 'MISSING_IN_LEDGER', side: 'row', refund_id: `re_${id}`, ...changes })

const hints = (items: readonly OpenItem[], id: string): string[] =>
  nearest(amongFindings(items)(`d-${id}`)).map(({ kind, target }) => `${kind} ${Object.values(target)}`)

test('the same amount within 30 days on the other side, the nearest first', () => {
  const items = [
    leg('a', 5000n, '2026-10-14'),
    row('b', 5000n, '2026-10-20'),
    row('c', 5000n, '2026-10-10'),
    row('d', 5000n, '2026-11-13'),
    row('e', 5000n, '2026-11-14'),
    row('f', 5001n, '2026-10-14'),
    row('g', 5000n, '2026-10-14', { currency: 'EUR' }),
    row('h', 5000n, '2026-10-14', { direction: 'vendor' }),
    leg('i', 5000n, '2026-10-14'),
  ]
  expect(hints(items, 'a')).toEqual(['same_amount d-c', 'same_amount d-b', 'same_amount d-d'])
})

test('the same amount of another payment is no hint; where only one names a payment it is', () => {
  const of = (own: Partial<OpenItem>, theirs: Partial<OpenItem>): string[] =>
    hints([leg('a', 6500n, '2026-07-10', own), row('b', 6500n, '2026-07-10', theirs)], 'a')
  const named = (key: string): Partial<OpenItem> => ({ payment_keys: [key], payment_kinds: ['^ch_'] })
  expect(of(named('ch_1'), { ...named('ch_2'), on_date: '2026-07-11' })).toEqual([])
  // alone on their day, one of them may name the wrong payment
  expect(of(named('ch_1'), named('ch_2'))).toEqual(['same_amount d-b'])
  const third = row('c', 6500n, '2026-07-10', named('ch_3'))
  expect(
    hints([leg('a', 6500n, '2026-07-10', named('ch_1')), row('b', 6500n, '2026-07-10', named('ch_2')), third], 'a'),
  ).toEqual([])
  expect(of(named('ch_1'), {})).toEqual(['same_amount d-b'])
  expect(of(named('ch_1'), { payment_keys: ['pi_2'], payment_kinds: ['^pi_'] })).toEqual(['same_amount d-b'])
})

test('five at most, however many there are', () => {
  const rows = Array.from({ length: 40 }, (_, index) =>
    row(`r${index}`, 5000n, `2026-10-${String((index % 28) + 1)}`.padEnd(10)),
  )
  const dated = rows.map((one, index) => ({ ...one, on_date: `2026-10-${String((index % 28) + 1).padStart(2, '0')}` }))
  expect(hints([leg('a', 5000n, '2026-10-14'), ...dated], 'a')).toHaveLength(5)
})

test('the same id under another processor, in another currency, as a vendor refund', () => {
  const items = [
    leg('a', 5000n, '2026-10-14', { identity_keys: ['re_7'], processor: 'STRIPE_EU' }),
    row('b', 4600n, '2026-12-14', { identity_keys: ['re_7'], currency: 'EUR', direction: 'vendor' }),
  ]
  expect(hints(items, 'a')).toEqual(['same_id_elsewhere d-b'])
  expect(amongFindings(items)('d-a')[0]?.reason).toBe(
    "the same id re_7 is open under Stripe, in EUR, as a vendor refund: Stripe's refund of 46.00 EUR on 2026-12-14 (re_b)",
  )
})

test('two numbers of one series, RF000004 and RF000008, are no hint unless both are of 50.00', () => {
  const of = (cents: bigint): string[] =>
    hints(
      [
        leg('a', 5000n, '2026-10-14', { identity_keys: ['RF000004'] }),
        row('b', cents, '2026-12-24', { identity_keys: ['RF000008'] }),
      ],
      'a',
    )
  expect(of(4000n)).toEqual([])
  expect(of(5000n)).toEqual(['similar_id d-b'])
})

test('an id with one character off, or in another case', () => {
  const of = (own: string, theirs: string): string[] =>
    hints(
      [
        leg('a', 5000n, '2026-10-14', { identity_keys: [own] }),
        row('b', 4000n, '2026-12-24', { identity_keys: [theirs] }),
      ],
      'a',
    )
  expect(of('re_3AbCdEfG', 're_3abcdefg')).toEqual(['similar_id d-b'])
  expect(of('re_3AbCdEfG', 're_3AbXdEfG')).toEqual(['similar_id d-b'])
  expect(of('re_3AbCdEfG', 're_3AbCdEf')).toEqual(['similar_id d-b'])
  expect(of('re_3AbCdEfG', 're_3AbXdEfX')).toEqual([])
  expect(isOneOff('re_123', 're_1234')).toBe(true)
  expect(isOneOff('re_123', 're_12345')).toBe(false)
  expect(isOneOff('r_1', 'r_2')).toBe(false)
})

test('a refund that failed, and was made again of the same payment', () => {
  const items = [
    leg('a', 5000n, '2026-10-14', { code: 'REFUND_FAILED', payment_keys: ['ch_1'] }),
    row('b', 5000n, '2026-10-16', { payment_keys: ['ch_1'] }),
    row('c', 4900n, '2026-10-16', { payment_keys: ['ch_1'] }),
  ]
  expect(hints(items, 'a')).toEqual(['refunded_again d-b', 'shared_key d-c'])
})

test('20.00 and 30.00 of one payout come to 50.00; of 21.00 and 30.00 nothing is said', () => {
  const sums = (first: bigint): string[] =>
    hints(
      [
        leg('a', 5000n, '2026-10-14', { reference_keys: ['po_1'] }),
        row('b', first, '2026-10-10', { payout_id: 'po_1', reference_keys: ['po_1'] }),
        row('c', 3000n, '2026-10-11', { payout_id: 'po_1', reference_keys: ['po_1'] }),
      ],
      'a',
    )
  expect(sums(2000n)).toEqual(['sum d-c', 'sum d-b'])
  expect(sums(2100n)).toEqual(['shared_key d-c', 'shared_key d-b'])
})
