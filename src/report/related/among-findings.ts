/** Which open findings may be the same money as another one: by an id, a key, a sum or the amount. Pure. */

import type { Code } from '../../core/discrepancy.ts'
import { formatMoney } from '../../core/money.ts'
import { daysBetween } from '../../core/period.ts'
import type { Direction } from '../lines.ts'
import { processorName, surplus } from '../messages/phrases.ts'
import type { Hint } from './hint.ts'
import { halvesOf, similarPair } from './similar-id.ts'

/**
 * A leg or a row of an open finding, or by how much a matched refund differs. Amounts are minor units; a row's reversal has a
 * negative one, a difference is ledger less processor.
 */
export interface OpenItem {
  discrepancy_id: string
  code: Code
  side: 'leg' | 'row' | 'difference'
  /** the leg's id or the row's transaction id */
  id: string
  /** of a leg Layer's id of its refund, of a row the processor's, null where it has none */
  refund_id: string | null
  identity_keys: string[]
  payment_keys: string[]
  reference_keys: string[]
  processor: string
  account: string
  direction: Direction
  currency: string
  amount: bigint
  on_date: string
  payout_id: string | null
  /** the shapes that its payment keys have */
  payment_kinds: string[]
}

/** Findings of the same amount are looked for so many days apart. */
const WINDOW_DAYS = 30
/** Of more items with the same key or the same half of an id nothing could be told. */
const CROWD = 50
/** Of more parts some make any sum by chance. */
const MOST_PARTS = 12

export type AmongFindings = (discrepancy_id: string) => Hint[]

/** Prepares the look-up over all open items. */
export const amongFindings = (all: readonly OpenItem[]): AmongFindings => {
  const own = groupedBy(all, ({ discrepancy_id }) => [discrepancy_id])
  const items = all.filter(({ side }) => side !== 'difference')
  const by_part = groupedBy(all, (item) => [partKey(item)])
  const by_key = groupedBy(items, keysOf)
  const by_amount = groupedBy(items, ({ currency, direction, amount }) => [`${direction} ${currency} ${amount}`])
  const by_day = groupedBy(items, (item) => [dayKey(item)])
  const by_half = groupedBy(items, (item) => item.identity_keys.flatMap(halvesOf))
  const by_payout = groupedBy(items, ({ payout_id }) => (payout_id === null ? [] : [payout_id]))
  for (const list of [...by_amount.values(), ...by_part.values()])
    list.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))

  const hintsOf = (item: OpenItem): Hint[] => {
    const others = (list: readonly OpenItem[] | undefined): OpenItem[] =>
      (list ?? []).filter((other) => other.discrepancy_id !== item.discrepancy_id)
    const ids = new Set(item.identity_keys)
    const sharing = keysOf(item).flatMap((key) => {
      const list = by_key.get(key) ?? []
      return list.length > CROWD ? [] : others(list).flatMap((other) => (isApart(item, other) ? [{ key, other }] : []))
    })
    const alike = item.identity_keys.flatMap((key) =>
      halvesOf(key).flatMap((half) => {
        const list = by_half.get(half) ?? []
        return list.length > CROWD ? [] : others(list)
      }),
    )
    // but where two of one day are the only ones of their amount, one may name the wrong payment
    const mayBeOne = (own: OpenItem, other: OpenItem): boolean =>
      other.side !== own.side &&
      (!namesAnotherPayment(own, other) ||
        (own.on_date === other.on_date && (by_day.get(dayKey(own)) ?? []).length === 2))
    const about = (kind: Hint['kind'], other: OpenItem, reason: string): Hint => ({
      ...{ kind, reason, target: { discrepancy_id: other.discrepancy_id } },
      days: Math.abs(daysBetween(item.on_date, other.on_date)),
    })
    const parts = near(item, by_part.get(partKey(item, -1n)) ?? [], isOtherPart).map((other) =>
      about('other_part', other, `${partPhrase(other)}, and the two together agree`),
    )
    if (item.side === 'difference') return parts
    return [
      ...parts,
      ...sharing.map(({ key, other }) => {
        if (item.side === 'row' && isRemoved(other) && item.amount === other.amount)
          return about('ledger_removed', other, `the ledger had ${removedPhrase(other)}`)
        if (item.amount < 0n !== other.amount < 0n)
          return about('failed_refund', other, `${phrase(other)} names ${key} too`)
        if (ids.has(key) && other.identity_keys.includes(key) && !(isDuplicate(item) || isDuplicate(other)))
          return about('same_id_elsewhere', other, `the same id ${key} is open ${elsewhere(item, other)}`)
        if (isAgain(item, other))
          return about('refunded_again', other, `${phrase(other)} was refunded again of the same payment`)
        return about('shared_key', other, `${phrase(other)} names ${key} too`)
      }),
      ...alike.flatMap((other) => {
        const pair = other.side === item.side ? null : similarPair(item, other)
        return pair === null
          ? []
          : [about('similar_id', other, `${phrase(other)} has the id ${pair.other}, ${pair.differs} from ${pair.own}`)]
      }),
      ...sumsOf(item, [
        ...sharing.map(({ other }) => other),
        ...others(crowdless(by_payout.get(item.payout_id ?? ''))),
      ]).flatMap((parts) =>
        parts.map((part) =>
          about(
            'sum',
            part,
            `${parts.map(phrase).join(' and ')} come to the same ${formatMoney(item.amount, item.currency)}`,
          ),
        ),
      ),
      ...near(item, by_amount.get(`${item.direction} ${item.currency} ${item.amount}`) ?? [], mayBeOne).map((other) =>
        isRemoved(other)
          ? about('ledger_removed', other, `the ledger had ${removedPhrase(other)} of the same amount`)
          : about('same_amount', other, `${phrase(other)} has the same amount`),
      ),
    ]
  }
  return (discrepancy_id) => (own.get(discrepancy_id) ?? []).flatMap(hintsOf)
}

const groupedBy = (
  items: readonly OpenItem[],
  keys: (item: OpenItem) => readonly string[],
): Map<string, OpenItem[]> => {
  const groups = new Map<string, OpenItem[]>()
  for (const item of items) {
    for (const key of new Set(keys(item))) {
      const list = groups.get(key)
      if (list) list.push(item)
      else groups.set(key, [item])
    }
  }
  return groups
}

const crowdless = (list: readonly OpenItem[] | undefined): readonly OpenItem[] =>
  list === undefined || list.length > CROWD ? [] : list

const dayKey = ({ direction, currency, amount, on_date, processor }: OpenItem): string =>
  `${direction} ${currency} ${amount} ${on_date} ${processor}`

const placeOf = ({ on_date, id }: OpenItem): string => `${on_date} ${id}`

const keysOf = ({ identity_keys, payment_keys, reference_keys }: OpenItem): string[] => [
  ...new Set([...identity_keys, ...payment_keys, ...reference_keys]),
]

/** Of one side and place two items are two refunds, whatever they share. */
const isApart = (item: OpenItem, other: OpenItem): boolean =>
  item.side !== other.side ||
  ((item.processor !== other.processor || item.account !== other.account || item.direction !== other.direction) &&
    item.identity_keys.some((key) => other.identity_keys.includes(key)))

const isRemoved = ({ code }: OpenItem): boolean => code === 'LEDGER_REFUND_REMOVED'

/** 'refund ref-1 of 50.00 USD on 2026-03-10, which was removed' */
const removedPhrase = ({ refund_id, id, amount, currency, on_date }: OpenItem): string =>
  `refund ${refund_id ?? id} of ${formatMoney(amount, currency)} on ${on_date}, which was removed`

/** Of the same money one side has a part too much and the other lacks it: amounts as ledger less processor. */
const partKey = ({ side, processor, direction, currency, amount }: OpenItem, sign = 1n): string =>
  `${processor} ${direction} ${currency} ${(side === 'row' ? -amount : amount) * sign}`

/** Of what is in no match, or is said to be there twice. */
const PARTS: ReadonlySet<Code> = new Set<Code>([
  ...(['MISSING_IN_LEDGER', 'AWAITING_LEDGER', 'MISSING_AT_PROCESSOR', 'AWAITING_PROCESSOR'] as const),
  'DUPLICATE_IN_LEDGER',
])

const isOtherPart = (item: OpenItem, other: OpenItem): boolean =>
  item.side === 'difference' ? PARTS.has(other.code) : other.side === 'difference' && PARTS.has(item.code)

/** '45.00 USD too little in the matched refund ref-1 of 2026-10-14' */
const partPhrase = (other: OpenItem): string =>
  other.side === 'difference'
    ? `the ledger has ${surplus(other.amount, other.currency)} in its refund ${other.refund_id ?? other.id} of ${other.on_date}`
    : `${phrase(other)} is in no match`

/** Two that name payments of one kind, and none in common, are hardly the same money. */
const namesAnotherPayment = (item: OpenItem, other: OpenItem): boolean =>
  item.payment_kinds.some((kind) => other.payment_kinds.includes(kind)) &&
  !item.payment_keys.some((key) => other.payment_keys.includes(key))

const isDuplicate = ({ code }: OpenItem): boolean => code === 'DUPLICATE_IN_LEDGER'

/** A refund that failed, and a row of the same payment and amount that the ledger does not have. */
const isAgain = (item: OpenItem, other: OpenItem): boolean =>
  item.code === 'REFUND_FAILED' &&
  (other.code === 'MISSING_IN_LEDGER' || other.code === 'AWAITING_LEDGER') &&
  other.amount === item.amount &&
  other.payment_keys.some((key) => item.payment_keys.includes(key))

const side = ({ side, processor }: OpenItem): string => (side === 'leg' ? 'the ledger' : processorName(processor))

/** 'the ledger's refund of 50.00 USD on 2026-03-10 (ref-1)' */
const phrase = (item: OpenItem): string => {
  const name = item.refund_id ?? item.id
  const word = item.amount < 0n ? 'reversal' : 'refund'
  return `${side(item)}'s ${word} of ${formatMoney(item.amount < 0n ? -item.amount : item.amount, item.currency)} on ${item.on_date} (${name})`
}

/** In what the same id stands otherwise: 'under PAYPAL', 'in EUR'. */
const elsewhere = (item: OpenItem, other: OpenItem): string => {
  const where = [
    ...(item.processor === other.processor ? [] : [`under ${processorName(other.processor)}`]),
    ...(item.side !== 'row' || other.side !== 'row' || item.account === other.account
      ? []
      : [`in account ${other.account}`]),
    ...(item.currency === other.currency ? [] : [`in ${other.currency}`]),
    ...(item.direction === other.direction ? [] : [`as a ${other.direction} refund`]),
  ]
  const said =
    where.length === 0 ? (other.side === 'leg' ? ['in the ledger'] : [`at ${processorName(other.processor)}`]) : where
  return `${said.join(', ')}: ${phrase(other)}`
}

/** Two or three open items of the other side that come to the item's amount, in one currency and direction. */
const sumsOf = (item: OpenItem, among: readonly OpenItem[]): OpenItem[][] => {
  const parts = [...new Map(among.map((other) => [`${other.side} ${other.id}`, other])).values()].filter(
    (other) =>
      other.side !== item.side &&
      other.currency === item.currency &&
      other.direction === item.direction &&
      other.amount > 0n &&
      other.amount < item.amount,
  )
  if (parts.length > MOST_PARTS) return []
  for (const [first, a] of parts.entries()) {
    for (let second = first + 1; second < parts.length; second += 1) {
      const b = parts[second]
      if (b === undefined) continue
      if (a.amount + b.amount === item.amount) return [[a, b]]
      const c = parts.slice(second + 1).find(({ amount }) => a.amount + b.amount + amount === item.amount)
      if (c !== undefined) return [[a, b, c]]
    }
  }
  return []
}

/** The items within the window that may be told beside it, the nearest first; sorted lists of one amount can be long. */
const near = (
  item: OpenItem,
  sorted: readonly OpenItem[],
  isWanted: (item: OpenItem, other: OpenItem) => boolean,
): OpenItem[] => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.on_date ?? '') < item.on_date) low = middle + 1
    else high = middle
  }
  const found: OpenItem[] = []
  let [before, after] = [low - 1, low]
  const distance = (index: number): number => {
    const other = sorted[index]
    return other === undefined ? Number.POSITIVE_INFINITY : Math.abs(daysBetween(item.on_date, other.on_date))
  }
  for (let looked = 0; looked < CROWD && found.length < 5; looked += 1) {
    const is_after = distance(after) <= distance(before)
    if (Math.min(distance(after), distance(before)) > WINDOW_DAYS) break
    const other = sorted[is_after ? after++ : before--]
    if (other !== undefined && other.discrepancy_id !== item.discrepancy_id && isWanted(item, other)) found.push(other)
  }
  return found
}
