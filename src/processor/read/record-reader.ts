/** What every report format is made of: columns bound by name, cells read by type, bad lines quarantined. */

import { createHash } from 'node:crypto'
import { minorDigits, parseMajor } from '../../core/money.ts'
import { isKeepable, outOfBounds } from '../fields/row-bounds.ts'
import type {
  CanonicalRow,
  CsvRecord,
  FileSummary,
  ReadingContext,
  RecordReader,
  RowSink,
  RowType,
  Unreadable,
} from '../formats/format.ts'
import type { Column, Columns } from './columns.ts'
import { quote, quoteWord } from './quote.ts'

/** Thrown by the readers of cells: the record is quarantined with this reason, the others go on. */
export class UnreadableRecord extends Error {
  constructor(
    reason: string,
    /** its time is written as a spreadsheet writes it */
    readonly isRewritten = false,
  ) {
    super(reason)
  }
}

/** Sets the record at hand aside: says what was found and what was expected. */
export const unreadable = (reason: string): never => {
  throw new UnreadableRecord(reason)
}

/** A cell, trimmed; '' where the record or the file has no such cell. */
export const text = (cells: readonly string[], column: Column | null): string =>
  column === null ? '' : (cells[column.index] ?? '').trim()

/** A cell, trimmed; null where it is empty. */
export const textOrNull = (cells: readonly string[], column: Column | null): string | null =>
  text(cells, column) || null

/** A cell that must not be empty, trimmed. */
export const neededText = (cells: readonly string[], column: Column): string =>
  text(cells, column) || unreadable(`${column.name} is empty, expected a value`)

/** Codes read so far, as their cells have them: there are few, and each is then the same text, found at once elsewhere. */
const codes = new Map<string, string>()

/** An ISO 4217 code, upper-cased. */
export const currencyCode = (cells: readonly string[], column: Column): string => {
  const cell = text(cells, column)
  const known = codes.get(cell)
  if (known !== undefined) return known
  const code = cell.toUpperCase()
  if (!/^[A-Z]{3}$/.test(code)) {
    return unreadable(`${column.name} is ${quoteWord(cell)}, expected a currency of three letters such as USD`)
  }
  codes.set(cell, code)
  return code
}

/** An amount in the major unit ('-12.34') as minor units. An empty cell is no amount. */
export const money = (cells: readonly string[], column: Column, currency: string, decimal: '.' | ',' = '.'): bigint => {
  const cell = text(cells, column)
  const minor = parseMajor(cell, currency, decimal)
  return (
    minor ??
    unreadable(
      `${column.name} is ${quote(cell)}, expected an amount in ${currency} such as ${sample(currency, decimal)}`,
    )
  )
}

const sample = (currency: string, decimal: string): string => {
  const digits = minorDigits(currency)
  return digits === 0 ? '-12' : `-12${decimal}${'3456'.slice(0, digits)}`
}

/**
 * The fees of a line from its cost (positive: charged, negative: given back), in minor units: a refund fee or a
 * returned fee. On a reversal a cost is a returned fee taken back, and a fee given back undoes the refund fee.
 */
export const fees = (type: RowType, cost: bigint): { refund_fee: bigint; returned_fee: bigint } => {
  if (isReversal(type)) {
    return cost > 0n ? { refund_fee: 0n, returned_fee: -cost } : { refund_fee: cost, returned_fee: 0n }
  }
  return cost > 0n ? { refund_fee: cost, returned_fee: 0n } : { refund_fee: 0n, returned_fee: -cost }
}

/** Whether a line takes an earlier one back: its amount is negative, and so are its fees. */
export const isReversal = (type: RowType): boolean => type === 'refund_reversal' || type === 'chargeback_reversal'

/**
 * The canonical amount of a line from what it moved on the balance at the processor (money out is negative): of a
 * refund or a chargeback positive, of a reversal negative, of others as it stands. A refund that brings money in, or a
 * reversal that takes some, is unreadable; `said` is the cell, for the reason.
 */
export const amountMoved = (type: RowType, moved: bigint, said: string): bigint => {
  if (type === 'payment' || type === 'other') return moved
  const comesBack = isReversal(type)
  if (comesBack ? moved < 0n : moved > 0n) {
    unreadable(
      `the amount of this ${type} is ${quote(said)}: expected ${comesBack ? 'money that comes back' : 'money that goes out'}, with the other sign`,
    )
  }
  return -moved
}

/**
 * The type of a line that takes a payment back or gives it back again: money that goes out is a chargeback, money that
 * comes in its reversal; where nothing moves, what the file's word says.
 */
export const chargebackType = (moved: bigint, word: 'chargeback' | 'chargeback_reversal' = 'chargeback'): RowType =>
  moved === 0n ? word : moved < 0n ? 'chargeback' : 'chargeback_reversal'

/** The type of a line by its word, where a chargeback and its reversal are told by the way the money went. */
export const typeMoved = (word: RowType, moved: bigint): RowType =>
  word === 'chargeback' || word === 'chargeback_reversal' ? chargebackType(moved, word) : word

/** Ids without the empty ones, each once. */
export const distinct = (...ids: readonly string[]): string[] => {
  const kept: string[] = []
  for (const id of ids) if (id !== '' && !kept.includes(id)) kept.push(id)
  return kept
}

/** How a format reads one record; both throw UnreadableRecord where they cannot. */
export interface LineFormat {
  /** the row of a record, or its rows; null for a record that says nothing of money */
  row(cells: readonly string[], line: number): CanonicalRow | readonly CanonicalRow[] | null
  /** what can be said of a record that could not be read; may throw, then nothing can */
  transactionId?(cells: readonly string[]): string | null
  occurredOn?(cells: readonly string[]): string | null
  /** at the end of the file */
  summary?(): FileSummary
}

/** A reader for formats with one row per record: quarantines what cannot be read, and records that are too short or long. */
export const lineReader = (columns: Columns, sink: RowSink, format: LineFormat): RecordReader => ({
  record: (record) => {
    try {
      const made = fits(columns, record) ? format.row(record.cells, record.line) : null
      if (made === null) return
      if (!('length' in made)) return sink.row(keepable(made))
      // all of a record, or nothing
      for (const row of made.map(keepable)) sink.row(row)
    } catch (problem) {
      sink.unreadable(setAside(columns, record, problem, format))
    }
  },
  end: () => format.summary?.() ?? { period: null, totals: [] },
})

/** The row, where the database can keep it; else its record is quarantined. */
export const keepable = (row: CanonicalRow): CanonicalRow => {
  const problem = outOfBounds(row)
  return problem === null ? row : unreadable(problem)
}

/**
 * Whether a record has as many cells as the header. Empty ones too many at its end do not matter, unless the others may
 * have been shifted. Throws where it has not.
 */
export const fits = (columns: Columns, { cells, isShifted = false }: CsvRecord): true => {
  if (cells.length < columns.width) {
    throw new WrongLength(
      `the line has ${cells.length} cells, expected ${columns.width} as in the header: it is cut off`,
    )
  }
  for (let index = columns.width; index < cells.length; index += 1) {
    if (cells[index]?.trim() !== '') {
      throw new WrongLength(
        `the line has ${cells.length} cells, expected ${columns.width} as in the header: a delimiter or a quote too many`,
      )
    }
  }
  if (isShifted) {
    throw new WrongLength(
      `the line has ${cells.length} cells, expected ${columns.width} as in the header: a text with a delimiter in it may have moved its cells to the right; put the text in quotes`,
    )
  }
  return true
}

class WrongLength extends UnreadableRecord {}

/** What is kept of a record that could not be read. Rethrows what is no UnreadableRecord. */
export const setAside = (
  columns: Columns,
  { cells, line }: CsvRecord,
  problem: unknown,
  known: Pick<LineFormat, 'transactionId' | 'occurredOn'> = {},
): Unreadable => {
  if (!(problem instanceof UnreadableRecord)) throw problem
  // a line too short or long may have a customer's name where an id should be
  const own = problem instanceof WrongLength ? cells.slice(0, columns.firstUnread()) : cells
  return {
    line,
    reason: problem.message,
    raw: columns.raw(own),
    transaction_id: attempt(() => known.transactionId?.(own) ?? null),
    occurred_on: attempt(() => dateOrNull(known.occurredOn?.(own) ?? null)),
    ...(problem.isRewritten ? { isRewritten: true } : {}),
  }
}

const dateOrNull = (date: string | null): string | null => (date !== null && isKeepable(date) ? date : null)

const attempt = <T>(read: () => T | null): T | null => {
  try {
    return read()
  } catch (problem) {
    if (problem instanceof UnreadableRecord) return null
    throw problem
  }
}

/** How a derived transaction id begins. */
export const DERIVED = 'line:'

/**
 * Makes the transaction ids of one file whose format has none: from what the line says of itself (only of columns that
 * never change between two exports) and its ordinal among the lines that say the same; where an account's files never
 * overlap (`lines: distinct`), from the file's bytes too.
 */
export const derivedIds = ({
  distinctFile,
}: Pick<ReadingContext, 'distinctFile'>): ((content: readonly string[]) => string) => {
  const seen = new Map<string, number>()
  const ofFile = distinctFile === null ? [] : [distinctFile]
  return (content) => {
    const said = JSON.stringify([...content, ...ofFile])
    const hash = createHash('sha256').update(said).digest('hex').slice(0, 24)
    const ordinal = (seen.get(hash) ?? 0) + 1
    seen.set(hash, ordinal)
    return `${DERIVED}${hash}:${ordinal}`
  }
}
