import { describe, expect, it } from 'vitest'
import { type Candidate, type PassStory, passStories } from '../../../src/command/explain/passes.ts'
import { Recomputed } from '../../../src/command/explain/recomputed.ts'
import { madeText } from '../../../src/command/explain/text.ts'
import { nothingFound, sentenceOf } from '../../../src/command/explain/wording.ts'
import { matchBusiness } from '../../../src/matching/match-business.ts'
import { PairVetoes } from '../../../src/matching/pair-vetoes.ts'
import type { Leg, Pass, Row, Ruling } from '../../../src/matching/types.ts'
import type { Neighbourhood } from '../../../src/reconciliation/neighbourhood.ts'
import type { LoadedRow } from '../../../src/reconciliation/working-set.ts'
import { leg, reversal, row, ruling, SETTINGS, withRules } from '../matching/world.ts'

const loaded = (one: Row): LoadedRow => ({
  ...one,
  direction: one.type === 'vendor_refund' ? 'vendor' : 'customer',
  reversal_of: null,
})

interface Asked {
  about: readonly (Leg | Row)[]
  settings?: typeof SETTINGS
  rulings?: readonly Ruling[]
}

/** What each pass says of some of these legs and rows. */
function stories(legs: readonly Leg[], rows: readonly Row[], { about, settings = SETTINGS, rulings = [] }: Asked) {
  const all = rows.map(loaded)
  const near: Neighbourhood = {
    ...{ legs: [...legs], rows: all, matches: [], rulings: [...rulings] },
    ...{ settings, is_cut: false },
  }
  const recomputed = new Recomputed(matchBusiness(legs, all, { ...settings, trace: true }, rulings), near)
  const numbers = new Set(about.map((item) => ('leg_no' in item ? item.leg_no : item.row_no)))
  const focus = {
    legs: legs.filter(({ leg_no }) => numbers.has(leg_no)),
    rows: all.filter(({ row_no }) => numbers.has(row_no)),
  }
  return new Map(passStories(focus, near, recomputed).map((story) => [story.pass, story]))
}

const said = (story: PassStory | undefined): string[] =>
  story?.candidates.map(({ outcome, why }: Candidate) => `${outcome}: ${why}`) ?? []

describe('each pass in turn', () => {
  it('says of 45.00 with a row of its refund id that pass 1 matched it, and the others were not reached', () => {
    const A = leg('A', '2026-10-01', 4500n, { ids: ['re_1'] })
    const R = row('txn_1', '2026-10-02', 4500n, { refund: 're_1' })
    const told = stories([A], [R], { about: [A] })
    expect(told.get('manual')?.text).toBe('Nobody ruled on it.')
    expect(said(told.get('refund_id'))).toEqual(['matched: The books and the processor both name re_1.'])
    expect(told.get('payment_group')).toMatchObject({
      outcome: 'not_reached',
      text: 'Not reached: pass 1 (refund_id) had settled it.',
      candidates: [],
    })
  })

  it('names both refund ids where they veto 45.00 of one payment', () => {
    const A = leg('A', '2026-10-01', 4500n, { ids: ['re_1'], payments: ['ch_1'] })
    const R = row('txn_1', '2026-10-01', 4500n, { refund: 're_2', payments: ['ch_1'] })
    const told = stories([A], [R], { about: [A] })
    const vetoed = 'vetoed: The leg names refund re_1 and the row is refund re_2.'
    expect(said(told.get('payment_reference'))).toEqual([vetoed])
    expect(said(told.get('payment_group'))).toEqual([vetoed])
    expect(said(told.get('payment_reference_only'))).toEqual([vetoed])
    expect(said(told.get('amount_and_date'))).toEqual([vetoed])
  })

  it('names both payments where they veto 45.00 of one day in pass 5', () => {
    const A = leg('A', '2026-10-01', 4500n, { payments: ['ch_1'] })
    const R = row('txn_1', '2026-10-01', 4500n, { payments: ['ch_2'] })
    const told = stories([A], [R], { about: [R] })
    expect(said(told.get('payment_reference'))).toEqual([])
    expect(said(told.get('amount_and_date'))).toEqual([
      'vetoed: The leg names payment ch_1 and the row is of payment ch_2.',
    ])
  })

  it('says who took the row of 45.00 that lies two days away: the leg of the same day', () => {
    const A = leg('A', '2026-10-01', 4500n, { payments: ['ch_1'] })
    const B = leg('B', '2026-10-03', 4500n, { payments: ['ch_1'] })
    const R = row('txn_1', '2026-10-03', 4500n, { payments: ['ch_1'] })
    const told = stories([A, B], [R], { about: [A] })
    expect(said(told.get('payment_reference'))).toEqual([
      'taken: Row txn_1 was taken in pass 2 (payment_reference) with leg B.',
    ])
    expect(said(told.get('payment_group'))).toEqual([
      'taken_before: Row txn_1 was taken in pass 2 (payment_reference) with leg B.',
    ])
  })

  it('says which of two rows of 45.00 pass 2 preferred', () => {
    const A = leg('A', '2026-10-01', 4500n, { payments: ['ch_1'] })
    const rows = [
      row('txn_1', '2026-10-02', 4500n, { payments: ['ch_1'] }),
      row('txn_2', '2026-10-05', 4500n, { payments: ['ch_1'] }),
    ]
    expect(said(stories([A], rows, { about: [A] }).get('payment_reference'))).toEqual([
      'matched: They share ch_1, have one amount and lie 1 day apart.',
      'passed_over: The pass preferred row txn_1.',
    ])
  })

  it('gives both sums in money where a group of 30.00 and 25.00 is not equal', () => {
    const legs = [
      leg('A', '2026-10-01', 1000n, { payments: ['ch_1'] }),
      leg('B', '2026-10-01', 2000n, { payments: ['ch_1'] }),
    ]
    const R = row('txn_1', '2026-10-01', 2500n, { payments: ['ch_1'] })
    const told = stories(legs, [R], { about: [R] })
    expect(said(told.get('payment_group'))).toEqual([
      'not_equal: All that is left with ch_1 is 30.00 USD in the books and 25.00 USD at the processor: no equal sums.',
    ])
    expect(said(told.get('payment_reference_only'))).toEqual([
      'not_equal: 2 legs and 1 row are left with ch_1; this pass needs one of each.',
    ])
  })

  it('says how far away a row of 45.00 lies, and that another processor is not compared', () => {
    const A = leg('A', '2026-10-01', 4500n)
    const rows = [
      row('txn_1', '2026-10-07', 4500n),
      row('txn_2', '2026-10-01', 4500n, { processor: 'PAYPAL' }),
      row('txn_3', '2026-10-01', 4500n, { currency: 'EUR' }),
    ]
    expect(said(stories([A], rows, { about: [A] }).get('amount_and_date'))).toEqual([
      'apart: It lies 6 days away, and the window is 3 days.',
      'apart: It is at PAYPAL and the leg says STRIPE.',
      'apart: It is in EUR and the books are in USD.',
    ])
    const later = withRules({ usual_lag_days: 4 })
    expect(said(stories([A], rows.slice(0, 1), { about: [A], settings: later }).get('amount_and_date'))).toEqual([
      'matched: They have one amount, lie close together, and are as many on both sides.',
    ])
  })

  it('tells a duplicate of 45.00 by the leg that has the row', () => {
    const A = leg('A', '2026-10-01', 4500n, { ids: ['re_1'] })
    const B = leg('B', '2026-10-02', 4500n, { ids: ['re_1'] })
    const R = row('txn_1', '2026-10-01', 4500n, { refund: 're_1' })
    const pass = stories([A, B], [R], { about: [B] }).get('refund_id')
    expect(pass?.outcome).toBe('duplicate')
    expect(said(pass)).toEqual([
      'duplicate: The row that re_1 names is matched with another leg.',
      'taken: Row txn_1 was taken in pass 1 (refund_id) with leg A.',
    ])
  })

  it('tells of a refund of 20.00 that its reversal undoes, and of one that 5.00 are left of', () => {
    const R = row('txn_1', '2026-10-01', 2000n, { refund: 're_1' })
    const whole = reversal('rev_1', '2026-10-02', -2000n, { refund: 're_1' })
    const part = reversal('rev_1', '2026-10-02', -1500n, { refund: 're_1' })
    expect(said(stories([], [R, whole], { about: [R] }).get('cancelled'))).toEqual(['matched: Its reversals undo it.'])
    expect(said(stories([], [R, part], { about: [R] }).get('cancelled'))).toEqual([
      'not_equal: Row rev_1 does not undo its refund to 0.',
    ])
  })

  it('names a person who forbade the pair', () => {
    const A = leg('A', '2026-10-01', 4500n, { ids: ['re_1'] })
    const R = row('txn_1', '2026-10-02', 4500n, { refund: 're_1' })
    const told = stories([A], [R], { about: [A], rulings: [ruling('unmatch', [A], [R])] })
    expect(said(told.get('refund_id'))).toEqual(['vetoed: A person said that they are not the same money.'])
  })
})

describe('the veto of a pair', () => {
  const vetoes = new PairVetoes(SETTINGS, [])
  const reason = (pass: Pass, one: Leg, other: Row): string | null => vetoes.reason(pass, one, other)

  it('is none in pass 1, none for an id of another shape, and none for payments before pass 5', () => {
    const R = row('txn_1', '2026-10-01', 1n, { refund: 're_2', payments: ['ch_2'] })
    expect(reason('refund_id', leg('A', '2026-10-01', 1n, { ids: ['re_1'] }), R)).toBeNull()
    expect(reason('payment_group', leg('A', '2026-10-01', 1n, { ids: ['own-1'] }), R)).toBeNull()
    expect(reason('payment_group', leg('A', '2026-10-01', 1n, { payments: ['ch_1'] }), R)).toBeNull()
  })
})

describe('the words', () => {
  it('say what a pass looked for in vain', () => {
    const A = leg('A', '2026-10-01', 1n, { ids: ['re_1', 'own-1'] })
    const R = loaded(row('txn_1', '2026-10-01', 1n, { refund: 're_9' }))
    expect(nothingFound('refund_id', { legs: [A], rows: [] })).toBe('No row bears re_1 and own-1.')
    expect(nothingFound('refund_id', { legs: [], rows: [R] })).toBe('No leg names re_9 and txn_1.')
    expect(nothingFound('refund_id', { legs: [leg('B', '2026-10-01', 1n)], rows: [] })).toBe(
      'The leg names no id of the processor.',
    )
    expect(nothingFound('cancelled', { legs: [A], rows: [] })).toBe(
      'This pass is about rows that their reversals undo.',
    )
  })

  it('say amounts in money, in the currency of the books', () => {
    const entry = { step: 'amount_and_date', outcome: 'not_equal', by: '4500', why: '' } as const
    const legs = [leg('A', '2026-10-01', 4500n), leg('B', '2026-10-01', 4500n)]
    expect(sentenceOf(entry, legs, [loaded(row('txn_1', '2026-10-01', 4500n))], 'JPY')).toBe(
      '2 legs and 1 row of 4,500 JPY lie close together: not as many on both sides.',
    )
  })

  it('say which run made a match, as far as that is known', () => {
    const made = { run_id: 7n, job: 'nightly', not_before: '2026-11-02T06:00:00Z' }
    expect(madeText({ ...made, not_after: '2026-11-02T06:00:00Z' })).toBe(
      'The run as of 2026-11-02T06:00:00Z (nightly, run 7) made it.',
    )
    expect(madeText({ ...made, not_after: '2026-11-09T06:00:00Z' })).toBe(
      'The run as of 2026-11-02T06:00:00Z (nightly, run 7) made it, the first that had all of it, or a later one up to that as of 2026-11-09T06:00:00Z.',
    )
    expect(madeText({ run_id: null, job: null, not_before: null, not_after: '2026-11-09T06:00:00Z' })).toBe(
      'Which run made it is not known; it was there as of 2026-11-09T06:00:00Z.',
    )
  })
})
