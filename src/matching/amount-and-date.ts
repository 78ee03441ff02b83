import { type Island, islandsOf } from './islands.ts'
import { isFree, type LegItem, type OpenItems, type RowItem } from './items.ts'
import { paymentKindsOfLeg, paymentKindsOfRow } from './keys.ts'
import { listUnder } from './order.ts'
import { markUndone } from './undone-refunds.ts'
import { setAside } from './veto.ts'
import type { WorkingSet } from './working-set.ts'

const PASS = 'amount_and_date'

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
  const window = open.rules.date_window_days
  for (const { legs, rows } of itemsByAmount(open)) {
    classByPayments(work, open, legs, rows)
    const notUndone = rows.filter(({ undone }) => !undone)
    for (const island of left(work, legs, notUndone, window)) settle(work, island, window, true)
    for (const island of left(work, legs, rows, window)) settle(work, island, window, island.rows.every(isUndone))
    for (const island of left(work, legs, rows, window)) findAmbiguous(work, island)
  }
}

const isUndone = ({ undone }: RowItem): boolean => undone

/** The items of each amount that stands on both sides, in the order of their first legs. */
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

function left(work: WorkingSet, legs: readonly LegItem[], rows: readonly RowItem[], window: number): Island[] {
  const trace = work.trace
  const why = 'They have one amount and lie close together, but are vetoed against everything on the other side.'
  return islandsOf(
    legs.filter(isFree),
    rows.filter(isFree),
    window,
    trace ? ({ asideLegs, asideRows }) => trace.add(PASS, 'set_aside', null, asideLegs, asideRows, why) : undefined,
  )
}

/** Matches an island as one, else date by date and then what is left of it. */
function settle(work: WorkingSet, island: Island, window: number, dateByDate: boolean): void {
  if (matchWhole(work, island.legs, island.rows, island.vetoed) || !dateByDate) return
  const rowsOn = new Map<number, RowItem[]>()
  for (const row of island.rows) listUnder(rowsOn, row.day).push(row)
  const legsOn = new Map<number, LegItem[]>()
  for (const leg of island.legs) listUnder(legsOn, leg.day).push(leg)
  for (const [day, legs] of legsOn) {
    const rows = rowsOn.get(day) ?? []
    matchWhole(work, legs, rows, hasVetoedPair(legs, rows))
  }
  for (const { legs, rows, vetoed } of left(work, island.legs, island.rows, window))
    matchWhole(work, legs, rows, vetoed)
}

/** Within one date nothing is set aside: an item vetoed against all others there stands in the way. */
const hasVetoedPair = (legs: readonly LegItem[], rows: readonly RowItem[]): boolean => {
  const { vetoed, asideLegs, asideRows } = setAside(legs, rows)
  return vetoed || asideLegs.length > 0 || asideRows.length > 0
}

function matchWhole(work: WorkingSet, legs: readonly LegItem[], rows: readonly RowItem[], vetoed: boolean): boolean {
  if (rows.length === 0) return false
  const by = String(rows[0]?.row.amount)
  if (vetoed || legs.length !== rows.length) {
    const why = vetoed ? 'some of them are vetoed against each other' : `they are ${legs.length} and ${rows.length}`
    work.trace?.add(PASS, vetoed ? 'vetoed' : 'not_equal', by, legs, rows, `They lie close together, but ${why}.`)
    return false
  }
  work.take(PASS, legs, rows)
  const why = 'They have one amount, lie close together, and are as many on both sides.'
  work.trace?.add(PASS, 'matched', by, legs, rows, why)
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
