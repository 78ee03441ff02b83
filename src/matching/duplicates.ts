import type { LegItem } from './items.ts'
import { identityKeysOf, isRefund } from './keys.ts'
import type { Row } from './types.ts'
import type { WorkingSet } from './working-set.ts'

/**
 * After pass 1: a leg left over, any of whose identity keys is the refund id or transaction id of a row that a person or
 * pass 1 matched, now or in a match that stands, is booked twice and takes part no further. The row has to be at the
 * leg's own processor; where that has no files here, any will do.
 */
export function findDuplicates(work: WorkingSet): void {
  const left = work.legs.filter(({ free, leg }) => free && leg.identity_keys.length > 0)
  if (left.length === 0) return
  const places = placesOfKeys(left, matchedRows(work))
  for (const item of left) {
    const { direction, processor, identity_keys } = item.leg
    const place = work.settings.processors.has(processor) ? placeOf(direction, processor) : direction
    const key = identity_keys.find((each) => places.get(each)?.has(place))
    if (key === undefined) continue
    item.free = false
    work.duplicates.push(item)
    work.trace?.add(
      'duplicates',
      'duplicate',
      key,
      [item],
      [],
      `The row that ${key} names is matched with another leg.`,
    )
  }
}

const placeOf = (direction: string, processor: string): string => `${direction} ${processor}`

function* matchedRows(work: WorkingSet): Generator<{ row: Row; direction: string }> {
  for (const { pass, rows } of work.drafts) if (pass === 'manual' || pass === 'refund_id') yield* rows
  for (const { pass, rows } of work.standing) {
    if (pass !== 'manual' && pass !== 'refund_id') continue
    for (const row of rows) yield { row, direction: row.type === 'vendor_refund' ? 'vendor' : 'customer' }
  }
}

/** Where matched refund rows bear the keys of these legs: directions, and directions with processor. */
function placesOfKeys(
  legs: readonly LegItem[],
  rows: Iterable<{ row: Row; direction: string }>,
): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>()
  for (const { leg } of legs) for (const key of leg.identity_keys) places.set(key, new Set())
  for (const { row, direction } of rows) {
    if (!isRefund(row)) continue
    for (const key of identityKeysOf(row)) {
      places.get(key)?.add(direction).add(placeOf(direction, row.processor))
    }
  }
  return places
}
