/**
 * Which leg and row must not be joined (contract, section 4, "Veto"; section 7, "Rulings").
 *
 * Whether a pair is vetoed depends on three things an item carries, its veto class, not on the item itself. So passes
 * compare classes, of which there are few, and never each leg with each row. Two facts make this exact:
 *
 * - Disagreeing identity: a leg with a key of the shape of this processor's refund ids, a row with a refund id, and none
 *   of the keys is that id. Pass 1 has matched every leg and row that bear one id and may be matched, so of what passes
 *   2 to 5 see, any such leg disagrees with any row that has a refund id.
 * - Disagreeing payments (pass 5 only): for some kind both have payment ids and none in common, and for no kind they have
 *   one in common. Pass 2 has matched what shares a payment id, has one amount and may be matched, so of what pass 5
 *   compares, any leg and row that both have ids of one kind disagree.
 */

import { listUnder } from './order.ts'
import type { Leg, Row, Ruling } from './types.ts'

/** What decides whom an item is vetoed against. Items of one class share one object. */
export interface VetoClass {
  /** Leg: has an identity key of the shape of a refund id. Row: has a refund id. */
  readonly names_refund: boolean
  /** Kinds of payment ids, one bit each; 0 before pass 5. */
  readonly payment_kinds: number
  /** The `unmatch` rulings that name the item, ascending. */
  readonly rulings: readonly number[]
}

const NO_RULINGS: readonly number[] = []

const haveOneInCommon = (some: readonly number[], others: readonly number[]): boolean =>
  some.some((each) => others.includes(each))

/** Whether no leg of the one class may be joined with a row of the other. */
export const isVetoed = (leg: VetoClass, row: VetoClass): boolean =>
  (leg.names_refund && row.names_refund) ||
  (leg.payment_kinds & row.payment_kinds) !== 0 ||
  haveOneInCommon(leg.rulings, row.rulings)

/** Why `isVetoed` holds, as one clause. */
export function reasonOfVeto(leg: VetoClass, row: VetoClass): string {
  if (haveOneInCommon(leg.rulings, row.rulings)) return 'a person said that they are not the same money'
  if (leg.names_refund && row.names_refund) return 'they carry different refund ids of this processor'
  return 'they carry different payments'
}

/** Which items `unmatch` rulings name, and the classes in use. */
export class Vetoes {
  readonly #rulingsOfLeg = new Map<bigint, number[]>()
  readonly #rulingsOfRow = new Map<bigint, number[]>()
  readonly #classes = new Map<string, VetoClass>()

  constructor(rulings: readonly Ruling[]) {
    rulings.forEach((ruling, number) => {
      if (ruling.kind !== 'unmatch') return
      for (const leg_no of new Set(ruling.leg_nos)) listUnder(this.#rulingsOfLeg, leg_no).push(number)
      for (const row_no of new Set(ruling.row_nos)) listUnder(this.#rulingsOfRow, row_no).push(number)
    })
  }

  /** The class of a leg in which it only has rulings, as pass 1 asks. */
  ofLeg(leg: Leg, names_refund = false, payment_kinds = 0): VetoClass {
    return this.#classOf(this.#rulingsOfLeg.get(leg.leg_no) ?? NO_RULINGS, names_refund, payment_kinds)
  }

  ofRow(row: Row, names_refund = false, payment_kinds = 0): VetoClass {
    return this.#classOf(this.#rulingsOfRow.get(row.row_no) ?? NO_RULINGS, names_refund, payment_kinds)
  }

  #classOf(rulings: readonly number[], names_refund: boolean, payment_kinds: number): VetoClass {
    const name = `${names_refund ? 'named' : ''} ${payment_kinds} ${rulings.length === 0 ? '' : rulings.join()}`
    const known = this.#classes.get(name)
    if (known) return known
    const made = { names_refund, payment_kinds, rulings }
    this.#classes.set(name, made)
    return made
  }
}

/** Something that has a veto class: a leg or a row at work. */
export interface Vetoable {
  readonly veto: VetoClass
}

/** The items of two sides without those set aside. */
export interface Kept<L extends Vetoable, R extends Vetoable> {
  readonly legs: readonly L[]
  readonly rows: readonly R[]
  readonly asideLegs: readonly L[]
  readonly asideRows: readonly R[]
  /** Whether a vetoed pair is among what is kept. */
  readonly vetoed: boolean
}

/**
 * Sets aside the items that are vetoed against everything on the other side. Once is enough: what is set aside had no
 * partner, so nothing loses its last one.
 */
export function setAside<L extends Vetoable, R extends Vetoable>(legs: readonly L[], rows: readonly R[]): Kept<L, R> {
  const legClasses = classesOf(legs)
  const rowClasses = classesOf(rows)
  const keptLegClasses = legClasses.filter((leg) => !rowClasses.every((row) => isVetoed(leg, row)))
  const keptRowClasses = rowClasses.filter((row) => !legClasses.every((leg) => isVetoed(leg, row)))
  const [keptLegs, asideLegs] = split(legs, legClasses, keptLegClasses)
  const [keptRows, asideRows] = split(rows, rowClasses, keptRowClasses)
  const vetoed = keptLegClasses.some((leg) => keptRowClasses.some((row) => isVetoed(leg, row)))
  return { legs: keptLegs, rows: keptRows, asideLegs, asideRows, vetoed }
}

function classesOf(items: readonly Vetoable[]): readonly VetoClass[] {
  const classes = new Set<VetoClass>()
  for (const item of items) classes.add(item.veto)
  return [...classes]
}

/** The items of the classes kept, and the others. */
function split<T extends Vetoable>(
  items: readonly T[],
  classes: readonly VetoClass[],
  kept: readonly VetoClass[],
): readonly [readonly T[], readonly T[]] {
  if (kept.length === classes.length) return [items, []]
  const keptClasses = new Set(kept)
  return [items.filter((item) => keptClasses.has(item.veto)), items.filter((item) => !keptClasses.has(item.veto))]
}
