/** The way of a file's lines into the stage: made into COPY text as they come, handed to Postgres behind, in chunks. */

import type { Db } from '../database/connect.ts'
import { type CopyStream, type CopyValue, copyLine, copyLines } from '../database/copy.ts'

/** A line in canonical form; times and dates as text, amounts in minor units. */
export interface StagedRow {
  line: number
  transaction_id: string
  type: string
  category: string
  refund_id: string | null
  payment_ids: readonly string[]
  reference_ids: readonly string[]
  amount: bigint
  refund_fee: bigint
  returned_fee: bigint
  currency: string
  occurred_at: string | null
  occurred_on: string
  available_on: string | null
  payout_id: string | null
}

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
}

export interface OpenStage extends FileStage {
  /** the last lines: merges what is staged */
  end(): Promise<void>
  /** gives up: nothing more is sent, and nothing is under way when it returns */
  abort(): Promise<void>
}

/** How many lines of a chunk could be read, and how many could not. */
export interface Chunk {
  readable: number
  unreadable: number
}

const COLUMNS = [
  'line',
  'transaction_id',
  'type',
  'category',
  'refund_id',
  'payment_ids',
  'reference_ids',
  'amount',
  'refund_fee',
  'returned_fee',
  'currency',
  'occurred_at',
  'occurred_on',
  'available_on',
  'payout_id',
  'reason',
  'raw',
]

/** Characters sent at once. */
const PIECE = 65_536
/** Room for a piece and its last line; a larger one (no line of a report is) has a buffer of its own. */
const SLOT_BYTES = 131_072
/** Pieces made ahead while Postgres merges: some 200,000 lines, about 50 MB once they are written to. */
const SLOTS = 768

interface Piece extends Chunk {
  lines: Buffer
  /** what it lies in, to be used again; null where it lies nowhere else */
  slot: Buffer | null
}

/** Pieces waiting for Postgres, in buffers used again and again: new ones grow old waiting, and are collected late. */
const openSlots = () => {
  const free: Buffer[] = []
  let made = 0
  const freeSlot = (): Buffer | undefined => {
    if (free.length > 0 || made === SLOTS) return free.pop()
    made += 1
    return Buffer.allocUnsafeSlow(SLOT_BYTES)
  }
  return {
    put(text: string): Pick<Piece, 'lines' | 'slot'> {
      const size = Buffer.byteLength(text)
      const slot = size <= SLOT_BYTES ? freeSlot() : undefined
      if (slot === undefined) return { lines: Buffer.from(text), slot: null }
      slot.write(text)
      return { lines: slot.subarray(0, size), slot }
    },
    /** the piece's bytes, for the socket to keep as long as it likes */
    take({ lines, slot }: Piece): Buffer {
      if (slot === null) return lines
      free.push(slot)
      return Buffer.from(lines)
    },
  }
}

/**
 * Opens the stage in a transaction; nothing else may run there until end() or abort(). Reading and merging go on at the
 * same time: `merge` is called with the stage filled, by so many lines or the last ones, and empties it.
 */
export const openStage = (db: Db, chunkLines: () => number, merge: (chunk: Chunk) => Promise<void>): OpenStage => {
  const slots = openSlots()
  const ahead: Piece[] = []
  let filling = { text: '', readable: 0, unreadable: 0 }
  let ended = false
  let aborted = false
  let failure: { cause: unknown } | null = null
  let wakePump: (() => void) | null = null
  let wakeReader: (() => void) | null = null

  const pump = async (): Promise<void> => {
    let copy: CopyStream | null = null
    let chunk = { readable: 0, unreadable: 0 }
    const finish = async (): Promise<void> => {
      await copy?.end()
      copy = null
      await merge(chunk)
      chunk = { readable: 0, unreadable: 0 }
    }
    while (!aborted) {
      const piece = ahead.shift()
      if (piece === undefined && ended) break
      if (piece === undefined) {
        await new Promise<void>((resolve) => {
          wakePump = resolve
        })
        continue
      }
      wakeReader?.()
      copy ??= copyLines(db, 'staged_line', COLUMNS)
      await copy.write(slots.take(piece))
      chunk.readable += piece.readable
      chunk.unreadable += piece.unreadable
      if (chunk.readable + chunk.unreadable >= chunkLines()) await finish()
    }
    if (!aborted && copy !== null) await finish()
  }
  const pumping = pump().catch((cause: unknown) => {
    failure = { cause }
    wakeReader?.()
  })

  const send = (): void | Promise<void> => {
    if (failure !== null) throw failure.cause
    const { text, readable, unreadable } = filling
    ahead.push({ ...slots.put(text), readable, unreadable })
    filling = { text: '', readable: 0, unreadable: 0 }
    wakePump?.()
    if (ahead.length < SLOTS) return
    return new Promise<void>((resolve) => {
      wakeReader = resolve
    })
  }
  const write = (values: readonly CopyValue[]): void | Promise<void> => {
    filling.text += copyLine(values)
    if (filling.text.length >= PIECE || filling.readable + filling.unreadable >= chunkLines()) return send()
  }
  const settle = async (): Promise<void> => {
    wakePump?.()
    await pumping
  }

  return {
    row(row) {
      filling.readable += 1
      return write(rowValues(row))
    },
    unreadable(record) {
      filling.unreadable += 1
      return write(unreadableValues(record))
    },
    async end() {
      if (filling.text !== '') await send()
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

const rowValues = (row: StagedRow): CopyValue[] => [
  row.line,
  row.transaction_id,
  row.type,
  row.category,
  row.refund_id,
  row.payment_ids,
  row.reference_ids,
  row.amount,
  row.refund_fee,
  row.returned_fee,
  row.currency,
  row.occurred_at,
  row.occurred_on,
  row.available_on,
  row.payout_id,
  null,
  null,
]

const unreadableValues = ({ line, transaction_id, occurred_on, reason, raw }: StagedUnreadable): CopyValue[] => [
  line,
  transaction_id,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  occurred_on,
  null,
  null,
  reason,
  raw,
]
