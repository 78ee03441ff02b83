/** Sums over matches by direction, processor and pass: what a run adds to the stored totals, and takes off. */

import type { Db } from '../database/connect.ts'
import { count, type RowOf } from '../database/statement.ts'
import type { Leg, Row } from '../matching/types.ts'

/** Minor units; `rows` with reversals, `amount` of the legs, `count` of matches. */
export type MatchSum = RowOf<'reconcile/undo'>

export class MatchTotals {
  readonly #sums = new Map<string, MatchSum>()

  add(sum: MatchSum, sign: 1n | -1n = 1n): void {
    const key = JSON.stringify([sum.direction, sum.processor, sum.pass])
    const before = this.#sums.get(key) ?? { ...sum, legs: 0n, rows: 0n, amount: 0n, count: 0n }
    this.#sums.set(key, {
      ...before,
      legs: before.legs + sign * sum.legs,
      rows: before.rows + sign * sum.rows,
      amount: before.amount + sign * sum.amount,
      count: before.count + sign * sum.count,
    })
  }

  /** A match that was made. */
  addMatch(direction: string, pass: string, legs: readonly Leg[], rows: readonly Row[]): void {
    const processor = rows[0]?.processor ?? legs[0]?.processor ?? ''
    const amount = legs.reduce((sum, leg) => sum + leg.amount, 0n)
    const numbers = { legs: BigInt(legs.length), rows: BigInt(rows.length), amount, count: 1n }
    this.add({ direction, processor, pass, ...numbers })
  }

  /** Whether no match was made or undone. */
  get isEmpty(): boolean {
    return this.#sums.size === 0
  }

  async store(db: Db, business_id: string): Promise<void> {
    const sums = [...this.#sums.values()]
    if (sums.length === 0) return
    const texts = (column: 'direction' | 'processor' | 'pass'): string[] => sums.map((sum) => sum[column])
    const numbers = (column: 'legs' | 'rows' | 'amount' | 'count'): bigint[] => sums.map((sum) => sum[column])
    await count(db, 'reconcile/match_totals', [
      ...([business_id, texts('direction'), texts('processor'), texts('pass')] as const),
      ...([numbers('legs'), numbers('rows'), numbers('amount'), numbers('count')] as const),
    ])
  }
}
