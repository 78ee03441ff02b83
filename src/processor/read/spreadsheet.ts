/** What a spreadsheet leaves of a report that was opened in it and saved: its own way to write dates, long ids as numbers. */

import { FileFault } from '../../core/errors.ts'
import type { CanonicalRow } from '../formats/format.ts'
import type { Column } from './columns.ts'
import { quote } from './quote.ts'
import { UnreadableRecord } from './record-reader.ts'

/** '10/5/2026 10:00', '05.10.2026', '10/5/26 9:00 AM': a date and no seconds. */
const DATE = /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?: \d{1,2}:\d{2}(?: [AP]M)?)?$/
/** '1.23457E+16': the other digits are lost, so that many ids become one. */
const NUMBER = /^\d(?:[.,]\d+)?E\+\d{2,3}$/

/** Whether a cell holds a date, or a date and time, as spreadsheets write them. */
export const isRewrittenDate = (cell: string): boolean => DATE.test(cell)

/** Sets the record aside whose time cannot be read, and says whether a spreadsheet may have written it. */
export const noTime = (
  { name }: Column,
  cell: string,
  expected = 'a date and time such as 2026-10-31 23:59:59',
): never => {
  throw new UnreadableRecord(`${name} is ${quote(cell)}, expected ${expected}`, isRewrittenDate(cell))
}

/** Refuses a file that a spreadsheet has rewritten. `found` says by what it shows. */
export const refuseRewritten = (file: string, line: number, found: string): never => {
  throw new FileFault(
    `${file}, line ${line}: ${found}: the file was opened and saved with a spreadsheet such as Excel, which rewrites ` +
      'dates and long numbers; download it again and import it as it comes, without opening it',
  )
}

/** Refuses the file where a spreadsheet has made a number of an id. */
export const refuseNumberedIds = (file: string, row: CanonicalRow): void => {
  const { transaction_id, refund_id, payment_ids, reference_ids, line } = row
  for (const id of [transaction_id, refund_id ?? '', ...payment_ids, ...reference_ids]) {
    if (id.includes('E+') && NUMBER.test(id)) refuseRewritten(file, line, `an id is ${quote(id)}`)
  }
}
