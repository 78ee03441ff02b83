/** Each pass in turn, as it went for some legs and rows: the candidates, and what vetoed or took them. Pure. */

import { isFeeOnly } from '../../matching/fee-only.ts'
import { isRefund } from '../../matching/keys.ts'
import { PairVetoes } from '../../matching/pair-vetoes.ts'
import type { Leg, Pass, TraceEntry } from '../../matching/types.ts'
import type { Neighbourhood } from '../../reconciliation/neighbourhood.ts'
import type { LoadedRow } from '../../reconciliation/working-set.ts'
import { namesOf } from './items.ts'
import { isTakenBefore, PASSES, type Placement, passName, type Recomputed } from './recomputed.ts'
import { daysApart, MOST_FAR, type Relation, relationIn } from './relations.ts'
import { nothingFound, sentenceOf } from './wording.ts'

export interface Candidate {
  outcome:
    | 'matched'
    | 'duplicate'
    | 'ambiguous'
    | 'vetoed'
    | 'not_equal'
    | 'taken_before'
    | 'taken'
    | 'passed_over'
    | 'apart'
    | 'nothing'
  /** the key or amount (minor units) that brought them together; null where none did */
  by: string | null
  legs: readonly Leg[]
  rows: readonly LoadedRow[]
  /** one sentence */
  why: string
}

export interface PassStory {
  pass: Pass
  /** 0 to 5; null: cancelled */
  number: number | null
  outcome: 'matched' | 'duplicate' | 'ambiguous' | 'not_reached' | 'no_candidate' | 'left'
  /** one sentence */
  text: string
  candidates: Candidate[]
}

/** What is asked about: legs and rows that take part in matching. */
export interface Focus {
  legs: readonly Leg[]
  rows: readonly LoadedRow[]
}

/** The rows that the passes see in place of reversals and fees alone, which go where another row goes. */
export function withLeaders({ legs, rows }: Focus, recomputed: Recomputed): Focus {
  const leading = rows.map((row) => {
    const first = recomputed.leaderOf(row) ?? row
    return recomputed.leaderOf(first) ?? first
  })
  return { legs, rows: [...new Set(leading)] }
}

export function passStories(focus: Focus, near: Neighbourhood, recomputed: Recomputed): PassStory[] {
  const teller = new Teller(near, recomputed)
  return PASSES.map((pass, place) => {
    const number = pass === 'cancelled' ? null : place
    const before = [
      ...focus.legs.map((leg) => recomputed.ofLeg(leg)),
      ...focus.rows.map((row) => recomputed.ofRow(row)),
    ]
    if (before.length > 0 && before.every((placement) => isTakenBefore(placement, pass))) {
      const takers = new Set(before.flatMap((placement) => placement.pass ?? []))
      const text = `Not reached: ${[...takers].map(passName).join(' and ')} had settled it.`
      return { pass, number, outcome: 'not_reached', text, candidates: [] }
    }
    const candidates = teller.candidates(pass, focus)
    const outcome = outcomeOf(candidates)
    const text = outcome === 'no_candidate' ? nothingFound(pass, focus) : SUMMARIES[outcome]
    return { pass, number, outcome, text, candidates }
  })
}

const SUMMARIES: Readonly<Record<Exclude<PassStory['outcome'], 'not_reached' | 'no_candidate'>, string>> = {
  matched: 'Matched.',
  duplicate: 'Booked twice: what it names is matched with another leg.',
  ambiguous: 'Ambiguous: nothing says which belongs to which.',
  left: 'Left open.',
}

const outcomeOf = (candidates: readonly Candidate[]): Exclude<PassStory['outcome'], 'not_reached'> => {
  if (candidates.length === 0) return 'no_candidate'
  const decided = (['matched', 'duplicate', 'ambiguous'] as const).find((outcome) =>
    candidates.some((candidate) => candidate.outcome === outcome),
  )
  return decided ?? 'left'
}

/** Tells of each pair that a pass looks at what became of it. */
class Teller {
  readonly #near: Neighbourhood
  readonly #recomputed: Recomputed
  readonly #vetoes: PairVetoes
  readonly #legByNo: ReadonlyMap<bigint, Leg>
  readonly #rowByNo: ReadonlyMap<bigint, LoadedRow>

  constructor(near: Neighbourhood, recomputed: Recomputed) {
    this.#near = near
    this.#recomputed = recomputed
    this.#vetoes = new PairVetoes(near.settings, near.rulings)
    this.#legByNo = new Map(near.legs.map((leg) => [leg.leg_no, leg]))
    this.#rowByNo = new Map(near.rows.map((row) => [row.row_no, row]))
  }

  candidates(pass: Pass, focus: Focus): Candidate[] {
    const found = new Map<string, Candidate>()
    const add = (candidate: Candidate): void => {
      const legs = candidate.legs.map(({ leg_no }) => leg_no)
      const rows = candidate.rows.map(({ row_no }) => row_no)
      const key = [candidate.outcome, candidate.by, legs.join(), rows.join(), candidate.why].join('\n')
      if (!found.has(key)) found.set(key, candidate)
    }
    for (const leg of focus.legs) {
      if (isTakenBefore(this.#recomputed.ofLeg(leg), pass)) continue
      const pairs = this.#near.rows.filter((row) => !this.#follows(pass, row)).map((row) => ({ leg, row, asked: leg }))
      for (const candidate of this.#ofPairs(pass, pairs)) add(candidate)
      for (const candidate of this.#ofDuplicate(pass, leg)) add(candidate)
    }
    for (const row of focus.rows) {
      if (isTakenBefore(this.#recomputed.ofRow(row), pass)) continue
      const pairs = this.#follows(pass, row) ? [] : this.#near.legs.map((leg) => ({ leg, row, asked: row }))
      for (const candidate of this.#ofPairs(pass, pairs)) add(candidate)
      if (pass === 'cancelled') for (const candidate of this.#ofReversals(row)) add(candidate)
    }
    return [...found.values()].sort((a, b) => rankOf(a) - rankOf(b))
  }

  /** After pass 1 a fee alone goes where its refund goes, and takes part no further. */
  #follows(pass: Pass, row: LoadedRow): boolean {
    if (pass === 'manual') return false
    return !isRefund(row) || (pass !== 'refund_id' && isFeeOnly(row) && this.#recomputed.leaderOf(row) !== undefined)
  }

  #ofPairs(pass: Pass, pairs: readonly Pair[]): Candidate[] {
    const related = pairs.flatMap((pair) => {
      const relation = relationIn(pass, pair.leg, pair.row, this.#near)
      return relation ? [{ ...pair, relation }] : []
    })
    const apart = related.filter(({ relation }) => relation.apart !== null)
    const nearest = apart
      .toSorted((a, b) => this.#distance(a) - this.#distance(b))
      .slice(0, pass === 'amount_and_date' ? MOST_FAR : apart.length)
    return related
      .filter((pair) => pair.relation.apart === null || nearest.includes(pair) || this.#isTraced(pass, pair))
      .flatMap((pair) => this.#ofPair(pass, pair))
  }

  #distance({ leg, row }: Pair): number {
    return daysApart(leg, row, this.#near.settings)
  }

  #entries(pass: Pass, { leg, row }: Pair): TraceEntry[] {
    return this.#recomputed.trace.filter(
      ({ step, outcome, leg_nos, row_nos }) =>
        (step === pass || (step === 'ambiguous' && pass === 'amount_and_date')) &&
        outcome !== 'set_aside' &&
        leg_nos.includes(leg.leg_no) &&
        row_nos.includes(row.row_no),
    )
  }

  #isTraced(pass: Pass, pair: Pair): boolean {
    return this.#entries(pass, pair).length > 0
  }

  #ofPair(pass: Pass, pair: Pair & { relation: Relation }): Candidate[] {
    const { leg, row, asked, relation } = pair
    const both = { by: relation.by, legs: [leg], rows: [row] }
    const entries = this.#entries(pass, pair)
    const matched = entries.filter(({ outcome }) => outcome === 'matched')
    if (matched.length > 0) return matched.map((entry) => this.#ofEntry(entry))
    const other = asked === leg ? this.#recomputed.ofRow(row) : this.#recomputed.ofLeg(leg)
    const own = asked === leg ? this.#recomputed.ofLeg(leg) : this.#recomputed.ofRow(row)
    const name = asked === leg ? namesOf([], [row]) : namesOf([leg], [])
    if (isTakenBefore(other, pass)) {
      return [{ outcome: 'taken_before', ...both, why: `${upper(name)} ${takenBy(other, asked === leg)}.` }]
    }
    const veto = this.#vetoes.reason(pass, leg, row)
    if (veto !== null) return [{ outcome: 'vetoed', ...both, why: `${upper(veto)}.` }]
    if (entries.length > 0) return entries.map((entry) => this.#ofEntry(entry))
    if (relation.apart !== null) return [{ outcome: 'apart', ...both, why: `${upper(relation.apart)}.` }]
    if (other.pass === pass) {
      return [{ outcome: 'taken', ...both, why: `${upper(name)} ${takenBy(other, asked === leg)}.` }]
    }
    if (own.pass === pass && own.kind === 'matched') {
      const taken = asked === leg ? namesOf([], own.rows) : namesOf(own.legs, [])
      return [{ outcome: 'passed_over', ...both, why: `The pass preferred ${taken}.` }]
    }
    return [{ outcome: 'nothing', ...both, why: 'The pass left them as they were.' }]
  }

  #ofEntry(entry: TraceEntry): Candidate {
    const legs = entry.leg_nos.flatMap((leg_no) => this.#legByNo.get(leg_no) ?? [])
    const rows = entry.row_nos.flatMap((row_no) => this.#rowByNo.get(row_no) ?? [])
    const outcome = isTold(entry.outcome) ? entry.outcome : 'nothing'
    const why = sentenceOf(entry, legs, rows, this.#near.settings.currency)
    return { outcome, by: entry.by, legs, rows, why }
  }

  #ofDuplicate(pass: Pass, leg: Leg): Candidate[] {
    if (pass !== 'refund_id') return []
    return this.#recomputed.trace
      .filter(({ step, leg_nos }) => step === 'duplicates' && leg_nos.includes(leg.leg_no))
      .map((entry) => this.#ofEntry(entry))
  }

  #ofReversals(row: LoadedRow): Candidate[] {
    const told = this.#recomputed.trace.filter(
      ({ step, row_nos }) => step === 'cancelled' && row_nos.includes(row.row_no),
    )
    if (told.length > 0) return told.map((entry) => this.#ofEntry(entry))
    const reversals = this.#near.rows.filter((each) => !isRefund(each) && this.#recomputed.leaderOf(each) === row)
    if (reversals.length === 0) return []
    const why = `${upper(namesOf([], reversals))} ${reversals.length === 1 ? 'does' : 'do'} not undo its refund to 0.`
    return [{ outcome: 'not_equal', by: row.refund_id, legs: [], rows: [row, ...reversals], why }]
  }
}

interface Pair {
  leg: Leg
  row: LoadedRow
  /** the one of the two that is asked about */
  asked: Leg | LoadedRow
}

const TOLD = ['matched', 'duplicate', 'ambiguous', 'vetoed', 'not_equal', 'nothing'] as const
const isTold = (outcome: TraceEntry['outcome']): outcome is (typeof TOLD)[number] =>
  (TOLD as readonly string[]).includes(outcome)

const ORDER: readonly Candidate['outcome'][] = ['matched', 'duplicate', 'ambiguous', 'vetoed', 'not_equal']
const rankOf = ({ outcome }: Candidate): number => (ORDER.includes(outcome) ? ORDER.indexOf(outcome) : ORDER.length)

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** 'was taken in pass 1 (refund_id) with leg a' */
const takenBy = ({ kind, pass, legs, rows }: Placement, isRow: boolean): string => {
  if (kind === 'duplicate') return 'is a duplicate since pass 1 (refund_id)'
  if (kind === 'ambiguous') return 'is ambiguous'
  const partners = isRow ? legs : rows
  const whom = partners.length === 0 ? '' : ` with ${isRow ? namesOf(legs, []) : namesOf([], rows)}`
  return `was taken in ${pass === null ? 'no pass' : passName(pass)}${whom}`
}
