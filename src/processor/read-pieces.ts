/** Pieces of reports that were read before: an overlapping export repeats most of an earlier one, byte by byte. */

import { hash } from 'node:crypto'
import { VERSION } from '../product.ts'
import type { KnownLines, KnownPieces } from './csv-file.ts'
import type { Detected } from './detect-format.ts'
import type { LinesProfile } from './file-profile.ts'
import type { ReadingContext, RecordReader } from './format.ts'

/** A piece of which every line is in the tables, or was known there when it was read. */
export interface KnownPiece extends KnownLines {
  profile: LinesProfile
}

/** The pieces that earlier files of an account had. */
export interface PieceMemory {
  /** Of these keys those that are known. */
  find(keys: readonly string[]): Promise<ReadonlyMap<string, KnownPiece>>
}

interface Recalled extends KnownPieces<KnownPiece> {
  /** by which a piece with this digest is known; good once isReady() */
  keyOf(digest: string): string
}

const KEY_CHARACTERS = 22

/**
 * What is known of the pieces of one file. A piece is known by its bytes and by all that decides how they are read: the
 * format and its columns, the settings, what the file has taught, and this program, which may read them better next time.
 * Null where a format's lines do not stand for themselves: then every line is read.
 */
export const recall = (
  memory: PieceMemory | null,
  { learned }: RecordReader,
  { format, delimiter, header }: Detected,
  { fileName: _, ...settings }: ReadingContext,
): Recalled | null => {
  if (memory === null || learned === undefined) return null
  let reading: string | null = null
  const keyOf = (digest: string): string => {
    reading ??= JSON.stringify([VERSION, format.name, delimiter, header.cells, settings, learned()])
    return hash('sha256', `${reading} ${digest}`, 'base64url').slice(0, KEY_CHARACTERS)
  }
  return {
    keyOf,
    isReady: () => learned() !== null,
    async find(digests) {
      const keys = digests.map(keyOf)
      const known = await memory.find(keys)
      return keys.map((key) => known.get(key) ?? null)
    },
  }
}
