/** The way of a file's lines to Postgres: put into batches while they are read, taken in batch by batch behind. */

import type { PlacedPiece } from './report-pieces.ts'
import { openBatch, type RowBatch, type StagedRow } from './row-batch.ts'
import { openSortingRoom } from './rows-by-id.ts'

/** A line that could not be read, with what could be read of it. */
export interface StagedUnreadable {
  line: number
  reason: string
  raw: string
  transaction_id: string | null
  occurred_on: string | null
}

/** Where a file's lines go while it is read. Await what is returned, where something is: Postgres is behind. */
export interface FileStage {
  row(row: StagedRow): void | Promise<void>
  unreadable(record: StagedUnreadable): void | Promise<void>
  /** The rows since the last piece, or some of them, are all that is in it. */
  piece(piece: PlacedPiece): void
  /** So many records are known, as they stand in the file. */
  known(records: number): void
}

export interface OpenStage extends FileStage {
  /** the last lines; all are taken in when it returns */
  end(): Promise<void>
  /** gives up: nothing more is taken in, and nothing is under way when it returns */
  abort(): Promise<void>
}

/** Lines that follow one another in the file. */
export interface Batch {
  rows: RowBatch
  unreadable: StagedUnreadable[]
  /** that end in this batch */
  pieces: PlacedPiece[]
  /** records */
  known: number
}

/**
 * Lines of a batch: few at first, so that Postgres begins early, then each a quarter more. By no clock: where lines
 * repeat, what a batch brings must not depend on who was faster. A million rows with random ids, each batch in order of
 * ids, take 10.5 s of COPY in batches of 50,000, 9.6 s of 200,000, and 15.0 s in the order of the file.
 */
const BATCH_LINES = { first: 5_000, growth: 1.25, most: 25_000 }
/** Lines may be long; of the unreadable ones each has its raw text. */
const BATCH_BYTES = 16_777_216
const BATCH_UNREADABLE = 5_000
/** Batches at once: one filled, one on its way, one waiting while Postgres merges; 7 MB each of Stripe's lines. */
const BATCHES = 3

/**
 * Opens the stage: reading goes on while `take` takes in a batch, which is used again after that.
 * @param most lines of a batch at most; only a test says so
 */
export const openStage = (take: (batch: Batch) => Promise<void>, most: number = BATCH_LINES.most): OpenStage => {
  const room = openSortingRoom()
  let made = 0
  const free: Batch[] = []
  const ahead: Batch[] = []
  let due = Math.min(BATCH_LINES.first, most)
  let ended = false
  let aborted = false
  let failure: { cause: unknown } | null = null
  let wakePump: (() => void) | null = null
  let wakeReader: (() => void) | null = null

  const newBatch = (): Batch => {
    made += 1
    return { rows: openBatch(room), unreadable: [], pieces: [], known: 0 }
  }
  let filling = newBatch()

  const pump = async (): Promise<void> => {
    while (!aborted) {
      const batch = ahead.shift()
      if (batch === undefined) {
        if (ended) return
        await new Promise<void>((resolve) => {
          wakePump = resolve
        })
        continue
      }
      await take(batch)
      batch.rows.clear()
      batch.unreadable = []
      batch.pieces = []
      batch.known = 0
      free.push(batch)
      wakeReader?.()
    }
  }
  const pumping = pump().catch((cause: unknown) => {
    failure = { cause }
    wakeReader?.()
  })

  const isDue = (): boolean => {
    const { rows, unreadable } = filling
    const lines = rows.rows() + unreadable.length
    return lines >= due || rows.size() >= BATCH_BYTES || unreadable.length >= BATCH_UNREADABLE
  }
  const hand = async (): Promise<void> => {
    ahead.push(filling)
    due = Math.min(due * BATCH_LINES.growth, most)
    wakePump?.()
    while (free.length === 0 && made === BATCHES && failure === null) {
      await new Promise<void>((resolve) => {
        wakeReader = resolve
      })
    }
    if (failure !== null) throw failure.cause
    filling = free.pop() ?? newBatch()
  }
  const settle = async (): Promise<void> => {
    wakePump?.()
    await pumping
  }

  return {
    row(row) {
      filling.rows.add(row)
      return isDue() ? hand() : undefined
    },
    unreadable(record) {
      filling.unreadable.push(record)
      return isDue() ? hand() : undefined
    },
    piece(piece) {
      filling.pieces.push(piece)
    },
    known(records) {
      filling.known += records
    },
    async end() {
      ahead.push(filling)
      ended = true
      await settle()
      if (failure !== null) throw failure.cause
    },
    async abort() {
      aborted = true
      await settle()
    },
  }
}
