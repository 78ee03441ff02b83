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
  /** a withdrawn one is imported again only where a person names it */
  state: 'imported' | 'withdrawn'
  /** FROM..TO of a file without a line, which can stand for several periods; else '' */
  empty_for: string
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
