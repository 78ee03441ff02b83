import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OWNER_COLUMNS, openBatch, ROW_COLUMNS, type StagedRow } from '../../../src/intake/row-batch.ts'
import { openSortingRoom } from '../../../src/intake/rows-by-id.ts'
import { heldKey } from '../../../src/keys.ts'

const OWNER = { business_id: '5b0c8f4e-3f0a-4a55-9d0e-0c1d5f1f7a01', processor: 'STRIPE', account: '', file_id: 3n }

const refund = (transaction_id: string, line: number): StagedRow => ({
  line,
  transaction_id,
  type: 'refund',
  category: 'refund',
  refund_id: null,
  payment_ids: ['ch_1'],
  reference_ids: [],
  amount: 2500n,
  refund_fee: 0n,
  returned_fee: 0n,
  currency: 'USD',
  presented_amount: null,
  presented_currency: null,
  occurred_at: '2026-10-31T14:00:00Z',
  occurred_on: '2026-10-31',
  available_on: null,
  payout_id: null,
})

/** The rows' fields as text, read back from COPY's format. */
const rowsOf = (pieces: Iterable<Buffer>): string[][] => {
  const bytes = Buffer.concat([...pieces].map((piece) => Buffer.from(piece)))
  const rows: string[][] = []
  for (let at = 0; at < bytes.length; ) {
    const count = bytes.readInt16BE(at)
    at += 2
    const fields: string[] = []
    for (let field = 0; field < count; field += 1) {
      const size = bytes.readInt32BE(at)
      at += 4
      fields.push(size === -1 ? 'null' : bytes.toString('utf8', at, at + size))
      at += Math.max(size, 0)
    }
    rows.push(fields)
  }
  return rows
}

const ids = fc.array(
  fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('a', 'b', 'é', '豈', '\uffee'), maxLength: 6 }),
    fc.tuple(fc.constantFrom('txn_', 'txn_0000000000', 'fee_'), fc.nat(2000)).map(([start, n]) => `${start}${n}`),
  ),
  { maxLength: 400 },
)

test('rows come out by id as the C collation has it, whatever the ids, also of a batch that is used again', () => {
  const batch = openBatch(openSortingRoom())
  fc.assert(
    fc.property(ids, (given) => {
      const plain = given.map((id) => heldKey(id.replaceAll('\0', '')))
      batch.clear()
      for (const [index, id] of plain.entries()) batch.add(refund(id, index + 2))
      expect(rowsOf(batch.asTheyCame()).map(([id]) => id)).toEqual(plain)
      const sorted = rowsOf(batch.byId(OWNER))
      const expected = [...plain].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(sorted.map((fields) => fields[OWNER_COLUMNS.length])).toEqual(expected)
      for (const fields of sorted) {
        expect(fields).toHaveLength(OWNER_COLUMNS.length + ROW_COLUMNS.length)
        expect(fields.slice(1, 3)).toEqual(['STRIPE', ''])
      }
    }),
    { numRuns: 200 },
  )
})

/** The text of a field of each row. */
const fieldOf = (rows: readonly string[][], column: string): (string | undefined)[] =>
  rows.map((fields) => fields[ROW_COLUMNS.indexOf(column)])

test('the ids of a refund of order #1001 are held without #, and as written beside where any bears one', () => {
  const batch = openBatch(openSortingRoom())
  const ofOrder = { ...refund('#txn_1', 2), refund_id: '# re_1 ', reference_ids: ['#1001', '1001', '#'] }
  batch.add(ofOrder)
  batch.add({ ...refund('txn_2', 3), refund_id: '#' })
  batch.add(refund('txn_3', 4))
  const rows = rowsOf(batch.asTheyCame())
  expect(fieldOf(rows, 'transaction_id')).toEqual(['txn_1', 'txn_2', 'txn_3'])
  expect(fieldOf(rows, 'refund_id')).toEqual(['re_1', 'null', 'null'])
  expect(fieldOf(rows, 'keys_written')).toEqual([
    '{"transaction_id":"#txn_1","refund_id":"# re_1 ","payment_ids":["ch_1"],"reference_ids":["#1001"]}',
    '{"transaction_id":"txn_2","refund_id":null,"payment_ids":["ch_1"],"reference_ids":[]}',
    'null',
  ])
  expect(fieldOf(rows, 'reference_ids')[0]).toMatch(/1001$/)
  expect(batch.range()).toEqual({ lowest: 'txn_1', highest: 'txn_3' })
})

test('a vendor refund has the direction vendor, every other row the direction customer', () => {
  const batch = openBatch(openSortingRoom())
  batch.add(refund('txn_1', 2))
  batch.add({ ...refund('txn_2', 3), type: 'vendor_refund' })
  expect(fieldOf(rowsOf(batch.asTheyCame()), 'direction')).toEqual(['customer', 'vendor'])
})

test('50,000 refunds in any order come out in order of their ids, each once', () => {
  const batch = openBatch(openSortingRoom())
  for (let number = 0; number < 50_000; number += 1) {
    batch.add(refund(`txn_${String((number * 7919) % 50_000).padStart(12, '0')}`, number + 2))
  }
  const found = rowsOf(batch.byId(OWNER)).map((fields) => fields[OWNER_COLUMNS.length])
  expect(found).toEqual(Array.from({ length: 50_000 }, (_, number) => `txn_${String(number).padStart(12, '0')}`))
})

test('the range of a batch is that of its ids by bytes, or is left to the database', () => {
  const batch = openBatch(openSortingRoom())
  expect(batch.range()).toBeNull()
  fc.assert(
    fc.property(ids, (given) => {
      const plain = given.map((id) => heldKey(id.replaceAll('\0', '')))
      batch.clear()
      for (const [index, id] of plain.entries()) batch.add(refund(id, index + 2))
      const sorted = plain.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const isAscii = plain.every((id) => Buffer.byteLength(id) === id.length)
      const expected = isAscii && plain.length > 0 ? { lowest: sorted[0], highest: sorted.at(-1) } : null
      expect(batch.range()).toEqual(expected)
    }),
  )
})
