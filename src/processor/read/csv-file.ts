/** A report file as records of cells. The only import of csv-parse. */

import { parse } from 'csv-parse/sync'
import { FileFault } from '../../core/errors.ts'
import type { CsvRecord } from '../formats/format.ts'
import type { Fingerprint } from './file-bytes.ts'
import { LONGEST_RECORD, openText, type TextBlock, type TextFile, tooLong } from './file-text.ts'

/** How many records a format sees to know its own. */
const HEAD_RECORDS = 20

export interface CsvFile {
  /** without folders */
  name: string
  /** the first records as this delimiter cuts them, 20 at most: to tell the format */
  head(delimiter: string): CsvRecord[]
  /** All records in order, some at a time; to be read once. */
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
 * Lines are cut at their delimiters, and well-formed quoted cells at their quotes, without looking at every byte:
 * 1,000,000 lines of 19 cells take about 1 second, 5 in csv-parse (20 where every line has a quote). csv-parse reads the
 * records whose quotes follow no rule, and a property test holds the two equal on all others.
 *
 * @throws FileFault where the file is no text, is empty, is cut off within a quoted cell or has a record too long
 */
export const openCsv = async (path: string): Promise<CsvFile> => {
  const file = await openText(path)
  const first = await firstBlockOf(file)
  let open = false

  const recordsOf = (text: string, delimiter: string, last: boolean, limit = NOWHERE): Cut =>
    cutRecords(text, { name: file.name, line: file.place.line, delimiter, lineEnd: file.lineEnd, last, limit })

  async function* blocks(): AsyncGenerator<TextBlock> {
    yield first
    if (!first.last) yield* file.blocks
  }
  async function* records(delimiter: string): AsyncGenerator<CsvRecord[]> {
    let rest = ''
    for await (const block of blocks()) {
      const text = rest + block.text
      const cut = recordsOf(text, delimiter, block.last)
      rest = cut.rest
      file.place.line = cut.line
      if (block.last) open = text !== '' && !text.endsWith(file.lineEnd)
      yield cut.records
    }
  }

  return {
    name: file.name,
    head: (delimiter) => recordsOf(first.text, delimiter, first.last, HEAD_RECORDS).records,
    records,
    fingerprint: file.fingerprint,
    endsOpen: () => open,
    close: file.close,
  }
}

const firstBlockOf = async (file: TextFile): Promise<TextBlock> => {
  try {
    const next = await file.blocks.next()
    return next.done ? { text: '', last: true } : next.value
  } catch (problem) {
    await file.close()
    throw problem
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

interface Cut {
  records: CsvRecord[]
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
  const isHead = limit !== NOWHERE
  let at = line
  let position = 0
  let quote = nextOf(text, '"', 0)
  while (position < text.length && records.length < limit) {
    let end = nextOf(text, lineEnd, position)
    const quoted = quote < end ? cutQuoted(text, position, delimiter, lineEnd) : null
    if (quoted === 'open' && last && !isHead) throw neverClosed(name, at)
    if (quoted === 'open') break
    if (quoted !== null) end = quoted.end
    if (end === NOWHERE && !last) break
    end = Math.min(end, text.length)
    if (end - position > LONGEST_RECORD) throw tooLong(name, at)
    const own = text.slice(position, end > position && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end)
    if (quoted !== null) {
      records.push({ cells: quoted.cells ?? byCsvParse(own, delimiter, name, at), line: at })
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
  return { records, rest: text.slice(position), line: at }
}

const CARRIAGE_RETURN = 13
const QUOTE = 34

/** A first line that tells Excel the delimiter. */
const EXCEL_HINT = /^sep=.$/i

const isBlank = (cells: readonly string[]): boolean => {
  const first = cells[0]
  return (first === '' || first?.trim() === '') && cells.every((cell) => cell.trim() === '')
}

/**
 * Cuts one record that holds a quote: its cells, and where its line end is outside of quoted cells. 'open' where the
 * text ends within a quoted cell. No cells where something other than a delimiter follows a closing quote.
 */
const cutQuoted = (
  text: string,
  from: number,
  delimiter: string,
  lineEnd: string,
): { cells: string[] | null; end: number } | 'open' => {
  const cells: string[] = []
  let isPlain = true
  let position = from
  let end = nextOf(text, lineEnd, position)
  for (;;) {
    let start = position
    let stop = -1
    if (text.charCodeAt(position) === QUOTE) {
      start = position + 1
      stop = text.indexOf('"', start)
      while (stop !== -1 && text.charCodeAt(stop + 1) === QUOTE) stop = text.indexOf('"', stop + 2)
      if (stop === -1) return 'open'
      position = stop + 1
      if (end < position) end = nextOf(text, lineEnd, position)
    }
    const nextCell = nextOf(text, delimiter, position)
    const after = Math.min(end, nextCell, text.length)
    const isLast = after !== nextCell
    const bare = isLast && text.charCodeAt(after - 1) === CARRIAGE_RETURN && after > position ? after - 1 : after
    if (stop === -1) cells.push(text.slice(start, bare))
    else if (bare === position) cells.push(text.slice(start, stop).replaceAll('""', '"'))
    else isPlain = false
    if (isLast) return { cells: isPlain ? cells : null, end }
    position = nextCell + delimiter.length
  }
}

const countOf = (text: string, what: string): number => {
  let found = 0
  for (let index = text.indexOf(what); index !== -1; index = text.indexOf(what, index + 1)) found += 1
  return found
}

/** One record whose quotes follow no rule ('"a"b,c'), as csv-parse reads it. */
const byCsvParse = (text: string, delimiter: string, name: string, line: number): string[] => {
  const options = { delimiter, record_delimiter: '\u0000', relax_quotes: true, relax_column_count: true }
  const records: string[][] = parse(text, options)
  const [cells] = records
  if (records.length === 1 && cells) return cells
  throw new FileFault(`${name}, line ${line}: its quotes cannot be understood, expected cells like "a ""quoted"" word"`)
}

const neverClosed = (name: string, line: number): FileFault =>
  new FileFault(
    `${name}, line ${line}: a quote opens in this record and is never closed: the file is cut off there, or the quote is one too many; get the file again`,
  )
