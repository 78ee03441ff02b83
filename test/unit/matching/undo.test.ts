import { describe, expect, it } from 'vitest'
import type { Leg, Pass, Row, Ruling, StoredMatch } from '../../../src/matching/types.ts'
import { type Fresh, matchesToUndo } from '../../../src/matching/undo.ts'
import { leg, reversal, row, ruling } from './world.ts'

const store = (match_no: bigint, pass: Pass, legs: readonly Leg[], rows: readonly Row[]): StoredMatch => ({
  match_no,
  pass,
  leg_nos: legs.map(({ leg_no }) => leg_no),
  row_nos: rows.map(({ row_no }) => row_no),
})

interface Night {
  added?: readonly (Leg | Row)[]
  changed?: readonly (Leg | Row)[]
  gone?: readonly (Leg | Row)[]
}

const isLeg = (item: Leg | Row): item is Leg => 'leg_no' in item
const numbersOf = (items: readonly (Leg | Row)[] = []) => ({
  leg_nos: new Set(items.filter(isLeg).map(({ leg_no }) => leg_no)),
  row_nos: new Set(items.flatMap((item) => (isLeg(item) ? [] : [item.row_no]))),
})

/** The reasons for undoing, by match number, after a night in which items were added, changed or gone. */
function undone(
  stored: readonly StoredMatch[],
  items: readonly (Leg | Row)[],
  night: Night,
  rulings: readonly Ruling[] = [],
): Record<string, string> {
  const fresh: Fresh = { added: numbersOf(night.added), changed: numbersOf(night.changed), gone: numbersOf(night.gone) }
  const there = [...items, ...(night.added ?? [])]
  const legs = there.filter(isLeg)
  const rows = there.filter((item): item is Row => !isLeg(item))
  return Object.fromEntries(
    matchesToUndo(stored, legs, rows, rulings, fresh).map(({ match_no, reason }) => [String(match_no), reason]),
  )
}

describe('a stored match', () => {
  const A = leg('A', '2026-10-01', 50n, { refund: 'ref-1', ids: ['re_1'], payments: ['ch_1'] })
  const R = row('txn_1', '2026-10-01', 50n, { refund: 're_1', payments: ['ch_1'] })
  const match = store(1n, 'refund_id', [A], [R])

  it('stands when nothing happened, and when a leg of the same amount arrived', () => {
    expect(undone([match], [A, R], {})).toEqual({})
    expect(undone([match], [A, R], { added: [leg('B', '2026-10-01', 50n)] })).toEqual({})
  })

  it('is undone when a leg or row of it changed', () => {
    expect(undone([match], [A, R], { changed: [A] })).toEqual({ 1: 'item_changed' })
    expect(undone([match], [A, R], { changed: [R] })).toEqual({ 1: 'item_changed' })
  })

  it('is undone when its refund was removed or its file withdrawn', () => {
    expect(undone([match], [R], { gone: [A] })).toEqual({ 1: 'item_left' })
    expect(undone([match], [A], {})).toEqual({ 1: 'item_left' })
  })

  it('is undone when its row was reversed', () => {
    expect(undone([match], [A, R], { added: [reversal('rev_1', '2026-10-09', -50n, { refund: 're_1' })] })).toEqual({
      1: 'reversal_gained',
    })
    expect(undone([match], [A, R], { added: [reversal('rev_1', '2026-10-09', -50n, { payments: ['ch_1'] })] })).toEqual(
      {
        1: 'reversal_gained',
      },
    )
  })

  it('stands when another refund was reversed', () => {
    expect(undone([match], [A, R], { added: [reversal('rev_1', '2026-10-09', -50n, { refund: 're_2' })] })).toEqual({})
  })

  it('is undone when the reversal of an undone match turns to its row', () => {
    const S = row('txn_2', '2026-09-01', 50n, { refund: 're_1' })
    const V = reversal('rev_1', '2026-10-09', -50n, { refund: 're_1' })
    const other = store(2n, 'payment_reference', [], [S, V])
    // S left, so its reversal belongs to R now
    expect(undone([match, other], [A, R, V], { gone: [S] })).toEqual({ 1: 'reversal_gained', 2: 'item_left' })
  })

  it('is undone when its refund id has a further row, a fee alone among them', () => {
    expect(undone([match], [A, R], { added: [row('txn_2', '2026-10-02', 5n, { refund: 're_1' })] })).toEqual({
      1: 'row_gained',
    })
    expect(undone([match], [A, R], { added: [row('fee', '2026-10-02', 0n, { refund: 're_1' })] })).toEqual({
      1: 'row_gained',
    })
    const elsewhere = row('txn_2', '2026-10-02', 5n, { refund: 're_1', processor: 'PAYPAL' })
    expect(undone([match], [A, R], { added: [elsewhere] })).toEqual({})
  })

  it('is undone when its refund has a further leg with its key, but not for a leg of another refund', () => {
    const part = leg('B', '2026-10-02', 5n, { refund: 'ref-1', ids: ['re_1'] })
    expect(undone([match], [A, R], { added: [part] })).toEqual({ 1: 'leg_gained' })
    const duplicate = leg('C', '2026-10-02', 50n, { refund: 'ref-2', ids: ['re_1'] })
    expect(undone([match], [A, R], { added: [duplicate] })).toEqual({})
  })
})

describe('a fee alone', () => {
  const A = leg('A', '2026-10-01', 50n)
  const R = row('txn_1', '2026-10-01', 50n, { refund: 're_1' })
  const fee = row('txn_9', '2026-10-09', 0n, { refund: 're_1' })

  it('undoes the match of the row that it follows now, since its own refund row left', () => {
    const left = row('txn_0', '2026-09-01', 20n, { refund: 're_1' })
    const match = store(1n, 'manual', [A], [R])
    const rulings = [ruling('match', [A], [R])]
    expect(undone([match], [A, R, fee], { gone: [left] }, rulings)).toEqual({ 1: 'row_gained' })
    expect(undone([store(1n, 'manual', [A], [R, fee])], [A, R, fee], { gone: [left] }, rulings)).toEqual({})
  })
})

describe('a stored match that pass 1 did not make within one processor', () => {
  const A = leg('A', '2026-10-01', 50n, { ids: ['re_9'], payments: ['ch_1'] })
  const R = row('txn_1', '2026-10-01', 50n, { payments: ['ch_1'] })

  it('is undone when a new or changed leg names one of its rows', () => {
    const B = leg('B', '2026-10-02', 50n, { ids: ['txn_1'] })
    for (const pass of ['payment_reference', 'payment_group', 'payment_reference_only', 'amount_and_date'] as const) {
      expect(undone([store(1n, pass, [A], [R])], [A, R], { added: [B] })).toEqual({ 1: 'leg_names_row' })
      expect(undone([store(1n, pass, [A], [R])], [A, R, B], { changed: [B] })).toEqual({ 1: 'leg_names_row' })
    }
    expect(undone([store(1n, 'manual', [A], [R])], [A, R], { added: [B] }, [ruling('match', [A], [R])])).toEqual({})
  })

  it('is undone when one of its legs names a new row', () => {
    const named = row('txn_2', '2026-10-02', 50n, { refund: 're_9' })
    expect(undone([store(1n, 'amount_and_date', [A], [R])], [A, R], { added: [named] })).toEqual({
      1: 'row_named_by_leg',
    })
    // a stored row that has its refund id only now is no new one
    expect(undone([store(1n, 'amount_and_date', [A], [R])], [A, R, named], { changed: [named] })).toEqual({})
    const vendor = row('txn_2', '2026-10-02', 50n, { refund: 're_9', type: 'vendor_refund' })
    expect(undone([store(1n, 'amount_and_date', [A], [R])], [A, R], { added: [vendor] })).toEqual({})
  })

  it('stands when its refund has a further leg with a key that names no row of it', () => {
    const own = leg('A', '2026-10-01', 50n, { refund: 'ref-1', ids: ['re_9'], payments: ['ch_1'] })
    const part = leg('B', '2026-10-02', 5n, { refund: 'ref-1', ids: ['re_9'] })
    expect(undone([store(1n, 'payment_reference', [own], [R])], [own, R], { added: [part] })).toEqual({})
  })

  it('is undone likewise when pass 1 made it across processors', () => {
    const abroad = leg('C', '2026-10-01', 50n, { ids: ['txn_1'], processor: 'PAYPAL' })
    const match = store(1n, 'refund_id', [abroad], [R])
    const own = row('txn_1', '2026-10-02', 50n, { processor: 'PAYPAL' })
    expect(undone([match], [abroad, R], { added: [own] })).toEqual({ 1: 'row_named_by_leg' })
    const home = leg('D', '2026-10-02', 50n, { ids: ['txn_1'] })
    expect(undone([match], [abroad, R], { added: [home] })).toEqual({ 1: 'leg_names_row' })
  })
})

describe('a stored cancelled refund', () => {
  const R = row('txn_1', '2026-10-01', 50n, { refund: 're_1', references: ['order-1'] })
  const V = reversal('rev_1', '2026-10-02', -50n, { refund: 're_1' })
  const match = store(1n, 'cancelled', [], [R, V])

  it('is undone when a new leg names it or shares a key with it', () => {
    expect(undone([match], [R, V], { added: [leg('A', '2026-10-01', 50n, { ids: ['re_1'] })] })).toEqual({
      1: 'leg_names_row',
    })
    const B = leg('B', '2026-10-01', 40n, { references: ['order-1'] })
    expect(undone([match], [R, V], { added: [B] })).toEqual({ 1: 'leg_shares_key' })
    expect(undone([match], [R, V], { added: [leg('C', '2026-10-01', 50n)] })).toEqual({})
  })

  it('keeps its reversal when an earlier row of the same payment arrives', () => {
    const earlier = row('txn_0', '2026-09-01', 50n, { payments: ['ch_1'] })
    expect(undone([match], [R, V], { added: [earlier] })).toEqual({})
  })
})

describe('what a person said', () => {
  const A = leg('A', '2026-10-01', 50n)
  const B = leg('B', '2026-10-01', 50n)
  const R = row('txn_1', '2026-10-01', 50n)
  const S = row('txn_2', '2026-10-01', 50n)

  it('undoes a match whose pair it forbids', () => {
    const match = store(1n, 'amount_and_date', [A, B], [R, S])
    expect(undone([match], [A, B, R, S], {}, [ruling('unmatch', [B], [R])])).toEqual({ 1: 'person_said_so' })
    expect(undone([match], [A, B, R, S], {}, [ruling('unmatch', [leg('C', '2026-10-01', 1n)], [R])])).toEqual({})
  })

  it('undoes a match when one of its items belongs into another', () => {
    expect(undone([store(1n, 'amount_and_date', [A], [R])], [A, B, R], {}, [ruling('match', [B], [R])])).toEqual({
      1: 'person_said_so',
    })
  })

  it('keeps a manual match as long as its ruling is there and not overruled', () => {
    const match = store(1n, 'manual', [A], [R])
    expect(undone([match], [A, R], {}, [ruling('match', [A], [R])])).toEqual({})
    expect(undone([match], [A, R], {}, [])).toEqual({ 1: 'person_said_so' })
    expect(undone([match], [A, R], {}, [ruling('match', [A], [R]), ruling('unmatch', [A], [R])])).toEqual({
      1: 'person_said_so',
    })
  })

  it('undoes a manual match when a fee that only follows its row is ruled to be another leg', () => {
    const T = row('txn_1', '2026-10-01', 50n, { refund: 're_1' })
    const fee = row('txn_2', '2026-10-01', 0n, { refund: 're_1' })
    const rulings = [ruling('match', [A], [T]), ruling('match', [B], [fee])]
    expect(undone([store(1n, 'manual', [A], [T, fee])], [A, B, T, fee], {}, rulings)).toEqual({ 1: 'person_said_so' })
  })

  it('undoes a manual match when a leg that the ruling names is there again', () => {
    const match = store(1n, 'manual', [A], [R])
    expect(undone([match], [A, R], { added: [B] }, [ruling('match', [A, B], [R])])).toEqual({ 1: 'person_said_so' })
  })
})
