/** Where matching everything anew would come out otherwise than what is stored, and why that can be. Pure. */

import type { Neighbourhood } from '../../reconciliation/neighbourhood.ts'
import { type LegDetail, legName, namesOf, type RowDetail, rowName } from './items.ts'
import { type Placement, passName, type Recomputed } from './recomputed.ts'
import { stateOf } from './subject.ts'

export interface Difference {
  /** 'leg pay_1' */
  item: string
  /** where it stands, as one clause */
  stored: string
  /** where matching everything anew would put it */
  recomputed: string
  /** one or two sentences */
  why: string
}

export interface Compared {
  legs: readonly LegDetail[]
  rows: readonly RowDetail[]
}

/** All items of the neighbourhood, by number. */
export interface Details {
  leg(leg_no: bigint): LegDetail | undefined
  row(row_no: bigint): RowDetail | undefined
}

export function differencesOf(
  { legs, rows }: Compared,
  near: Neighbourhood,
  details: Details,
  recomputed: Recomputed,
): Difference[] {
  const compare = (item: LegDetail | RowDetail, name: string, today: Placement): Difference[] => {
    if (item.left_out !== null) return []
    const stored = storedPartners(item, near)
    if (isSame(item, stored, today)) return []
    const from = stored === null ? stateOf(item) : `${stateOf(item)} with ${namesWithout(item, stored, details)}`
    return [
      { item: name, stored: from, recomputed: placementText(item, today), why: whyOther(item, today, details, near) },
    ]
  }
  return [
    ...legs.flatMap((leg) => compare(leg, legName(leg), recomputed.ofLeg(leg))),
    ...rows.flatMap((row) => compare(row, rowName(row), recomputed.ofRow(row))),
  ]
}

interface Numbers {
  leg_nos: readonly bigint[]
  row_nos: readonly bigint[]
}

const storedPartners = ({ match_no }: LegDetail | RowDetail, near: Neighbourhood): Numbers | null =>
  match_no === null ? null : (near.matches.find((match) => match.match_no === match_no) ?? null)

function isSame(item: LegDetail | RowDetail, stored: Numbers | null, today: Placement): boolean {
  if (item.is_new && item.match_no === null) return false
  if (stored === null) return item.match_no === null && today.kind === (item.state ?? 'unmatched')
  if (today.kind !== 'matched') return false
  const legs = new Set(today.legs.map(({ leg_no }) => leg_no))
  const rows = new Set(today.rows.map(({ row_no }) => row_no))
  return (
    stored.leg_nos.length === legs.size &&
    stored.row_nos.length === rows.size &&
    stored.leg_nos.every((leg_no) => legs.has(leg_no)) &&
    stored.row_nos.every((row_no) => rows.has(row_no))
  )
}

const namesWithout = (item: LegDetail | RowDetail, { leg_nos, row_nos }: Numbers, details: Details): string => {
  const legs = leg_nos.flatMap((leg_no) => details.leg(leg_no) ?? [])
  const rows = row_nos.flatMap((row_no) => details.row(row_no) ?? [])
  return othersThan(item, legs, rows)
}

function othersThan<L extends { leg_no: bigint; leg_id: string }, R extends { row_no: bigint; transaction_id: string }>(
  item: LegDetail | RowDetail,
  legs: readonly L[],
  rows: readonly R[],
): string {
  return namesOf(
    'leg_no' in item ? legs.filter(({ leg_no }) => leg_no !== item.leg_no) : legs,
    'row_no' in item ? rows.filter(({ row_no }) => row_no !== item.row_no) : rows,
  )
}

const placementText = (item: LegDetail | RowDetail, { kind, pass, legs, rows }: Placement): string => {
  if (kind === 'unmatched') return 'unmatched'
  if (kind === 'duplicate') return 'a duplicate in the ledger'
  const others = othersThan(item, legs, rows)
  if (kind === 'ambiguous') return `ambiguous with ${others}`
  return `matched by ${pass === null ? 'no pass' : passName(pass)} with ${others}`
}

const STAYS =
  'What is matched stays matched: a match is undone only when something of it changes or something that belongs to it comes. ' +
  '`tieout reconcile --full` matches everything anew.'

function whyOther(item: LegDetail | RowDetail, today: Placement, details: Details, near: Neighbourhood): string {
  const cut = near.is_cut
    ? ' More shares its keys or amount than was looked at here, so a run may decide otherwise.'
    : ''
  return `${whyStoredOther(item, today, details)}${cut}`
}

function whyStoredOther(item: LegDetail | RowDetail, today: Placement, details: Details): string {
  if (item.is_new && item.match_no === null) return 'It came after the last run; the next run will look at it.'
  if (item.is_changed) return 'It changed after the last run; the next run will look at it again.'
  const legs = today.legs.flatMap(({ leg_no }) => details.leg(leg_no) ?? [])
  const rows = today.rows.flatMap(({ row_no }) => details.row(row_no) ?? [])
  const late = { legs: legs.filter(isLate), rows: rows.filter(isLate) }
  if (late.legs.length + late.rows.length > 0) {
    return `${upper(namesOf(late.legs, late.rows))} came or changed after the last run; the next run will look at it.`
  }
  if (item.match_no !== null) return STAYS
  const held = { legs: legs.filter(isHeld), rows: rows.filter(isHeld) }
  if (held.legs.length + held.rows.length > 0) {
    const is = held.legs.length + held.rows.length === 1 ? 'is in an older match' : 'are in older matches'
    return `${upper(namesOf(held.legs, held.rows))} ${is}. ${STAYS}`
  }
  return 'What it belongs with, or the settings of matching, changed since. `tieout reconcile --full` matches everything anew.'
}

const isLate = ({ is_new, is_changed, match_no }: LegDetail | RowDetail): boolean =>
  (is_new && match_no === null) || is_changed

const isHeld = ({ match_no }: LegDetail | RowDetail): boolean => match_no !== null

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
