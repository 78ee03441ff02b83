/** Files of an account that were imported before: by their bytes, and by where they lie. */

import type { Database } from '../database/connect.ts'
import { count, run } from '../database/statement.ts'

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
  /** UTC instant */
  imported_at: string
}

/** It lay at this path, in this state of the disk, when its bytes were read. */
export interface KnownPath extends KnownFile {
  path: string
  state: string
}

/** The imported files of this account that are as large: only they can be the same file. */
export const filesOfSize = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
  bytes: number,
): Promise<KnownFile[]> =>
  await run<KnownFile>(database, 'intake/file_same_size', [business_id, processor, account, bytes])

/** What is known of these paths, each by itself. */
export const knownPaths = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
  paths: readonly string[],
): Promise<Map<string, KnownPath>> => {
  if (paths.length === 0) return new Map()
  const known = await run<KnownPath>(database, 'intake/path_known', [business_id, processor, account, paths])
  return new Map(known.map((file) => [file.path, file]))
}

/** The formats of the files that brought the account's rows, by name. */
export const formatsOfRows = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
): Promise<string[]> => {
  const formats = await run<{ format: string }>(database, 'intake/file_formats', [business_id, processor, account])
  return formats.map(({ format }) => format)
}

/** Bytes that an entry of an index may have, with room for what else is in it. */
const LONGEST_PATH = 2000

/** Remembers that the file at a path, in this state of the disk, has the bytes of an imported one; a longer path is not. */
export const rememberPath = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
  { path, state, sha256 }: Pick<KnownPath, 'path' | 'state' | 'sha256'>,
): Promise<void> => {
  if (Buffer.byteLength(path) > LONGEST_PATH) return
  await count(database, 'intake/path_remember', [business_id, processor, account, path, state, sha256])
}

/** Replaces what an imported file covers by the dates that a person gives. */
export const coverFile = async (
  database: Database,
  { business_id, processor, account }: FileOwner,
  sha256: string,
  { from, to }: { from: string; to: string },
): Promise<void> => {
  await count(database, 'intake/file_cover', [business_id, processor, account, sha256, from, to])
}
