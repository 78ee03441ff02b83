/** A report file as records of cells. The only import of csv-parse. */

import { parse } from 'csv-parse/sync'
import { FileFault } from '../errors.ts'
import { type Fingerprint, LONGEST_RECORD, openText, tooLong } from './file-text.ts'
import type { CsvRecord } from './format.ts'

/** How many records a format sees to know its own. */
const HEAD_RECORDS = 20

export interface CsvFile {
  /** without folders */
  name: string
  /** the first records as this delimiter cuts them, 20 at most: to tell the format */
  head(delimiter: string): CsvRecord[]
  /** all records in order, some at a time; to be read once */
  records(delimiter: string): AsyncGenerator<CsvRecord[]>
  /** sha256 and size of the bytes; to be asked after the last record */
  fingerprint(): Fingerprint
  /** whether the last record lacks its line end: to be asked after the last record */
  endsOpen(): boolean
  close(): Promise<void>
}

/**
 * Opens a CSV file (see openText for encodings and packing). Blank lines, and lines of nothing but empty cells, are no
 * records. A quote counts where a cell begins with it; elsewhere it is a character like others. Records may be
 * ragged: whoever reads them decides.
 *
 * A line without a quote needs no parser: it is cut at its delimiters (1,000,000 lines of 22 cells in about a second).
 * Only records with a quoted cell go through csv-parse, all of a block in one call.
 *
 * @throws FileFault where the file is no text, is empty, is cut off within a quoted cell or has a record too long
 */
export const openCsv = async (path: string): Promise<CsvFile> => {
  const file = await openText(path)
  const first = await file.blocks.next()
  const firstText = first.done ? '' : first.value.text
  const onlyBlock = first.done || first.value.last
  let open = false

  const recordsOf = (text: string, delimiter: string, last: boolean, limit = NOWHERE): Cut => {
    const cut = cutRecords(text, {
      name: file.name,
      line: file.place.line,
      delimiter,
      lineEnd: file.lineEnd,
      last,
      limit,
    })
    fillQuoted(cut.quoted, file.name, delimiter)
    return cut
  }

  async function* records(delimiter: string): AsyncGenerator<CsvRecord[]> {
    let block = { text: firstText, last: onlyBlock }
    let rest = ''
    for (;;) {
      const text = rest === '' ? block.text : rest + block.text
      const cut = recordsOf(text, delimiter, block.last)
      rest = cut.rest
      file.place.line = cut.line
      if (block.last) open = text !== '' && !text.endsWith(file.lineEnd)
      if (cut.records.length > 0) yield cut.records
      if (block.last) return
      const next = await file.blocks.next()
      if (next.done) return
      block = next.value
    }
  }

  return {
    name: file.name,
    head: (delimiter) => recordsOf(firstText, delimiter, onlyBlock, HEAD_RECORDS).records,
    records,
    fingerprint: file.fingerprint,
    endsOpen: () => open,
    close: async () => {
      await file.blocks.return(undefined)
    },
  }
}

interface CutOptions {
  name: string
  /** number of the text's first physical line */
  line: number
  delimiter: string
  lineEnd: '\n' | '\r'
  /** the text is the file's end */
  last: boolean
  limit: number
}

interface QuotedRecord {
  text: string
  record: CsvRecord
}

interface Cut {
  records: CsvRecord[]
  /** those of the records whose cells csv-parse has yet to fill in */
  quoted: QuotedRecord[]
  /** what begins a record that goes on in the next block */
  rest: string
  /** number of the rest's first physical line */
  line: number
}

/** No such place in the text, as an index that every other is below. */
const NOWHERE = Number.POSITIVE_INFINITY

const nextOf = (text: string, what: string, from: number): number => {
  const index = text.indexOf(what, from)
  return index === -1 ? NOWHERE : index
}

const cutRecords = (text: string, { name, line, delimiter, lineEnd, last, limit }: CutOptions): Cut => {
  const records: CsvRecord[] = []
  const quoted: QuotedRecord[] = []
  const isHead = limit !== NOWHERE
  let at = line
  let position = 0
  let quote = nextOf(text, '"', 0)
  while (position < text.length && records.length < limit) {
    let end = nextOf(text, lineEnd, position)
    const hasQuote = quote < end
    if (hasQuote) {
      const outcome = endOfRecord(text, position, delimiter, lineEnd)
      if (outcome === 'open' && last && !isHead) throw neverClosed(name, at)
      if (outcome === 'open') break
      end = outcome
    }
    if (end === NOWHERE && !last) break
    end = Math.min(end, text.length)
    if (end - position > LONGEST_RECORD) throw tooLong(name, at)
    const own = text.slice(position, end > position && text.charCodeAt(end - 1) === 13 ? end - 1 : end)
    if (hasQuote) {
      const record = { cells: [], line: at }
      records.push(record)
      quoted.push({ text: own, record })
      at += countOf(own, lineEnd)
      quote = nextOf(text, '"', end)
    } else if (own !== '' && !(at === 1 && EXCEL_HINT.test(own))) {
      const cells = own.split(delimiter)
      if (!isBlank(cells)) records.push({ cells, line: at })
    }
    at += 1
    position = end + 1
  }
  if (!isHead && text.length - position > LONGEST_RECORD) throw tooLong(name, at)
  return { records, quoted, rest: text.slice(position), line: at }
}

/** A first line that tells Excel the delimiter. */
const EXCEL_HINT = /^sep=.$/i

const isBlank = (cells: readonly string[]): boolean => {
  const first = cells[0]
  return (first === '' || first?.trim() === '') && cells.every((cell) => cell.trim() === '')
}

/** Where a record with quotes ends: its line end outside of quoted cells; 'open' where the text ends within one. */
const endOfRecord = (text: string, from: number, delimiter: string, lineEnd: string): number | 'open' => {
  let position = from
  for (;;) {
    if (text[position] === '"') {
      position = text.indexOf('"', position + 1)
      while (position !== -1 && text[position + 1] === '"') position = text.indexOf('"', position + 2)
      if (position === -1) return 'open'
    }
    const end = nextOf(text, lineEnd, position)
    const nextCell = nextOf(text, delimiter, position)
    if (end < nextCell || nextCell === NOWHERE) return end
    position = nextCell + delimiter.length
  }
}

const countOf = (text: string, what: string): number => {
  let found = 0
  for (let index = text.indexOf(what); index !== -1; index = text.indexOf(what, index + 1)) found += 1
  return found
}

/** Lets csv-parse read the records with quotes, all at once; one by one only where it does not see one record in each. */
const fillQuoted = (quoted: readonly QuotedRecord[], name: string, delimiter: string): void => {
  if (quoted.length === 0) return
  const together = parseCells(quoted.map(({ text }) => text).join('\n'), delimiter)
  quoted.forEach(({ text, record }, index) => {
    const cells = together.length === quoted.length ? together[index] : onlyOne(parseCells(text, delimiter))
    if (cells === undefined) {
      throw new FileFault(
        `${name}, line ${record.line}: its quotes cannot be understood, expected cells like "a ""quoted"" word"`,
      )
    }
    record.cells = cells
  })
}

const onlyOne = (records: readonly string[][]): string[] | undefined => (records.length === 1 ? records[0] : undefined)

const parseCells = (text: string, delimiter: string): string[][] =>
  parse(text, { delimiter, record_delimiter: '\n', relax_quotes: true, relax_column_count: true })

const neverClosed = (name: string, line: number): FileFault =>
  new FileFault(
    `${name}, line ${line}: a quote opens in this record and is never closed: the file is cut off there, or the quote is one too many; get the file again`,
  )
