/** Reads one report file from its first byte to its last: opens it, tells its format, gives out rows as they come. */

import { FileFault } from '../errors.ts'
import { type CsvPiece, openCsv } from './csv-file.ts'
import { type Detected, detectFormat } from './detect-format.ts'
import type { Fingerprint } from './file-bytes.ts'
import type { CanonicalRow, CsvRecord, FileSummary, Format, ReadingContext, Unreadable } from './format.ts'
import { type KnownPiece, type PieceMemory, recall } from './read-pieces.ts'

/** What some lines of a file gave, in the file's order. */
export interface ReportBatch {
  rows: CanonicalRow[]
  unreadable: Unreadable[]
  /** set where these are the lines of a piece that another file may have as well: by what it is known then */
  piece: ReadPiece | null
  /** set where these lines were not read, since an earlier file had them */
  known: KnownPiece | null
}

/** Whole records, by the physical lines of this file. */
export interface ReadPiece {
  key: string
  line: number
  lines: number
}

export interface ReadReport {
  format: Format
  fingerprint: Fingerprint
  summary: FileSummary
}

export interface ReadOptions {
  /** pieces known here are not read again */
  memory?: PieceMemory | null
  /** told the format before any row is read; throws FileFault where a file of it is not to be taken */
  accept?: (format: Format) => void | Promise<void>
}

/**
 * Reads a file as one of the candidate formats. `take` gets the rows batch by batch and is awaited, so that memory
 * stays bounded; what it got is void when this throws.
 * @throws FileFault where the file is refused whole: unknown or unwanted format, no text, cut off
 */
export const readReport = async (
  path: string,
  candidates: readonly Format[],
  context: ReadingContext,
  take: (batch: ReportBatch) => void | Promise<void>,
  { memory = null, accept = () => undefined }: ReadOptions = {},
): Promise<ReadReport> => {
  const file = await openCsv(path)
  try {
    const detected = detectFormat(file, candidates, context.processor)
    await accept(detected.format)
    let [rows, unreadable]: [CanonicalRow[], Unreadable[]] = [[], []]
    const reader = detected.format.open(detected.header, detected.preamble, context, {
      row: (row) => rows.push(row),
      unreadable: (record) => unreadable.push(record),
    })
    const known = recall(memory, reader, detected, context)
    const give = async ({
      line,
      lines,
      digest,
      known: found,
    }: Omit<CsvPiece<KnownPiece>, 'records'>): Promise<void> => {
      const key = digest === null || known === null ? null : known.keyOf(digest)
      const batch = { rows, unreadable, piece: key === null ? null : { key, line, lines }, known: found }
      ;[rows, unreadable] = [[], []]
      await take(batch)
    }
    const firstLine = detected.header.line + (detected.keepHeader ? 0 : 1)
    let last: CsvRecord | undefined
    for await (const piece of file.pieces(detected.delimiter, known)) {
      for (const record of piece.records) if (record.line >= firstLine) reader.record(record)
      last = piece.records.at(-1) ?? last
      await give(piece)
    }
    if (file.endsOpen()) refuseCutOff(file.name, detected, last)
    const summary = reader.end()
    await give({ line: 0, lines: 0, digest: null, known: null })
    return { format: detected.format, fingerprint: file.fingerprint(), summary }
  } finally {
    await file.close()
  }
}

/** A last line without a line end is whole only if it has all the header's cells. */
const refuseCutOff = (name: string, { header, keepHeader, format }: Detected, last: CsvRecord | undefined): void => {
  const expected = header.cells.findLastIndex((cell) => cell.trim() !== '') + 1
  if (keepHeader || last === undefined || last.cells.length >= expected) return
  throw new FileFault(
    `${name} is cut off: its last line, ${last.line}, has ${last.cells.length} of the ${expected} cells of a ${format.name} line and no line end; get the file again`,
  )
}
