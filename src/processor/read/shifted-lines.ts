/** Tells lines with an empty cell too many or too few at their end from those whose cells are not where they should be. */

import { FileFault } from '../../core/errors.ts'
import type { Detected } from '../formats/detect-format.ts'
import type { CanonicalRow, CsvRecord, ReadingContext } from '../formats/format.ts'
import { rowJson } from './canonical-json.ts'

/** So many lines that all end in the same empty cells show that the file is written so. */
const ENOUGH_LINES = 3
/** A text has few delimiters. */
const MOST_DELIMITERS = 8

/**
 * Judges each record of a file, in order, and gives it as it is to be read.
 *
 * A line too long may have been shifted: 'Smith, John' without quotes is two cells, all cells behind it are one place too
 * far right, and where the last column is empty, only an empty cell stands over. The line is read once as it is, and
 * once more for each two neighbours that may have been one text: where that gives another row that is no worse, nobody
 * can tell which of the two it is. Where all lines of the file end in the same empty cells, they are no sign of this.
 *
 * A line one cell too short lacks its last, empty one, or one before: then its last text belongs one place to the right.
 * It gets its last cell where whole lines have that kind of text where it stands and not one place to the right, or where
 * the place makes no difference.
 * @param head the first records of the file, some of them lines
 */
export const linesInPlace = (
  detected: Detected,
  head: readonly CsvRecord[],
  context: ReadingContext,
): ((record: CsvRecord) => CsvRecord) => {
  const { header, delimiter, format, keepHeader } = detected
  const all = head.filter(({ line }) => line > header.line || keepHeader)

  const rowsOf = (records: readonly CsvRecord[]): CanonicalRow[] => {
    const rows: CanonicalRow[] = []
    try {
      const sink = { row: (row: CanonicalRow) => rows.push(row), unreadable: () => undefined }
      const reader = format.open(header, detected.preamble, context, sink)
      for (const record of records) reader.record(record)
      if (rows.length === 0) reader.end()
    } catch (problem) {
      if (!(problem instanceof FileFault)) throw problem
    }
    return rows
  }
  /** what lines need before them: a summary, the header of a section */
  const lead = all.slice(
    0,
    all.findIndex((_, index) => rowsOf(all.slice(0, index + 1)).length > 0),
  )
  const titles = keepHeader ? (lead.at(-1) ?? header) : header
  const width = titles.cells.findLastIndex((cell) => cell.trim() !== '') + 1

  /** The row of these cells by themselves, of one line's several the last; null where they give none. */
  const rowOf = (cells: string[], line: number): CanonicalRow | null => {
    const rows = rowsOf([...lead, { cells, line }])
    return rows.every((row) => row.line === line) ? (rows.at(-1) ?? null) : null
  }

  /** Whether other cells give another row, one that is no worse. */
  const isOther = (cells: string[], line: number, as_is: CanonicalRow): boolean => {
    const row = rowOf(cells, line)
    // a known kind of line is no mistake
    if (row === null || (row.type === 'other' && as_is.type !== 'other')) return false
    // no id and no kind of line has a delimiter in it
    const words = [row.transaction_id, row.refund_id ?? '', ...row.payment_ids, row.category, row.payout_id ?? '']
    if (words.some((word) => word.includes(delimiter))) return false
    return told(row) !== told(as_is) && likeIds(row) >= likeIds(as_is)
  }

  const isShifted = ({ cells, line }: CsvRecord, among: (cell: string) => boolean): boolean => {
    const surplus = Math.min(cells.length - width, MOST_DELIMITERS)
    if (surplus <= 0 || cells.slice(width).some((cell) => cell.trim() !== '')) return false
    const as_is = rowOf(cells, line)
    if (as_is === null) return false
    for (let delimiters = 1; delimiters <= surplus; delimiters += 1) {
      for (let place = 0; place < width - 1; place += 1) {
        if (!among(cells[place + 1] ?? '')) continue
        const text = cells.slice(place, place + delimiters + 1).join(delimiter)
        const joined = [...cells.slice(0, place), text, ...cells.slice(place + delimiters + 1)]
        if (isOther(joined, line, as_is)) return true
      }
    }
    return false
  }

  /** A line with the last cell that it lacks; as it is where it may lack another. */
  const withLastCell = (record: CsvRecord): CsvRecord => {
    const { cells, line } = record
    const whole = { cells: [...cells, ''], line }
    const last = cells.findLastIndex((cell) => cell !== '')
    const hasKind = (column: number, place: number): boolean => kinds[column]?.has(kindOf(cells[place] ?? '')) ?? false
    if (lines.length >= ENOUGH_LINES && hasKind(last, last) && !hasKind(last + 1, last)) return whole
    const as_is = rowOf(whole.cells, line)
    if (as_is === null) return record
    for (let place = last; place >= 0; place -= 1) {
      const row = rowOf(cells.toSpliced(place, 0, ''), line)
      if (row === null || told(row) !== told(as_is)) return record
    }
    return whole
  }

  const lines = all.filter(({ cells }) => cells.length >= width)
  const usual = lines.length < ENOUGH_LINES ? width : Math.min(...lines.map(({ cells }) => cells.length))
  // a blank begins what follows a comma in a text, and no cell
  const hasTexts = lines.some(
    (record) => record.cells.length === usual && isShifted(record, (cell) => /^\s+\S/.test(cell)),
  )
  const longest = hasTexts ? width : usual
  const kinds = Array.from(
    { length: width },
    (_, place) => new Set(lines.map(({ cells }) => kindOf(cells[place] ?? ''))),
  )
  return (record) => {
    if (record.cells.length === width - 1) return withLastCell(record)
    const isTooLong = record.cells.length > longest && !keepHeader
    return isTooLong && isShifted(record, () => true) ? { ...record, isShifted: true } : record
  }
}

/** What kind of text a cell is, roughly; of an id with its prefix: 'ch_'. */
const kindOf = (cell: string): string => {
  if (cell === '') return 'none'
  if (/^[-+($€£]*\d{1,3}(?:,?\d{3})*(?:[.,]\d+)?\)?$/.test(cell)) return 'number'
  if (/^\d{1,4}[-/.]\d/.test(cell)) return 'date'
  if (/\s/.test(cell)) return 'words'
  return /^[A-Za-z]+[_:-]/.exec(cell)?.[0] ?? (/\d/.test(cell) ? 'id' : 'word')
}

/** How many of a row's ids look like ids: a digit and no blank in them. */
const likeIds = ({ refund_id, payment_ids, reference_ids }: CanonicalRow): number =>
  [refund_id ?? '', ...payment_ids, ...reference_ids].filter((id) => /^\S*\d\S*$/.test(id)).length

/** A row but for its own id, which may be made of all its cells. */
const told = (row: CanonicalRow): string =>
  `${rowJson({ ...row, transaction_id: '' }, { processor: '', account: '', file: '' })}${row.category}`
