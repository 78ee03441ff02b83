/**
 * The matching rules of the contract (section 4, second edition) once more, item by item and in order, as a person with
 * two lists on the desk would work: slow, without indexes and without SQL. The production matcher is held against it.
 *
 * Where the contract is silent
 *
 *  1. Manual matches and duplicates. The table says that a leg is a duplicate of a row "that this pass took" (pass 1), the
 *     section on nights speaks of "a row which pass 0 or 1 matched". Rows of pass 0 count in both: otherwise `--full`
 *     would call a leg unmatched that the night before called it a duplicate.
 *  2. A ruling `match` some of whose items are not stored (refund removed, file withdrawn) holds what is left of it, as long
 *     as that has both sides: what left is then the difference, and the ruling is whole again when it is back.
 *  3. A ruling `match` stands above a ruling `unmatch` of one of its pairs ("whatever the rules say"). Of two rulings
 *     `match` that share an item the first listed stands. Reversals that it names are left out: they follow their refund.
 *  4. A pair forbidden by `unmatch` is forbidden in pass 1 too ("the passes treat it as vetoed"): the leg does not see that
 *     row, and does not join a match that holds it. It may still be a duplicate of it: who takes a row from one leg and
 *     lets another have it means just that.
 *  5. Several accounts. By transaction_id "that row alone" is the first in order of those of that id. By refund_id the rows
 *     of all accounts join.
 *  6. "The first match of its refund and key": the part's identity keys in their order, and of the matches of pass 1 that a
 *     leg of its refund made with that key, the first that was made.
 *  7. "Rows of its refund" are rows of one type: a refund and a vendor refund that bear the same refund_id are two refunds,
 *     for their directions never meet. A reversal may belong to either.
 *  8. A refund is undone by reversals only: a row of amount 0 without a reversal is not undone, though it sums to 0.
 *  9. A fee-only row that follows another row counts for nothing in the passes: neither its keys nor its payout.
 * 10. "Payment_id of a row of this processor left when the pass begins": of the rows that the pass may take, those of its
 *     direction in the business's currency. Likewise the rows of a payout.
 * 11. Payouts of the same id in several accounts: by account ascending.
 * 12. Which rows are undone is asked when pass 2, and when pass 5, begins: what the pass itself takes still counts.
 * 13. AMBIGUOUS_MATCH is found after the second round, over all that is left, after setting aside and cutting once more.
 *     Items set aside in one round take part in the next. The undone rows that it leaves out may form `cancelled` matches.
 * 14. A shape of payment ids that two kinds share: the id is of the first kind listed.
 * 15. A reversal counts a row as reversed once any reversal belongs to it, a partial one too.
 * 16. "For no kind they have one in common" decides nothing: a leg and a row of one amount that share a payment are taken by
 *     pass 2, or vetoed by their identity or a person. It is written down all the same.
 * 17. Items equal in (date, id, account or refund) differ by processor: that is the last word of the order.
 */

export interface PlainLeg {
  id: string
  refund: string
  direction: 'customer' | 'vendor'
  /** resolved; 'UNASSIGNED' where the leg names none */
  processor: string
  /** YYYY-MM-DD */
  date: string
  amount: number
  refund_fee: number
  returned_fee: number
  identity: string[]
  /** all reference keys */
  references: string[]
  /** those of the references that are *_payment_external_id */
  payment_keys: string[]
}

export interface PlainRow {
  /** transaction_id */
  id: string
  account: string
  type: 'refund' | 'vendor_refund' | 'refund_reversal'
  processor: string
  date: string
  amount: number
  refund_fee: number
  returned_fee: number
  currency: string
  refund_id: string | null
  payment_ids: string[]
  references: string[]
  payout_id: string | null
}

/** A stored row that is never matched: a payment, a chargeback, a fee line, or a refund row that is empty. */
export interface PlainOther {
  id: string
  type: 'refund' | 'payment' | 'chargeback' | 'chargeback_reversal' | 'other'
  processor: string
  date: string
  /** minor units, as are the fees and the presented amount */
  amount: number
  refund_fee: number
  presented: number | null
  currency: string
  refund_id: string | null
  payment_ids: string[]
}

export interface PlainProcessor {
  window: number
  /** usual_lag_days */
  lag: number
  match_payouts: boolean
  refund_id_shapes: RegExp[]
  /** one kind each */
  payment_id_shapes: RegExp[]
}

/** Keys are without their leading `#` and without blanks, empty items are left out, every row's processor is listed. */
export interface PlainWorld {
  currency: string
  starts_on: string | null
  /** those configured, with files here */
  processors: Map<string, PlainProcessor>
  legs: PlainLeg[]
  rows: PlainRow[]
  others: PlainOther[]
  /** rows by their names (see nameOf) */
  rulings: { match: { legs: string[]; rows: string[] }[]; unmatch: { leg: string; row: string }[] }
}

export interface PlainMatch {
  pass: string
  legs: string[]
  /** names of the rows, with the reversals and fee-only rows that follow them */
  rows: string[]
}

export interface PlainResult {
  matches: PlainMatch[]
  /** ids of legs */
  duplicates: string[]
  ambiguous: { legs: string[]; rows: string[] }[]
}

type Direction = PlainLeg['direction']

/** A match while it is made: its refund rows alone. Fee-only rows and reversals are added when it is written down. */
interface MatchInTheMaking {
  pass: string
  legs: PlainLeg[]
  rows: PlainRow[]
}

/** What lies on the desk. */
interface Desk {
  world: PlainWorld
  /** legs still open, in order */
  legs: PlainLeg[]
  /** refund rows still open, in order; reversals take part in no pass */
  rows: PlainRow[]
  reversalsOf: Map<PlainRow, PlainRow[]>
  /** after pass 1: the fee-only rows that follow a row */
  feesOf: Map<PlainRow, PlainRow[]>
  matches: MatchInTheMaking[]
  /** rows that pass 0 or 1 took, tonight or on a night before */
  takenByName: PlainRow[]
  duplicates: PlainLeg[]
  ambiguous: { legs: PlainLeg[]; rows: PlainRow[] }[]
}

export function matchPlainly(world: PlainWorld): PlainResult {
  return matchWhatIsOpen(world, [])
}

/** Matches all items that no kept match holds. `kept`: the matches of the night before that nothing undoes. */
export function matchWhatIsOpen(world: PlainWorld, kept: readonly PlainMatch[]): PlainResult {
  const keptLegs = kept.flatMap((match) => match.legs)
  const keptRows = kept.flatMap((match) => match.rows.map((name) => rowNamed(world, name)))
  const keptByName = kept
    .filter((match) => match.pass === 'manual' || match.pass === 'refund_id')
    .flatMap((match) => match.rows.map((name) => rowNamed(world, name)))
  const desk: Desk = {
    world,
    legs: legsInOrder(world.legs.filter((leg) => !keptLegs.includes(leg.id))),
    rows: rowsInOrder(refundRowsOf(world.rows).filter((row) => !keptRows.includes(row))),
    reversalsOf: tieReversals(world, kept),
    feesOf: new Map(),
    matches: [],
    takenByName: refundRowsOf(keptByName),
    duplicates: [],
    ambiguous: [],
  }
  matchByHand(desk)
  for (const direction of ['customer', 'vendor'] as const) {
    matchRefundIds(desk, direction)
    findDuplicates(desk, direction)
    letFeesFollow(desk, direction)
    for (const [processor, settings] of world.processors) {
      const place: Place = { direction, processor, settings }
      matchPaymentReferences(desk, place)
      matchPaymentGroups(desk, place)
      if (settings.match_payouts) matchPayouts(desk, place)
      matchPaymentReferencesOnly(desk, place)
      matchAmountsAndDates(desk, place)
    }
    matchCancelled(desk, direction)
  }
  return {
    matches: [...kept, ...desk.matches.map((match) => writtenDown(desk, match))],
    duplicates: desk.duplicates.map((leg) => leg.id),
    ambiguous: desk.ambiguous.map(({ legs, rows }) => ({
      legs: legs.map((leg) => leg.id),
      rows: withFollowers(desk, rows).map(nameOf),
    })),
  }
}

/** One text per match, duplicate and ambiguous group, sorted: equal results have equal texts. */
export function describe(result: PlainResult): string[] {
  const sides = (one: { legs: string[]; rows: string[] }): string =>
    `${[...one.legs].sort(compare).join(' ') || '-'} | ${[...one.rows].sort(compare).join(' ') || '-'}`
  return [
    ...result.matches.map((match) => `${match.pass}: ${sides(match)}`),
    ...result.duplicates.map((leg) => `duplicate: ${leg}`),
    ...result.ambiguous.map((group) => `ambiguous: ${sides(group)}`),
  ].sort(compare)
}

// ---------------------------------------------------------------------------------------------------------------------
// Names and order
// ---------------------------------------------------------------------------------------------------------------------

/** The name of a row in results and rulings. */
export function nameOf(row: PlainRow): string {
  return row.account === '' ? row.id : `${row.account}/${row.id}`
}

export function rowNamed(world: PlainWorld, name: string): PlainRow {
  const row = storedRow(world, name)
  if (row === undefined) throw new Error(`No row ${name} is stored.`)
  return row
}

function storedRow(world: PlainWorld, name: string): PlainRow | undefined {
  const rows = world.rows.filter((row) => nameOf(row) === name)
  if (rows.length > 1) throw new Error(`Two processors have a row ${name}: rulings and nights need names of their own.`)
  return rows[0]
}

/** By code unit. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** "'In order' means by (date, id, account or refund id)". */
const legsInOrder = (legs: readonly PlainLeg[]): PlainLeg[] =>
  [...legs].sort((a, b) => compare(a.date, b.date) || compare(a.id, b.id) || compare(a.refund, b.refund))

const rowsInOrder = (rows: readonly PlainRow[]): PlainRow[] =>
  [...rows].sort(
    (a, b) =>
      compare(a.date, b.date) ||
      compare(a.id, b.id) ||
      compare(a.account, b.account) ||
      compare(a.processor, b.processor),
  )

export const refundRowsOf = (rows: readonly PlainRow[]): PlainRow[] =>
  rows.filter((row) => row.type !== 'refund_reversal')

export const directionOf = (row: PlainRow): Direction => (row.type === 'vendor_refund' ? 'vendor' : 'customer')

const sumOf = (items: readonly { amount: number }[]): number => items.reduce((sum, item) => sum + item.amount, 0)

const distinct = <T>(items: readonly T[]): T[] => items.filter((item, place) => items.indexOf(item) === place)

const haveOneInCommon = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((key) => others.includes(key))

/** "Reference keys = payment_id, references." */
export const referenceKeysOf = (row: PlainRow): string[] => [...row.payment_ids, ...row.references]

/** "Identity keys = refund_id, then transaction_id." */
export const names = (leg: PlainLeg, row: PlainRow): boolean =>
  leg.identity.some((key) => key === row.refund_id || key === row.id)

// ---------------------------------------------------------------------------------------------------------------------
// Reversals, refunds, fee-only rows
// ---------------------------------------------------------------------------------------------------------------------

/**
 * Which reversals belong to which row, over all that is stored. A reversal that sits in a kept match stays with its refund
 * there.
 */
export function tieReversals(world: PlainWorld, kept: readonly PlainMatch[]): Map<PlainRow, PlainRow[]> {
  const tied = new Map<PlainRow, PlainRow[]>()
  for (const match of kept) {
    tieAmong(
      match.rows.map((name) => rowNamed(world, name)),
      tied,
    )
  }
  const settled = [...tied.values()].flat()
  tieAmong(
    world.rows.filter((row) => !settled.includes(row)),
    tied,
  )
  return tied
}

function tieAmong(rows: readonly PlainRow[], tied: Map<PlainRow, PlainRow[]>): void {
  const refunds = rowsInOrder(refundRowsOf(rows))
  const reversals = rowsInOrder(rows.filter((row) => row.type === 'refund_reversal'))
  const isReversed = (row: PlainRow): boolean => tied.has(row)
  const tie = (refund: PlainRow | undefined, reversal: PlainRow): void => {
    if (refund !== undefined) tied.set(refund, [...(tied.get(refund) ?? []), reversal])
  }
  // "Reversals with a refund_id go first."
  for (const reversal of reversals.filter((row) => row.refund_id !== null)) {
    // "the refund row of its processor with its refund_id, whatever its date and currency (of several: the first in order
    // of the opposite amount not yet reversed, else the first whose amount is not 0, else the first; where there is none,
    // to none)"
    const of = refunds.filter((row) => row.processor === reversal.processor && row.refund_id === reversal.refund_id)
    const opposite = of.find((row) => row.amount === -reversal.amount && !isReversed(row))
    tie(opposite ?? of.find((row) => row.amount !== 0) ?? of[0], reversal)
  }
  for (const reversal of reversals.filter((row) => row.refund_id === null)) {
    // "it shares a payment_id, has the same currency, the opposite amount, on or before its date, the first in order not
    // yet reversed"
    const refund = refunds.find(
      (row) =>
        row.processor === reversal.processor &&
        haveOneInCommon(row.payment_ids, reversal.payment_ids) &&
        row.currency === reversal.currency &&
        row.amount === -reversal.amount &&
        row.date <= reversal.date &&
        !isReversed(row),
    )
    tie(refund, reversal)
  }
}

/** "One refund_id of one processor ...; a row without refund_id alone". */
const areOfOneRefund = (one: PlainRow, other: PlainRow): boolean =>
  one === other ||
  (one.refund_id !== null &&
    one.refund_id === other.refund_id &&
    one.processor === other.processor &&
    one.type === other.type)

/**
 * "A row of amount 0 (a fee alone) where there are rows of its refund_id, processor and type whose amount is not 0: it ...
 * follows the first of them in order (of all stored ones, wherever that went)". Undefined for any other row.
 */
export function rowThatFeeFollows(world: PlainWorld, fee: PlainRow): PlainRow | undefined {
  if (fee.amount !== 0) return undefined
  return rowsInOrder(refundRowsOf(world.rows)).find((row) => row.amount !== 0 && areOfOneRefund(fee, row))
}

/** The rows, the fee-only rows that follow them, and the reversals of all of these. */
function withFollowers(desk: Desk, rows: readonly PlainRow[]): PlainRow[] {
  const withFees = rows.flatMap((row) => [row, ...(desk.feesOf.get(row) ?? [])])
  return withFees.flatMap((row) => [row, ...(desk.reversalsOf.get(row) ?? [])])
}

/** Whether the reversals of these rows bring them to 0 "in one currency". */
function areUndone(desk: Desk, rows: readonly PlainRow[]): boolean {
  const all = withFollowers(desk, rows)
  const isReversed = all.some((row) => row.type === 'refund_reversal')
  const inOneCurrency = all.every((row) => row.currency === all[0]?.currency)
  return isReversed && inOneCurrency && sumOf(all) === 0
}

/**
 * "A row is undone where the rows of its refund (..., judged whole over those that no earlier pass took; ...) and their
 * reversals sum to 0 in one currency." To be asked when a pass begins.
 */
function undoneRows(desk: Desk): PlainRow[] {
  return desk.rows.filter((row) =>
    areUndone(
      desk,
      desk.rows.filter((other) => areOfOneRefund(row, other)),
    ),
  )
}

// ---------------------------------------------------------------------------------------------------------------------
// Taking
// ---------------------------------------------------------------------------------------------------------------------

function take(desk: Desk, pass: string, legs: readonly PlainLeg[], rows: readonly PlainRow[]): MatchInTheMaking {
  const match = { pass, legs: [...legs], rows: [...rows] }
  desk.matches.push(match)
  desk.legs = desk.legs.filter((leg) => !legs.includes(leg))
  desk.rows = desk.rows.filter((row) => !rows.includes(row))
  if (pass === 'manual' || pass === 'refund_id') desk.takenByName.push(...rows)
  return match
}

const writtenDown = (desk: Desk, match: MatchInTheMaking): PlainMatch => ({
  pass: match.pass,
  legs: legsInOrder(match.legs).map((leg) => leg.id),
  rows: withFollowers(desk, match.rows).map(nameOf),
})

// ---------------------------------------------------------------------------------------------------------------------
// Vetoes
// ---------------------------------------------------------------------------------------------------------------------

type IsVetoed = (leg: PlainLeg, row: PlainRow) => boolean

/** "`review unmatch` ... forbids that pair: the passes treat it as vetoed." */
const isForbidden = (world: PlainWorld, leg: PlainLeg, row: PlainRow): boolean =>
  world.rulings.unmatch.some((pair) => pair.leg === leg.id && pair.row === nameOf(row))

/**
 * "The leg has identity keys of the shape of this processor's refund ids ..., the row has a refund_id, and none of them is
 * it."
 */
function haveDisagreeingIdentity(processor: PlainProcessor, leg: PlainLeg, row: PlainRow): boolean {
  const shaped = leg.identity.filter((key) => processor.refund_id_shapes.some((shape) => shape.test(key)))
  return shaped.length > 0 && row.refund_id !== null && !shaped.includes(row.refund_id)
}

/** "They disagree when for some kind both have ids and none in common, and for no kind they have one in common." */
function haveDisagreeingPayments(world: PlainWorld, place: Place, leg: PlainLeg, row: PlainRow): boolean {
  const shapes = place.settings.payment_id_shapes
  // "ids of no such shape are one more kind": its number is -1
  const kindOf = (id: string): number => shapes.findIndex((shape) => shape.test(id))
  // "of that kind a leg's payment key counts only if it is a payment_id of a stored row of this processor"
  const isStored = (id: string): boolean =>
    [...world.rows, ...world.others].some(
      (stored) => stored.processor === place.processor && stored.payment_ids.includes(id),
    )
  const legIds = leg.payment_keys.filter((id) => kindOf(id) !== -1 || isStored(id))
  const kinds = distinct([...legIds, ...row.payment_ids].map(kindOf))
  const bothHaveSome = kinds.filter(
    (kind) => legIds.some((id) => kindOf(id) === kind) && row.payment_ids.some((id) => kindOf(id) === kind),
  )
  const agree = (kind: number): boolean => legIds.some((id) => kindOf(id) === kind && row.payment_ids.includes(id))
  return bothHaveSome.some((kind) => !agree(kind)) && !bothHaveSome.some(agree)
}

/** "Passes 2 to 5 never join a leg and a row that carry disagreeing identity". */
const vetoOfPasses2To4 =
  (desk: Desk, place: Place): IsVetoed =>
  (leg, row) =>
    isForbidden(desk.world, leg, row) || haveDisagreeingIdentity(place.settings, leg, row)

/** "Pass 5 also never joins a leg and a row that carry disagreeing payments." */
const vetoOfPass5 =
  (desk: Desk, place: Place): IsVetoed =>
  (leg, row) =>
    vetoOfPasses2To4(desk, place)(leg, row) || haveDisagreeingPayments(desk.world, place, leg, row)

const anyIsVetoed = (legs: readonly PlainLeg[], rows: readonly PlainRow[], isVetoed: IsVetoed): boolean =>
  legs.some((leg) => rows.some((row) => isVetoed(leg, row)))

/** Legs and rows that are judged together. */
interface Group {
  legs: PlainLeg[]
  rows: PlainRow[]
}

/** "Items vetoed against everything on the other side are first set aside, repeatedly". */
function setAside(group: Group, isVetoed: IsVetoed): Group {
  if (group.legs.length === 0 || group.rows.length === 0) return group
  const legs = group.legs.filter((leg) => !group.rows.every((row) => isVetoed(leg, row)))
  const rows = group.rows.filter((row) => !group.legs.every((leg) => isVetoed(leg, row)))
  const nothingWent = legs.length === group.legs.length && rows.length === group.rows.length
  return nothingWent ? group : setAside({ legs, rows }, isVetoed)
}

// ---------------------------------------------------------------------------------------------------------------------
// Pass 0: manual
// ---------------------------------------------------------------------------------------------------------------------

/** The rulings `match` that can be carried out: both sides are stored, and no earlier one has any of their items. */
export function rulingsInForce(world: PlainWorld): Group[] {
  const inForce: Group[] = []
  for (const ruling of world.rulings.match) {
    const legs = world.legs.filter((leg) => ruling.legs.includes(leg.id))
    const rows = refundRowsOf(ruling.rows.flatMap((name) => storedRow(world, name) ?? []))
    const areFree = !inForce.some(
      (earlier) => legs.some((leg) => earlier.legs.includes(leg)) || rows.some((row) => earlier.rows.includes(row)),
    )
    if (areFree && legs.length > 0 && rows.length > 0) inForce.push({ legs, rows })
  }
  return inForce
}

/** "`review match LEG... ROW...` makes them one match, pass `manual`, whatever the rules say". */
function matchByHand(desk: Desk): void {
  for (const { legs, rows } of rulingsInForce(desk.world)) {
    // Its match of the night before, where that stays, holds them already.
    const areOpen = legs.every((leg) => desk.legs.includes(leg)) && rows.every((row) => desk.rows.includes(row))
    if (areOpen) take(desk, 'manual', legs, rows)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Pass 1: refund_id
// ---------------------------------------------------------------------------------------------------------------------

function matchRefundIds(desk: Desk, direction: Direction): void {
  const { world } = desk
  const openLegs = (): PlainLeg[] => desk.legs.filter((leg) => leg.direction === direction)
  const made: { match: MatchInTheMaking; refund: string; key: string }[] = []

  const matchLeg = (leg: PlainLeg, processors: readonly string[], mayJoin: (other: PlainLeg) => boolean): void => {
    // "its identity keys in order, each against refund_id, then transaction_id; the first that finds rows not taken
    // decides"; in the second round "by key, then field, then processor name; all rows of a match are of one processor"
    for (const key of leg.identity) {
      for (const field of ['refund_id', 'id'] as const) {
        for (const processor of processors) {
          const found = desk.rows.filter(
            (row) =>
              directionOf(row) === direction &&
              row.processor === processor &&
              row[field] === key &&
              !isForbidden(world, leg, row),
          )
          if (found.length === 0) continue
          // "by refund_id all rows of that refund_id not yet taken join, by transaction_id that row alone"
          const rows = field === 'refund_id' ? found : found.slice(0, 1)
          // "The other legs of the same refund with that identity key join too"
          const others = openLegs().filter(
            (other) =>
              other !== leg &&
              other.refund === leg.refund &&
              other.identity.includes(key) &&
              mayJoin(other) &&
              !rows.some((row) => isForbidden(world, other, row)),
          )
          made.push({ match: take(desk, 'refund_id', [leg, ...others], rows), refund: leg.refund, key })
          return
        }
      }
    }
  }

  // "First all legs within their own processor"; "in the first round those of the same processor and UNASSIGNED ones"
  for (const leg of openLegs()) {
    if (!desk.legs.includes(leg)) continue
    matchLeg(leg, [leg.processor], (other) => other.processor === leg.processor || other.processor === 'UNASSIGNED')
  }
  // "then the legs left against rows left elsewhere"; "in the second all that are left"
  const processors = distinct(world.rows.map((row) => row.processor)).sort(compare)
  for (const leg of openLegs()) {
    if (!desk.legs.includes(leg)) continue
    const elsewhere = processors.filter((processor) => processor !== leg.processor)
    matchLeg(leg, elsewhere, () => true)
  }
  // "a part left over after both joins the first match of its refund and key before duplicates are looked for"
  for (const leg of openLegs()) {
    const first = leg.identity
      .flatMap((key) => made.filter((one) => one.refund === leg.refund && one.key === key))
      .find(({ match }) => !match.rows.some((row) => isForbidden(world, leg, row)))
    if (first === undefined) continue
    first.match.legs.push(leg)
    desk.legs = desk.legs.filter((open) => open !== leg)
  }
}

/**
 * "A leg left over, any of whose identity keys is the refund_id or transaction_id of a row that this pass took at the leg's
 * own processor (where that has no files here: at any), is DUPLICATE_IN_LEDGER and takes part no further"; "A new leg that
 * names a row which pass 0 or 1 matched is a duplicate".
 */
function findDuplicates(desk: Desk, direction: Direction): void {
  for (const leg of desk.legs.filter((one) => one.direction === direction)) {
    const hasFilesHere = desk.world.processors.has(leg.processor)
    const isTaken = desk.takenByName.some(
      (row) => directionOf(row) === direction && (!hasFilesHere || row.processor === leg.processor) && names(leg, row),
    )
    if (!isTaken) continue
    desk.duplicates.push(leg)
    desk.legs = desk.legs.filter((open) => open !== leg)
  }
}

/** "So does, after pass 1, a row of amount 0 ...: it takes part in no other pass and follows the first of them in order". */
function letFeesFollow(desk: Desk, direction: Direction): void {
  for (const fee of desk.rows.filter((row) => directionOf(row) === direction)) {
    const row = rowThatFeeFollows(desk.world, fee)
    if (row === undefined) continue
    desk.feesOf.set(row, [...(desk.feesOf.get(row) ?? []), fee])
    desk.rows = desk.rows.filter((open) => open !== fee)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Passes 2 to 4
// ---------------------------------------------------------------------------------------------------------------------

/** "Passes 2 to 5 stay within one processor and the business's currency", and within a direction. */
interface Place {
  direction: Direction
  processor: string
  settings: PlainProcessor
}

const legsAt = (desk: Desk, place: Place): PlainLeg[] =>
  desk.legs.filter((leg) => leg.direction === place.direction && leg.processor === place.processor)

const rowsAt = (desk: Desk, place: Place): PlainRow[] =>
  desk.rows.filter(
    (row) =>
      directionOf(row) === place.direction && row.processor === place.processor && row.currency === desk.world.currency,
  )

const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000

/** "In passes 2 and 5 distances and islands count a row's date `usual_lag_days` (default 0) earlier". */
const dayOfLeg = (leg: PlainLeg): number => dayNumber(leg.date)
const dayOfRow = (row: PlainRow, place: Place): number => dayNumber(row.date) - place.settings.lag

/** Pass 2, `payment_reference`. */
function matchPaymentReferences(desk: Desk, place: Place): void {
  const isVetoed = vetoOfPasses2To4(desk, place)
  const undone = undoneRows(desk)
  // "Once over the rows' own payment_ids, then over all their reference keys."
  for (const keysOf of [(row: PlainRow) => row.payment_ids, referenceKeysOf]) {
    for (;;) {
      // "by distance in days, then those whose row its reversals do not undo, then leg, then row in order": both lists are
      // in order, so that a later pair has to be better to take the place of an earlier one
      let closest: { leg: PlainLeg; row: PlainRow; distance: number; isUndone: boolean } | undefined
      for (const leg of legsAt(desk, place)) {
        for (const row of rowsAt(desk, place)) {
          // "pairs of a leg and a row that share a key, have one amount and are not vetoed"
          if (!haveOneInCommon(leg.references, keysOf(row))) continue
          if (leg.amount !== row.amount) continue
          if (isVetoed(leg, row)) continue
          const distance = Math.abs(dayOfLeg(leg) - dayOfRow(row, place))
          const isUndone = undone.includes(row)
          const isBetter =
            closest === undefined ||
            distance < closest.distance ||
            (distance === closest.distance && closest.isUndone && !isUndone)
          if (isBetter) closest = { leg, row, distance, isUndone }
        }
      }
      if (closest === undefined) break
      take(desk, 'payment_reference', [closest.leg], [closest.row])
    }
  }
}

/**
 * "Key by key (first those that are a payment_id of a row of this processor left when the pass begins, each kind
 * ascending)".
 */
function keysInOrder(desk: Desk, place: Place): string[] {
  const payments = rowsAt(desk, place).flatMap((row) => row.payment_ids)
  const keys = distinct([
    ...legsAt(desk, place).flatMap((leg) => leg.references),
    ...rowsAt(desk, place).flatMap(referenceKeysOf),
  ]).sort(compare)
  return [...keys.filter((key) => payments.includes(key)), ...keys.filter((key) => !payments.includes(key))]
}

/** "All that is left on both sides with that key", after setting aside. */
const groupOfKey = (desk: Desk, place: Place, key: string, isVetoed: IsVetoed): Group =>
  setAside(
    {
      legs: legsAt(desk, place).filter((leg) => leg.references.includes(key)),
      rows: rowsAt(desk, place).filter((row) => referenceKeysOf(row).includes(key)),
    },
    isVetoed,
  )

/** Pass 3, `payment_group`, its keys. */
function matchPaymentGroups(desk: Desk, place: Place): void {
  const isVetoed = vetoOfPasses2To4(desk, place)
  for (const key of keysInOrder(desk, place)) {
    const { legs, rows } = groupOfKey(desk, place, key, isVetoed)
    // "both sides non-empty and of equal sum, no vetoed pair among them"
    if (legs.length === 0 || rows.length === 0) continue
    if (sumOf(legs) !== sumOf(rows)) continue
    if (anyIsVetoed(legs, rows, isVetoed)) continue
    take(desk, 'payment_group', legs, rows)
  }
}

/** Pass 3, `payment_group`, its payouts. */
function matchPayouts(desk: Desk, place: Place): void {
  const isVetoed = vetoOfPasses2To4(desk, place)
  const rowsOfPayouts = rowsAt(desk, place).filter((row) => row.payout_id !== null)
  // "payouts by id ascending"
  for (const payout of distinct(rowsOfPayouts.flatMap((row) => row.payout_id ?? [])).sort(compare)) {
    for (const account of distinct(rowsOfPayouts.map((row) => row.account)).sort(compare)) {
      // "all refund rows left of that payout and account"
      const rows = rowsAt(desk, place).filter((row) => row.payout_id === payout && row.account === account)
      if (rows.length === 0) continue
      // "the first leg in order that has the payout_id among its identity or reference keys, is vetoed against none of the
      // rows, and whose amount is the sum"
      const first = legsAt(desk, place).find(
        (leg) =>
          [...leg.identity, ...leg.references].includes(payout) &&
          !anyIsVetoed([leg], rows, isVetoed) &&
          leg.amount === sumOf(rows),
      )
      if (first !== undefined) take(desk, 'payment_group', [first], rows)
    }
  }
}

/** Pass 4, `payment_reference_only`. */
function matchPaymentReferencesOnly(desk: Desk, place: Place): void {
  const isVetoed = vetoOfPasses2To4(desk, place)
  for (const key of keysInOrder(desk, place)) {
    const { legs, rows } = groupOfKey(desk, place, key, isVetoed)
    // "exactly one leg and one row are left, not vetoed; amounts differ"
    if (legs.length !== 1 || rows.length !== 1) continue
    if (anyIsVetoed(legs, rows, isVetoed)) continue
    if (sumOf(legs) === sumOf(rows)) continue
    take(desk, 'payment_reference_only', legs, rows)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Pass 5: amount_and_date
// ---------------------------------------------------------------------------------------------------------------------

function matchAmountsAndDates(desk: Desk, place: Place): void {
  const isVetoed = vetoOfPass5(desk, place)
  const undone = undoneRows(desk)
  const takeIfEqual = (group: Group): boolean => {
    const areEqual = group.legs.length > 0 && group.legs.length === group.rows.length
    if (!areEqual || anyIsVetoed(group.legs, group.rows, isVetoed)) return false
    take(desk, 'amount_and_date', group.legs, group.rows)
    return true
  }
  /** What is left of one amount. */
  const left = (amount: number): Group => ({
    legs: legsAt(desk, place).filter((leg) => leg.amount === amount),
    rows: rowsAt(desk, place).filter((row) => row.amount === amount),
  })

  const amounts = distinct(legsAt(desk, place).map((leg) => leg.amount))
  // "Two rounds: the first without the rows of refunds ... that their reversals undo to 0, the second with all that is
  // left."
  for (const round of ['without undone', 'all'] as const) {
    for (const amount of amounts) {
      const { legs, rows } = left(amount)
      const inRound = round === 'all' ? rows : rows.filter((row) => !undone.includes(row))
      for (const island of islandsOf({ legs, rows: inRound }, place, isVetoed)) {
        // "an island with as many legs as rows and no vetoed pair is one match"
        if (takeIfEqual(island)) continue
        // "Of any other island with both sides, date by date"; "In the second round dates are looked at only in islands
        // all of whose rows are undone."
        if (island.legs.length === 0 || island.rows.length === 0) continue
        if (round === 'all' && !island.rows.every((row) => undone.includes(row))) continue
        for (const date of datesOf(island, place)) {
          // "the legs and the rows of that date are one match where they are equally many and no pair of them is vetoed"
          takeIfEqual(date)
        }
        // "what is left forms islands again, and one of these with as many legs as rows and no vetoed pair is one match"
        const rest = {
          legs: island.legs.filter((leg) => desk.legs.includes(leg)),
          rows: island.rows.filter((row) => desk.rows.includes(row)),
        }
        for (const again of islandsOf(rest, place, isVetoed)) takeIfEqual(again)
      }
    }
  }
  // "What it leaves forms islands; one with both sides is AMBIGUOUS_MATCH, without its undone rows where it has others; one
  // with one side only is nothing"
  for (const amount of amounts) {
    for (const island of islandsOf(left(amount), place, isVetoed)) {
      if (island.legs.length === 0 || island.rows.length === 0) continue
      const others = island.rows.filter((row) => !undone.includes(row))
      const rows = others.length > 0 ? others : island.rows
      desk.ambiguous.push({ legs: island.legs, rows })
      desk.legs = desk.legs.filter((leg) => !island.legs.includes(leg))
      desk.rows = desk.rows.filter((row) => !rows.includes(row))
    }
  }
}

/**
 * "The items of one amount in order form islands in which neighbours lie at most `date_window_days` (default 3) apart";
 * "items vetoed against everything on the other side are first set aside, ...; an island that loses items so is cut into
 * islands again".
 */
function islandsOf(group: Group, place: Place, isVetoed: IsVetoed): Group[] {
  return cut(group, place).flatMap((island) => {
    const kept = setAside(island, isVetoed)
    return kept === island ? [island] : islandsOf(kept, place, isVetoed)
  })
}

/** Cuts where neighbours lie further apart than the window. */
function cut(group: Group, place: Place): Group[] {
  const islands: Group[] = []
  let lastDay = Number.NEGATIVE_INFINITY
  for (const date of datesOf(group, place)) {
    const island = islands.at(-1)
    if (island !== undefined && date.day - lastDay <= place.settings.window) {
      island.legs.push(...date.legs)
      island.rows.push(...date.rows)
    } else {
      islands.push({ legs: [...date.legs], rows: [...date.rows] })
    }
    lastDay = date.day
  }
  return islands
}

/** The legs and rows of each date, the earliest first: "date by date (rows less the lag)". */
function datesOf(group: Group, place: Place): (Group & { day: number })[] {
  const days = distinct([...group.legs.map(dayOfLeg), ...group.rows.map((row) => dayOfRow(row, place))])
  return days
    .sort((a, b) => a - b)
    .map((day) => ({
      day,
      legs: group.legs.filter((leg) => dayOfLeg(leg) === day),
      rows: group.rows.filter((row) => dayOfRow(row, place) === day),
    }))
}

// ---------------------------------------------------------------------------------------------------------------------
// Cancelled
// ---------------------------------------------------------------------------------------------------------------------

/**
 * "What is left alone of one refund (one refund_id of one processor, or one row) and is undone to 0 in one currency by its
 * reversals forms a match without legs, pass `cancelled`."
 */
function matchCancelled(desk: Desk, direction: Direction): void {
  for (const row of desk.rows.filter((one) => directionOf(one) === direction)) {
    if (!desk.rows.includes(row)) continue
    const rows = desk.rows.filter((other) => areOfOneRefund(row, other))
    if (areUndone(desk, rows) && !reachesOverTheStart(desk, rows)) take(desk, 'cancelled', [], rows)
  }
}

/**
 * "A refund left without a leg, any of whose rows is dated before it [starts_on] and any of whose reversals on or after it,
 * forms no `cancelled` match".
 */
function reachesOverTheStart(desk: Desk, rows: readonly PlainRow[]): boolean {
  const { starts_on } = desk.world
  if (starts_on === null) return false
  const all = withFollowers(desk, rows)
  return (
    refundRowsOf(all).some((row) => row.date < starts_on) &&
    all.some((row) => row.type === 'refund_reversal' && row.date >= starts_on)
  )
}
