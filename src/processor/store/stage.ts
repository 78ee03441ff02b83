/** The stage of one file: its records go to temporary tables by COPY while they are read. */

import { heldKey } from '../../core/keys.ts'
import { openBulk } from '../../database/bulk/bulk.ts'
import type { Db } from '../../database/connect.ts'
import { statement } from '../../database/statement.ts'

/** A line in canonical form, its ids as the file writes them; times and dates as text, amounts in minor units. */
interface StagedRow {
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
  presented_amount: bigint | null
  presented_currency: string | null
  occurred_at: string | null
  occurred_on: string
  available_on: string | null
  payout_id: string | null
}

/** A line that could not be read, with what could be read of it. */
interface StagedUnreadable {
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

export interface StagedCounts {
  rows: bigint
  unreadable: bigint
}

export interface OpenStage extends FileStage {
  /** all lines are on the stage when it returns */
  end(): Promise<StagedCounts>
  /** gives up: nothing is on its way any more when it returns */
  stop(): Promise<void>
}

const LINES = {
  table: 'staged_line',
  columns: [
    ...['line', 'transaction_id', 'type', 'category', 'refund_id', 'payment_ids', 'reference_ids', 'keys_written'],
    ...['amount', 'refund_fee', 'returned_fee', 'currency', 'presented_amount', 'presented_currency'],
    ...['occurred_at', 'occurred_on', 'available_on', 'payout_id', 'direction'],
  ],
}
const UNREADABLE = {
  table: 'staged_unreadable',
  columns: ['line', 'reason', 'raw', 'transaction_id', 'occurred_on'],
}

/** Bytes that are sent together; each COPY costs some milliseconds in which the server waits. */
const LOAD = 4_194_304
/** Of the server's memory, for the sorts of this transaction. */
const WORK_MEMORY = '128MB'

/** Opens the stage in this transaction. Nothing else can run on `db` between the first line and end(). */
export const openStage = (db: Db): OpenStage => {
  const bulk = openBulk(db, { lines: LINES, unreadable: UNREADABLE })
  let opened: Promise<unknown> | null = null
  const counts = { rows: 0n, unreadable: 0n }

  const send = async (): Promise<void> => {
    opened ??= db.query(`set local work_mem = '${WORK_MEMORY}'; ${statement('file/stage')}`)
    await opened
    await bulk.send()
  }
  const sendFull = (): void | Promise<void> => {
    const { lines, unreadable } = bulk.rows()
    if (lines.size() + unreadable.size() >= LOAD) return send()
  }
  return {
    row(row) {
      counts.rows += 1n
      const fields = bulk.rows().lines
      const { keys, written } = isHeld(row) ? { keys: row, written: null } : heldKeysOf(row)
      fields.row(LINES.columns.length)
      fields.int8(row.line)
      fields.text(keys.transaction_id)
      fields.text(row.type)
      fields.text(row.category)
      fields.text(keys.refund_id)
      fields.texts(keys.payment_ids)
      fields.texts(keys.reference_ids)
      fields.text(written)
      fields.int8(row.amount)
      fields.int8(row.refund_fee)
      fields.int8(row.returned_fee)
      fields.text(row.currency)
      fields.int8(row.presented_amount)
      fields.text(row.presented_currency)
      fields.instant(row.occurred_at)
      fields.date(row.occurred_on)
      fields.date(row.available_on)
      fields.text(row.payout_id)
      fields.text(row.type === 'vendor_refund' ? 'vendor' : 'customer')
      return sendFull()
    },
    unreadable({ line, reason, raw, transaction_id, occurred_on }) {
      counts.unreadable += 1n
      const fields = bulk.rows().unreadable
      fields.row(UNREADABLE.columns.length)
      fields.int8(line)
      fields.text(reason)
      fields.text(raw)
      fields.text(heldKey(transaction_id ?? '') || null)
      fields.date(occurred_on)
      return sendFull()
    },
    async end() {
      if (counts.rows + counts.unreadable > 0n) await send()
      await bulk.arrived()
      return counts
    },
    stop: bulk.stop,
  }
}

type Keys = Pick<StagedRow, 'transaction_id' | 'refund_id' | 'payment_ids' | 'reference_ids'>

/** A row's ids as they are held, and as the file writes them, as JSON. */
const heldKeysOf = (row: Keys): { keys: Keys; written: string } => {
  const refund_id = heldKey(row.refund_id ?? '') || null
  const payments = writtenByHeld(row.payment_ids)
  const references = writtenByHeld(row.reference_ids)
  const written: Keys = {
    transaction_id: row.transaction_id,
    refund_id: refund_id === null ? null : row.refund_id,
    payment_ids: [...payments.values()],
    reference_ids: [...references.values()],
  }
  const keys = {
    transaction_id: heldKey(row.transaction_id),
    refund_id,
    payment_ids: [...payments.keys()],
    reference_ids: [...references.keys()],
  }
  return { keys, written: JSON.stringify(written) }
}

/** Nearly all ids are held as they are written. */
const isHeld = ({ transaction_id, refund_id, payment_ids, reference_ids }: Keys): boolean =>
  isHeldKey(transaction_id) &&
  (refund_id === null || isHeldKey(refund_id)) &&
  payment_ids.every(isHeldKey) &&
  reference_ids.every(isHeldKey)

const isHeldKey = (key: string): boolean => key !== '' && heldKey(key) === key

/** Ids as they are held, each once, with how each is written first. */
const writtenByHeld = (ids: readonly string[]): Map<string, string> => {
  const written = new Map<string, string>()
  for (const id of ids) {
    const held = heldKey(id)
    if (held !== '' && !written.has(held)) written.set(held, id)
  }
  return written
}
