import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchBusiness } from '../../src/matching/match-business.ts'
import type { Leg, MatchSettings, Row, Ruling } from '../../src/matching/types.ts'
import { describe as tell, matchPlainly, nameOf, type PlainLeg, type PlainResult, type PlainRow, type PlainWorld } from './plain-matching.ts'
import { smallWorld } from './random-worlds.ts'

const legOf = (leg: PlainLeg, leg_no: bigint): Leg => ({
  leg_no,
  direction: leg.direction,
  refund_id: leg.refund,
  leg_id: leg.id,
  processor: leg.processor,
  on_date: leg.date,
  amount: BigInt(leg.amount),
  identity_keys: leg.identity,
  reference_keys: leg.references,
  payment_keys: leg.payment_keys,
})

const rowOf = (row: PlainRow, row_no: bigint): Row => ({
  row_no,
  processor: row.processor,
  account: row.account,
  transaction_id: row.id,
  type: row.type,
  refund_id: row.refund_id,
  payment_ids: row.payment_ids,
  reference_ids: row.references,
  amount: BigInt(row.amount),
  currency: row.currency,
  on_date: row.date,
  payout_id: row.payout_id,
})

export function matchInMemory(world: PlainWorld): PlainResult {
  const legs = world.legs.map((leg, place) => legOf(leg, BigInt(place + 1)))
  const rows = world.rows.map((row, place) => rowOf(row, BigInt(1000 + place)))
  const leg_no = new Map(world.legs.map((leg, place) => [leg.id, BigInt(place + 1)]))
  const row_no = new Map(world.rows.map((row, place) => [nameOf(row), BigInt(1000 + place)]))
  const names = new Map(world.rows.map((row, place) => [BigInt(1000 + place), nameOf(row)]))
  const settings: MatchSettings = {
    currency: world.currency,
    starts_on: world.starts_on,
    processors: new Map(
      [...world.processors].map(([name, rules]) => [
        name,
        {
          date_window_days: rules.window,
          usual_lag_days: rules.lag,
          match_payouts: rules.match_payouts,
          refund_id_patterns: rules.refund_id_shapes,
          payment_id_patterns: rules.payment_id_shapes,
        },
      ]),
    ),
    known_payment_ids: (processor, key) =>
      world.rows.some((row) => row.processor === processor && row.payment_ids.includes(key)),
  }
  const nos = (map: Map<string, bigint>, ids: string[]): bigint[] => ids.map((id) => map.get(id) ?? 999_999n)
  const rulings: Ruling[] = [
    ...world.rulings.match.map((one): Ruling => ({ kind: 'match', leg_nos: nos(leg_no, one.legs), row_nos: nos(row_no, one.rows) })),
    ...world.rulings.unmatch.map((one): Ruling => ({ kind: 'unmatch', leg_nos: nos(leg_no, [one.leg]), row_nos: nos(row_no, [one.row]) })),
  ]
  const found = matchBusiness(legs, rows, settings, rulings)
  const ids = (list: readonly Row[]): string[] => list.map((row) => names.get(row.row_no) ?? '?')
  return {
    matches: found.matches.map(({ pass, legs, rows }) => ({ pass, legs: legs.map(({ leg_id }) => leg_id), rows: ids(rows) })),
    duplicates: found.duplicates.map(({ leg_id }) => leg_id),
    ambiguous: found.ambiguous.map(({ legs, rows }) => ({ legs: legs.map(({ leg_id }) => leg_id), rows: ids(rows) })),
  }
}

test('the matcher matches what the rules, read item by item, match', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(smallWorld, (world) => {
      expect(tell(matchInMemory(world))).toEqual(tell(matchPlainly(world)))
    }),
    { numRuns: Number(process.env['TIEOUT_WORLDS'] ?? 200) },
  )
})
