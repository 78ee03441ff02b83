import { describe, expect, it } from 'vitest'
import { matchBusiness } from '../../../src/matching/match-business.ts'
import { leg, outcome, reversal, row, SETTINGS } from './world.ts'

/** Reversal to refund, by transaction id. */
const ties = (rows: Parameters<typeof outcome>[1]): Record<string, string> =>
  Object.fromEntries(
    [...matchBusiness([], rows, SETTINGS, []).reversal_of].map(([from, to]) => [
      from.transaction_id,
      to.transaction_id,
    ]),
  )

describe('a reversal', () => {
  it('belongs to the first row of its refund id with the opposite amount that is not yet reversed', () => {
    const rows = [
      row('txn_1', '2026-10-01', 30n, { refund: 're_1' }),
      row('txn_2', '2026-10-02', 50n, { refund: 're_1' }),
      row('txn_3', '2026-10-03', 50n, { refund: 're_1' }),
      reversal('rev_1', '2026-09-01', -50n, { refund: 're_1', currency: 'EUR' }),
      reversal('rev_2', '2026-10-05', -50n, { refund: 're_1' }),
      reversal('rev_3', '2026-10-06', -50n, { refund: 're_1' }),
    ]
    expect(ties(rows)).toEqual({ rev_1: 'txn_2', rev_2: 'txn_3', rev_3: 'txn_1' })
  })

  it('belongs, when no amount fits, to the first row that has one', () => {
    const rows = [
      row('fee', '2026-10-01', 0n, { refund: 're_1' }),
      row('txn_1', '2026-10-02', 50n, { refund: 're_1' }),
      reversal('rev_1', '2026-10-05', -20n, { refund: 're_1' }),
    ]
    expect(ties(rows)).toEqual({ rev_1: 'txn_1' })
  })

  it('without a refund id belongs to a refund of the same payment, currency and amount that is not later', () => {
    const rows = [
      row('txn_1', '2026-10-02', 50n, { payments: ['ch_1'] }),
      row('txn_2', '2026-10-09', 50n, { payments: ['ch_2'] }),
      row('txn_3', '2026-10-02', 50n, { payments: ['ch_3'], currency: 'EUR' }),
      reversal('rev_1', '2026-10-02', -50n, { payments: ['ch_1'] }),
      reversal('rev_2', '2026-10-08', -50n, { payments: ['ch_2'] }),
      reversal('rev_3', '2026-10-08', -50n, { payments: ['ch_3'] }),
    ]
    expect(ties(rows)).toEqual({ rev_1: 'txn_1' })
  })

  it('with a refund id goes before one without', () => {
    const rows = [
      row('txn_1', '2026-10-01', 50n, { refund: 're_1', payments: ['ch_1'] }),
      reversal('rev_1', '2026-10-02', -50n, { payments: ['ch_1'] }),
      reversal('rev_2', '2026-10-03', -50n, { refund: 're_1' }),
    ]
    expect(ties(rows)).toEqual({ rev_2: 'txn_1' })
  })

  it('of an unknown refund is unmatched, and counts as a refund to a customer', () => {
    const R = reversal('rev_1', '2026-10-02', -50n, { refund: 're_1' })
    const matching = matchBusiness([], [R], SETTINGS, [])
    expect(matching.unmatched_rows).toEqual([R])
    expect(matching.direction_of(R)).toBe('customer')
  })

  it('has the direction of its refund', () => {
    const R = reversal('rev_1', '2026-10-02', -50n, { refund: 're_1' })
    const V = row('txn_1', '2026-10-01', 80n, { refund: 're_1', type: 'vendor_refund' })
    expect(matchBusiness([], [R, V], SETTINGS, []).direction_of(R)).toBe('vendor')
  })

  it('follows its refund into an ambiguous finding', () => {
    const legs = [leg('A', '2026-10-01', 25n), leg('B', '2026-10-02', 25n)]
    const rows = [
      row('txn_1', '2026-10-03', 25n, { refund: 're_1' }),
      reversal('rev_1', '2026-10-09', -5n, { refund: 're_1' }),
    ]
    expect(outcome(legs, rows)).toEqual(['ambiguous: A B = txn_1 rev_1'])
  })
})
