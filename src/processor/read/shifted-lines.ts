/** Tells a line with empty cells too many at its end from one that a delimiter in a text has shifted to the right. */

import { FileFault } from '../../core/errors.ts'
import type { Detected } from '../formats/detect-format.ts'
import type { CanonicalRow, CsvRecord, ReadingContext } from '../formats/format.ts'
import { rowJson } from './canonical-json.ts'

/** So many lines that all end in the same empty cells show that the file is written so. */
const ENOUGH_LINES = 3
/** A text has few delimiters. */
const MOST_DELIMITERS = 8

/**
 * Whether a line too long was shifted: 'Smith, John' without quotes is two cells, all cells behind it are one place too
 * far right, and where the last column is empty, only an empty cell stands over. The line is read once as it is, and
 * once more for each two neighbours that may have been one text: where that gives another row that is no worse, nobody
 * can tell which of the two it is. Where all lines of the file end in the same empty cells, they are no sign of this.
 * @param head the first records of the file, some of them lines
 */
export const shiftedLines = (
  detected: Detected,
  head: readonly CsvRecord[],
  context: ReadingContext,
): ((record: CsvRecord) => boolean) => {
  const { header, delimiter, format } = detected
  if (detected.keepHeader) return () => false
  const width = header.cells.findLastIndex((cell) => cell.trim() !== '') + 1

  /** The row of these cells by themselves; null where they give none, or several. */
  const rowOf = (cells: string[], line: number): CanonicalRow | null => {
    const rows: CanonicalRow[] = []
    try {
      const sink = { row: (row: CanonicalRow) => rows.push(row), unreadable: () => undefined }
      const reader = format.open(header, detected.preamble, context, sink)
      reader.record({ cells, line })
      if (rows.length === 0) reader.end()
    } catch (problem) {
      if (!(problem instanceof FileFault)) throw problem
    }
    return rows.length === 1 ? (rows[0] ?? null) : null
  }

  /** Whether the cells from one place on, put together as one text, give another row than the one as it is. */
  const isOther = ({ cells, line }: CsvRecord, as_is: CanonicalRow, place: number, delimiters: number): boolean => {
    const text = cells.slice(place, place + delimiters + 1).join(delimiter)
    const row = rowOf([...cells.slice(0, place), text, ...cells.slice(place + delimiters + 1)], line)
    // a known kind of line is no mistake
    if (row === null || (row.type === 'other' && as_is.type !== 'other')) return false
    // no id and no kind of line has a delimiter in it
    const words = [row.transaction_id, row.refund_id ?? '', ...row.payment_ids, row.category, row.payout_id ?? '']
    if (words.some((word) => word.includes(delimiter))) return false
    return told(row) !== told(as_is) && likeIds(row) >= likeIds(as_is)
  }

  const isShifted = (record: CsvRecord, among: (cell: string) => boolean): boolean => {
    const { cells, line } = record
    const surplus = Math.min(cells.length - width, MOST_DELIMITERS)
    if (surplus <= 0 || cells.slice(width).some((cell) => cell.trim() !== '')) return false
    const as_is = rowOf(cells, line)
    if (as_is === null) return false
    for (let delimiters = 1; delimiters <= surplus; delimiters += 1) {
      for (let place = 0; place < width - 1; place += 1) {
        if (among(cells[place + 1] ?? '') && isOther(record, as_is, place, delimiters)) return true
      }
    }
    return false
  }

  const lines = head.filter((record) => record.line > header.line && record.cells.length >= width)
  const usual = lines.length < ENOUGH_LINES ? width : Math.min(...lines.map(({ cells }) => cells.length))
  // a blank begins what follows a comma in a text, and no cell
  const hasTexts = lines.some(
    (record) => record.cells.length === usual && isShifted(record, (cell) => /^\s+\S/.test(cell)),
  )
  const longest = hasTexts ? width : usual
  return (record) => record.cells.length > longest && isShifted(record, () => true)
}

/** How many of a row's ids look like ids: a digit and no blank in them. */
const likeIds = ({ refund_id, payment_ids, reference_ids }: CanonicalRow): number =>
  [refund_id ?? '', ...payment_ids, ...reference_ids].filter((id) => /^\S*\d\S*$/.test(id)).length

/** A row but for its own id, which may be made of all its cells. */
const told = (row: CanonicalRow): string =>
  `${rowJson({ ...row, transaction_id: '' }, { processor: '', account: '', file: '' })}${row.category}`
