import { describe, expect, it } from 'vitest'
import { matchBusiness } from '../../../src/matching/match-business.ts'
import { leg, reversal, row, ruling, SETTINGS } from './world.ts'

const TRACED = { ...SETTINGS, trace: true }

describe('the trace', () => {
  it('is empty when nobody asks', () => {
    const A = leg('A', '2026-10-01', 50n, { ids: ['re_1'] })
    expect(matchBusiness([A], [row('txn_1', '2026-10-01', 50n, { refund: 're_1' })], SETTINGS, []).trace).toEqual([])
  })

  it('says why 50.00 of one payment was not matched: the refund ids differ', () => {
    const A = leg('A', '2026-10-01', 5000n, { ids: ['re_1'], payments: ['ch_1'] })
    const R = row('txn_1', '2026-10-01', 5000n, { refund: 're_2', payments: ['ch_1'] })
    const { trace } = matchBusiness([A], [R], TRACED, [])
    expect(trace.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'refund_id nothing',
      'payment_reference vetoed',
      'payment_reference vetoed',
      'payment_group set_aside',
      'payment_reference_only set_aside',
      'amount_and_date set_aside',
      'amount_and_date set_aside',
      'amount_and_date set_aside',
    ])
    expect(trace[1]).toEqual({
      step: 'payment_reference',
      outcome: 'vetoed',
      by: 'ch_1',
      leg_nos: [A.leg_no],
      row_nos: [R.row_no],
      why: 'They share ch_1, but they carry different refund ids of this processor.',
    })
  })

  it('names the key, the distance and what follows', () => {
    const A = leg('A', '2026-10-01', 5000n, { payments: ['ch_1'] })
    const rows = [
      row('txn_1', '2026-10-02', 5000n, { refund: 're_2', payments: ['ch_1'] }),
      reversal('rev_1', '2026-10-03', -5000n, { refund: 're_2' }),
    ]
    expect(matchBusiness([A], rows, TRACED, []).trace.map(({ why }) => why)).toEqual([
      'A reversal goes where its refund goes.',
      'They share ch_1, have one amount and lie 1 day apart.',
    ])
  })

  it('says that a person forbade a pair', () => {
    const A = leg('A', '2026-10-01', 5000n, { payments: ['ch_1'] })
    const R = row('txn_1', '2026-10-02', 5000n, { payments: ['ch_1'] })
    const { trace } = matchBusiness([A], [R], TRACED, [ruling('unmatch', [A], [R])])
    expect(trace[0]?.why).toBe('They share ch_1, but a person said that they are not the same money.')
  })
})
