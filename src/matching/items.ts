/** Legs and rows at work, and the groups that passes make of them. */

import type { Direction, Leg, Pass, ProcessorRules, Row } from './types.ts'
import type { VetoClass } from './veto.ts'

export interface LegItem {
  readonly leg: Leg
  /** Its place among all legs in order. */
  readonly order: number
  /** Its date, in days. */
  readonly day: number
  /** Not matched, no duplicate, not ambiguous. */
  free: boolean
  veto: VetoClass
}

export interface RowItem {
  readonly row: Row
  /** Its place among all rows in order. */
  readonly order: number
  /** Its date less the processor's usual lag, in days: the day on which the books are expected to have it. */
  readonly day: number
  /** Of a reversal that of its refund, `customer` where none is known. */
  direction: Direction
  /** Neither matched nor ambiguous. A row that follows another stays free, since it is in no pass. */
  free: boolean
  /** The refund row that a fee-only row follows, from the end of pass 1 on. */
  leader: RowItem | null
  /** Whether its reversals undo its refund, as judged when a pass begins. */
  undone: boolean
  veto: VetoClass
}

/** The refund rows of one refund, in order: one refund id of one processor and direction, or one row without. */
export type Refund = readonly RowItem[]

/** A match in the making: refund rows only, but for reversals that a person named. */
export interface Draft {
  readonly pass: Pass
  readonly legs: LegItem[]
  readonly rows: RowItem[]
}

/** The legs and rows that bear one key, each in order. */
export interface Sharing {
  readonly legs: LegItem[]
  readonly rows: RowItem[]
}

/** What is left of one direction and processor, in order. Passes drop what they took by asking `free`. */
export interface OpenItems {
  readonly direction: Direction
  readonly processor: string
  readonly rules: ProcessorRules
  readonly legs: readonly LegItem[]
  readonly rows: readonly RowItem[]
  /** By key, what of these bears it as a reference key, where both sides do. */
  readonly shared: ReadonlyMap<string, Sharing>
}

export const isFree = (item: { readonly free: boolean }): boolean => item.free
