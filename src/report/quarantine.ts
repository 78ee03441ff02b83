/** What is in quarantine; of a conflict also the stored line that it contradicts. */

import type { Db } from '../database/connect.ts'
import { batches } from '../database/cursor.ts'
import type { Params } from '../database/statement.ts'
import type { QuarantineLine, StoredLine } from './source-lines.ts'

type StoredColumns = { [Name in keyof StoredLine as `stored_${Name}`]: StoredLine[Name] }
interface QuarantineRow extends Omit<QuarantineLine, 'id' | 'stored'>, StoredColumns {
  quarantine_id: bigint
  is_stored: boolean
}

/** In order: of pulls, then of files. Asked is of a business, with months, or with the numbers of records. */
export async function* readQuarantine(db: Db, asked: Params<'report/quarantine'>[0]): AsyncGenerator<QuarantineLine> {
  for await (const rows of batches<QuarantineRow>(db, 'report/quarantine', asked)) {
    for (const row of rows) {
      yield {
        id: row.quarantine_id,
        business_id: row.business_id,
        source: row.source,
        line: row.line,
        kind: row.kind,
        reason: row.reason,
        raw: row.raw,
        item_id: row.item_id,
        dated_on: row.dated_on,
        stored: row.is_stored ? storedLine(row) : null,
      }
    }
  }
}

const storedLine = (row: StoredColumns): StoredLine => ({
  type: row.stored_type,
  amount: row.stored_amount,
  refund_fee: row.stored_refund_fee,
  returned_fee: row.stored_returned_fee,
  currency: row.stored_currency,
  presented_amount: row.stored_presented_amount,
  presented_currency: row.stored_presented_currency,
  refund_id: row.stored_refund_id,
  occurred_at: row.stored_occurred_at,
  occurred_on: row.stored_occurred_on,
  file: row.stored_file,
  line: row.stored_line,
})
