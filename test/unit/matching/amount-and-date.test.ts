import { describe, expect, it } from 'vitest'
import { leg, outcome, reversal, row, SETTINGS, withRules } from './world.ts'

describe('pass 5, amount_and_date', () => {
  it('matches 25.00 on 1 Oct with 25.00 on 4 Oct, but not on 5 Oct', () => {
    const A = leg('A', '2026-10-01', 2500n)
    expect(outcome([A], [row('txn_1', '2026-10-04', 2500n)])).toEqual(['amount_and_date: A = txn_1'])
    expect(outcome([A], [row('txn_1', '2026-10-05', 2500n)])).toEqual(['leg: A', 'row: txn_1'])
  })

  it('counts a row the usual lag earlier', () => {
    const A = leg('A', '2026-10-01', 2500n)
    expect(outcome([A], [row('txn_1', '2026-10-06', 2500n)], withRules({ usual_lag_days: 2 }))).toEqual([
      'amount_and_date: A = txn_1',
    ])
  })

  it('makes one match of an island with as many legs as rows', () => {
    const legs = [leg('A', '2026-10-01', 25n), leg('B', '2026-10-07', 25n)]
    const rows = [row('txn_1', '2026-10-04', 25n), row('txn_2', '2026-10-07', 25n)]
    expect(outcome(legs, rows)).toEqual(['amount_and_date: A B = txn_1 txn_2'])
  })

  it('looks date by date at an island that does not fit, then at what is left of it', () => {
    const legs = [leg('A', '2026-10-01', 25n), leg('B', '2026-10-03', 25n), leg('C', '2026-10-04', 25n)]
    const rows = [row('txn_1', '2026-10-03', 25n)]
    // B is of the date of txn_1; what is left is one-sided
    expect(outcome(legs, rows)).toEqual(['amount_and_date: B = txn_1', 'leg: A', 'leg: C'])
    const more = [...rows, row('txn_2', '2026-10-05', 25n)]
    // A and C lie 3 days apart when B is gone, so two legs are left for txn_2
    expect(outcome(legs, more)).toEqual(['amount_and_date: B = txn_1', 'ambiguous: A C = txn_2'])
  })

  it('calls two legs and one row of one amount ambiguous when nothing says which', () => {
    const legs = [leg('A', '2026-10-01', 25n), leg('B', '2026-10-02', 25n)]
    expect(outcome(legs, [row('txn_1', '2026-10-03', 25n)])).toEqual(['ambiguous: A B = txn_1'])
  })

  it('does not join ch_1 with ch_2, but ch_1 with an id of another kind', () => {
    const A = leg('A', '2026-10-01', 25n, { payments: ['ch_1'] })
    expect(outcome([A], [row('txn_1', '2026-10-01', 25n, { payments: ['ch_2'] })])).toEqual(['leg: A', 'row: txn_1'])
    expect(outcome([A], [row('txn_1', '2026-10-01', 25n, { payments: ['pi_2'] })])).toEqual([
      'amount_and_date: A = txn_1',
    ])
  })

  it('counts a payment key of no known shape only when a stored row has it', () => {
    const A = leg('A', '2026-10-01', 25n, { payments: ['order-1'] })
    const R = row('txn_1', '2026-10-01', 25n, { payments: ['order-2'] })
    expect(outcome([A], [R])).toEqual(['amount_and_date: A = txn_1'])
    const known = { ...SETTINGS, known_payment_ids: (_: string, key: string) => key === 'order-1' }
    expect(outcome([A], [R], known)).toEqual(['leg: A', 'row: txn_1'])
  })

  it('sets aside what is vetoed against everything, and cuts the island again', () => {
    // B bridges A and txn_1; without it they lie 6 days apart
    const legs = [leg('A', '2026-10-01', 25n), leg('B', '2026-10-04', 25n, { ids: ['re_1'] })]
    const rows = [row('txn_1', '2026-10-07', 25n, { refund: 're_2' })]
    expect(outcome(legs, rows)).toEqual(['leg: A', 'leg: B', 'row: txn_1'])
  })

  it('matches first without rows that were undone', () => {
    const A = leg('A', '2026-10-01', 25n)
    const rows = [
      row('txn_1', '2026-10-01', 25n, { refund: 're_1' }),
      reversal('rev_1', '2026-10-02', -25n, { refund: 're_1' }),
      row('txn_2', '2026-10-03', 25n, { refund: 're_2' }),
    ]
    expect(outcome([A], rows)).toEqual(['amount_and_date: A = txn_2', 'cancelled: = txn_1 rev_1'])
  })

  it('matches with an undone row where there is no other', () => {
    const A = leg('A', '2026-10-01', 25n)
    const rows = [
      row('txn_1', '2026-10-01', 25n, { refund: 're_1' }),
      reversal('rev_1', '2026-10-02', -25n, { refund: 're_1' }),
    ]
    expect(outcome([A], rows)).toEqual(['amount_and_date: A = txn_1 rev_1'])
  })

  it('leaves undone rows out of an ambiguous finding that has others', () => {
    const legs = [leg('A', '2026-10-01', 25n), leg('B', '2026-10-02', 25n), leg('C', '2026-10-02', 25n)]
    const rows = [
      row('txn_1', '2026-10-03', 25n, { refund: 're_1' }),
      row('txn_2', '2026-10-04', 25n, { refund: 're_2' }),
      reversal('rev_2', '2026-10-09', -25n, { refund: 're_2' }),
    ]
    expect(outcome(legs, rows)).toEqual(['cancelled: = txn_2 rev_2', 'ambiguous: A B C = txn_1'])
  })

  it('looks date by date in the second round only where all rows of the island are undone', () => {
    const legs = [leg('A', '2026-10-01', 25n), leg('B', '2026-10-02', 25n)]
    const undone = [
      row('txn_1', '2026-10-02', 25n, { refund: 're_1' }),
      reversal('rev_1', '2026-10-09', -25n, { refund: 're_1' }),
    ]
    expect(outcome(legs, undone)).toEqual(['amount_and_date: B = txn_1 rev_1', 'leg: A'])
  })
})

describe('pass cancelled', () => {
  const rows = [
    row('txn_1', '2026-01-30', 60n, { refund: 're_1' }),
    row('txn_2', '2026-01-30', 40n, { refund: 're_1' }),
    reversal('rev_1', '2026-02-02', -100n, { refund: 're_1' }),
  ]

  it('makes a match without legs of a refund of 100 whose reversal is 100, judged whole', () => {
    expect(outcome([], rows)).toEqual(['cancelled: = txn_1 txn_2 rev_1'])
  })

  it('does not when the reversal is another amount, or in another currency', () => {
    expect(
      outcome(
        [],
        [
          row('txn_1', '2026-01-30', 60n, { refund: 're_1' }),
          reversal('rev_1', '2026-02-02', -50n, { refund: 're_1' }),
        ],
      ),
    ).toEqual(['row: txn_1', 'row: rev_1'])
    expect(
      outcome(
        [],
        [
          row('txn_1', '2026-01-30', 60n, { refund: 're_1' }),
          reversal('rev_1', '2026-02-02', -60n, { refund: 're_1', currency: 'EUR' }),
        ],
      ),
    ).toEqual(['row: txn_1', 'row: rev_1'])
  })

  it('does not across the start: refunded before, reversed on or after', () => {
    expect(outcome([], rows, { ...SETTINGS, starts_on: '2026-02-01' })).toEqual([
      'row: txn_1',
      'row: txn_2',
      'row: rev_1',
    ])
    expect(outcome([], rows, { ...SETTINGS, starts_on: '2026-03-01' })).toEqual(['cancelled: = txn_1 txn_2 rev_1'])
  })
})
