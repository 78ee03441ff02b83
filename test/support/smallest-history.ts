/** The smallest history that still fails, and its text: what fast-check shrinks by itself keeps far more than matters. */

import { isDeepStrictEqual } from 'node:util'
import {
  nameOf,
  type PlainLeg,
  type PlainOther,
  type PlainProcessor,
  type PlainRow,
  type PlainWorld,
} from './plain-matching.ts'

type History = readonly PlainWorld[]
/** Part by part of a world: null takes the item away. */
type Edit = {
  leg?: (leg: PlainLeg) => PlainLeg | null
  row?: (row: PlainRow) => PlainRow | null
  other?: (other: PlainOther) => PlainOther | null
}

/** Takes away from a failing history whatever it fails without, in so many tries. */
export async function smallestHistory(
  history: History,
  fails: (history: History) => boolean | Promise<boolean>,
  tries = 3000,
): Promise<History> {
  let smallest = history
  let left = tries
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const smaller of smallerThan(smallest)) {
      if (isDeepStrictEqual(smaller, smallest)) continue
      if (left-- <= 0) return smallest
      if (!(await fails(smaller))) continue
      smallest = smaller
      isSmaller = true
      break
    }
  }
  return smallest
}

function* smallerThan(history: History): Generator<History> {
  if (history.length > 1) for (const night of history.keys()) yield history.filter((_, place) => place !== night)
  for (const id of new Set(history.flatMap(({ legs }) => legs.map((leg) => leg.id))))
    yield edited(history, { leg: (leg) => (leg.id === id ? null : leg) })
  for (const name of new Set(history.flatMap(({ rows }) => rows.map(nameOf))))
    yield edited(history, { row: (row) => (nameOf(row) === name ? null : row) })
  for (const id of new Set(history.flatMap(({ others }) => others.map((other) => other.id))))
    yield edited(history, { other: (other) => (other.id === id ? null : other) })
  yield* withFewerRulings(history)
  yield* withFewerChanges(history)
  yield* withPlainerItems(history)
  yield history.map((world) => ({ ...world, starts_on: null }))
  for (const plainer of [{ match_payouts: false }, { lag: 0 }, { window: 0 }])
    yield history.map((world) => ({ ...world, processors: withRules(world.processors, plainer) }))
}

const withRules = (
  processors: PlainWorld['processors'],
  plainer: Partial<PlainProcessor>,
): Map<string, PlainProcessor> => new Map([...processors].map(([name, rules]) => [name, { ...rules, ...plainer }]))

function edited(
  history: History,
  { leg = (one) => one, row = (one) => one, other = (one) => one }: Edit,
): PlainWorld[] {
  return history.map((world) => {
    const legs = world.legs.flatMap((one) => leg(one) ?? [])
    const rows = world.rows.flatMap((one) => row(one) ?? [])
    const goneLegs = world.legs.filter(({ id }) => !legs.some((one) => one.id === id)).map(({ id }) => id)
    const goneRows = world.rows.map(nameOf).filter((name) => !rows.some((one) => nameOf(one) === name))
    const match = world.rulings.match.filter(
      (one) => !one.legs.some((id) => goneLegs.includes(id)) && !one.rows.some((name) => goneRows.includes(name)),
    )
    const unmatch = world.rulings.unmatch.filter((one) => !goneLegs.includes(one.leg) && !goneRows.includes(one.row))
    const others = world.others.flatMap((one) => other(one) ?? [])
    return { ...world, legs, rows, others, rulings: { match, unmatch } }
  })
}

function* withFewerRulings(history: History): Generator<History> {
  const rulings = history.flatMap((world) => [...world.rulings.match, ...world.rulings.unmatch])
  for (const text of new Set(rulings.map((ruling) => JSON.stringify(ruling)))) {
    const others = <T>(list: readonly T[]): T[] => list.filter((ruling) => JSON.stringify(ruling) !== text)
    yield history.map((world) => ({
      ...world,
      rulings: { match: others(world.rulings.match), unmatch: others(world.rulings.unmatch) },
    }))
  }
}

/** What changes in a night changes not at all, or was so from the beginning. */
function* withFewerChanges(history: History): Generator<History> {
  for (const [night, world] of history.entries()) {
    const before = history[night - 1]
    if (before === undefined) continue
    const upTo = (item: PlainWorld, place: number, edit: Edit): PlainWorld =>
      place < night ? (edited([item], edit)[0] ?? item) : item
    const from = (item: PlainWorld, place: number, edit: Edit): PlainWorld =>
      place < night ? item : (edited([item], edit)[0] ?? item)
    for (const leg of world.legs) {
      const earlier = before.legs.find(({ id }) => id === leg.id)
      if (earlier === undefined || isDeepStrictEqual(leg, earlier)) continue
      yield history.map((item, place) => from(item, place, { leg: (one) => (one.id === leg.id ? earlier : one) }))
      yield history.map((item, place) => upTo(item, place, { leg: (one) => (one.id === leg.id ? leg : one) }))
    }
    for (const row of world.rows) {
      const earlier = before.rows.find((other) => nameOf(other) === nameOf(row))
      if (earlier === undefined || isDeepStrictEqual(row, earlier)) continue
      const isIt = (one: PlainRow): boolean => nameOf(one) === nameOf(row)
      yield history.map((item, place) => from(item, place, { row: (one) => (isIt(one) ? earlier : one) }))
      yield history.map((item, place) => upTo(item, place, { row: (one) => (isIt(one) ? row : one) }))
    }
  }
}

const PLAINER_LEGS: Partial<PlainLeg>[] = [
  { refund_fee: 0, returned_fee: 0 },
  { identity: [] },
  { references: [], payment_keys: [] },
  { payment_keys: [] },
]
const PLAINER_ROWS: Partial<PlainRow>[] = [
  { payment_ids: [] },
  { references: [] },
  { payout_id: null },
  { refund_id: null },
  { currency: 'USD' },
  { returned_fee: 0 },
]

function* withPlainerItems(history: History): Generator<History> {
  for (const id of new Set(history.flatMap(({ legs }) => legs.map((leg) => leg.refund))))
    for (const plainer of PLAINER_LEGS)
      yield edited(history, { leg: (leg) => (leg.refund === id ? { ...leg, ...plainer } : leg) })
  for (const name of new Set(history.flatMap(({ rows }) => rows.map(nameOf)))) {
    for (const plainer of PLAINER_ROWS)
      yield edited(history, { row: (row) => (nameOf(row) === name ? { ...row, ...plainer } : row) })
    yield edited(history, {
      row: (row) => (nameOf(row) === name && row.amount !== 0 ? { ...row, refund_fee: 0 } : row),
    })
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// In words
// ---------------------------------------------------------------------------------------------------------------------

const feeText = ({ refund_fee, returned_fee }: { refund_fee: number; returned_fee: number }): string =>
  refund_fee === 0 && returned_fee === 0 ? '' : `fees ${refund_fee}/${returned_fee}`

const legText = (leg: PlainLeg): string =>
  [
    `leg ${leg.id} of ${leg.refund}`,
    ...[leg.direction === 'vendor' ? 'vendor' : '', leg.processor, leg.date.slice(5), leg.amount],
    ...[
      leg.identity.length > 0 ? `names ${leg.identity}` : '',
      leg.references.length > 0 ? `of ${leg.references}` : '',
    ],
    ...[leg.payment_keys.length > 0 ? `paid by ${leg.payment_keys}` : '', feeText(leg)],
  ]
    .filter((word) => word !== '')
    .join(' ')

const rowText = (row: PlainRow): string =>
  [
    `row ${nameOf(row)}`,
    ...[row.type === 'refund' ? '' : row.type, row.processor, row.date.slice(5), row.amount],
    ...[row.currency === 'USD' ? '' : row.currency, row.refund_id === null ? '' : `refund ${row.refund_id}`],
    ...[
      row.payment_ids.length > 0 ? `of ${row.payment_ids}` : '',
      row.references.length > 0 ? `ref ${row.references}` : '',
    ],
    ...[row.payout_id === null ? '' : `in ${row.payout_id}`, feeText(row)],
  ]
    .filter((word) => word !== '')
    .join(' ')

const otherText = ({
  id,
  type,
  processor,
  date,
  amount,
  currency,
  refund_id,
  payment_ids,
  presented,
}: PlainOther): string =>
  [
    ...[`${type} ${id}`, processor, date.slice(5), amount, currency === 'USD' ? '' : currency],
    ...[
      refund_id === null ? '' : `refund ${refund_id}`,
      `of ${payment_ids}`,
      presented === null ? '' : `seen ${presented}`,
    ],
  ]
    .filter((word) => word !== '')
    .join(' ')

const rulesText = (world: PlainWorld): string[] => [
  world.starts_on === null ? 'no start' : `starts on ${world.starts_on}`,
  ...[...world.processors].map(
    ([name, { window, lag, match_payouts }]) =>
      `${name}: window ${window}, lag ${lag}${match_payouts ? ', match_payouts' : ''}`,
  ),
]

const linesOf = (world: PlainWorld): string[] => [
  ...rulesText(world),
  ...world.legs.map(legText),
  ...world.rows.map(rowText),
  ...world.others.map(otherText),
  ...world.rulings.match.map((one) => `ruling: ${one.legs} is ${one.rows}`),
  ...world.rulings.unmatch.map((one) => `ruling: ${one.leg} is not ${one.row}`),
]

/** Night by night what comes (+) and goes (-). */
export function textOf(history: History): string {
  return history
    .map((world, night) => {
      const earlier = history[night - 1]
      const before = earlier === undefined ? [] : linesOf(earlier)
      const now = linesOf(world)
      const gone = before.filter((line) => !now.includes(line)).map((line) => `  - ${line}`)
      const come = now.filter((line) => !before.includes(line)).map((line) => `  + ${line}`)
      return [`night ${night}`, ...gone, ...come].join('\n')
    })
    .join('\n')
}
