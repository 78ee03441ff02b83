/** Takes imported files back: their rows, coverage and quarantined lines count no longer (spec section 3, Repair). */

import { FileFault } from '../../core/errors.ts'
import type { Db } from '../../database/connect.ts'
import { count, run } from '../../database/statement.ts'
import type { FileOwner } from './known-files.ts'
import { rowsOf } from './row-list.ts'

/** What a withdrawal did. */
export interface Withdrawn {
  /** rows that count no longer: no other file has them */
  gone: readonly bigint[]
  /** rows that stay, since another file has them too */
  kept: bigint
  /** months in which rows left, ascending */
  months: readonly string[]
}

/** Lists of so many records are held in memory together. */
const MOST_RECORDS = 500_000n

/**
 * Withdraws imported files of one account, in a transaction under the business's lock. Rows that another imported file of the
 * account has stay; of a row whose value a person took from a withdrawn file, the value before comes back.
 * @throws FileFault where one is not imported
 */
export const withdrawFiles = async (db: Db, owner: FileOwner, file_ids: readonly bigint[]): Promise<Withdrawn> => {
  const { business_id, processor, account } = owner
  const files = await run(db, 'file/held_by', [business_id, processor, account])
  const lacking = file_ids.find((file_id) => !files.some((file) => file.file_id === file_id))
  if (lacking !== undefined) throw new FileFault(`file ${lacking} is withdrawn already, expected one that is imported`)
  const leaving = new Set<bigint>()
  for (const file_id of file_ids) for (const row_no of await rowsHeld(db, business_id, [file_id])) leaving.add(row_no)
  const all = BigInt(leaving.size)
  for (const others of together(files.filter(({ file_id }) => !file_ids.includes(file_id)))) {
    if (leaving.size === 0) break
    for (const row_no of await rowsHeld(db, business_id, others)) leaving.delete(row_no)
  }
  const gone = [...leaving]
  const [done] = await run<{ rows: bigint; months: string[] }>(db, 'file/withdraw', [business_id, file_ids, gone])
  await count(db, 'file/restore', [business_id, file_ids])
  return { gone, kept: all - BigInt(gone.length), months: done?.months ?? [] }
}

/** Files one after the other, as many together as their lists may be in memory. */
function* together(files: readonly { file_id: bigint; records: bigint }[]): Generator<bigint[]> {
  let batch: bigint[] = []
  let held = 0n
  for (const { file_id, records } of files) {
    batch.push(file_id)
    held += records
    if (held < MOST_RECORDS) continue
    yield batch
    batch = []
    held = 0n
  }
  if (batch.length > 0) yield batch
}

/** The rows that files have, those of several of them more than once. */
const rowsHeld = async (db: Db, business_id: string, file_ids: readonly bigint[]): Promise<bigint[]> => {
  const lists = await run<{ row_list: Buffer | null; accepted_rows: bigint[] }>(db, 'file/row_lists', [
    business_id,
    file_ids,
  ])
  return lists.flatMap(({ row_list, accepted_rows }) => [...rowsOf(row_list), ...accepted_rows])
}
