/** The plain readings, held against examples written by hand from the contract, and against what holds in any world. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  matchPlainly,
  type PlainLeg,
  type PlainProcessor,
  type PlainResult,
  type PlainRow,
  type PlainWorld,
  describe as textsOf,
} from '../support/plain-matching.ts'
import {
  fullNight,
  GAINED_LEG,
  GAINED_REVERSAL,
  GAINED_ROW,
  ITEM_CHANGED,
  ITEM_LEFT,
  LEG_NAMES_ITS_ROW,
  LEG_SHARES_KEY_WITH_CANCELLED,
  nextNight,
  PERSON_SAYS_SO,
  type PlainNight,
  REASONS,
  ROW_NAMED_BY_ITS_LEG,
} from '../support/plain-nights.ts'
import { smallHistory, smallWorld } from '../support/random-worlds.ts'

// ---------------------------------------------------------------------------------------------------------------------
// Worlds by hand: what an example does not say is like this
// ---------------------------------------------------------------------------------------------------------------------

const STRIPE: PlainProcessor = {
  window: 3,
  lag: 0,
  match_payouts: false,
  refund_id_shapes: [/^(re|pyr)_[A-Za-z0-9]+$/],
  payment_id_shapes: [/^(ch|py)_[A-Za-z0-9]+$/, /^pi_[A-Za-z0-9]+$/],
}
const BILLPAY: PlainProcessor = { ...STRIPE, refund_id_shapes: [/^RF[0-9]+$/], payment_id_shapes: [] }

/** `date`: a day of October 2026. Each leg is a refund of its own unless it says which. */
function leg(
  id: string,
  date: number | string,
  amount: number,
  rest: Partial<Omit<PlainLeg, 'id' | 'date' | 'amount'>> = {},
): PlainLeg {
  return {
    id,
    refund: `refund of ${id}`,
    direction: 'customer',
    processor: 'STRIPE',
    date: dayOf(date),
    amount,
    refund_fee: 0,
    returned_fee: 0,
    identity: [],
    references: rest.payment_keys ?? [],
    payment_keys: [],
    ...rest,
  }
}

function row(
  id: string,
  date: number | string,
  amount: number,
  rest: Partial<Omit<PlainRow, 'id' | 'date' | 'amount'>> = {},
): PlainRow {
  return {
    id,
    account: '',
    type: amount < 0 ? 'refund_reversal' : 'refund',
    processor: 'STRIPE',
    date: dayOf(date),
    amount,
    refund_fee: amount === 0 ? 30 : 0,
    returned_fee: 0,
    currency: 'USD',
    refund_id: null,
    payment_ids: [],
    references: [],
    payout_id: null,
    ...rest,
  }
}

const dayOf = (date: number | string): string =>
  typeof date === 'string' ? date : `2026-10-${String(date).padStart(2, '0')}`

function world(legs: PlainLeg[], rows: PlainRow[], rest: Partial<PlainWorld> = {}): PlainWorld {
  return {
    currency: 'USD',
    starts_on: null,
    processors: new Map([
      ['STRIPE', STRIPE],
      ['BILLPAY', BILLPAY],
    ]),
    legs,
    rows,
    others: [],
    rulings: { match: [], unmatch: [] },
    ...rest,
  }
}

const stripeWith = (settings: Partial<PlainProcessor>): Partial<PlainWorld> => ({
  processors: new Map([['STRIPE', { ...STRIPE, ...settings }]]),
})

const matched = (legs: PlainLeg[], rows: PlainRow[], rest: Partial<PlainWorld> = {}): string[] =>
  textsOf(matchPlainly(world(legs, rows, rest)))

// ---------------------------------------------------------------------------------------------------------------------
// One night
// ---------------------------------------------------------------------------------------------------------------------

describe('pass 0, manual', () => {
  it('makes one match of what a person matched, whatever the rules say', () => {
    const legs = [leg('l1', 1, 1000, { identity: ['re_1'] }), leg('l2', 2, 500)]
    const rows = [row('t1', 1, 1000, { refund_id: 're_1' }), row('t2', 9, 700, { currency: 'CAD' })]
    const rulings = { match: [{ legs: ['l1'], rows: ['t2'] }], unmatch: [] }
    expect(matched(legs, rows, { rulings })).toEqual(['manual: l1 | t2'])
  })

  it('takes the reversal of its row and the fee-only row of its refund along', () => {
    const rows = [
      row('t1', 1, 1000, { refund_id: 're_1' }),
      row('t2', 3, 0, { refund_id: 're_1' }),
      row('t3', 5, -1000, { refund_id: 're_1' }),
    ]
    const rulings = { match: [{ legs: ['l1'], rows: ['t1'] }], unmatch: [] }
    expect(matched([leg('l1', 1, 1000)], rows, { rulings })).toEqual(['manual: l1 | t1 t2 t3'])
  })

  it('holds what is left of it while one of its items is not stored, and nothing without one of its sides', () => {
    const rulings = { match: [{ legs: ['l1', 'gone'], rows: ['t1'] }], unmatch: [] }
    expect(matched([leg('l1', 1, 1000)], [row('t1', 9, 1500)], { rulings })).toEqual(['manual: l1 | t1'])
    expect(matched([], [row('t1', 9, 1500)], { rulings })).toEqual([])
  })

  it('makes another leg that names its row a duplicate', () => {
    const legs = [leg('l1', 1, 1000), leg('l2', 2, 1000, { identity: ['re_1'] })]
    const rulings = { match: [{ legs: ['l1'], rows: ['t1'] }], unmatch: [] }
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })], { rulings })).toEqual([
      'duplicate: l2',
      'manual: l1 | t1',
    ])
  })
})

describe('a pair that a person forbade', () => {
  const rulings = { match: [], unmatch: [{ leg: 'l1', row: 't1' }] }

  it('is not matched by its refund_id', () => {
    const legs = [leg('l1', 1, 1000, { identity: ['re_1'] })]
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })], { rulings })).toEqual([])
  })

  it('leaves the row to the other leg that names it, whose duplicate the first one then is', () => {
    const legs = [leg('l1', 1, 1000, { identity: ['re_1'] }), leg('l2', 2, 1000, { identity: ['re_1'] })]
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })], { rulings })).toEqual([
      'duplicate: l1',
      'refund_id: l2 | t1',
    ])
  })

  it('is not matched by any other pass', () => {
    expect(matched([leg('l1', 1, 1000)], [row('t1', 1, 1000)], { rulings })).toEqual([])
    expect(matched([leg('l1', 1, 1000)], [row('t2', 1, 1000)], { rulings })).toEqual(['amount_and_date: l1 | t2'])
  })
})

describe('pass 1, refund_id', () => {
  it('takes all rows of a refund_id, of any amount, currency, date and account', () => {
    const rows = [
      row('t1', 1, 600, { refund_id: 're_1' }),
      row('t2', 20, 300, { refund_id: 're_1', currency: 'CAD', account: 'second' }),
    ]
    expect(matched([leg('l1', 1, 1000, { identity: ['re_1'] })], rows)).toEqual(['refund_id: l1 | second/t2 t1'])
  })

  it('takes one row alone by its transaction_id, the first in order of two accounts', () => {
    const legs = [leg('l1', 1, 1000, { identity: ['t1'] })]
    const rows = [
      row('t1', 2, 1000, { refund_id: 're_1' }),
      row('t1', 1, 900, { account: 'second' }),
      row('t2', 9, 50, { refund_id: 're_1' }),
    ]
    expect(matched(legs, rows)).toEqual(['refund_id: l1 | second/t1'])
  })

  it('asks key by key, each against refund_id first and transaction_id then', () => {
    const legs = [leg('l1', 1, 1000, { identity: ['x1', 'x2'] })]
    const byId = row('x1', 1, 1000)
    const byRefund = row('t1', 1, 1000, { refund_id: 'x1' })
    const bySecondKey = row('t2', 1, 1000, { refund_id: 'x2' })
    const of = (...rows: PlainRow[]) => matched(legs, rows)[0]
    expect(of(byId, byRefund, bySecondKey)).toBe('refund_id: l1 | t1')
    expect(of(byId, bySecondKey)).toBe('refund_id: l1 | x1')
    expect(of(bySecondKey)).toBe('refund_id: l1 | t2')
  })

  it('goes leg by leg in order, and calls the second leg a duplicate', () => {
    const legs = [leg('l2', 1, 1000, { identity: ['re_1'] }), leg('l1', 2, 1000, { identity: ['re_1'] })]
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })])).toEqual(['duplicate: l1', 'refund_id: l2 | t1'])
  })

  it('matches one refund on two invoices with its one row', () => {
    const shared = { refund: 'r1', identity: ['re_1'] }
    const legs = [leg('l1', 1, 600, shared), leg('l2', 1, 400, shared)]
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })])).toEqual(['refund_id: l1 l2 | t1'])
  })

  it('does not join another refund, nor a leg of its refund with another key', () => {
    const legs = [
      leg('l1', 1, 600, { refund: 'r1', identity: ['re_1'] }),
      leg('l2', 1, 400, { refund: 'r1', identity: ['re_2'] }),
      leg('l3', 1, 400, { refund: 'r2', identity: ['re_1'] }),
    ]
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })])).toEqual(['duplicate: l3', 'refund_id: l1 | t1'])
  })

  it('joins an UNASSIGNED leg of the refund in the first round, one of another processor after its own is asked', () => {
    const shared = { refund: 'r1', identity: ['re_1'] }
    const legs = [
      leg('l1', 1, 500, shared),
      leg('l2', 1, 300, { ...shared, processor: 'UNASSIGNED' }),
      leg('l3', 1, 200, { ...shared, processor: 'BILLPAY' }),
    ]
    const rows = [row('t1', 1, 1000, { refund_id: 're_1' })]
    expect(matched(legs, rows)).toEqual(['refund_id: l1 l2 l3 | t1'])
    const atBillpay = row('b1', 1, 200, { refund_id: 're_1', processor: 'BILLPAY' })
    expect(matched(legs, [...rows, atBillpay])).toEqual(['refund_id: l1 l2 | t1', 'refund_id: l3 | b1'])
    // The UNASSIGNED leg has joined before it could look at Billpay.
    expect(matched(legs.slice(0, 2), [...rows, atBillpay])).toEqual(['refund_id: l1 l2 | t1'])
  })

  it('joins all that are left of the refund in the second round', () => {
    const shared = { refund: 'r1', identity: ['re_1'] }
    const legs = [
      leg('l1', 1, 500, { ...shared, processor: 'SQUARE' }),
      leg('l2', 1, 300, { ...shared, processor: 'UNASSIGNED' }),
      leg('l3', 1, 200, { ...shared, processor: 'BILLPAY' }),
    ]
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })])).toEqual(['refund_id: l1 l2 l3 | t1'])
  })

  it('looks at its own processor first, then elsewhere by key, field and name of the processor', () => {
    const unassigned = leg('l1', 1, 1000, { processor: 'UNASSIGNED', identity: ['x1', 'x2'] })
    const atStripe = row('x1', 1, 1000)
    const atBillpay = row('b1', 1, 1000, { processor: 'BILLPAY', refund_id: 'x2' })
    expect(matched([unassigned], [atStripe, atBillpay])).toEqual(['refund_id: l1 | x1'])
    const both = [row('t1', 1, 1000, { refund_id: 'x1' }), { ...atBillpay, refund_id: 'x1' }]
    expect(matched([unassigned], both)).toEqual(['refund_id: l1 | b1'])
    expect(matched([{ ...unassigned, processor: 'STRIPE' }], both)).toEqual(['refund_id: l1 | t1'])
  })

  it('lets all legs look at home before any looks elsewhere', () => {
    const legs = [
      leg('l1', 1, 1000, { identity: ['re_1'], processor: 'UNASSIGNED' }),
      leg('l2', 5, 1000, { identity: ['re_1'] }),
    ]
    expect(matched(legs, [row('t1', 5, 1000, { refund_id: 're_1' })])).toEqual(['duplicate: l1', 'refund_id: l2 | t1'])
  })

  it('calls a leg a duplicate by the rows of its own processor only, where that has files here', () => {
    const first = leg('l1', 1, 1000, { identity: ['re_1'] })
    const rows = [row('t1', 1, 1000, { refund_id: 're_1' })]
    const second = (processor: string) => leg('l2', 2, 1000, { identity: ['re_1'], processor })
    expect(matched([first, second('BILLPAY')], rows)).toEqual(['refund_id: l1 | t1'])
    expect(matched([first, second('SQUARE')], rows)).toEqual(['duplicate: l2', 'refund_id: l1 | t1'])
  })

  it('keeps the directions apart', () => {
    const legs = [leg('l1', 1, 1000, { identity: ['re_1'], direction: 'vendor' })]
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1' })])).toEqual([])
    expect(matched(legs, [row('t1', 1, 1000, { refund_id: 're_1', type: 'vendor_refund' })])).toEqual([
      'refund_id: l1 | t1',
    ])
  })
})

describe('a fee-only row', () => {
  it('follows its refund into a match of a later pass, and does not take part itself', () => {
    const rows = [
      row('t1', 2, 1000, { refund_id: 're_1', payment_ids: ['ch_1'] }),
      row('t2', 9, 0, { refund_id: 're_1', payment_ids: ['ch_1'] }),
    ]
    expect(matched([leg('l1', 1, 1000, { payment_keys: ['ch_1'] })], rows)).toEqual(['payment_reference: l1 | t1 t2'])
    expect(matched([leg('l1', 1, 1000)], rows)).toEqual(['amount_and_date: l1 | t1 t2'])
  })

  it('follows the first row of an amount in order, into pass 1 too', () => {
    const legs = [leg('l1', 1, 1000, { identity: ['t1'] }), leg('l2', 2, 400)]
    const rows = [
      row('t1', 1, 1000, { refund_id: 're_1' }),
      row('t2', 2, 400, { refund_id: 're_1' }),
      row('t3', 2, 0, { refund_id: 're_1' }),
    ]
    expect(matched(legs, rows)).toEqual(['amount_and_date: l2 | t2', 'refund_id: l1 | t1 t3'])
  })

  it('may be named in pass 1 by its own id, and is a row like others where its refund has no amount', () => {
    const fee = row('t2', 2, 0, { refund_id: 're_1', payment_ids: ['ch_1'] })
    const rows = [row('t1', 1, 1000, { refund_id: 're_1' }), fee]
    expect(matched([leg('l1', 1, 10, { identity: ['t2'] })], rows)).toEqual(['refund_id: l1 | t2'])
    expect(matched([leg('l1', 1, 10, { payment_keys: ['ch_1'] })], [fee])).toEqual(['payment_reference_only: l1 | t2'])
  })
})

describe('reversals', () => {
  it('belong to the row of the opposite amount, else to the first with an amount, whatever date and currency', () => {
    const rows = [
      row('t0', 1, 0, { refund_id: 're_1' }),
      row('t1', 2, 1000, { refund_id: 're_1' }),
      row('t2', 3, 400, { refund_id: 're_1' }),
    ]
    const legs = [leg('l1', 2, 1000, { identity: ['t1'] }), leg('l2', 3, 400, { identity: ['t2'] })]
    const opposite = row('v1', 1, -400, { refund_id: 're_1', currency: 'CAD' })
    expect(matched(legs, [...rows, opposite])).toEqual(['refund_id: l1 | t0 t1', 'refund_id: l2 | t2 v1'])
    const partial = row('v1', 9, -50, { refund_id: 're_1' })
    expect(matched(legs, [...rows, partial])).toEqual(['refund_id: l1 | t0 t1 v1', 'refund_id: l2 | t2'])
    // The fee-only row is passed over, where it went elsewhere too.
    const feeFirst = [leg('l0', 1, 10, { identity: ['t0'] }), ...legs]
    expect(matched(feeFirst, [...rows, partial])).toEqual([
      'refund_id: l0 | t0',
      'refund_id: l1 | t1 v1',
      'refund_id: l2 | t2',
    ])
  })

  it('without a refund_id need a payment in common, the opposite amount, the currency and no earlier date', () => {
    const refund = row('t1', 2, 1000, { refund_id: 're_1', payment_ids: ['ch_1'] })
    const legs = [leg('l1', 2, 1000, { identity: ['re_1'] })]
    const reversal = row('v1', 2, -1000, { payment_ids: ['ch_1'] })
    expect(matched(legs, [refund, reversal])).toEqual(['refund_id: l1 | t1 v1'])
    for (const other of [
      { ...reversal, date: '2026-10-01' },
      { ...reversal, amount: -500 },
      { ...reversal, currency: 'CAD' },
      { ...reversal, payment_ids: ['ch_2'] },
      { ...reversal, processor: 'BILLPAY' },
    ]) {
      expect(matched(legs, [refund, other])).toEqual(['refund_id: l1 | t1'])
    }
  })

  it('go to rows not yet reversed, those with a refund_id first', () => {
    const rows = [
      row('t1', 1, 1000, { refund_id: 're_1', payment_ids: ['ch_1'] }),
      row('t2', 2, 1000, { refund_id: 're_2', payment_ids: ['ch_1'] }),
      row('v1', 3, -1000, { payment_ids: ['ch_1'] }),
      row('v2', 4, -1000, { refund_id: 're_1' }),
    ]
    expect(matched([], rows)).toEqual(['cancelled: - | t1 v2', 'cancelled: - | t2 v1'])
  })
})

describe('pass 2, payment_reference', () => {
  it('takes the closest pairs first, not the first leg', () => {
    const legs = [leg('l1', 1, 1000, { payment_keys: ['ch_1'] }), leg('l2', 9, 1000, { payment_keys: ['ch_1'] })]
    const rows = [row('t1', 8, 1000, { payment_ids: ['ch_1'] }), row('t2', 20, 1000, { payment_ids: ['ch_1'] })]
    expect(matched(legs, rows)).toEqual(['payment_reference: l1 | t2', 'payment_reference: l2 | t1'])
  })

  it('counts the date of a row earlier by the usual lag', () => {
    const legs = [leg('l1', 3, 1000, { payment_keys: ['ch_1'] })]
    const rows = [row('t1', 3, 1000, { payment_ids: ['ch_1'] }), row('t2', 5, 1000, { payment_ids: ['ch_1'] })]
    expect(matched(legs, rows)).toEqual(['payment_reference: l1 | t1'])
    expect(matched(legs, rows, stripeWith({ lag: 2 }))).toEqual(['payment_reference: l1 | t2'])
  })

  it('of a refund that failed and was made again takes the one that held, but only on a tie', () => {
    const legs = [leg('l1', 3, 1000, { payment_keys: ['ch_1'] })]
    const failed = row('t1', 3, 1000, { refund_id: 're_1', payment_ids: ['ch_1'] })
    const reversal = row('v1', 4, -1000, { refund_id: 're_1' })
    const again = (date: number) => row('t2', date, 1000, { refund_id: 're_2', payment_ids: ['ch_1'] })
    expect(matched(legs, [failed, reversal, again(3)])).toEqual(['cancelled: - | t1 v1', 'payment_reference: l1 | t2'])
    expect(matched(legs, [failed, reversal, again(4)])).toEqual(['payment_reference: l1 | t1 v1'])
  })

  it('takes the first leg and then the first row of equal distance, by the dates as they stand', () => {
    const legs = [leg('l2', 2, 1000, { payment_keys: ['ch_1'] }), leg('l1', 4, 1000, { payment_keys: ['ch_1'] })]
    expect(matched(legs, [row('t1', 3, 1000, { payment_ids: ['ch_1'] })])).toEqual(['payment_reference: l2 | t1'])
    const rows = [row('t1', 4, 1000, { payment_ids: ['ch_1'] }), row('t2', 2, 1000, { payment_ids: ['ch_1'] })]
    expect(matched([leg('l1', 3, 1000, { payment_keys: ['ch_1'] })], rows)).toEqual(['payment_reference: l1 | t2'])
  })

  it("goes over the rows' payment_ids once before it looks at other references", () => {
    const legs = [leg('l1', 1, 1000, { references: ['order-1', 'ch_1'] })]
    const rows = [row('t1', 1, 1000, { references: ['order-1'] }), row('t2', 9, 1000, { payment_ids: ['ch_1'] })]
    expect(matched(legs, rows)).toEqual(['payment_reference: l1 | t2'])
  })

  it('does not join what disagrees in identity, another amount, currency or processor', () => {
    const one = leg('l1', 1, 1000, { payment_keys: ['ch_1'], identity: ['re_1'] })
    const paid = row('t1', 1, 1000, { payment_ids: ['ch_1'] })
    expect(matched([one], [paid])).toEqual(['payment_reference: l1 | t1'])
    expect(matched([one], [{ ...paid, refund_id: 're_2' }])).toEqual([])
    expect(matched([{ ...one, identity: ['INV-7'] }], [{ ...paid, refund_id: 're_2' }])).toEqual([
      'payment_reference: l1 | t1',
    ])
    expect(matched([one], [{ ...paid, currency: 'CAD' }])).toEqual([])
    expect(matched([one], [{ ...paid, processor: 'BILLPAY' }])).toEqual([])
    expect(matched([one], [{ ...paid, amount: 900 }])).toEqual(['payment_reference_only: l1 | t1'])
  })

  it('takes a pair whose payments disagree in one key: only pass 5 asks that', () => {
    const legs = [leg('l1', 1, 1000, { references: ['ch_1', 'order-1'], payment_keys: ['ch_1'] })]
    const rows = [row('t1', 1, 1000, { payment_ids: ['ch_2'], references: ['order-1'] })]
    expect(matched(legs, rows)).toEqual(['payment_reference: l1 | t1'])
  })
})

describe('pass 3, payment_group', () => {
  it('takes all that is left with a key where the sums agree, whatever the dates', () => {
    const legs = [leg('l1', 1, 600, { payment_keys: ['ch_1'] }), leg('l2', 2, 400, { payment_keys: ['ch_1'] })]
    const rows = [row('t1', 28, 1000, { payment_ids: ['ch_1'] })]
    expect(matched(legs, rows)).toEqual(['payment_group: l1 l2 | t1'])
    expect(matched([...legs, leg('l3', 1, 1, { payment_keys: ['ch_1'] })], rows)).toEqual([])
  })

  it('asks payments first, then other keys, each ascending', () => {
    const legs = [leg('l1', 1, 1000, { references: ['a-order', 'ch_1'] })]
    const byOrder = [row('t1', 1, 300, { references: ['a-order'] }), row('t2', 1, 700, { references: ['a-order'] })]
    const byPayment = [row('t3', 1, 400, { payment_ids: ['ch_1'] }), row('t4', 1, 600, { payment_ids: ['ch_1'] })]
    expect(matched(legs, [...byOrder, ...byPayment])).toEqual(['payment_group: l1 | t3 t4'])
  })

  it('sets aside what is vetoed against everything on the other side, repeatedly', () => {
    const legs = [
      leg('l1', 1, 1000, { payment_keys: ['ch_1'] }),
      leg('l2', 1, 50, { payment_keys: ['ch_1'], identity: ['re_9'] }),
    ]
    const rows = [
      row('t1', 1, 400, { payment_ids: ['ch_1'], refund_id: 're_1' }),
      row('t2', 1, 600, { payment_ids: ['ch_1'], refund_id: 're_2' }),
    ]
    expect(matched(legs, rows)).toEqual(['payment_group: l1 | t1 t2'])
  })

  it('is not made where a vetoed pair is left among them', () => {
    const legs = [
      leg('l1', 1, 600, { payment_keys: ['ch_1'], identity: ['re_1'] }),
      leg('l2', 1, 400, { payment_keys: ['ch_1'] }),
    ]
    const rows = [
      row('t1', 1, 300, { payment_ids: ['ch_1'] }),
      row('t2', 1, 700, { payment_ids: ['ch_1'], refund_id: 're_2' }),
    ]
    expect(matched(legs, rows)).toEqual([])
  })

  it('matches a payout with the first leg that names it, only where that is asked for', () => {
    const legs = [
      leg('l1', 5, 900, { references: ['po_1'] }),
      leg('l2', 6, 1000, { identity: ['po_1'] }),
      leg('l3', 7, 1000, { references: ['po_1'] }),
    ]
    const rows = [
      row('t1', 1, 400, { payout_id: 'po_1' }),
      row('t2', 2, 600, { payout_id: 'po_1', refund_id: 're_1' }),
      row('t3', 2, 0, { payout_id: 'po_1', refund_id: 're_1' }),
      row('t4', 2, 50, { payout_id: 'po_1', account: 'second' }),
      row('t5', 2, 70, { payout_id: 'po_1', currency: 'CAD' }),
    ]
    expect(matched(legs, rows, stripeWith({ match_payouts: true }))).toEqual(['payment_group: l2 | t1 t2 t3'])
    expect(matched(legs, rows)).toEqual([])
  })

  it('does not match a payout with a leg that is vetoed against one of its rows', () => {
    const legs = [leg('l1', 5, 1000, { references: ['po_1'], identity: ['re_9'] })]
    const rows = [row('t1', 1, 400, { payout_id: 'po_1' }), row('t2', 2, 600, { payout_id: 'po_1', refund_id: 're_1' })]
    expect(matched(legs, rows, stripeWith({ match_payouts: true }))).toEqual([])
  })
})

describe('pass 4, payment_reference_only', () => {
  it('takes the one leg and the one row that are left with a key and differ in amount', () => {
    const legs = [leg('l1', 1, 1000, { payment_keys: ['ch_1'] })]
    expect(matched(legs, [row('t1', 25, 990, { payment_ids: ['ch_1'] })])).toEqual(['payment_reference_only: l1 | t1'])
    expect(
      matched(legs, [row('t1', 25, 990, { payment_ids: ['ch_1'] }), row('t2', 25, 20, { payment_ids: ['ch_1'] })]),
    ).toEqual([])
  })

  it('takes a row that its reversal undoes too', () => {
    const rows = [
      row('t1', 1, 990, { payment_ids: ['ch_1'], refund_id: 're_1' }),
      row('v1', 4, -990, { refund_id: 're_1' }),
    ]
    expect(matched([leg('l1', 1, 1000, { payment_keys: ['ch_1'] })], rows)).toEqual([
      'payment_reference_only: l1 | t1 v1',
    ])
  })
})

describe('pass 5, amount_and_date', () => {
  it('matches islands of neighbours within the window', () => {
    const legs = [leg('l1', 1, 1000), leg('l2', 10, 1000)]
    const rows = [row('t1', 4, 1000), row('t2', 7, 1000), row('t3', 14, 1000)]
    // 1, 4, 7, 10 are one island; 14 lies four days from 10
    expect(matched(legs, rows)).toEqual(['amount_and_date: l1 l2 | t1 t2'])
    expect(matched(legs, rows, stripeWith({ window: 2 }))).toEqual([])
  })

  it('counts the date of a row earlier by the usual lag', () => {
    expect(matched([leg('l1', 1, 1000)], [row('t1', 6, 1000)])).toEqual([])
    expect(matched([leg('l1', 1, 1000)], [row('t1', 6, 1000)], stripeWith({ lag: 2 }))).toEqual([
      'amount_and_date: l1 | t1',
    ])
  })

  it('of one price every day leaves only the leg that is too many today', () => {
    const days = [1, 2, 3, 4]
    const legs = days.map((day) => leg(`l${day}`, day, 1000))
    const rows = days.map((day) => row(`t${day}`, day, 1000))
    expect(matched(legs, rows)).toEqual(['amount_and_date: l1 l2 l3 l4 | t1 t2 t3 t4'])
    // The fourth has two legs and one row: nothing says which leg it is, and the other days are settled.
    expect(matched([...legs, leg('l5', 4, 1000)], rows)).toEqual([
      'ambiguous: l4 l5 | t4',
      'amount_and_date: l1 | t1',
      'amount_and_date: l2 | t2',
      'amount_and_date: l3 | t3',
    ])
    // A leg of a day without a row is the one left over.
    expect(matched([...legs, leg('l5', 5, 1000)], rows)).toEqual([
      'amount_and_date: l1 | t1',
      'amount_and_date: l2 | t2',
      'amount_and_date: l3 | t3',
      'amount_and_date: l4 | t4',
    ])
  })

  it('cuts what the dates leave into islands again', () => {
    const legs = [leg('l1', 1, 1000), leg('l2', 3, 1000), leg('l3', 5, 1000)]
    const rows = [row('t1', 2, 1000), row('t2', 3, 1000)]
    // The third is settled by its date; 1, 2 lie together and 5 too far from them.
    expect(matched(legs, rows, stripeWith({ window: 2 }))).toEqual([
      'amount_and_date: l1 | t1',
      'amount_and_date: l2 | t2',
    ])
    // In the same round: the undone row of the first, which the second round adds, comes too late to make it ambiguous.
    const undone = [row('t0', 1, 1000, { refund_id: 're_0' }), row('v0', 20, -1000, { refund_id: 're_0' })]
    expect(matched(legs, [...rows, ...undone], stripeWith({ window: 2 }))).toEqual([
      'amount_and_date: l1 | t1',
      'amount_and_date: l2 | t2',
      'cancelled: - | t0 v0',
    ])
  })

  it('is ambiguous where an island is left with both sides', () => {
    expect(matched([leg('l1', 1, 1000)], [row('t1', 2, 1000), row('t2', 3, 1000)])).toEqual(['ambiguous: l1 | t1 t2'])
  })

  it('lists the reversals of ambiguous rows', () => {
    const rows = [
      row('t1', 2, 1000, { refund_id: 're_1' }),
      row('t2', 3, 1000),
      row('v1', 4, -300, { refund_id: 're_1' }),
    ]
    expect(matched([leg('l1', 1, 1000)], rows)).toEqual(['ambiguous: l1 | t1 t2 v1'])
  })

  it('keeps rows that are undone out of the first round', () => {
    const rows = [
      row('t1', 1, 1000, { refund_id: 're_1' }),
      row('v1', 4, -1000, { refund_id: 're_1' }),
      row('t2', 2, 1000),
    ]
    expect(matched([leg('l1', 1, 1000)], rows)).toEqual(['amount_and_date: l1 | t2', 'cancelled: - | t1 v1'])
  })

  it('matches a leg with an undone row in the second round', () => {
    const rows = [row('t1', 1, 1000, { refund_id: 're_1' }), row('v1', 4, -1000, { refund_id: 're_1' })]
    expect(matched([leg('l1', 1, 1000)], rows)).toEqual(['amount_and_date: l1 | t1 v1'])
  })

  it('looks at dates in the second round only where all rows are undone', () => {
    const undone = (id: string, date: number) => [
      row(id, date, 1000, { refund_id: `re_${id}` }),
      row(`v${id}`, 20, -1000, { refund_id: `re_${id}` }),
    ]
    expect(matched([leg('l1', 1, 1000)], [...undone('a', 1), ...undone('b', 2)])).toEqual([
      'amount_and_date: l1 | a va',
      'cancelled: - | b vb',
    ])
    // With two other rows in the island it is not settled by its date, and the undone row is none of the candidates.
    expect(matched([leg('l1', 1, 1000)], [...undone('a', 1), row('t1', 2, 1000), row('t2', 3, 1000)])).toEqual([
      'ambiguous: l1 | t1 t2',
      'cancelled: - | a va',
    ])
  })

  it('never joins disagreeing identity, and cuts islands again that lose an item', () => {
    const legs = [leg('l1', 1, 1000), leg('l2', 3, 1000, { identity: ['re_1'] }), leg('l3', 5, 1000)]
    const rows = [row('t1', 1, 1000, { refund_id: 're_2' }), row('t2', 5, 1000, { refund_id: 're_3' })]
    expect(matched(legs, rows, stripeWith({ window: 2 }))).toEqual([
      'amount_and_date: l1 | t1',
      'amount_and_date: l3 | t2',
    ])
  })

  it('never joins disagreeing payments', () => {
    const charged = (id: string) => leg('l1', 1, 1000, { payment_keys: [id] })
    const paid = (...payment_ids: string[]) => [row('t1', 1, 1000, { payment_ids })]
    expect(matched([charged('ch_1')], paid('ch_2'))).toEqual([])
    // of different kinds: nothing disagrees
    expect(matched([charged('ch_1')], paid('pi_2'))).toEqual(['amount_and_date: l1 | t1'])
    // they disagree in one kind and agree in none
    expect(matched([charged('ch_1')], paid('pi_2', 'ch_2'))).toEqual([])
  })

  it('counts a payment key of no known shape only where a stored row has it as payment_id', () => {
    const legs = [leg('l1', 1, 1000, { payment_keys: ['PAY-1'] })]
    const rows = [row('t1', 1, 1000, { payment_ids: ['PAY-2'] })]
    expect(matched(legs, rows)).toEqual(['amount_and_date: l1 | t1'])
    const vendorRow = row('t9', 25, 70, { payment_ids: ['PAY-1'], type: 'vendor_refund' })
    expect(matched(legs, [...rows, vendorRow])).toEqual([])
    expect(matched(legs, [...rows, { ...vendorRow, processor: 'BILLPAY' }])).toEqual(['amount_and_date: l1 | t1'])
  })

  it('leaves legs of foreign processors and UNASSIGNED ones alone', () => {
    const legs = [leg('l1', 1, 1000, { processor: 'SQUARE' }), leg('l2', 1, 1000, { processor: 'UNASSIGNED' })]
    expect(matched(legs, [row('t1', 1, 1000)])).toEqual([])
  })
})

describe('cancelled', () => {
  const refund = row('t1', 1, 1000, { refund_id: 're_1' })

  it('matches what is left of a refund that its reversals undo, the fee-only row with it', () => {
    const rows = [
      refund,
      row('t2', 2, 500, { refund_id: 're_1' }),
      row('t3', 2, 0, { refund_id: 're_1' }),
      row('v1', 5, -1500, { refund_id: 're_1' }),
    ]
    expect(matched([], rows)).toEqual(['cancelled: - | t1 t2 t3 v1'])
  })

  it('needs one currency, in any currency, and the whole amount', () => {
    const reversal = row('v1', 5, -1000, { refund_id: 're_1' })
    expect(matched([], [refund, { ...reversal, currency: 'CAD' }])).toEqual([])
    expect(
      matched(
        [],
        [
          { ...refund, currency: 'CAD' },
          { ...reversal, currency: 'CAD' },
        ],
      ),
    ).toEqual(['cancelled: - | t1 v1'])
    expect(matched([], [refund, row('v1', 5, -400, { refund_id: 're_1' })])).toEqual([])
    expect(
      matched([], [refund, row('v1', 5, -400, { refund_id: 're_1' }), row('v2', 6, -600, { refund_id: 're_1' })]),
    ).toEqual(['cancelled: - | t1 v1 v2'])
  })

  it('is not made of a part whose reversal went with another part', () => {
    const rows = [refund, row('t2', 2, 500, { refund_id: 're_1' }), row('v1', 5, -1500, { refund_id: 're_1' })]
    expect(matched([leg('l1', 1, 1000, { identity: ['t1'] })], rows)).toEqual(['refund_id: l1 | t1 v1'])
  })

  it('is not made where the refund lies before the start and the reversal after it', () => {
    const early = { ...refund, date: '2026-09-30' }
    const reversal = row('v1', 1, -1000, { refund_id: 're_1' })
    expect(matched([], [early, reversal], { starts_on: '2026-10-01' })).toEqual([])
    expect(matched([], [early, reversal], { starts_on: '2026-09-01' })).toEqual(['cancelled: - | t1 v1'])
    expect(matched([], [early, { ...reversal, date: '2026-09-30' }], { starts_on: '2026-10-01' })).toEqual([
      'cancelled: - | t1 v1',
    ])
    // With a leg it is a match like any other.
    expect(matched([leg('l1', 1, 1000)], [early, reversal], { starts_on: '2026-10-01' })).toEqual([
      'amount_and_date: l1 | t1 v1',
    ])
  })
})

// ---------------------------------------------------------------------------------------------------------------------
// Two nights
// ---------------------------------------------------------------------------------------------------------------------

/** What the second night undoes, as `reason: legs | rows`, and its result. */
function secondNight(first: PlainWorld, second: PlainWorld): { undone: string[]; result: string[] } {
  const { undone, result } = nextNight(nextNight(null, first), second)
  return {
    undone: undone.map(({ match, reason }) => `${reason}: ${match.legs.join(' ') || '-'} | ${match.rows.join(' ')}`),
    result: textsOf(result),
  }
}

describe('from night to night', () => {
  const one = leg('l1', 1, 1000)
  const paid = row('t1', 1, 1000)
  const named = leg('l1', 1, 1000, { identity: ['re_1'] })
  const withId = row('t1', 1, 1000, { refund_id: 're_1' })

  it('keeps what is matched, though a better pair comes', () => {
    const first = world([one], [row('t1', 3, 1000)])
    const second = world([one, leg('l2', 3, 1000)], first.rows)
    expect(secondNight(first, second)).toEqual({ undone: [], result: ['amount_and_date: l1 | t1'] })
    expect(textsOf(fullNight(second).result)).toEqual(['amount_and_date: l2 | t1'])
  })

  it('undoes a match of which an item changed', () => {
    const first = world([one], [paid])
    for (const changed of [
      world([{ ...one, amount: 900 }], [paid]),
      world([{ ...one, date: '2026-10-09' }], [paid]),
      world([{ ...one, processor: 'BILLPAY' }], [paid]),
      world([{ ...one, identity: ['re_9'] }], [{ ...paid, refund_id: 're_1' }]),
      world([one], [{ ...paid, amount: 900 }]),
      world([one], [{ ...paid, currency: 'CAD' }]),
    ]) {
      expect(secondNight(first, changed)).toEqual({ undone: [`${ITEM_CHANGED}: l1 | t1`], result: [] })
    }
    const enriched = world([one], [{ ...paid, payment_ids: ['ch_1'], returned_fee: 3 }])
    expect(secondNight(first, enriched)).toEqual({
      undone: [`${ITEM_CHANGED}: l1 | t1`],
      result: ['amount_and_date: l1 | t1'],
    })
  })

  it('keeps a match whose row learns its payout', () => {
    const first = world([one], [paid])
    expect(secondNight(first, world([one], [{ ...paid, payout_id: 'po_1' }])).undone).toEqual([])
  })

  it('undoes a match of which an item left', () => {
    const first = world([named, leg('l2', 2, 1000, { identity: ['re_1'] })], [withId])
    expect(secondNight(first, world(first.legs.slice(1), [withId]))).toEqual({
      undone: [`${ITEM_LEFT}: l1 | t1`],
      result: ['refund_id: l2 | t1'],
    })
    expect(secondNight(first, world(first.legs, []))).toEqual({ undone: [`${ITEM_LEFT}: l1 | t1`], result: [] })
  })

  it('keeps a match when a duplicate of it leaves', () => {
    const first = world([named, leg('l2', 2, 1000, { identity: ['re_1'] })], [withId])
    expect(secondNight(first, world([named], [withId]))).toEqual({ undone: [], result: ['refund_id: l1 | t1'] })
  })

  it('undoes a match that gains a reversal, with a refund_id and without', () => {
    const first = world([named], [{ ...withId, payment_ids: ['ch_1'] }])
    for (const reversal of [
      row('v1', 4, -1000, { refund_id: 're_1' }),
      row('v1', 4, -300, { refund_id: 're_1' }),
      row('v1', 4, -1000, { payment_ids: ['ch_1'] }),
    ]) {
      expect(secondNight(first, world([named], [...first.rows, reversal]))).toEqual({
        undone: [`${GAINED_REVERSAL}: l1 | t1`],
        result: ['refund_id: l1 | t1 v1'],
      })
    }
    const ofNone = row('v1', 4, -300, { payment_ids: ['ch_1'] })
    expect(secondNight(first, world([named], [...first.rows, ofNone])).undone).toEqual([])
  })

  it('leaves a reversal with its refund when an earlier row comes that it might have belonged to', () => {
    const refund = { ...withId, date: '2026-10-05', payment_ids: ['ch_1'] }
    const reversal = row('v1', 8, -1000, { payment_ids: ['ch_1'] })
    const first = world([{ ...named, date: '2026-10-05' }], [refund, reversal])
    const earlier = row('t0', 2, 1000, { refund_id: 're_0', payment_ids: ['ch_1'] })
    const second = world(first.legs, [...first.rows, earlier])
    expect(secondNight(first, second)).toEqual({ undone: [], result: ['refund_id: l1 | t1 v1'] })
    expect(textsOf(fullNight(second).result)).toEqual(['cancelled: - | t0 v1', 'refund_id: l1 | t1'])
  })

  it('looks for the refund of a new reversal among matched rows too', () => {
    const refund = { ...withId, payment_ids: ['ch_1'] }
    const open = row('t2', 2, 1000, { refund_id: 're_2', payment_ids: ['ch_1'] })
    const first = world([named], [refund, open])
    const reversal = row('v1', 8, -1000, { payment_ids: ['ch_1'] })
    expect(secondNight(first, world([named], [refund, open, reversal]))).toEqual({
      undone: [`${GAINED_REVERSAL}: l1 | t1`],
      result: ['refund_id: l1 | t1 v1'],
    })
  })

  it('undoes a match that gains a further row of its refund_id, a fee-only one too', () => {
    const first = world([named], [withId])
    const fee = row('t2', 9, 0, { refund_id: 're_1' })
    expect(secondNight(first, world([named], [withId, fee]))).toEqual({
      undone: [`${GAINED_ROW}: l1 | t1`],
      result: ['refund_id: l1 | t1 t2'],
    })
    const byAmount = world([one], [withId])
    expect(secondNight(byAmount, world([one], [withId, row('t2', 9, 50, { refund_id: 're_1' })]))).toEqual({
      undone: [`${GAINED_ROW}: l1 | t1`],
      result: ['amount_and_date: l1 | t1'],
    })
    const elsewhere = row('b1', 9, 50, { refund_id: 're_1', processor: 'BILLPAY' })
    expect(secondNight(first, world([named], [withId, elsewhere])).undone).toEqual([])
  })

  it('undoes a match when a stored row becomes one of its refund', () => {
    const first = world([named], [withId, row('t2', 9, 50)])
    const second = world([named], [withId, row('t2', 9, 50, { refund_id: 're_1' })])
    expect(secondNight(first, second)).toEqual({
      undone: [`${GAINED_ROW}: l1 | t1`],
      result: ['refund_id: l1 | t1 t2'],
    })
  })

  it('undoes a match that gains a further leg of its refund with its key', () => {
    const first = world([{ ...named, refund: 'r1', amount: 600 }], [withId])
    const further = leg('l2', 5, 400, { refund: 'r1', identity: ['re_1'] })
    expect(secondNight(first, world([...first.legs, further], [withId]))).toEqual({
      undone: [`${GAINED_LEG}: l1 | t1`],
      result: ['refund_id: l1 l2 | t1'],
    })
    const withOtherKey = { ...further, identity: ['re_2'] }
    expect(secondNight(first, world([...first.legs, withOtherKey], [withId])).undone).toEqual([])
  })

  it('calls a new leg of another refund a duplicate, though it is dated earlier', () => {
    const first = world([{ ...named, date: '2026-10-05' }], [withId])
    const earlier = leg('l0', 1, 1000, { identity: ['re_1'] })
    expect(secondNight(first, world([...first.legs, earlier], [withId]))).toEqual({
      undone: [],
      result: ['duplicate: l0', 'refund_id: l1 | t1'],
    })
  })

  it('undoes a match of passes 2 to 5 when a new or changed leg names its row', () => {
    const first = world([one, leg('l2', 20, 70)], [withId])
    for (const legs of [
      [...first.legs, leg('l3', 20, 1000, { identity: ['re_1'] })],
      [one, leg('l2', 20, 70, { identity: ['t1'] })],
    ]) {
      const { undone, result } = secondNight(first, world(legs, [withId]))
      expect(undone).toEqual([`${LEG_NAMES_ITS_ROW}: l1 | t1`])
      expect(result).toEqual([`refund_id: ${legs.at(-1)?.id} | t1`])
    }
    const naming = leg('l3', 20, 1000, { identity: ['re_2'] })
    expect(secondNight(first, world([...first.legs, naming], [withId])).undone).toEqual([])
  })

  it('undoes a match of pass 1 across processors when a leg of the right processor comes', () => {
    const first = world([{ ...named, processor: 'SQUARE' }], [withId])
    const right = leg('l2', 5, 1000, { identity: ['re_1'] })
    expect(secondNight(first, world([...first.legs, right], [withId]))).toEqual({
      undone: [`${LEG_NAMES_ITS_ROW}: l1 | t1`],
      result: ['duplicate: l1', 'refund_id: l2 | t1'],
    })
  })

  it('undoes a match of passes 2 to 5 when its leg names a new row', () => {
    const first = world([named], [paid])
    expect(secondNight(first, world([named], [paid, row('t2', 9, 1000, { refund_id: 're_1' })]))).toEqual({
      undone: [`${ROW_NAMED_BY_ITS_LEG}: l1 | t1`],
      result: ['refund_id: l1 | t2'],
    })
    const byId = world([named], [withId])
    expect(secondNight(byId, world([named], [withId, row('re_1', 9, 1000)])).undone).toEqual([])
  })

  it('undoes a cancelled match when a new leg shares a key with its row, not by amount and date alone', () => {
    const first = world(
      [],
      [row('t1', 1, 1000, { refund_id: 're_1', payment_ids: ['ch_1'] }), row('v1', 4, -1000, { refund_id: 're_1' })],
    )
    expect(secondNight(first, world([leg('l1', 20, 1000, { payment_keys: ['ch_1'] })], first.rows))).toEqual({
      undone: [`${LEG_SHARES_KEY_WITH_CANCELLED}: - | t1 v1`],
      result: ['payment_reference: l1 | t1 v1'],
    })
    expect(secondNight(first, world([leg('l1', 20, 1000, { identity: ['re_1'] })], first.rows))).toEqual({
      undone: [`${LEG_NAMES_ITS_ROW}: - | t1 v1`],
      result: ['refund_id: l1 | t1 v1'],
    })
    expect(secondNight(first, world([one], first.rows))).toEqual({ undone: [], result: ['cancelled: - | t1 v1'] })
  })

  it('undoes a match when a person says so', () => {
    const first = world([named], [withId])
    const unmatch = { match: [], unmatch: [{ leg: 'l1', row: 't1' }] }
    const forbidden = world([named], [withId], { rulings: unmatch })
    expect(secondNight(first, forbidden)).toEqual({ undone: [`${PERSON_SAYS_SO}: l1 | t1`], result: [] })
    // forgotten: it is free to be matched again
    expect(secondNight(forbidden, first)).toEqual({ undone: [], result: ['refund_id: l1 | t1'] })
    const elsewhere = { match: [], unmatch: [{ leg: 'l1', row: 't2' }] }
    expect(secondNight(first, world([named], [withId, row('t2', 9, 1)], { rulings: elsewhere })).undone).toEqual([])
  })

  it('undoes a match of which a person matched an item otherwise, and that match when the ruling is forgotten', () => {
    const legs = [named, leg('l2', 9, 700)]
    const first = world(legs, [withId])
    const ruled = world(legs, [withId], { rulings: { match: [{ legs: ['l2'], rows: ['t1'] }], unmatch: [] } })
    expect(secondNight(first, ruled)).toEqual({
      undone: [`${PERSON_SAYS_SO}: l1 | t1`],
      result: ['duplicate: l1', 'manual: l2 | t1'],
    })
    expect(secondNight(ruled, ruled).undone).toEqual([])
    expect(secondNight(ruled, first)).toEqual({
      undone: [`${PERSON_SAYS_SO}: l2 | t1`],
      result: ['refund_id: l1 | t1'],
    })
  })

  it('makes a manual match again after one of its items changed', () => {
    const rulings = { match: [{ legs: ['l1'], rows: ['t1'] }], unmatch: [] }
    const first = world([one], [paid], { rulings })
    expect(secondNight(first, world([{ ...one, amount: 5 }], [paid], { rulings }))).toEqual({
      undone: [`${ITEM_CHANGED}: l1 | t1`],
      result: ['manual: l1 | t1'],
    })
  })

  it('asks the stored payments of matched rows for the veto', () => {
    const other = [
      leg('l2', 20, 70, { identity: ['re_2'] }),
      row('t2', 20, 70, { refund_id: 're_2', payment_ids: ['PAY-1'] }),
    ] as const
    const first = world([other[0]], [other[1]])
    const second = world(
      [other[0], leg('l1', 1, 1000, { payment_keys: ['PAY-1'] })],
      [other[1], row('t1', 1, 1000, { payment_ids: ['PAY-2'] })],
    )
    expect(secondNight(first, second)).toEqual({ undone: [], result: ['refund_id: l2 | t2'] })
  })
})

// ---------------------------------------------------------------------------------------------------------------------
// What holds in any world
// ---------------------------------------------------------------------------------------------------------------------

/** A leg or row of the result that has two places in it. */
function itemsWithTwoPlaces(result: PlainResult): string[] {
  const legs = [
    ...result.matches.flatMap((match) => match.legs),
    ...result.duplicates,
    ...result.ambiguous.flatMap((group) => group.legs),
  ]
  const rows = [...result.matches.flatMap((match) => match.rows), ...result.ambiguous.flatMap((group) => group.rows)]
  const twice = (ids: string[]): string[] => ids.filter((id, place) => ids.indexOf(id) !== place)
  return [...twice(legs), ...twice(rows)]
}

describe('in any small world', () => {
  it('every item has one place at most', () => {
    fc.assert(
      fc.property(smallWorld, (one) => {
        expect(itemsWithTwoPlaces(matchPlainly(one))).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  it('the order of the lists does not matter', () => {
    const shuffled = smallWorld.chain((one) =>
      fc.record({
        one: fc.constant(one),
        legs: fc.shuffledSubarray(one.legs, { minLength: one.legs.length }),
        rows: fc.shuffledSubarray(one.rows, { minLength: one.rows.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ one, legs, rows }) => {
        expect(textsOf(matchPlainly({ ...one, legs, rows }))).toEqual(textsOf(matchPlainly(one)))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('in any small history', () => {
  const nightsOf = (history: readonly PlainWorld[]): PlainNight[] => {
    const nights: PlainNight[] = []
    for (const stored of history) nights.push(nextNight(nights.at(-1) ?? null, stored))
    return nights
  }

  it('every item has one place at most, and only stored items have one', () => {
    fc.assert(
      fc.property(smallHistory, (history) => {
        for (const { world: stored, result } of nightsOf(history)) {
          expect(itemsWithTwoPlaces(result)).toEqual([])
          const legs = [...result.matches, ...result.ambiguous].flatMap((one) => one.legs)
          expect(legs.filter((id) => !stored.legs.some((one) => one.id === id))).toEqual([])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('a match stays, or is undone for one of the reasons', () => {
    fc.assert(
      fc.property(smallHistory, (history) => {
        const nights = nightsOf(history)
        for (const [place, night] of nights.entries()) {
          for (const match of nights[place - 1]?.result.matches ?? []) {
            const undone = night.undone.find((one) => one.match === match)
            expect(night.result.matches.includes(match)).toBe(undone === undefined)
            if (undone !== undefined) expect(REASONS).toContain(undone.reason)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('a night on which nothing came undoes nothing', () => {
    fc.assert(
      fc.property(smallHistory, (history) => {
        const last = nightsOf(history).at(-1)
        if (last !== undefined) expect(nextNight(last, last.world).undone).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
