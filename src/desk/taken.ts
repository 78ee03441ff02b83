/** The state in which a person saw a finding: it goes with each form, and a decision about another state is refused. */

import { rowHash } from '../core/row-hash.ts'
import type { Db } from '../database/connect.ts'
import type { Taken } from '../review/deeds.ts'
import { standingOf } from '../review/judge.ts'

const textOf = ({ discrepancy_id, row_hash, event_number }: Taken): string =>
  `${discrepancy_id}:${row_hash}:${event_number}`

/** 'ID:HASH:EVENT' of each finding, by its id. */
export const takenText = async (
  db: Db,
  business_id: string,
  items: readonly { id: string }[],
): Promise<Map<string, string>> => {
  const standing = await standingOf(
    db,
    business_id,
    items.map(({ id }) => id),
  )
  return new Map(
    [...standing].map(([id, found]) => {
      const { event_number } = found
      return [id, textOf({ discrepancy_id: id, row_hash: rowHash({ id, ...found }), event_number })]
    }),
  )
}

/** What a form sent back; null: it is no such text. */
export const readTaken = (text: string): Taken | null => {
  const [, discrepancy_id = '', row_hash = '', number = ''] =
    /^([\w-]{1,64}):([0-9a-f]{16}):(\d{1,18})$/.exec(text) ?? []
  return discrepancy_id === '' ? null : { discrepancy_id, row_hash, event_number: BigInt(number) }
}
