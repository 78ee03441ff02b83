/** Reads one report file from its first byte to its last: opens it, tells its format, gives out rows as they come. */

import { FileFault } from '../core/errors.ts'
import { isKeepable } from './fields/row-bounds.ts'
import { type Detected, detectFormat } from './formats/detect-format.ts'
import type {
  CanonicalRow,
  CsvRecord,
  FileSummary,
  Format,
  ReadingContext,
  StatedPeriod,
  Unreadable,
} from './formats/format.ts'
import { columnKey } from './read/columns.ts'
import { openCsv } from './read/csv-file.ts'
import type { Fingerprint } from './read/file-bytes.ts'
import { linesInPlace } from './read/shifted-lines.ts'
import { refuseNumberedIds, refuseRewritten } from './read/spreadsheet.ts'

/** What some lines of a file gave, in the file's order. */
export interface ReportBatch {
  rows: CanonicalRow[]
  unreadable: Unreadable[]
}

export interface ReadReport {
  format: Format
  fingerprint: Fingerprint
  summary: FileSummary
}

/**
 * Reads a file as one of the candidate formats. `take` gets the rows batch by batch and is awaited, so that memory
 * stays bounded; what it got is void when this throws. `accept` is told the format before any row is read, and throws
 * FileFault where a file of it is not to be taken.
 * @throws FileFault where the file is refused whole: unknown or unwanted format, no text, cut off
 */
export const readReport = async (
  path: string,
  candidates: readonly Format[],
  context: ReadingContext,
  take: (batch: ReportBatch) => void | Promise<void>,
  accept: (format: Format) => void | Promise<void> = () => undefined,
): Promise<ReadReport> => {
  const file = await openCsv(path)
  try {
    const detected = detectFormat(file, candidates, context.processor)
    await accept(detected.format)
    let last: CsvRecord | undefined
    const rewritten: Unreadable[] = []
    let isDated = false
    let batch: ReportBatch = { rows: [], unreadable: [] }
    const reader = detected.format.open(detected.header, detected.preamble, context, {
      row: (row) => {
        refuseNumberedIds(file.name, row)
        isDated = true
        batch.rows.push(row)
      },
      unreadable: (record) => {
        isDated ||= record.occurred_on !== null && !record.isRewritten
        if (record.isRewritten && rewritten.length === 0) rewritten.push(record)
        batch.unreadable.push(record)
      },
    })
    const give = async (): Promise<void> => {
      const full = batch
      batch = { rows: [], unreadable: [] }
      await take(full)
    }
    const firstLine = detected.header.line + (detected.keepHeader ? 0 : 1)
    const inPlace = linesInPlace(detected, file.head(detected.delimiter), context)
    const isHeader = detected.keepHeader ? () => false : headerAgain(detected.header)
    for await (const records of file.records(detected.delimiter)) {
      for (const record of records) {
        if (record.line < firstLine || isHeader(record)) continue
        last = record
        reader.record(inPlace(record))
      }
      await give()
    }
    if (file.endsOpen()) refuseCutOff(file.name, detected, last)
    const summary = reader.end()
    refuseOddPeriod(file.name, summary.period)
    // one such line is a slip; where no date could be read, all of them are written so
    if (!isDated) for (const { line, reason } of rewritten) refuseRewritten(file.name, line, reason)
    await give()
    return { format: detected.format, fingerprint: file.fingerprint(), summary }
  } finally {
    await file.close()
  }
}

/** A period that the database, or a calendar, has no dates for. */
const refuseOddPeriod = (name: string, period: StatedPeriod | null): void => {
  if (period === null || (isKeepable(period.from) && isKeepable(period.to))) return
  throw new FileFault(
    `${name} states the period ${period.from} to ${period.to}, expected dates from 1900 to 2999; get the file again, or correct the period in it`,
  )
}

/** Whether a record is the header once more: files that were put together have it in their middle, a BOM before it. */
const headerAgain =
  ({ cells: [first = '', ...others] }: CsvRecord): ((record: CsvRecord) => boolean) =>
  ({ cells }) =>
    cells.length === others.length + 1 &&
    others.every((name, index) => name === cells[index + 1]) &&
    columnKey(cells[0] ?? '') === columnKey(first)

/** A last line without a line end is whole only if it has all the header's cells. */
const refuseCutOff = (name: string, { header, keepHeader, format }: Detected, last: CsvRecord | undefined): void => {
  const expected = header.cells.findLastIndex((cell) => cell.trim() !== '') + 1
  if (keepHeader || last === undefined || last.cells.length >= expected) return
  throw new FileFault(
    `${name} is cut off: its last line, ${last.line}, has ${last.cells.length} of the ${expected} cells of a ${format.name} line and no line end; get the file again`,
  )
}
