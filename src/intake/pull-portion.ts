/** Some refunds of a listing as rows that are sent together, of which those of the page being read can be taken back. */

import { openFields } from '../database/copy-binary.ts'
import type { QuarantinedRefund, ReceivedRefund } from './ledger-refund.ts'
import { type Rows, type RowWriter, STAGE, VERSIONS } from './pull-rows.ts'

export interface Portion {
  /** a refund's content alone */
  version(received: ReceivedRefund): void
  /** a refund to be merged, and its content */
  refund(received: ReceivedRefund): void
  known(place: number, refund_id: string, content_hash: string): void
  quarantine(place: number, refund: QuarantinedRefund): void
  /** bytes */
  size(): number
  /** What it holds now stands; what comes after it is of another page. */
  stand(): void
  /** Forgets what came since stand(). */
  takeBack(): void
  /** What came before stand(), and what came since; of the tables that any came for. Good until clear(). */
  standing(): Rows[]
  unsettled(): Rows[]
  /** Empties it, to be filled again. */
  clear(): void
}

export function openPortion(write: RowWriter): Portion {
  const staged = openFields()
  const versions = openFields()
  const tables = [
    { ...STAGE, fields: staged, stood: 0 },
    { ...VERSIONS, fields: versions, stood: 0 },
  ]
  const rowsOf = (from: (stood: number) => number, to: (stood: number, size: number) => number): Rows[] =>
    tables.flatMap(({ table, columns, fields, stood }) => {
      const bytes = fields.bytes().subarray(from(stood), to(stood, fields.size()))
      return bytes.length === 0 ? [] : [{ table, columns, pieces: [bytes] }]
    })

  return {
    version: (received) => write.version(versions, received),
    refund(received) {
      write.version(versions, received)
      write.refund(staged, received)
    },
    known: (place, refund_id, content_hash) => write.known(staged, place, refund_id, content_hash),
    quarantine: (place, refund) => write.quarantine(staged, place, refund),
    size: () => staged.size() + versions.size(),
    stand() {
      for (const table of tables) table.stood = table.fields.size()
    },
    takeBack() {
      for (const { fields, stood } of tables) fields.clear(stood)
    },
    standing: () =>
      rowsOf(
        () => 0,
        (stood) => stood,
      ),
    unsettled: () =>
      rowsOf(
        (stood) => stood,
        (_, size) => size,
      ),
    clear() {
      for (const table of tables) {
        table.fields.clear()
        table.stood = 0
      }
    },
  }
}
