/** The files of a business as a person may name them: listed, covered, read again. */

import { periodText } from '../../core/period.ts'
import type { Db } from '../../database/connect.ts'
import { type RowOf, run } from '../../database/statement.ts'
import type { FileOwner } from './known-files.ts'

/** A format of files that brought rows of an account, and the family of their transaction ids. */
export type FormatOfRows = RowOf<'file/formats'>

/** The formats of the files that brought the account's rows, by name. */
export const formatsOfRows = async (db: Db, { business_id, processor, account }: FileOwner): Promise<FormatOfRows[]> =>
  await run<FormatOfRows>(db, 'file/formats', [business_id, processor, account])

/** A stored file, as a person may name it. */
export interface StoredFile extends FileOwner {
  file_id: bigint
  name: string
  path: string
  sha256: string
  /** FROM..TO of a file without a line, which can stand for several periods; else '' */
  empty_for: string
  state: 'imported' | 'withdrawn'
  covers_from: string | null
  covers_to: string | null
}

const STORED = [
  'file_id',
  'business_id',
  'processor',
  'account',
  'name',
  'path',
  'sha256',
  'empty_for',
  'state',
] as const

/** All files of a business, withdrawn ones too, in the order in which they were first imported. */
export const storedFiles = async (db: Db, business_id: string): Promise<StoredFile[]> => {
  const files = await (await db.kysely())
    .selectFrom('processor_file')
    .select([...STORED, 'covers_from', 'covers_to'])
    .where('business_id', '=', business_id)
    .orderBy('file_id')
    .execute()
  return files.map(({ state, ...file }) => ({ ...file, state: state === 'withdrawn' ? state : 'imported' }))
}

/** Of files read anew: how many of the rows that left did not come back, and the months of the rows that the files brought. */
export const readAgain = async (
  db: Db,
  business_id: string,
  left: readonly bigint[],
  file_ids: readonly bigint[],
): Promise<{ gone: bigint; months: string[] }> => {
  const [read] = await run<{ gone: bigint; months: string[] }>(db, 'file/read_again', [business_id, left, file_ids])
  return read ?? { gone: 0n, months: [] }
}

/** Replaces what an imported file covers by the dates that a person gives. */
export const coverFile = async (
  db: Db,
  { business_id, processor, account }: FileOwner,
  { sha256, empty_for }: { sha256: string; empty_for: string },
  { from, to }: { from: string; to: string },
): Promise<void> => {
  await (await db.kysely())
    .updateTable('processor_file')
    .set({ covers_from: from, covers_to: to, covers_from_at: null, covers_to_at: null, coverage_source: 'given' })
    .set({ empty_for: empty_for === '' ? '' : periodText({ from, to }) })
    .where('business_id', '=', business_id)
    .where('processor', '=', processor)
    .where('account', '=', account)
    .where('sha256', '=', sha256)
    .where('empty_for', '=', empty_for)
    .execute()
}
