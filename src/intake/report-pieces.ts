/** Pieces of report files whose lines are all in the tables: what is known of them, so that they need not be read again. */

import type { Database } from '../database/connect.ts'
import { run } from '../database/statement.ts'
import type { FileOwner } from './known-files.ts'

/** A piece of a file: whole lines, every one of which is in the tables with what it says. */
export interface ReportPiece {
  /** made of its bytes, and of all that decides how they are read */
  piece: string
  /** physical lines */
  lines: number
  /** records among them */
  records: number
  /** JSON: how many of its lines bear which date */
  dates: string
  /** JSON: what its lines are, counted and summed */
  categories: string
}

/** A piece, with where it stands in the file that is being taken in. */
export interface PlacedPiece extends ReportPiece {
  first_line: number
}

export interface KnownReportPieces {
  /** Of these pieces those that are known. */
  find(pieces: readonly string[]): Promise<ReportPiece[]>
  close(): Promise<void>
}

/**
 * Opens what is known of an account's pieces. Asks on a connection of its own, once it is asked: the file's is busy with
 * its COPY. The business's lock keeps the answers true.
 */
export const openKnownPieces = (
  database: Database,
  { business_id, processor, account }: FileOwner,
): KnownReportPieces => {
  let session: ReturnType<Database['session']> | null = null
  let hasHistory: boolean | null = null
  return {
    async find(pieces) {
      session ??= database.session()
      const asking = await session
      if (hasHistory === null) {
        const [history] = await run<{ has_history: boolean }>(asking, 'intake/file_has_history', [
          ...[business_id, processor, account],
        ])
        hasHistory = history?.has_history ?? false
      }
      if (!hasHistory || pieces.length === 0) return []
      const found = await run<Omit<ReportPiece, 'lines' | 'records'> & { lines: bigint; records: bigint }>(
        asking,
        'intake/piece_known',
        [business_id, processor, account, pieces],
      )
      return found.map((piece) => ({ ...piece, lines: Number(piece.lines), records: Number(piece.records) }))
    },
    async close() {
      await (await session)?.close()
    },
  }
}
