/**
 * The contract's "From night to night" (section 4, second edition) item by item: which matches of the night before stay,
 * which are undone and why, and what comes of everything that is then open.
 *
 * Where the contract is silent
 *
 *  1. "Gained something that belongs to it": it belongs tonight, lies outside the match, and is new or changed, whatever
 *     changed of it. A row or a leg that belonged before, was left out then and is as it was undoes nothing. For a reversal
 *     and a fee-only row it is enough that they belong to a row of the match tonight and lie outside it: they follow their
 *     refund wherever that is.
 *  2. "A further leg of its refund with its key" concerns pass 1 alone, the one pass that joins legs by a key of theirs. Its
 *     key is any identity key of its legs of that refund that names a row of it.
 *  3. "Names one of its rows": at any processor, since pass 1 looks elsewhere too, and within a direction. "Its rows" are
 *     its refund rows: no pass compares the keys of a reversal. "A new row is named by one of its legs" is new indeed: a
 *     stored row that is only enriched is looked at again with its own match, as section 3 says.
 *  4. "By pass 1 across processors": none of its legs is of the rows' processor.
 *  5. "Shares a key with a row of a `cancelled` match": reference keys with reference keys, as in pass 2, within the
 *     direction, of any of its rows, reversals too. Identity keys are the business of "names".
 *  6. "A person says so": a new ruling `unmatch` of one of its pairs (unless a ruling `match` holds it together); a ruling
 *     `match` in force that has one of its items; a ruling `match` that was forgotten, or has no side left, for the match it made. A
 *     forgotten `unmatch` undoes nothing: what was matched otherwise meanwhile stays. An `unmatch` of a leg and a row that
 *     only follows another row of the match (a reversal, a fee alone) undoes nothing: no pass joined them.
 *  7. A payout_id is no key ("Row keys: ..."): one that is filled in later undoes nothing.
 *  8. Rows of kept matches count as taken by an earlier pass, whatever pass made the match: a refund is judged whole over
 *     its open rows. What is asked of stored rows (reversals, fee-only rows, the payment ids of the veto) is asked of all.
 *  9. "A part left over ... joins the first match of its refund and key" means a match made tonight. A kept match that a
 *     part belongs to is undone by the gain of it and made anew.
 * 10. "A new leg that names a row which pass 0 or 1 matched is a duplicate": any open leg is, by the words of the table
 *     (at its own processor; where that has no files here, at any), as in a first run.
 * 11. Where several reasons undo a match, the first one listed here is given. The order of a leg's identity keys is part of
 *     them (pass 1 takes them in order), the order of all other lists is not.
 */

import {
  directionOf,
  matchPlainly,
  matchWhatIsOpen,
  nameOf,
  names,
  type PlainLeg,
  type PlainMatch,
  type PlainResult,
  type PlainRow,
  type PlainWorld,
  referenceKeysOf,
  refundRowsOf,
  rowNamed,
  rowThatFeeFollows,
  rulingsInForce,
  tieReversals,
} from './plain-matching.ts'

/** "A match is undone only when" one of these holds, each in the contract's words. */
export const ITEM_CHANGED = 'an item of it changed (amount, fee, currency, date, key, processor)'
export const ITEM_LEFT = 'an item of it left (refund removed, file withdrawn)'
export const GAINED_ROW = 'gained something that belongs to it: a further row of its refund_id'
export const GAINED_LEG = 'gained something that belongs to it: a further leg of its refund with its key'
export const GAINED_REVERSAL = 'gained something that belongs to it: a reversal of its row'
export const LEG_NAMES_ITS_ROW =
  'a new or changed leg names one of its rows by an identity key and the match was made by passes 2 to 5, by cancelled or by pass 1 across processors'
export const ROW_NAMED_BY_ITS_LEG =
  'a new row is named by one of its legs by an identity key and the match was made by passes 2 to 5, by cancelled or by pass 1 across processors'
export const LEG_SHARES_KEY_WITH_CANCELLED = 'a new or changed leg shares a key with a row of a cancelled match'
export const PERSON_SAYS_SO = 'a person says so'

export const REASONS = [
  ITEM_CHANGED,
  ITEM_LEFT,
  GAINED_ROW,
  GAINED_LEG,
  LEG_NAMES_ITS_ROW,
  ROW_NAMED_BY_ITS_LEG,
  LEG_SHARES_KEY_WITH_CANCELLED,
  PERSON_SAYS_SO,
  GAINED_REVERSAL,
] as const

export interface PlainNight {
  /** all that is stored tonight */
  world: PlainWorld
  result: PlainResult
  /** matches of the night before that did not stay; many are made again tonight */
  undone: { match: PlainMatch; reason: string }[]
}

/** "`reconcile --full` forgets all matches but those made by people": their rulings are carried out again. */
export function fullNight(world: PlainWorld): PlainNight {
  return { world, result: matchPlainly(world), undone: [] }
}

/** `before`: null on "the first run of a business", which depends "on the data alone". */
export function nextNight(before: PlainNight | null, world: PlainWorld): PlainNight {
  if (before === null) return fullNight(world)
  const undone: PlainNight['undone'] = []
  let kept: PlainMatch[] = []
  for (const match of before.result.matches) {
    const reason = whyUndone(match, before.world, world)
    if (reason === null) kept.push(match)
    else undone.push({ match, reason })
  }
  // A match that is undone sets its reversals and fee-only rows free, and they may belong to another match now.
  for (;;) {
    const gaining = kept.filter((match) => gainsFollower(match, world, kept))
    if (gaining.length === 0) break
    for (const match of gaining) undone.push({ match, reason: whatFollows(match, world, kept) })
    kept = kept.filter((match) => !gaining.includes(match))
  }
  // "Its items are then open, and matched again together with all that is open."
  return { world, result: matchWhatIsOpen(world, kept), undone }
}

// ---------------------------------------------------------------------------------------------------------------------
// What is new, changed or gone
// ---------------------------------------------------------------------------------------------------------------------

const sameLegIn = (world: PlainWorld, leg: PlainLeg): PlainLeg | undefined =>
  world.legs.find((other) => other.id === leg.id && other.refund === leg.refund)

const sameRowIn = (world: PlainWorld, row: PlainRow): PlainRow | undefined =>
  world.rows.find((other) => other.processor === row.processor && nameOf(other) === nameOf(row))

const haveSameKeys = (some: readonly string[], others: readonly string[]): boolean =>
  some.every((key) => others.includes(key)) && others.every((key) => some.includes(key))

/** The order of keys matters among identity keys alone. */
export const isSameLeg = (one: PlainLeg, other: PlainLeg): boolean =>
  one.direction === other.direction &&
  one.processor === other.processor &&
  one.date === other.date &&
  one.amount === other.amount &&
  one.refund_fee === other.refund_fee &&
  one.returned_fee === other.returned_fee &&
  one.identity.join(' ') === other.identity.join(' ') &&
  haveSameKeys(one.references, other.references) &&
  haveSameKeys(one.payment_keys, other.payment_keys)

export const isSameRow = (one: PlainRow, other: PlainRow): boolean =>
  one.type === other.type &&
  one.date === other.date &&
  one.amount === other.amount &&
  one.refund_fee === other.refund_fee &&
  one.returned_fee === other.returned_fee &&
  one.currency === other.currency &&
  one.refund_id === other.refund_id &&
  haveSameKeys(one.payment_ids, other.payment_ids) &&
  haveSameKeys(one.references, other.references)

const newOrChangedLegs = (before: PlainWorld, world: PlainWorld): PlainLeg[] =>
  world.legs.filter((leg) => {
    const earlier = sameLegIn(before, leg)
    return earlier === undefined || !isSameLeg(earlier, leg)
  })

const newOrChangedRows = (before: PlainWorld, world: PlainWorld): PlainRow[] =>
  world.rows.filter((row) => {
    const earlier = sameRowIn(before, row)
    return earlier === undefined || !isSameRow(earlier, row)
  })

const newRows = (before: PlainWorld, world: PlainWorld): PlainRow[] =>
  world.rows.filter((row) => sameRowIn(before, row) === undefined)

// ---------------------------------------------------------------------------------------------------------------------
// Why a match is undone
// ---------------------------------------------------------------------------------------------------------------------

/** The reason, or null where the match stays; reversals and fee-only rows that it gains are looked at afterwards. */
function whyUndone(match: PlainMatch, before: PlainWorld, world: PlainWorld): string | null {
  const legsBefore = match.legs.map((id) => legWithId(before, id))
  const rowsBefore = match.rows.map((name) => rowNamed(before, name))
  const legsNow = legsBefore.map((leg) => sameLegIn(world, leg))
  const rowsNow = rowsBefore.map((row) => sameRowIn(world, row))

  // "an item of it changed (amount, fee, currency, date, key, processor)"
  const hasChangedLeg = legsBefore.some((leg, place) => {
    const now = legsNow[place]
    return now !== undefined && !isSameLeg(leg, now)
  })
  const hasChangedRow = rowsBefore.some((row, place) => {
    const now = rowsNow[place]
    return now !== undefined && !isSameRow(row, now)
  })
  if (hasChangedLeg || hasChangedRow) return ITEM_CHANGED

  // "left (refund removed, file withdrawn)"
  if (legsNow.includes(undefined) || rowsNow.includes(undefined)) return ITEM_LEFT

  const all = rowsNow.flatMap((row) => row ?? [])
  const held: Held = { match, legs: legsNow.flatMap((leg) => leg ?? []), all, rows: refundRowsOf(all) }
  if (gainsRow(held, before, world)) return GAINED_ROW
  if (gainsLeg(held, before, world)) return GAINED_LEG
  if (yieldsToNames(match, held)) {
    if (isNamedByNewLeg(held, before, world)) return LEG_NAMES_ITS_ROW
    if (namesNewRow(held, before, world)) return ROW_NAMED_BY_ITS_LEG
  }
  if (match.pass === 'cancelled' && sharesKeyWithNewLeg(held, before, world)) return LEG_SHARES_KEY_WITH_CANCELLED
  if (isRuledOtherwise(held, before, world)) return PERSON_SAYS_SO
  return null
}

/** A match whose items are all stored tonight as they were; `rows`: all but reversals. */
interface Held {
  match: PlainMatch
  legs: PlainLeg[]
  all: PlainRow[]
  rows: PlainRow[]
}

function legWithId(world: PlainWorld, id: string): PlainLeg {
  const leg = world.legs.find((one) => one.id === id)
  if (leg === undefined) throw new Error(`No leg ${id} is stored.`)
  return leg
}

/** "gained ... a further row of its refund_id" */
function gainsRow(held: Held, before: PlainWorld, world: PlainWorld): boolean {
  return refundRowsOf(newOrChangedRows(before, world)).some(
    (row) =>
      !held.rows.includes(row) &&
      row.refund_id !== null &&
      held.rows.some(
        (own) => own.refund_id === row.refund_id && own.processor === row.processor && own.type === row.type,
      ),
  )
}

/** "gained ... a further leg of its refund with its key" */
function gainsLeg(held: Held, before: PlainWorld, world: PlainWorld): boolean {
  if (held.match.pass !== 'refund_id') return false
  return held.legs.some((own) => {
    const itsKeys = own.identity.filter((key) => held.rows.some((row) => key === row.refund_id || key === row.id))
    return newOrChangedLegs(before, world).some(
      (leg) =>
        !held.legs.includes(leg) &&
        leg.refund === own.refund &&
        leg.direction === own.direction &&
        itsKeys.some((key) => leg.identity.includes(key)),
    )
  })
}

/** "the match was made by passes 2 to 5, by `cancelled` or by pass 1 across processors" */
function yieldsToNames(match: PlainMatch, held: Held): boolean {
  if (match.pass === 'manual') return false
  const isAcrossProcessors = !held.legs.some((leg) => leg.processor === held.rows[0]?.processor)
  return match.pass !== 'refund_id' || isAcrossProcessors
}

/** "a new or changed leg names one of its rows" */
function isNamedByNewLeg(held: Held, before: PlainWorld, world: PlainWorld): boolean {
  return newOrChangedLegs(before, world).some((leg) =>
    held.rows.some((row) => leg.direction === directionOf(row) && names(leg, row)),
  )
}

/** "or a new row is named by one of its legs" */
function namesNewRow(held: Held, before: PlainWorld, world: PlainWorld): boolean {
  return refundRowsOf(newRows(before, world)).some((row) =>
    held.legs.some((leg) => leg.direction === directionOf(row) && names(leg, row)),
  )
}

/** "a new or changed leg shares a key with a row of a `cancelled` match" */
function sharesKeyWithNewLeg(held: Held, before: PlainWorld, world: PlainWorld): boolean {
  const [refund] = held.rows
  if (refund === undefined) return false
  return newOrChangedLegs(before, world).some(
    (leg) =>
      leg.direction === directionOf(refund) &&
      held.all.some((row) => leg.references.some((key) => referenceKeysOf(row).includes(key))),
  )
}

/** "a person says so" */
function isRuledOtherwise(held: Held, before: PlainWorld, world: PlainWorld): boolean {
  const inForce = rulingsInForce(world)
  if (held.match.pass === 'manual') {
    // Its own ruling holds it as long as it is in force: its legs, and its rows but for the fee-only rows that follow.
    const own = inForce.find(
      (ruling) =>
        ruling.legs.length === held.legs.length &&
        ruling.legs.every((leg) => held.legs.includes(leg)) &&
        ruling.rows.every((row) => held.rows.includes(row)),
    )
    if (own === undefined) return true
    return inForce.some((other) => other !== own && hasItemOf(other, held))
  }
  const isNewlyForbidden = world.rulings.unmatch.some(
    (pair) =>
      held.match.legs.includes(pair.leg) &&
      held.rows.some((row) => nameOf(row) === pair.row && !followsAnother(row, held)) &&
      !before.rulings.unmatch.some((earlier) => earlier.leg === pair.leg && earlier.row === pair.row),
  )
  return isNewlyForbidden || inForce.some((ruling) => hasItemOf(ruling, held))
}

/** A fee alone beside money of its refund. */
const followsAnother = (row: PlainRow, held: Held): boolean =>
  row.amount === 0 &&
  row.refund_id !== null &&
  held.rows.some((other) => other.amount !== 0 && other.refund_id === row.refund_id && other.type === row.type)

const hasItemOf = (ruling: { legs: PlainLeg[]; rows: PlainRow[] }, held: Held): boolean =>
  ruling.legs.some((leg) => held.legs.includes(leg)) || ruling.rows.some((row) => held.rows.includes(row))

// ---------------------------------------------------------------------------------------------------------------------
// Reversals and fee-only rows that now belong to a kept match
// ---------------------------------------------------------------------------------------------------------------------

/** "gained ... a reversal of its row": judged over all stored rows. */
function gainsReversal(match: PlainMatch, world: PlainWorld, kept: readonly PlainMatch[]): boolean {
  const reversalsOf = tieReversals(world, kept)
  return match.rows.some((name) =>
    (reversalsOf.get(rowNamed(world, name)) ?? []).some((reversal) => !match.rows.includes(nameOf(reversal))),
  )
}

/** An open fee-only row "follows the first of them in order (of all stored ones, wherever that went)". */
function gainsFee(match: PlainMatch, world: PlainWorld, kept: readonly PlainMatch[]): boolean {
  const open = world.rows.filter((row) => !kept.some((one) => one.rows.includes(nameOf(row))))
  return refundRowsOf(open).some((row) => {
    const followed = rowThatFeeFollows(world, row)
    return followed !== undefined && match.rows.includes(nameOf(followed))
  })
}

const gainsFollower = (match: PlainMatch, world: PlainWorld, kept: readonly PlainMatch[]): boolean =>
  gainsReversal(match, world, kept) || gainsFee(match, world, kept)

const whatFollows = (match: PlainMatch, world: PlainWorld, kept: readonly PlainMatch[]): string =>
  gainsReversal(match, world, kept) ? GAINED_REVERSAL : GAINED_ROW
