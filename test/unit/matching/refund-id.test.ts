import { describe, expect, it } from 'vitest'
import { leg, outcome, reversal, row, SETTINGS } from './world.ts'

describe('pass 1, refund_id', () => {
  it('matches 45.00 in the books with 40.00 at Stripe when both name re_1, whatever the dates', () => {
    const A = leg('A', '2026-10-01', 4500n, { ids: ['re_1'] })
    const R = row('txn_1', '2026-12-24', 4000n, { refund: 're_1', currency: 'EUR' })
    expect(outcome([A], [R])).toEqual(['refund_id: A = txn_1'])
  })

  it('takes all rows of a refund id, but by transaction id one row alone', () => {
    const A = leg('A', '2026-10-01', 1000n, { ids: ['re_1'] })
    const B = leg('B', '2026-10-02', 500n, { ids: ['txn_3'] })
    const rows = [
      row('txn_1', '2026-10-01', 600n, { refund: 're_1' }),
      row('txn_2', '2026-10-03', 400n, { refund: 're_1' }),
      row('txn_3', '2026-10-02', 200n, { refund: 're_2' }),
      row('txn_4', '2026-10-02', 300n, { refund: 're_2' }),
    ]
    expect(outcome([A, B], rows)).toEqual(['refund_id: A = txn_1 txn_2', 'refund_id: B = txn_3', 'row: txn_4'])
  })

  it('asks the refund id before the transaction id, and the first key before the second', () => {
    const A = leg('A', '2026-10-01', 100n, { ids: ['x', 'y'] })
    const rows = [
      row('y', '2026-10-01', 100n),
      row('x', '2026-10-01', 100n),
      row('txn_1', '2026-10-01', 777n, { refund: 'x' }),
    ]
    expect(outcome([A], rows)).toEqual(['refund_id: A = txn_1', 'row: x', 'row: y'])
  })

  it('calls the later of two legs that name one row a duplicate, and leaves it out of later passes', () => {
    const first = leg('A', '2026-10-01', 100n, { ids: ['re_1'] })
    const second = leg('B', '2026-10-02', 100n, { ids: ['re_1'], payments: ['ch_1'] })
    const rows = [
      row('txn_1', '2026-10-01', 100n, { refund: 're_1' }),
      row('txn_2', '2026-10-02', 100n, { payments: ['ch_1'] }),
    ]
    expect(outcome([second, first], rows)).toEqual(['refund_id: A = txn_1', 'duplicate: B', 'row: txn_2'])
  })

  it('goes by leg id within one date, compared by code unit', () => {
    const upper = leg('B', '2026-10-01', 100n, { ids: ['re_1'] })
    const lower = leg('a', '2026-10-01', 100n, { ids: ['re_1'] })
    const R = row('txn_1', '2026-10-01', 100n, { refund: 're_1' })
    expect(outcome([lower, upper], [R])).toEqual(['refund_id: B = txn_1', 'duplicate: a'])
  })

  it('matches a leg elsewhere only when its own processor has nothing, by processor name', () => {
    const A = leg('A', '2026-10-01', 100n, { ids: ['x'], processor: 'BANK' })
    const rows = [
      row('x', '2026-10-01', 100n, { processor: 'STRIPE' }),
      row('x', '2026-10-01', 100n, { processor: 'PAYPAL' }),
    ]
    const matching = outcome([A], rows)
    expect(matching).toEqual(['refund_id: A = x', 'row: x'])
    const own = leg('A', '2026-10-01', 100n, { ids: ['x'] })
    const other = leg('0', '2026-09-01', 100n, { ids: ['x'], processor: 'BANK' })
    expect(outcome([own, other], rows.slice(0, 1))).toEqual(['refund_id: A = x', 'duplicate: 0'])
  })

  it('calls a leg of a processor with files no duplicate for a row of another processor', () => {
    const first = leg('A', '2026-10-01', 100n, { ids: ['x'] })
    const second = leg('B', '2026-10-02', 100n, { ids: ['x'], processor: 'PAYPAL' })
    const unassigned = leg('C', '2026-10-03', 100n, { ids: ['x'], processor: 'UNASSIGNED' })
    expect(outcome([first, second, unassigned], [row('x', '2026-10-01', 100n)])).toEqual([
      'refund_id: A = x',
      'duplicate: C',
      'leg: B',
    ])
  })

  it('lets the legs of one refund with the same key join: first those of its processor and unassigned ones', () => {
    const parts = [
      leg('A', '2026-10-01', 60n, { refund: 'ref-1', ids: ['re_1'] }),
      leg('B', '2026-10-05', 40n, { refund: 'ref-1', ids: ['re_1'], processor: 'UNASSIGNED' }),
      leg('C', '2026-10-06', 10n, { refund: 'ref-1', ids: ['re_1'], processor: 'PAYPAL' }),
      leg('D', '2026-10-06', 10n, { refund: 'ref-2', ids: ['re_1'] }),
    ]
    const R = row('txn_1', '2026-10-01', 110n, { refund: 're_1' })
    // C is left over after both rounds and joins the match of its refund and key
    expect(outcome(parts, [R])).toEqual(['refund_id: A B C = txn_1', 'duplicate: D'])
  })

  it('lets all legs of the refund that are left join a match elsewhere', () => {
    const parts = [
      leg('A', '2026-10-01', 60n, { refund: 'ref-1', ids: ['x'], processor: 'BANK' }),
      leg('B', '2026-10-05', 40n, { refund: 'ref-1', ids: ['x'], processor: 'PAYPAL' }),
    ]
    expect(outcome(parts, [row('x', '2026-10-01', 100n)])).toEqual(['refund_id: A B = x'])
  })

  it('never joins a refund to a customer with one from a vendor', () => {
    const A = leg('A', '2026-10-01', 100n, { ids: ['re_1'], direction: 'vendor' })
    const R = row('txn_1', '2026-10-01', 100n, { refund: 're_1' })
    const V = row('txn_2', '2026-10-01', 100n, { refund: 're_1', type: 'vendor_refund' })
    expect(outcome([A], [R, V])).toEqual(['refund_id: A = txn_2', 'row: txn_1'])
  })

  it('matches no reversal by its own id, but lets it follow its refund', () => {
    const A = leg('A', '2026-10-01', 100n, { ids: ['re_1'] })
    const B = leg('B', '2026-10-02', 100n, { ids: ['rev_1'] })
    const rows = [
      row('txn_1', '2026-10-01', 100n, { refund: 're_1' }),
      reversal('rev_1', '2026-10-20', -100n, { refund: 're_1' }),
    ]
    expect(outcome([A, B], rows)).toEqual(['refund_id: A = txn_1 rev_1', 'leg: B'])
  })

  it('gives a processor without files the row of any, and a leg without one too', () => {
    const A = leg('A', '2026-10-01', 100n, { ids: ['x'], processor: 'UNASSIGNED' })
    expect(outcome([A], [row('x', '2026-10-01', 100n, { processor: 'PAYPAL' })], SETTINGS)).toEqual([
      'refund_id: A = x',
    ])
  })
})

describe('a fee alone', () => {
  it('follows the first row of its refund that has an amount into its match, and matches nothing itself', () => {
    const A = leg('A', '2026-10-02', 100n, { payments: ['ch_1'] })
    const rows = [
      row('fee', '2026-10-01', 0n, { refund: 're_1', payments: ['ch_1'] }),
      row('txn_1', '2026-10-02', 100n, { refund: 're_1', payments: ['ch_1'] }),
    ]
    expect(outcome([A], rows)).toEqual(['payment_reference: A = txn_1 fee'])
  })

  it('is a row like any other in pass 1, and where its refund has no row with an amount', () => {
    const A = leg('A', '2026-10-02', 100n, { ids: ['re_1'] })
    const B = leg('B', '2026-10-02', 0n, { payments: ['ch_9'] })
    const rows = [
      row('fee', '2026-10-01', 0n, { refund: 're_1' }),
      row('txn_1', '2026-10-02', 100n, { refund: 're_1' }),
      row('alone', '2026-10-02', 0n, { refund: 're_2', payments: ['ch_9'] }),
    ]
    expect(outcome([A, B], rows)).toEqual(['refund_id: A = fee txn_1', 'payment_reference: B = alone'])
  })

  it('stays unmatched with its refund', () => {
    const rows = [
      row('fee', '2026-10-03', 0n, { refund: 're_1' }),
      row('txn_1', '2026-10-02', 100n, { refund: 're_1' }),
    ]
    expect(outcome([], rows)).toEqual(['row: txn_1', 'row: fee'])
  })
})
