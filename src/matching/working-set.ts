import { type Draft, isFree, type LegItem, type OpenItems, type Refund, type RowItem } from './items.ts'
import { directionOf, hasRefundIdShape, isRefund } from './keys.ts'
import { compareLegs, compareRows, dayNumber, listUnder } from './order.ts'
import { reversalsByRefund, reversedRefunds, tieReversals } from './reversals.ts'
import { sharedKeys } from './shared-keys.ts'
import { Trace } from './trace.ts'
import type { Direction, Leg, MatchSettings, Pass, Row, Ruling, Standing } from './types.ts'
import { Vetoes } from './veto.ts'

/** All legs and rows of a run, and what becomes of them. Passes read and change this and nothing else. */
export class WorkingSet {
  readonly settings: MatchSettings
  readonly vetoes: Vetoes
  readonly trace: Trace | null
  /** All legs in order. */
  readonly legs: readonly LegItem[]
  /** All rows but reversals, in order. */
  readonly refunds: readonly RowItem[]
  readonly reversals: readonly RowItem[]
  /** Reversal to the refund row that it reverses. */
  readonly reversalOf: Map<RowItem, RowItem>
  /** Refund row to its reversals, in order. */
  readonly reversalsOf: ReadonlyMap<RowItem, readonly RowItem[]>
  /** The refunds that have a reversal. */
  readonly reversedRefunds: readonly Refund[]
  /** Refund row to the fee-only rows that follow it, in order; filled after pass 1. */
  readonly feesOf = new Map<RowItem, RowItem[]>()
  readonly standing: readonly Standing[]
  readonly drafts: Draft[] = []
  readonly ambiguous: { legs: LegItem[]; rows: RowItem[] }[] = []
  readonly duplicates: LegItem[] = []

  constructor(
    legs: readonly Leg[],
    rows: readonly Row[],
    settings: MatchSettings,
    rulings: readonly Ruling[],
    standing: readonly Standing[],
  ) {
    this.settings = settings
    this.vetoes = new Vetoes(rulings)
    this.trace = settings.trace ? new Trace() : null
    this.standing = standing
    this.legs = legs.toSorted(compareLegs).map((leg, order) => ({
      leg,
      order,
      day: dayNumber(leg.on_date),
      free: true,
      veto: this.vetoes.ofLeg(leg),
    }))
    const all = rows.toSorted(compareRows).map((row, order) => ({
      row,
      order,
      day: dayNumber(row.on_date) - (settings.processors.get(row.processor)?.usual_lag_days ?? 0),
      direction: directionOf(row),
      free: true,
      leader: null as RowItem | null,
      undone: false,
      veto: this.vetoes.ofRow(row),
    }))
    this.refunds = all.filter(({ row }) => isRefund(row))
    this.reversals = all.filter(({ row }) => !isRefund(row))
    const standingNos = this.#keepStanding()
    this.reversalOf = tieReversals(this.refunds, this.reversals, standingNos)
    for (const [reversal, refund] of this.reversalOf) {
      reversal.direction = refund.direction
      const why = 'A reversal goes where its refund goes.'
      this.trace?.add('reversals', 'follows', reversal.row.refund_id, [], [reversal, refund], why)
    }
    this.reversalsOf = reversalsByRefund(this.reversalOf)
    this.reversedRefunds = reversedRefunds(this.refunds, this.reversalsOf)
  }

  /** Takes the items of standing matches out; gives the match of each of their rows. */
  #keepStanding(): ReadonlyMap<bigint, bigint> {
    const matchOfRow = new Map<bigint, bigint>()
    if (this.standing.length === 0) return matchOfRow
    const legNos = new Set<bigint>()
    for (const match of this.standing) {
      for (const leg of match.legs) legNos.add(leg.leg_no)
      for (const row of match.rows) matchOfRow.set(row.row_no, match.match_no)
    }
    for (const item of this.legs) if (legNos.has(item.leg.leg_no)) item.free = false
    for (const item of this.refunds) if (matchOfRow.has(item.row.row_no)) item.free = false
    for (const item of this.reversals) if (matchOfRow.has(item.row.row_no)) item.free = false
    return matchOfRow
  }

  /** Makes a match of free legs and rows. */
  take(pass: Pass, legs: readonly LegItem[], rows: readonly RowItem[]): Draft {
    for (const item of legs) item.free = false
    for (const item of rows) item.free = false
    const draft = { pass, legs: [...legs], rows: [...rows] }
    this.drafts.push(draft)
    return draft
  }

  /** What follows a refund row: its reversals, and fee-only rows with theirs. What a person matched stays there. */
  followersOf(row: RowItem): RowItem[] {
    const reversals = this.reversalsOf.get(row) ?? []
    const fees = this.feesOf.get(row) ?? []
    return [...reversals.filter(isFree), ...fees, ...fees.flatMap((fee) => this.followersOf(fee))]
  }

  /**
   * What passes 2 to 5 match: the free legs and rows of each direction and configured processor that has both, rows in
   * the business's currency only and without those that follow others.
   */
  openItems(): OpenItems[] {
    const legsOf = new Map<string, LegItem[]>()
    for (const item of this.legs) if (item.free) listUnder(legsOf, placeOf(item.leg)).push(item)
    const rowsOf = new Map<string, RowItem[]>()
    for (const item of this.refunds) {
      if (!item.free || item.leader || item.row.currency !== this.settings.currency) continue
      listUnder(rowsOf, placeOf({ direction: item.direction, processor: item.row.processor })).push(item)
    }
    const open: OpenItems[] = []
    for (const [processor, rules] of this.settings.processors) {
      for (const direction of ['customer', 'vendor'] as const) {
        const legs = legsOf.get(placeOf({ direction, processor }))
        const rows = rowsOf.get(placeOf({ direction, processor }))
        if (!legs || !rows) continue
        for (const item of legs) item.veto = this.vetoes.ofLeg(item.leg, hasRefundIdShape(item.leg, rules))
        for (const item of rows) item.veto = this.vetoes.ofRow(item.row, item.row.refund_id !== null)
        open.push({ direction, processor, rules, legs, rows, shared: sharedKeys(legs, rows) })
      }
    }
    return open
  }
}

const placeOf = ({ direction, processor }: { direction: Direction; processor: string }): string =>
  `${direction} ${processor}`
