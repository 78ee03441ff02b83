import { isFeeOnly, leadersOfFees } from './fee-only.ts'
import { directionOf, identityKeysOf, isRefund, referenceKeysOf } from './keys.ts'
import { compareRows } from './order.ts'
import { tieReversals } from './reversals.ts'
import { RuledMatches } from './ruled-matches.ts'
import type { Direction, Leg, Row, Ruling, StoredMatch } from './types.ts'

/** Why a match is undone, each as a sentence for a person (contract, section 4, "From night to night"). */
const UNDO_REASONS = {
  item_changed: 'A leg or row of it changed.',
  item_left: 'A leg or row of it is no longer there.',
  row_gained: 'The processor has a further row of the same refund.',
  leg_gained: 'The books have a further leg of the same refund with the same key.',
  leg_names_row: 'A new or changed leg names one of its rows.',
  row_named_by_leg: 'One of its legs names a new row.',
  leg_shares_key: 'A new or changed leg shares a key with the cancelled refund.',
  person_said_so: 'A person said so.',
  reversal_gained: 'One of its rows was reversed.',
} as const

export type UndoReason = keyof typeof UNDO_REASONS

/** Numbers of legs and rows. */
interface Change {
  readonly leg_nos: ReadonlySet<bigint>
  readonly row_nos: ReadonlySet<bigint>
}

/** What is different from the night before. */
export interface Fresh {
  /** New, or there again. */
  readonly added: Change
  /** Amount, fee, currency, date, key or processor is another. What changed names and shares keys anew. */
  readonly changed: Change
  /** Refund removed, file withdrawn. */
  readonly gone: Change
}

/**
 * Says which of the stored matches are undone tonight, each with the first reason in the order of `UNDO_REASONS`; all
 * others stand. `legs` and `rows` are as they are tonight: the open, new and changed ones and those of the matches.
 *
 * Reversals and fee-only rows that are open look for their refund again; a match one of whose rows they find is undone too.
 * `rulings` are in the order in which they were made.
 */
export function matchesToUndo(
  stored: readonly StoredMatch[],
  legs: readonly Leg[],
  rows: readonly Row[],
  rulings: readonly Ruling[],
  fresh: Fresh,
): { match_no: bigint; reason: UndoReason }[] {
  const legByNo = new Map(legs.map((leg) => [leg.leg_no, leg]))
  const rowByNo = new Map(rows.map((row) => [row.row_no, row]))
  const matches = stored.map((match) => new LoadedMatch(match, legByNo, rowByNo))
  const claims = new Claims(legs, rows, fresh)
  const ruled = new RuledMatches(stored, legByNo, rowByNo, rulings)
  const reasons = new Map<bigint, UndoReason>()
  for (const match of matches) {
    const reason = reasonOf(match, claims, ruled, fresh)
    if (reason) reasons.set(match.match_no, reason)
  }
  addGainedFollowers(matches, rows, reasons)
  return stored.flatMap(({ match_no }) => {
    const reason = reasons.get(match_no)
    return reason ? [{ match_no, reason }] : []
  })
}

/** A stored match with those of its items that are there. */
class LoadedMatch {
  readonly match_no: bigint
  readonly stored: StoredMatch
  readonly legs: readonly Leg[]
  readonly refunds: readonly Row[]
  readonly rows: readonly Row[]
  readonly direction: Direction

  constructor(stored: StoredMatch, legByNo: ReadonlyMap<bigint, Leg>, rowByNo: ReadonlyMap<bigint, Row>) {
    this.match_no = stored.match_no
    this.stored = stored
    this.legs = stored.leg_nos.flatMap((leg_no) => legByNo.get(leg_no) ?? [])
    this.rows = stored.row_nos.flatMap((row_no) => rowByNo.get(row_no) ?? [])
    this.refunds = this.rows.filter(isRefund)
    const [refund] = this.refunds
    this.direction = this.legs[0]?.direction ?? (refund ? directionOf(refund) : 'customer')
  }

  /** Whether items are missing. */
  get isTorn(): boolean {
    return this.legs.length < this.stored.leg_nos.length || this.rows.length < this.stored.row_nos.length
  }

  /**
   * Whether pass 1 would prefer another leg or row that bears an id: pass 1 made the match only when that was within the
   * leg's own processor, and what a person matched stays.
   */
  get yieldsToIds(): boolean {
    const { pass } = this.stored
    if (pass === 'manual') return false
    return pass !== 'refund_id' || !this.legs.some(({ processor }) => processor === this.refunds[0]?.processor)
  }
}

/** The first reason but a gained reversal, which depends on what else is undone. */
function reasonOf(match: LoadedMatch, claims: Claims, ruled: RuledMatches, fresh: Fresh): UndoReason | undefined {
  if (isAmong(match.stored, fresh.changed)) return 'item_changed'
  if (isAmong(match.stored, fresh.gone) || match.isTorn) return 'item_left'
  if (match.refunds.some((row) => claims.hasFurtherRow(row))) return 'row_gained'
  if (match.stored.pass === 'refund_id' && match.legs.some((leg) => claims.hasFurtherLeg(leg, match.refunds)))
    return 'leg_gained'
  if (match.yieldsToIds) {
    if (match.refunds.some((row) => claims.isNamed(row))) return 'leg_names_row'
    if (match.legs.some((leg) => claims.names(leg))) return 'row_named_by_leg'
  }
  const { direction, rows, stored } = match
  if (stored.pass === 'cancelled' && rows.some((row) => claims.sharesKey(direction, row))) return 'leg_shares_key'
  if (ruled.isUndone(stored)) return 'person_said_so'
  return undefined
}

const isAmong = ({ leg_nos, row_nos }: StoredMatch, change: Change): boolean =>
  leg_nos.some((leg_no) => change.leg_nos.has(leg_no)) || row_nos.some((row_no) => change.row_nos.has(row_no))

/**
 * What new and changed legs and rows lay claim to. Asked only about matches none of whose own items changed, so that
 * whatever is found here is outside the match.
 */
class Claims {
  readonly #refundsOfRows = new Set<string>()
  readonly #keysOfNewRows = new Set<string>()
  readonly #partsOfLegs = new Set<string>()
  readonly #identitiesOfLegs = new Set<string>()
  readonly #referencesOfLegs = new Set<string>()

  constructor(legs: readonly Leg[], rows: readonly Row[], { added, changed }: Fresh) {
    for (const leg of legs) {
      if (!added.leg_nos.has(leg.leg_no) && !changed.leg_nos.has(leg.leg_no)) continue
      for (const key of leg.identity_keys) {
        this.#partsOfLegs.add(partOf(leg, key))
        this.#identitiesOfLegs.add(keyOf(leg.direction, key))
      }
      for (const key of leg.reference_keys) this.#referencesOfLegs.add(keyOf(leg.direction, key))
    }
    for (const row of rows) {
      if (!isRefund(row) || (!added.row_nos.has(row.row_no) && !changed.row_nos.has(row.row_no))) continue
      if (row.refund_id !== null) this.#refundsOfRows.add(refundOf(row))
      if (!added.row_nos.has(row.row_no)) continue
      for (const key of identityKeysOf(row)) this.#keysOfNewRows.add(keyOf(directionOf(row), key))
    }
  }

  /** Whether there is a further row of this row's refund id. */
  hasFurtherRow(row: Row): boolean {
    return row.refund_id !== null && this.#refundsOfRows.has(refundOf(row))
  }

  /** Whether there is a further leg of this leg's refund with a key by which it names one of these rows. */
  hasFurtherLeg(leg: Leg, rows: readonly Row[]): boolean {
    return leg.identity_keys.some(
      (key) => this.#partsOfLegs.has(partOf(leg, key)) && rows.some((row) => identityKeysOf(row).includes(key)),
    )
  }

  isNamed(row: Row): boolean {
    return identityKeysOf(row).some((key) => this.#identitiesOfLegs.has(keyOf(directionOf(row), key)))
  }

  names(leg: Leg): boolean {
    return leg.identity_keys.some((key) => this.#keysOfNewRows.has(keyOf(leg.direction, key)))
  }

  sharesKey(direction: Direction, row: Row): boolean {
    return referenceKeysOf(row).some((key) => this.#referencesOfLegs.has(keyOf(direction, key)))
  }
}

const keyOf = (direction: Direction, key: string): string => `${direction}\0${key}`
const partOf = (leg: Leg, key: string): string => `${leg.direction}\0${leg.refund_id}\0${key}`
const refundOf = (row: Row): string => `${row.type}\0${row.processor}\0${row.refund_id}`

/** Undoes the matches to whose rows an open reversal belongs, or whose row an open fee follows, until none does. */
function addGainedFollowers(
  matches: readonly LoadedMatch[],
  rows: readonly Row[],
  reasons: Map<bigint, UndoReason>,
): void {
  if (!rows.some((row) => !isRefund(row) || isFeeOnly(row))) return
  const placed = rows.toSorted(compareRows).map((row, order) => ({ row, order }))
  const refunds = placed.filter(({ row }) => isRefund(row))
  const reversals = placed.filter(({ row }) => !isRefund(row))
  const leaderOfFee = leadersOfFees(refunds)
  for (let isDone = false; !isDone; ) {
    isDone = true
    const matchOfRow = new Map<bigint, bigint>()
    for (const { match_no, stored } of matches) {
      if (!reasons.has(match_no)) for (const row_no of stored.row_nos) matchOfRow.set(row_no, match_no)
    }
    const gain = (follower: Row, refund: Row, reason: UndoReason): void => {
      const match_no = matchOfRow.get(refund.row_no)
      if (match_no === undefined || matchOfRow.has(follower.row_no) || reasons.has(match_no)) return
      reasons.set(match_no, reason)
      isDone = false
    }
    for (const [reversal, refund] of tieReversals(refunds, reversals, matchOfRow)) {
      gain(reversal.row, refund.row, 'reversal_gained')
    }
    for (const [fee, leader] of leaderOfFee) gain(fee.row, leader.row, 'row_gained')
  }
}
