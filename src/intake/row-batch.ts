/** Some rows of a file in COPY's binary format, for the stage as they came or for the table in order of their ids. */

import { openFields } from '../database/copy-binary.ts'
import { heldKey } from '../keys.ts'
import { type Brought, openBrought } from './brought.ts'
import { openRowsById, type SortingRoom } from './rows-by-id.ts'

/** A line in canonical form, its ids as the file writes them; times and dates as text, amounts in minor units. */
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
  presented_amount: bigint | null
  presented_currency: string | null
  occurred_at: string | null
  occurred_on: string
  available_on: string | null
  payout_id: string | null
}

/** What a row brings, in this order. */
export const ROW_COLUMNS = [
  'transaction_id',
  'line',
  'type',
  'category',
  'refund_id',
  'payment_ids',
  'reference_ids',
  'keys_written',
  'amount',
  'refund_fee',
  'returned_fee',
  'currency',
  'presented_amount',
  'presented_currency',
  'occurred_at',
  'occurred_on',
  'available_on',
  'payout_id',
  'direction',
]

/** Whose row it is, in this order, before what it brings. */
export const OWNER_COLUMNS = ['business_id', 'processor', 'account', 'file_id']

export interface Owner {
  business_id: string
  processor: string
  account: string
  file_id: bigint
}

/** The least and the greatest of some transaction ids, bytewise. */
export interface IdRange {
  lowest: string
  highest: string
}

export interface RowBatch {
  add(row: StagedRow): void
  /** of the rows since clear(); null where there are none, or where an id is not ASCII and the database has to say it */
  range(): IdRange | null
  rows(): number
  size(): number
  /** what the rows bring, if all are new */
  brought(): Brought[]
  /** The rows as they came, of ROW_COLUMNS. */
  asTheyCame(): Iterable<Buffer>
  /** The rows by transaction id, bytewise as in the unique index, of OWNER_COLUMNS and ROW_COLUMNS. */
  byId(owner: Owner): Iterable<Buffer>
  /** Empties it, to be filled again: what was given out must have been sent. */
  clear(): void
}

export const openBatch = (room: SortingRoom): RowBatch => {
  const rows = openRowsById(room)
  const { fields } = rows
  const brought = openBrought()
  let range: IdRange | null = null
  let isAscii = true

  const note = (id: string, bytes: number): void => {
    isAscii &&= bytes === id.length
    if (range === null) range = { lowest: id, highest: id }
    else if (id < range.lowest) range.lowest = id
    else if (id > range.highest) range.highest = id
  }
  return {
    add(row) {
      // nearly all ids are held as they are written
      const held = isHeld(row) ? null : heldKeysOf(row)
      const keys: Keys = held ?? row
      note(keys.transaction_id, rows.begin(keys.transaction_id, ROW_COLUMNS.length))
      brought.add(held === null ? row : { ...row, transaction_id: held.transaction_id })
      fields.int8(row.line)
      fields.text(row.type)
      fields.text(row.category)
      fields.text(keys.refund_id)
      fields.texts(keys.payment_ids)
      fields.texts(keys.reference_ids)
      fields.text(held?.written ?? null)
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
    },
    range: () => (isAscii ? range : null),
    rows: rows.rows,
    size: rows.size,
    brought: brought.all,
    asTheyCame: rows.asTheyCame,
    byId: (owner) => rows.byId(headOf(owner)),
    clear() {
      rows.clear()
      brought.clear()
      range = null
      isAscii = true
    },
  }
}

type Keys = Pick<StagedRow, 'transaction_id' | 'refund_id' | 'payment_ids' | 'reference_ids'>

interface HeldKeys extends Keys {
  /** the same ones as the file writes them, as JSON */
  written: string
}

/** A row's ids as they are held. */
const heldKeysOf = (row: Keys): HeldKeys => {
  const refund_id = heldKey(row.refund_id ?? '') || null
  const payments = writtenByHeld(row.payment_ids)
  const references = writtenByHeld(row.reference_ids)
  const written: Keys = {
    transaction_id: row.transaction_id,
    refund_id: refund_id === null ? null : row.refund_id,
    payment_ids: [...payments.values()],
    reference_ids: [...references.values()],
  }
  return {
    transaction_id: heldKey(row.transaction_id),
    refund_id,
    payment_ids: [...payments.keys()],
    reference_ids: [...references.keys()],
    written: JSON.stringify(written),
  }
}

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

/** How a row of the table begins. */
const headOf = ({ business_id, processor, account, file_id }: Owner): Buffer => {
  const head = openFields()
  head.row(OWNER_COLUMNS.length + ROW_COLUMNS.length)
  head.uuid(business_id)
  head.text(processor)
  head.text(account)
  head.int8(file_id)
  return head.bytes()
}
