/** src/matching by itself, on small worlds: one night, and night after night with everything loaded. */

import { matchBusiness } from '../../src/matching/match-business.ts'
import type { Leg, Matching, MatchSettings, Row, Ruling, StoredMatch } from '../../src/matching/types.ts'
import { matchesToUndo } from '../../src/matching/undo.ts'
import { nameOf, type PlainLeg, type PlainResult, type PlainRow, type PlainWorld } from './plain-matching.ts'
import { isSameLeg, isSameRow } from './plain-nights.ts'

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

const settingsOf = (world: PlainWorld): MatchSettings => ({
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
    [...world.rows, ...world.others].some((row) => row.processor === processor && row.payment_ids.includes(key)),
})

/** Numbers for legs and rows, given once and kept over the nights, and the names behind them. */
class Numbers {
  readonly #numbers = new Map<string, bigint>()
  readonly #names = new Map<bigint, string>()

  of(side: 'leg' | 'row', name: string): bigint {
    const key = `${side} ${name}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = BigInt(this.#numbers.size + 1)
    this.#numbers.set(key, number)
    this.#names.set(number, name)
    return number
  }

  nameOf(number: bigint): string {
    return this.#names.get(number) ?? '?'
  }

  rulingsOf({ rulings }: PlainWorld): Ruling[] {
    return [
      ...rulings.match.map((one) => this.#ruling('match', one.legs, one.rows)),
      ...rulings.unmatch.map((one) => this.#ruling('unmatch', [one.leg], [one.row])),
    ]
  }

  #ruling(kind: Ruling['kind'], legs: readonly string[], rows: readonly string[]): Ruling {
    return { kind, leg_nos: legs.map((id) => this.of('leg', id)), row_nos: rows.map((name) => this.of('row', name)) }
  }
}

/** One business kept in memory: each night's world is matched on what the night before left. */
export class BusinessInMemory {
  readonly #numbers = new Numbers()
  #before: PlainWorld | null = null
  #stored: StoredMatch[] = []

  night(world: PlainWorld): PlainResult {
    const numbers = this.#numbers
    const legs = world.legs.map((leg) => legOf(leg, numbers.of('leg', leg.id)))
    const rows = world.rows.map((row) => rowOf(row, numbers.of('row', nameOf(row))))
    const rulings = numbers.rulingsOf(world)
    const undone = new Set(this.#undone(world, legs, rows, rulings))
    const standing = this.#stored
      .filter(({ match_no }) => !undone.has(match_no))
      .map(({ match_no, pass, leg_nos, row_nos }) => ({
        match_no,
        pass,
        legs: legs.filter(({ leg_no }) => leg_nos.includes(leg_no)),
        rows: rows.filter(({ row_no }) => row_nos.includes(row_no)),
      }))
    const matching = matchBusiness(legs, rows, settingsOf(world), rulings, standing)
    const stored = [...standing, ...matching.matches]
    this.#before = world
    this.#stored = stored.map(({ pass, legs, rows }) => {
      const leg_nos = legs.map(({ leg_no }) => leg_no)
      const row_nos = rows.map(({ row_no }) => row_no)
      return { match_no: leg_nos[0] ?? row_nos[0] ?? 0n, pass, leg_nos, row_nos }
    })
    return this.#told(stored, matching)
  }

  #undone(world: PlainWorld, legs: readonly Leg[], rows: readonly Row[], rulings: readonly Ruling[]): bigint[] {
    const before = this.#before
    if (before === null) return []
    const numbers = this.#numbers
    const fresh = {
      added: { leg_nos: new Set<bigint>(), row_nos: new Set<bigint>() },
      changed: { leg_nos: new Set<bigint>(), row_nos: new Set<bigint>() },
      gone: { leg_nos: new Set<bigint>(), row_nos: new Set<bigint>() },
    }
    for (const leg of world.legs) {
      const earlier = before.legs.find(({ id }) => id === leg.id)
      const leg_no = numbers.of('leg', leg.id)
      if (earlier === undefined) fresh.added.leg_nos.add(leg_no)
      else if (!isSameLeg(leg, earlier)) fresh.changed.leg_nos.add(leg_no)
    }
    for (const row of world.rows) {
      const earlier = before.rows.find((other) => nameOf(other) === nameOf(row))
      const row_no = numbers.of('row', nameOf(row))
      if (earlier === undefined) fresh.added.row_nos.add(row_no)
      else if (!isSameRow(row, earlier)) fresh.changed.row_nos.add(row_no)
    }
    for (const leg of before.legs)
      if (!world.legs.some(({ id }) => id === leg.id)) fresh.gone.leg_nos.add(numbers.of('leg', leg.id))
    for (const row of before.rows) {
      const isGone = !world.rows.some((other) => nameOf(other) === nameOf(row))
      if (isGone) fresh.gone.row_nos.add(numbers.of('row', nameOf(row)))
    }
    return matchesToUndo(this.#stored, legs, rows, rulings, fresh).map(({ match_no }) => match_no)
  }

  #told(
    matches: readonly Pick<Matching['matches'][number], 'pass' | 'legs' | 'rows'>[],
    matching: Matching,
  ): PlainResult {
    const legIds = (legs: readonly Leg[]): string[] => legs.map(({ leg_id }) => leg_id)
    const rowNames = (rows: readonly Row[]): string[] => rows.map(({ row_no }) => this.#numbers.nameOf(row_no))
    return {
      matches: matches.map(({ pass, legs, rows }) => ({ pass, legs: legIds(legs), rows: rowNames(rows) })),
      duplicates: legIds(matching.duplicates),
      ambiguous: matching.ambiguous.map(({ legs, rows }) => ({ legs: legIds(legs), rows: rowNames(rows) })),
    }
  }
}
