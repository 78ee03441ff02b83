import { type Island, islandsOf } from './islands.ts'
import { isFree, type LegItem, type OpenItems, type RowItem } from './items.ts'
import { paymentKindsOfLeg, paymentKindsOfRow } from './keys.ts'
import { listUnder } from './order.ts'
import { markUndone } from './undone.ts'
import { setAside } from './veto.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * Pass 5: items of one amount form islands in time; an island with as many legs as rows and no vetoed pair is one match.
 * Dates count a row's date the processor's usual lag earlier.
 *
 * Two rounds, the first without rows that their reversals undo. An island that is no match is looked at date by date: in
 * the second round only where all its rows are undone. What the rounds leave forms islands again: those with both sides
 * are AMBIGUOUS_MATCH, without their undone rows where they have others.
 */
export function matchByAmountAndDate(work: WorkingSet, open: OpenItems): void {
  markUndone(work, open)
  for (const { legs, rows } of itemsByAmount(open)) {
    classByPayments(work, open, legs, rows)
    const window = open.rules.date_window_days
    const notUndone = rows.filter(({ undone }) => !undone)
    for (const island of islandsOf(legs, notUndone, window)) settle(work, island, window, true)
    for (const island of left(legs, rows, window)) {
      settle(
        work,
        island,
        window,
        island.rows.every(({ undone }) => undone),
      )
    }
    for (const island of left(legs, rows, window)) findAmbiguous(work, island)
  }
}

/** The items of each amount that stands on both sides, in order of amount. */
function itemsByAmount(open: OpenItems): { legs: LegItem[]; rows: RowItem[] }[] {
  const rowsOf = new Map<bigint, RowItem[]>()
  for (const item of open.rows) if (item.free) listUnder(rowsOf, item.row.amount).push(item)
  const legsOf = new Map<bigint, LegItem[]>()
  for (const item of open.legs) {
    if (item.free && rowsOf.has(item.leg.amount)) listUnder(legsOf, item.leg.amount).push(item)
  }
  return [...legsOf].map(([amount, legs]) => ({ legs, rows: rowsOf.get(amount) ?? [] }))
}

/** From here on disagreeing payments veto too. */
function classByPayments(work: WorkingSet, open: OpenItems, legs: readonly LegItem[], rows: readonly RowItem[]): void {
  const { processor, rules } = open
  const isKnown = (key: string): boolean => work.settings.known_payment_ids(processor, key)
  for (const item of legs) {
    item.veto = work.vetoes.ofLeg(item.leg, item.veto.names_refund, paymentKindsOfLeg(item.leg, rules, isKnown))
  }
  for (const item of rows) {
    item.veto = work.vetoes.ofRow(item.row, item.veto.names_refund, paymentKindsOfRow(item.row, rules))
  }
}

const left = (legs: readonly LegItem[], rows: readonly RowItem[], window: number): Island[] =>
  islandsOf(legs.filter(isFree), rows.filter(isFree), window)

/** Matches an island as one, else date by date and then what is left of it. */
function settle(work: WorkingSet, island: Island, window: number, dateByDate: boolean): void {
  if (matchWhole(work, island) || !dateByDate) return
  const rowsOn = new Map<number, RowItem[]>()
  for (const row of island.rows) listUnder(rowsOn, row.day).push(row)
  const legsOn = new Map<number, LegItem[]>()
  for (const leg of island.legs) listUnder(legsOn, leg.day).push(leg)
  for (const [day, legs] of legsOn) {
    const rows = rowsOn.get(day) ?? []
    matchWhole(work, { legs, rows, vetoed: hasVetoedPair(legs, rows) })
  }
  for (const rest of left(island.legs, island.rows, window)) matchWhole(work, rest)
}

/** Nothing is set aside within one date, so a pair that would be counts as vetoed too. */
const hasVetoedPair = (legs: readonly LegItem[], rows: readonly RowItem[]): boolean => {
  const kept = setAside(legs, rows)
  return kept.vetoed || kept.legs.length < legs.length || kept.rows.length < rows.length
}

function matchWhole(work: WorkingSet, { legs, rows, vetoed }: Island): boolean {
  if (vetoed || legs.length !== rows.length) return false
  work.take('amount_and_date', legs, rows)
  work.trace?.add(
    'amount_and_date',
    'matched',
    String(legs[0]?.leg.amount),
    legs,
    rows,
    'They have one amount, lie close together, and both sides have as many.',
  )
  return true
}

function findAmbiguous(work: WorkingSet, { legs, rows }: Island): void {
  const notUndone = rows.filter(({ undone }) => !undone)
  const candidates = notUndone.length > 0 ? notUndone : rows
  for (const item of legs) item.free = false
  for (const item of candidates) item.free = false
  work.ambiguous.push({ legs: [...legs], rows: [...candidates] })
  work.trace?.add(
    'ambiguous',
    'ambiguous',
    String(legs[0]?.leg.amount),
    legs,
    candidates,
    'They have one amount and lie close together, but nothing says which belongs to which.',
  )
}
