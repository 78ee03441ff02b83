/** Many items at once: nothing may cost the square of their number. Bounds are generous; figures are printed. */

import { describe, expect, it } from 'vitest'
import { matchBusiness } from '../../../src/matching/match-business.ts'
import type { Leg, Matching, MatchSettings, Row, Standing } from '../../../src/matching/types.ts'
import { matchesToUndo } from '../../../src/matching/undo.ts'
import { leg, reversal, row, SETTINGS, withRules } from './world.ts'

const dayOf2026 = (day: number): string => new Date(Date.UTC(2026, 0, 1 + (day % 365))).toISOString().slice(0, 10)
const range = (count: number): number[] => Array.from({ length: count }, (_, place) => place)

/** Matches and says how long that took, in milliseconds, and how far the heap grew, in megabytes. */
function measure(
  name: string,
  legs: readonly Leg[],
  rows: readonly Row[],
  settings: MatchSettings = SETTINGS,
  standing: readonly Standing[] = [],
): Matching {
  globalThis.gc?.()
  const heap = process.memoryUsage().heapUsed
  const start = process.cpuUsage()
  const matching = matchBusiness(legs, rows, settings, [], standing)
  const { user, system } = process.cpuUsage(start)
  // of the processor, not by the clock: a busy machine tells nothing of the matcher
  const took = (user + system) / 1000
  const grown = (process.memoryUsage().heapUsed - heap) / 1e6
  process.stderr.write(`${name}: ${took.toFixed(0)} ms, heap + ${grown.toFixed(0)} MB\n`)
  expect(took).toBeLessThan(5_000)
  return matching
}

describe('many legs and rows', () => {
  it('matches 100,000 loose items of all kinds', () => {
    const legs: Leg[] = []
    const rows: Row[] = []
    for (const n of range(50_000)) {
      const day = dayOf2026(n * 7)
      const amount = BigInt(100 + ((n * 7919) % 20_000))
      const kind = n % 10
      const payments = [`ch_${n}`, `pi_${n}`]
      const references = [`order-${n}`]
      if (kind < 4) {
        legs.push(leg(`L${n}`, day, amount, { ids: [`re_${n}`], payments, references }))
        rows.push(row(`txn_${n}`, day, amount, { refund: `re_${n}`, payments, references }))
      } else if (kind < 7) {
        legs.push(leg(`L${n}`, day, amount, { payments, references }))
        rows.push(row(`txn_${n}`, day, kind === 6 ? amount + 1n : amount, { refund: `re_${n}`, payments, references }))
      } else {
        legs.push(leg(`L${n}`, day, amount, kind === 7 ? { payments: [`ch_x${n}`] } : {}))
        rows.push(row(`txn_${n}`, dayOf2026(n * 7 + 1), amount, { refund: `re_${n}`, payments }))
        if (kind === 9) rows.push(reversal(`rev_${n}`, day, -amount, { refund: `re_${n}` }))
      }
    }
    measure('100,000 loose items', legs, rows)
  })

  it('lets 100,000 items that share nothing pass', () => {
    const legs = range(50_000).map((n) =>
      leg(`L${n}`, dayOf2026(n), BigInt(2 * n), { ids: [`re_l${n}`], payments: [`ch_l${n}`] }),
    )
    const rows = range(50_000).map((n) =>
      row(`txn_${n}`, dayOf2026(n), BigInt(2 * n + 1), { refund: `re_${n}`, payments: [`ch_${n}`] }),
    )
    expect(measure('100,000 that share nothing', legs, rows).matches).toEqual([])
  })

  const one = { payments: ['ch_1'] }

  it('pairs 10,000 legs with 10,000 rows of one payment and amount', () => {
    const legs = range(10_000).map((n) => leg(`L${n}`, dayOf2026(n), 500n, one))
    const rows = range(10_000).map((n) => row(`txn_${n}`, dayOf2026(n * 3), 500n, one))
    expect(measure('one payment, one amount', legs, rows).matches.length).toBe(10_000)
  })

  it('pairs them when all legs are of one day and the rows of many', () => {
    const legs = range(10_000).map((n) => leg(`L${n}`, '2026-01-01', 500n, one))
    const rows = range(10_000).map((n) =>
      row(`txn_${n}`, dayOf2026(n), 500n, { ...one, references: [`order-${n}`, 'order'] }),
    )
    expect(measure('one payment, one day of legs', legs, rows).matches.length).toBe(10_000)
  })

  it('pairs them when all are of one day, and when every second is vetoed', () => {
    const legs = range(10_000).map((n) => leg(`L${n}`, '2026-01-01', 500n, n % 2 ? one : { ...one, ids: [`re_l${n}`] }))
    const rows = range(10_000).map((n) =>
      row(`txn_${n}`, '2026-01-02', 500n, n % 2 ? one : { ...one, refund: `re_${n}` }),
    )
    expect(measure('one payment, one day, vetoes', legs, rows).matches.length).toBe(10_000)
  })

  it('groups 10,000 legs with 9,999 rows of one payment and different amounts', () => {
    const legs = range(10_000).map((n) => leg(`L${n}`, dayOf2026(n), BigInt(2 * n + 1), one))
    const rows = range(9_999).map((n) => row(`txn_${n}`, dayOf2026(n), BigInt(2 * n + 2), one))
    expect(measure('one payment, different amounts', legs, rows).unmatched_legs.length).toBe(10_000)
  })

  it('judges 10,000 legs and 10,000 rows of one amount and day, without keys and with different payments', () => {
    const legs = range(10_000).map((n) => leg(`L${n}`, '2026-01-01', 500n))
    const rows = range(10_000).map((n) => row(`txn_${n}`, '2026-01-01', 500n))
    expect(measure('one amount, one day', legs, rows).matches.length).toBe(1)
    const legsPaid = range(10_000).map((n) =>
      leg(`L${n}`, '2026-01-01', 500n, n < 5_000 ? { payments: [`ch_l${n}`] } : {}),
    )
    const rowsPaid = range(10_000).map((n) => row(`txn_${n}`, '2026-01-01', 500n, { payments: [`ch_${n}`] }))
    const matching = measure('one amount, one day, payments', legsPaid, rowsPaid)
    expect([matching.ambiguous.length, matching.unmatched_legs.length]).toEqual([1, 5_000])
  })

  it('cuts the islands of 10,000 legs and 10,000 rows of one amount over a year', () => {
    const legs = range(10_000).map((n) => leg(`L${n}`, dayOf2026(n), 500n, n % 3 ? {} : { payments: [`ch_l${n}`] }))
    const rows = range(9_990).map((n) =>
      row(`txn_${n}`, dayOf2026(n * 4 + 1), 500n, n % 5 ? {} : { payments: [`ch_${n}`] }),
    )
    measure('one amount, a year', legs, rows, withRules({ date_window_days: 0 }))
    measure('one amount, a year, wide', legs, rows)
  })

  it('takes 10,000 rows of one refund id that 10,000 legs name, and 10,000 reversals of it', () => {
    const legs = range(10_000).map((n) => leg(`L${n}`, dayOf2026(n), 500n, { refund: 'ref-1', ids: ['re_1', `x${n}`] }))
    const rows = range(10_000).flatMap((n) => [
      row(`txn_${n}`, dayOf2026(n), 500n, { refund: 're_1' }),
      reversal(`rev_${n}`, dayOf2026(n), n % 2 ? -500n : -400n, { refund: 're_1' }),
    ])
    expect(measure('one refund id', legs, rows).matches.length).toBe(1)
    const alone = legs.map((each, n) => ({ ...each, refund_id: `ref-${n}` }))
    expect(measure('one refund id, duplicates', alone, rows).duplicates.length).toBe(9_999)
  })

  it('looks for matches to undo among 25,000, and keeps those that stand', () => {
    const legs = range(50_000).map((n) =>
      leg(`L${n}`, dayOf2026(n), BigInt(n), { ids: [`re_${n}`], payments: [`ch_${n}`] }),
    )
    const rows = range(50_000).map((n) =>
      row(`txn_${n}`, dayOf2026(n), BigInt(n), { refund: `re_${n}`, payments: [`ch_${n}`] }),
    )
    const pairs = legs
      .flatMap((each, n) => (n % 2 ? { leg: each, row: rows[n] } : []))
      .filter((pair) => pair.row !== undefined)
    const stored = pairs.map((pair, n) => ({
      match_no: BigInt(n),
      pass: 'amount_and_date' as const,
      leg_nos: [pair.leg.leg_no],
      row_nos: pair.row ? [pair.row.row_no] : [],
    }))
    const none = { leg_nos: new Set<bigint>(), row_nos: new Set<bigint>() }
    const added = { leg_nos: new Set(legs.map(({ leg_no }) => leg_no)), row_nos: none.row_nos }
    for (const { leg: each } of pairs) added.leg_nos.delete(each.leg_no)
    const start = performance.now()
    expect(matchesToUndo(stored, legs, rows, [], { added, changed: none, gone: none })).toEqual([])
    process.stderr.write(`25,000 matches to undo or keep: ${(performance.now() - start).toFixed(0)} ms\n`)
    const standing = stored.map(({ match_no, pass }, n) => ({
      match_no,
      pass,
      legs: pairs.slice(n, n + 1).map((pair) => pair.leg),
      rows: pairs.slice(n, n + 1).flatMap((pair) => pair.row ?? []),
    }))
    expect(measure('25,000 standing matches', legs, rows, SETTINGS, standing).matches.length).toBe(25_000)
  })
})
