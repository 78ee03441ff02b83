/** Files of an account that were imported before. */

import type { Database } from '../../database/connect.ts'
import { run } from '../../database/statement.ts'

/** Whose files they are. */
export interface FileOwner {
  business_id: string
  processor: string
  /** '' where the processor has just one */
  account: string
}

/** A file that was imported before. */
export interface KnownFile {
  /** without folders, as it was imported */
  name: string
  sha256: string
  bytes: number
  /** UTC instant */
  imported_at: string
}

/** The files of this account that were imported before. */
export const knownFiles = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
): Promise<KnownFile[]> => {
  const owner = [business_id, processor, account] as const
  const files = await run<Omit<KnownFile, 'bytes'> & { bytes: bigint }>(database, 'file/known', owner)
  return files.map((file) => ({ ...file, bytes: Number(file.bytes) }))
}

/** The formats of the files that brought the account's rows, by name. */
export const formatsOfRows = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
): Promise<string[]> => {
  const formats = await run<{ format: string }>(database, 'file/formats', [business_id, processor, account])
  return formats.map(({ format }) => format)
}

/** Replaces what an imported file covers by the dates that a person gives. */
export const coverFile = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
  sha256: string,
  { from, to }: { from: string; to: string },
): Promise<void> => {
  await (await database.kysely())
    .updateTable('processor_file')
    .set({ covers_from: from, covers_to: to, covers_from_at: null, covers_to_at: null, coverage_source: 'given' })
    .where('business_id', '=', business_id)
    .where('processor', '=', processor)
    .where('account', '=', account)
    .where('sha256', '=', sha256)
    .execute()
}
