import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchBusiness } from '../../../src/matching/match-business.ts'
import type { Leg, Row } from '../../../src/matching/types.ts'
import { leg, reversal, row, SETTINGS, sayAll } from './world.ts'

const DAYS = ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-05', '2026-10-09', '2026-10-20'] as const
const day = fc.constantFrom(...DAYS)
const amount = fc.constantFrom(10n, 20n)
const some = (...keys: string[]) => fc.subarray(keys)

const legWords = fc.record({
  day,
  amount,
  ids: some('re_1', 're_2', 'x'),
  payments: some('ch_1', 'ch_2', 'pi_1', 'p8', 'p9'),
  references: some('order'),
})
const rowWords = fc.record({
  day,
  amount,
  refund: fc.constantFrom(undefined, 're_3', 're_4', 're_5'),
  payments: some('ch_1', 'ch_2', 'pi_1', 'p8', 'p9'),
  references: some('order'),
  reversed: fc.boolean(),
})

const world = fc
  .tuple(fc.array(legWords, { maxLength: 7 }), fc.array(rowWords, { maxLength: 7 }))
  .map(([legs, rows]) => ({
    legs: legs.map(({ day, amount, ...words }, n) => leg(`L${n}`, day, amount, words)),
    rows: rows.flatMap(({ day, amount, refund, reversed, ...words }, n) => [
      row(`T${n}`, day, amount, refund ? { ...words, refund } : words),
      ...(reversed && refund ? [reversal(`V${n}`, day, -amount, { refund })] : []),
    ]),
  }))

const distance = (l: Leg, r: Row): number => Math.abs(Date.parse(l.on_date) - Date.parse(r.on_date))
const share = (some: readonly string[], others: readonly string[]): boolean => some.some((key) => others.includes(key))
const disagreeInIdentity = (l: Leg, r: Row): boolean =>
  r.refund_id !== null && l.identity_keys.some((key) => key.startsWith('re_')) && !l.identity_keys.includes(r.refund_id)

const KINDS = [
  (key: string) => key.startsWith('ch_'),
  (key: string) => key.startsWith('pi_'),
  (key: string) => key.startsWith('p'),
]
const kindOf = (key: string): number => KINDS.findIndex((has) => has(key))

/** The contract's words: for some kind both have ids and none in common, and for no kind they have one in common. */
function disagreeInPayments(l: Leg, r: Row, isKnown: (key: string) => boolean): boolean {
  const keys = l.payment_keys.filter((key) => kindOf(key) < 2 || isKnown(key))
  const ofKind = (ids: readonly string[], kind: number) => ids.filter((id) => kindOf(id) === kind)
  const shared = KINDS.some((_, kind) => share(ofKind(keys, kind), ofKind(r.payment_ids, kind)))
  const both = KINDS.some((_, kind) => ofKind(keys, kind).length > 0 && ofKind(r.payment_ids, kind).length > 0)
  return both && !shared
}

const knownAmong = (rows: readonly Row[]) => (key: string) => rows.some(({ payment_ids }) => payment_ids.includes(key))

/** Whether the refund of a row, judged whole, and its reversals sum to 0. */
const isUndone = (r: Row, rows: readonly Row[]): boolean => {
  const whole = rows.filter(({ refund_id }) => refund_id !== null && refund_id === r.refund_id)
  return (
    whole.some(({ type }) => type === 'refund_reversal') && whole.reduce((sum, each) => sum + each.amount, 0n) === 0n
  )
}

/** Pass 2 as the contract says it: all pairs, sorted, one after the other. */
function pairsOneByOne(legs: readonly Leg[], rows: readonly Row[]): string[] {
  const taken = new Set<Leg | Row>()
  const matches: string[] = []
  const refunds = rows.filter(({ type }) => type === 'refund')
  const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  for (const keysOf of [(r: Row) => r.payment_ids, (r: Row) => [...r.payment_ids, ...r.reference_ids]]) {
    const pairs = legs
      .flatMap((l) => refunds.map((r) => ({ l, r })))
      .filter(({ l, r }) => l.amount === r.amount && share(l.reference_keys, keysOf(r)) && !disagreeInIdentity(l, r))
      .sort(
        (a, b) =>
          distance(a.l, a.r) - distance(b.l, b.r) ||
          Number(isUndone(a.r, rows)) - Number(isUndone(b.r, rows)) ||
          inOrder(`${a.l.on_date}${a.l.leg_id}`, `${b.l.on_date}${b.l.leg_id}`) ||
          inOrder(`${a.r.on_date}${a.r.transaction_id}`, `${b.r.on_date}${b.r.transaction_id}`),
      )
    for (const { l, r } of pairs) {
      if (taken.has(l) || taken.has(r)) continue
      taken.add(l).add(r)
      matches.push(`${l.leg_id} = ${r.transaction_id}`)
    }
  }
  return matches.sort()
}

describe('matching a small world', () => {
  it('pairs by payment reference what comparing each leg with each row pairs', () => {
    fc.assert(
      fc.property(world, ({ legs, rows }) => {
        const { matches } = matchBusiness(legs, rows, SETTINGS, [])
        const pairs = matches
          .filter(({ pass }) => pass === 'payment_reference')
          .map((match) => `${match.legs[0]?.leg_id} = ${match.rows[0]?.transaction_id}`)
        expect(pairs.sort()).toEqual(pairsOneByOne(legs, rows))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives the same answer whatever the order of its input, and every item one place', () => {
    fc.assert(
      fc.property(world, ({ legs, rows }) => {
        const matching = matchBusiness(legs, rows, SETTINGS, [])
        const said = sayAll(matching)
        expect(sayAll(matchBusiness(legs.toReversed(), rows.toReversed(), { ...SETTINGS, trace: true }, []))).toEqual(
          said,
        )
        const groups = [...matching.matches, ...matching.ambiguous]
        const placedLegs = [
          ...groups.flatMap((group) => group.legs),
          ...matching.duplicates,
          ...matching.unmatched_legs,
        ]
        const placedRows = [...groups.flatMap((group) => group.rows), ...matching.unmatched_rows]
        expect(placedLegs.map(({ leg_id }) => leg_id).sort()).toEqual(legs.map(({ leg_id }) => leg_id).sort())
        expect(placedRows.map((r) => r.transaction_id).sort()).toEqual(rows.map((r) => r.transaction_id).sort())
      }),
      { numRuns: 2_000 },
    )
  })

  it('joins by amount and date no pair that is vetoed, and leaves none that is not', () => {
    fc.assert(
      fc.property(world, ({ legs, rows }) => {
        const isKnown = knownAmong(rows)
        const settings = { ...SETTINGS, known_payment_ids: (_: string, key: string) => isKnown(key) }
        const { matches, unmatched_legs, unmatched_rows } = matchBusiness(legs, rows, settings, [])
        const isVetoed = (l: Leg, r: Row) => disagreeInIdentity(l, r) || disagreeInPayments(l, r, isKnown)
        const wrong = matches
          .filter(({ pass }) => pass === 'amount_and_date')
          .filter((match) => match.legs.some((l) => match.rows.some((r) => r.type === 'refund' && isVetoed(l, r))))
        expect(wrong).toEqual([])
        const missed = unmatched_legs.filter((l) =>
          unmatched_rows.some(
            (r) => r.amount === l.amount && !isUndone(r, rows) && distance(l, r) <= 3 * 86_400_000 && !isVetoed(l, r),
          ),
        )
        expect(missed).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })
})
