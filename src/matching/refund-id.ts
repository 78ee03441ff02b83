import { isFree, type LegItem, type RowItem } from './items.ts'
import { UNASSIGNED } from './keys.ts'
import { byCodeUnit, listUnder } from './order.ts'
import { LegsOfRefund } from './refund-legs.ts'
import type { Direction } from './types.ts'
import { isVetoed } from './veto.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * Pass 1: leg by leg in order, the first identity key that finds rows not taken decides: by refund id all of them, by
 * transaction id one. The other legs of the same refund with that key join.
 *
 * First within each leg's own processor, where legs of that processor and those that name none join; then for the legs
 * left among the rows left elsewhere, where all that are left join. A part left over after both joins the first match
 * of its refund and key. Amounts, dates and currencies do not matter. Of what a person forbade, no pair is joined.
 */
export function matchByRefundId(work: WorkingSet): void {
  const rows = new RowsByIdentity(work.refunds)
  const parts = new LegsOfRefund(work.legs)
  for (const leg of work.legs) {
    if (!leg.free) continue
    const found = findOwn(leg, rows)
    if (found) match(work, parts, leg, found, (other) => isOfProcessor(other, leg.leg.processor))
  }
  for (const leg of work.legs) {
    if (!leg.free) continue
    const found = findElsewhere(leg, rows)
    if (found) match(work, parts, leg, found, () => true)
  }
  joinParts(work, parts)
  if (work.trace) traceNothingFound(work)
}

const isOfProcessor = ({ leg }: LegItem, processor: string): boolean =>
  leg.processor === processor || leg.processor === UNASSIGNED

/** The key that decides, and the rows that it finds. */
interface Found {
  key: string
  rows: readonly RowItem[]
}

function findOwn(leg: LegItem, index: RowsByIdentity): Found | undefined {
  const { direction, processor, identity_keys } = leg.leg
  for (const key of identity_keys) {
    const rows = index.find(direction, processor, 'refund_id', key, leg)
    if (rows.length > 0) return { key, rows }
    const [row] = index.find(direction, processor, 'transaction_id', key, leg)
    if (row) return { key, rows: [row] }
  }
  return undefined
}

/** By key, then field, then processor name. */
function findElsewhere(leg: LegItem, index: RowsByIdentity): Found | undefined {
  const { direction, processor: own, identity_keys } = leg.leg
  for (const key of identity_keys) {
    for (const field of ['refund_id', 'transaction_id'] as const) {
      for (const processor of index.processors) {
        if (processor === own) continue
        const rows = index.find(direction, processor, field, key, leg)
        if (rows.length > 0) return { key, rows: field === 'refund_id' ? rows : rows.slice(0, 1) }
      }
    }
  }
  return undefined
}

function match(
  work: WorkingSet,
  parts: LegsOfRefund,
  leg: LegItem,
  { key, rows }: Found,
  mayJoin: (other: LegItem) => boolean,
): void {
  const others = parts
    .withKey(leg, key)
    .filter((other) => other !== leg && other.free && mayJoin(other) && !isForbidden(other, rows))
  const legs = [leg, ...others]
  const draft = work.take('refund_id', legs, rows)
  parts.remember(leg, key, draft)
  work.trace?.add('refund_id', 'matched', key, legs, rows, `The books and the processor both name ${key}.`)
}

/** Joins what both rounds left of a refund to the first match of that refund and key. */
function joinParts(work: WorkingSet, parts: LegsOfRefund): void {
  for (const leg of work.legs) {
    if (!leg.free) continue
    for (const key of leg.leg.identity_keys) {
      const draft = parts.matchesWithKey(leg, key).find(({ rows }) => !isForbidden(leg, rows))
      if (!draft) continue
      leg.free = false
      draft.legs.push(leg)
      work.trace?.add(
        'refund_id',
        'matched',
        key,
        [leg],
        draft.rows,
        `Another part of its refund was matched by ${key}.`,
      )
      break
    }
  }
}

function traceNothingFound(work: WorkingSet): void {
  for (const leg of work.legs) {
    if (!leg.free || leg.leg.identity_keys.length === 0) continue
    const keys = leg.leg.identity_keys.join(', ')
    work.trace?.add('refund_id', 'nothing', null, [leg], [], `No row that is left bears ${keys}.`)
  }
}

const isForbidden = (leg: LegItem, rows: readonly RowItem[]): boolean =>
  leg.veto.rulings.length > 0 && rows.some((row) => isVetoed(leg.veto, row.veto))

type Field = 'refund_id' | 'transaction_id'

/** Refund rows by direction, processor and identity key, in order. */
class RowsByIdentity {
  /** Names of the processors that have refund rows, ascending. */
  readonly processors: readonly string[]
  readonly #rows = new Map<string, Map<string, RowItem[]>>()

  constructor(refunds: readonly RowItem[]) {
    const processors = new Set<string>()
    for (const item of refunds) {
      const { processor, refund_id, transaction_id } = item.row
      processors.add(processor)
      if (!item.free) continue
      if (refund_id !== null) listUnder(this.#under(item.direction, processor, 'refund_id'), refund_id).push(item)
      listUnder(this.#under(item.direction, processor, 'transaction_id'), transaction_id).push(item)
    }
    this.processors = [...processors].sort(byCodeUnit)
  }

  /** The free rows that bear the key and that nobody forbade to match with this leg. */
  find(direction: Direction, processor: string, field: Field, key: string, leg: LegItem): readonly RowItem[] {
    const rows = this.#free(this.#under(direction, processor, field), key)
    return leg.veto.rulings.length === 0 ? rows : rows.filter((row) => !isVetoed(leg.veto, row.veto))
  }

  /** Forgets rows that are taken, so that a key that many legs name is not read again by each of them. */
  #free(byKey: Map<string, RowItem[]>, key: string): readonly RowItem[] {
    const rows = byKey.get(key) ?? []
    if (rows.every(isFree)) return rows
    const free = rows.filter(isFree)
    if (free.length > 0) byKey.set(key, free)
    else byKey.delete(key)
    return free
  }

  #under(direction: Direction, processor: string, field: Field): Map<string, RowItem[]> {
    const name = `${direction} ${field} ${processor}`
    const known = this.#rows.get(name)
    if (known) return known
    const made = new Map<string, RowItem[]>()
    this.#rows.set(name, made)
    return made
  }
}
