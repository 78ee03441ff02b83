import { describe, expect, it } from 'vitest'
import { leg, outcome, reversal, row, withRules } from './world.ts'

describe('pass 2, payment_reference', () => {
  it('pairs what shares a payment and has one amount, however far apart', () => {
    const A = leg('A', '2026-01-01', 4000n, { payments: ['ch_1'] })
    const R = row('txn_1', '2026-06-30', 4000n, { payments: ['ch_1'] })
    expect(outcome([A], [R])).toEqual(['payment_reference: A = txn_1'])
  })

  it('takes the closest pair first: 1 day before 2 days', () => {
    const legs = [
      leg('A', '2026-10-01', 50n, { payments: ['ch_1'] }),
      leg('B', '2026-10-04', 50n, { payments: ['ch_1'] }),
    ]
    const rows = [
      row('txn_1', '2026-10-03', 50n, { payments: ['ch_1'] }),
      row('txn_2', '2026-10-20', 50n, { payments: ['ch_1'] }),
    ]
    expect(outcome(legs, rows)).toEqual(['payment_reference: A = txn_2', 'payment_reference: B = txn_1'])
  })

  it('prefers, at one distance, the row that is not reversed, then the earlier leg, then the earlier row', () => {
    const A = leg('A', '2026-10-03', 50n, { payments: ['ch_1'] })
    const rows = [
      row('txn_1', '2026-10-02', 50n, { refund: 're_1', payments: ['ch_1'] }),
      reversal('rev_1', '2026-10-09', -50n, { refund: 're_1' }),
      row('txn_2', '2026-10-04', 50n, { refund: 're_2', payments: ['ch_1'] }),
    ]
    expect(outcome([A], rows)).toEqual(['payment_reference: A = txn_2', 'cancelled: = txn_1 rev_1'])
    const twoRows = [
      row('txn_3', '2026-10-04', 50n, { payments: ['ch_1'] }),
      row('txn_4', '2026-10-02', 50n, { payments: ['ch_1'] }),
    ]
    expect(outcome([A], twoRows)).toEqual(['payment_reference: A = txn_4', 'row: txn_3'])
  })

  it('still takes a reversed row that is closer', () => {
    const A = leg('A', '2026-10-02', 50n, { payments: ['ch_1'] })
    const rows = [
      row('txn_1', '2026-10-02', 50n, { refund: 're_1', payments: ['ch_1'] }),
      reversal('rev_1', '2026-10-09', -50n, { refund: 're_1' }),
      row('txn_2', '2026-10-04', 50n, { refund: 're_2', payments: ['ch_1'] }),
    ]
    expect(outcome([A], rows)).toEqual(['payment_reference: A = txn_1 rev_1', 'row: txn_2'])
  })

  it('goes over payment ids first: an order id that is closer has to wait', () => {
    const A = leg('A', '2026-10-02', 50n, { payments: ['ch_1'], references: ['order-1'] })
    const rows = [
      row('txn_1', '2026-10-02', 50n, { references: ['order-1'] }),
      row('txn_2', '2026-10-30', 50n, { payments: ['ch_1'] }),
    ]
    expect(outcome([A], rows)).toEqual(['payment_reference: A = txn_2', 'row: txn_1'])
  })

  it('counts a row the usual lag earlier', () => {
    const legs = [leg('A', '2026-10-01', 50n, { payments: ['ch_1'] })]
    const rows = [
      row('txn_1', '2026-10-01', 50n, { payments: ['ch_1'] }),
      row('txn_2', '2026-10-03', 50n, { payments: ['ch_1'] }),
    ]
    expect(outcome(legs, rows, withRules({ usual_lag_days: 2 }))).toEqual([
      'payment_reference: A = txn_2',
      'row: txn_1',
    ])
  })

  it('does not join a leg that names re_1 with a row of re_2', () => {
    const A = leg('A', '2026-10-01', 50n, { ids: ['re_1'], payments: ['ch_1'] })
    expect(outcome([A], [row('txn_1', '2026-10-01', 50n, { refund: 're_2', payments: ['ch_1'] })])).toEqual([
      'leg: A',
      'row: txn_1',
    ])
    // an id of another shape says nothing, nor does a row without a refund id
    const B = leg('B', '2026-10-01', 50n, { ids: ['order-7'], payments: ['ch_1'] })
    expect(outcome([B], [row('txn_1', '2026-10-01', 50n, { refund: 're_2', payments: ['ch_1'] })])).toEqual([
      'payment_reference: B = txn_1',
    ])
    expect(outcome([A], [row('txn_1', '2026-10-01', 50n, { payments: ['ch_1'] })])).toEqual([
      'payment_reference: A = txn_1',
    ])
  })

  it('stays within one processor, direction and the currency of the business', () => {
    const A = leg('A', '2026-10-01', 50n, { payments: ['ch_1'] })
    const rows = [
      row('txn_1', '2026-10-01', 50n, { payments: ['ch_1'], currency: 'EUR' }),
      row('txn_2', '2026-10-01', 50n, { payments: ['ch_1'], processor: 'PAYPAL' }),
      row('txn_3', '2026-10-01', 50n, { payments: ['ch_1'], type: 'vendor_refund' }),
    ]
    expect(outcome([A], rows)).toEqual(['leg: A', 'row: txn_1', 'row: txn_2', 'row: txn_3'])
  })
})

describe('pass 3, payment_group', () => {
  it('matches two legs of 30.00 and 20.00 with one row of 50.00 of the same payment', () => {
    const legs = [
      leg('A', '2026-10-01', 3000n, { payments: ['ch_1'] }),
      leg('B', '2026-11-01', 2000n, { payments: ['ch_1'] }),
    ]
    expect(outcome(legs, [row('txn_1', '2026-10-05', 5000n, { payments: ['ch_1'] })])).toEqual([
      'payment_group: A B = txn_1',
    ])
  })

  it('judges payment ids before orders, each kind ascending', () => {
    const legs = [
      leg('A', '2026-10-01', 30n, { payments: ['ch_1'], references: ['a-order'] }),
      leg('B', '2026-10-01', 20n, { payments: ['ch_1'], references: ['a-order'] }),
      leg('C', '2026-10-01', 10n, { references: ['a-order'] }),
    ]
    const rows = [
      row('txn_1', '2026-10-01', 50n, { payments: ['ch_1'], references: ['a-order'] }),
      row('txn_2', '2026-10-01', 10n + 0n, { references: ['b-order'] }),
    ]
    expect(outcome(legs, rows)).toEqual(['payment_group: A B = txn_1', 'amount_and_date: C = txn_2'])
  })

  it('sets aside what is vetoed against the whole other side, then compares the sums', () => {
    const legs = [
      leg('A', '2026-10-01', 30n, { payments: ['ch_1'] }),
      leg('B', '2026-10-01', 20n, { payments: ['ch_1'] }),
      leg('C', '2026-10-01', 7n, { ids: ['re_9'], payments: ['ch_1'] }),
    ]
    const rows = [row('txn_1', '2026-10-01', 50n, { refund: 're_1', payments: ['ch_1'] })]
    expect(outcome(legs, rows)).toEqual(['payment_group: A B = txn_1', 'leg: C'])
  })

  it('leaves a group alone in which one pair is vetoed', () => {
    const legs = [
      leg('A', '2026-10-01', 30n, { payments: ['ch_1'] }),
      leg('B', '2026-10-01', 20n, { ids: ['re_9'], payments: ['ch_1'] }),
    ]
    const rows = [
      row('txn_1', '2026-10-01', 45n, { refund: 're_1', payments: ['ch_1'] }),
      row('txn_2', '2026-10-01', 5n, { payments: ['ch_1'] }),
    ]
    expect(outcome(legs, rows)).toEqual(['leg: A', 'leg: B', 'row: txn_1', 'row: txn_2'])
  })

  it('matches one leg with a whole payout where the processor has match_payouts', () => {
    const legs = [leg('A', '2026-10-09', 80n, { ids: ['po_1'] }), leg('B', '2026-10-10', 80n, { references: ['po_1'] })]
    const rows = [
      row('txn_1', '2026-10-01', 50n, { payout: 'po_1' }),
      row('txn_2', '2026-10-02', 30n, { payout: 'po_1' }),
      row('txn_3', '2026-10-02', 30n, { payout: 'po_1', account: 'second' }),
    ]
    expect(outcome(legs, rows, withRules({ match_payouts: true }))).toEqual([
      'payment_group: A = txn_1 txn_2',
      'leg: B',
      'row: txn_3',
    ])
    expect(outcome(legs, rows)).toContain('leg: A')
  })
})

describe('pass 4, payment_reference_only', () => {
  it('matches 45.00 with 40.00 when only these share the payment', () => {
    const A = leg('A', '2026-10-01', 4500n, { payments: ['ch_1'] })
    expect(outcome([A], [row('txn_1', '2026-11-01', 4000n, { payments: ['ch_1'] })])).toEqual([
      'payment_reference_only: A = txn_1',
    ])
  })

  it('leaves two legs and one row alone', () => {
    const legs = [
      leg('A', '2026-10-01', 45n, { payments: ['ch_1'] }),
      leg('B', '2026-10-02', 46n, { payments: ['ch_1'] }),
    ]
    expect(outcome(legs, [row('txn_1', '2026-10-01', 40n, { payments: ['ch_1'] })])).toEqual([
      'leg: A',
      'leg: B',
      'row: txn_1',
    ])
  })

  it('counts what is left once vetoed items are set aside', () => {
    const legs = [
      leg('A', '2026-10-01', 45n, { payments: ['ch_1'] }),
      leg('B', '2026-10-02', 46n, { ids: ['re_9'], payments: ['ch_1'] }),
    ]
    const rows = [row('txn_1', '2026-10-01', 40n, { refund: 're_1', payments: ['ch_1'] })]
    expect(outcome(legs, rows)).toEqual(['payment_reference_only: A = txn_1', 'leg: B'])
  })
})
