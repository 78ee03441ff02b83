import { describe, expect, it } from 'vitest'
import { matchBusiness } from '../../../src/matching/match-business.ts'
import type { Standing } from '../../../src/matching/types.ts'
import { leg, outcome, reversal, row, ruling, SETTINGS } from './world.ts'

describe('what a person said', () => {
  const A = leg('A', '2026-10-01', 50n, { ids: ['re_1'] })
  const R = row('txn_1', '2026-10-01', 50n, { refund: 're_1' })
  const S = row('txn_2', '2026-12-01', 70n, { refund: 're_2' })

  it('goes before what the ids say', () => {
    expect(outcome([A], [R, S], SETTINGS, [ruling('match', [A], [S])])).toEqual(['manual: A = txn_2', 'row: txn_1'])
  })

  it('keeps the row taken: a second leg that names it is a duplicate', () => {
    const B = leg('B', '2026-10-02', 70n, { ids: ['re_2'] })
    expect(outcome([A, B], [R, S], SETTINGS, [ruling('match', [A], [S])])).toEqual([
      'manual: A = txn_2',
      'duplicate: B',
      'row: txn_1',
    ])
  })

  it('brings the reversal of a matched row along', () => {
    const V = reversal('rev_2', '2026-12-09', -70n, { refund: 're_2' })
    expect(outcome([A], [S, V], SETTINGS, [ruling('match', [A], [S])])).toEqual(['manual: A = txn_2 rev_2'])
  })

  it('forbids a pair in every pass', () => {
    const forbidden = [ruling('unmatch', [A], [R])]
    expect(outcome([A], [R], SETTINGS, forbidden)).toEqual(['leg: A', 'row: txn_1'])
    const B = leg('B', '2026-10-01', 50n, { payments: ['ch_1'] })
    const T = row('txn_3', '2026-10-01', 50n, { payments: ['ch_1'] })
    expect(outcome([B], [T], SETTINGS, [ruling('unmatch', [B], [T])])).toEqual(['leg: B', 'row: txn_3'])
    const U = row('txn_4', '2026-10-09', 50n, { payments: ['ch_1'] })
    expect(outcome([B], [T, U], SETTINGS, [ruling('unmatch', [B], [T])])).toEqual([
      'payment_reference: B = txn_4',
      'row: txn_3',
    ])
  })

  it('lets another leg take the row of a forbidden pair', () => {
    const B = leg('B', '2026-10-05', 50n, { ids: ['re_1'] })
    expect(outcome([A, B], [R], SETTINGS, [ruling('unmatch', [A], [R])])).toEqual([
      'refund_id: B = txn_1',
      'duplicate: A',
    ])
  })

  it('counts the later of two rulings about one pair', () => {
    expect(outcome([A], [R], SETTINGS, [ruling('match', [A], [R]), ruling('unmatch', [A], [R])])).toEqual([
      'leg: A',
      'row: txn_1',
    ])
    expect(outcome([A], [R], SETTINGS, [ruling('unmatch', [A], [R]), ruling('match', [A], [R])])).toEqual([
      'manual: A = txn_1',
    ])
  })
})

describe('a match that stands', () => {
  const A = leg('A', '2026-10-05', 50n, { ids: ['re_1'] })
  const R = row('txn_1', '2026-10-05', 50n, { refund: 're_1' })
  const V = reversal('rev_1', '2026-10-08', -50n, { refund: 're_1' })
  const standing: Standing[] = [{ match_no: 7n, pass: 'refund_id', legs: [A], rows: [R, V] }]

  it('is not matched again, and makes a leg that names its row a duplicate, though that is dated earlier', () => {
    const B = leg('B', '2026-10-01', 50n, { ids: ['re_1'] })
    expect(outcome([A, B], [R, V], SETTINGS, [], standing)).toEqual(['duplicate: B'])
  })

  it('makes none when later passes made it', () => {
    const B = leg('B', '2026-10-01', 50n, { ids: ['re_1'] })
    const byDate: Standing[] = [{ match_no: 7n, pass: 'amount_and_date', legs: [A], rows: [R, V] }]
    expect(outcome([A, B], [R, V], SETTINGS, [], byDate)).toEqual(['leg: B'])
  })

  it('keeps its reversal', () => {
    const earlier = row('txn_0', '2026-10-01', 50n, { refund: 're_1' })
    const matching = matchBusiness([A], [R, V, earlier], SETTINGS, [], standing)
    expect(matching.reversal_of.get(V)).toBe(R)
    expect(matching.unmatched_rows).toEqual([earlier])
  })
})
