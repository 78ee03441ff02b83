/** A business's file of exchange rates: `rates:` in tieout.yaml, a CSV with the columns date, from, to and rate. */

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { FileFault } from './errors.ts'
import { isDate } from './instant.ts'
import { isCurrency, parseScaled } from './money.ts'
import { counted } from './words.ts'

/** One unit of `from` is `rate` units of `to`, on that date. */
export interface Rate {
  /** '2026-10-31' */
  date: string
  /** ISO 4217, upper case */
  from: string
  /** ISO 4217, upper case, another one */
  to: string
  /** greater than 0; the decimal text as it is written, exact */
  rate: string
}

const COLUMNS = ['date', 'from', 'to', 'rate'] as const

/** More faults than these are counted, not listed. */
const MOST_LISTED = 20

/** A record of the file and the line on which it ends. */
interface Line {
  cells: readonly string[]
  line: number
}

/**
 * Reads the file. Columns are found by their names, in any order; others are ignored. A rate that is written twice, word
 * for word, counts once.
 * @throws FileFault where the file cannot be read, or that lists its lines that cannot: what was found and expected
 */
export const readRates = (path: string): Rate[] => {
  const name = basename(path)
  const [header, ...lines] = linesOf(path, name)
  if (header === undefined) throw new FileFault(`${name} is empty: expected a header with date,from,to,rate`)
  const indexes = COLUMNS.map((column) => columnIndex(header, column, name))
  const faults: string[] = []
  const rates = new Map<string, Rate & { line: number }>()
  for (const { cells, line } of lines) {
    const [date = '', from = '', to = '', rate = ''] = indexes.map((index) => (cells[index] ?? '').trim())
    const read: Rate = { date, from: from.toUpperCase(), to: to.toUpperCase(), rate }
    const key = `${date} ${read.from} ${read.to}`
    const before = rates.get(key)
    const wrong = faultsOf(read, { date, from, to, rate })
    if (wrong.length === 0 && before !== undefined && before.rate !== rate) {
      wrong.push(
        `rate is '${rate}', expected '${before.rate}' as in line ${before.line} for the same date and currencies`,
      )
    }
    faults.push(...wrong.map((fault) => `${name}, line ${line}: ${fault}`))
    if (before === undefined) rates.set(key, { ...read, line })
  }
  if (faults.length > 0) throw new FileFault(listOf(faults, path))
  return [...rates.values()].map(({ line: _line, ...rate }) => rate)
}

const linesOf = (path: string, name: string): Line[] => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FileFault(`${path}: the exchange rates cannot be read; expected a CSV file, as \`rates\` says`, { cause })
  }
  try {
    const lines: number[] = []
    const records = parse(text, {
      bom: true,
      on_record: (record: string[], { lines: line }) => {
        lines.push(line)
        return record
      },
      relax_column_count: true,
      skip_empty_lines: true,
    })
    return records.map((cells, index) => ({ cells, line: lines[index] ?? 0 }))
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw new FileFault(`${name}: its quotes cannot be understood, expected lines like 2026-10-31,EUR,USD,1.0832`, {
      cause,
    })
  }
}

const columnIndex = (header: Line, column: string, name: string): number => {
  const names = header.cells.map((cell) => cell.trim().toLowerCase())
  const index = names.indexOf(column)
  const found = `found ${header.cells.map((cell) => cell.trim()).join(', ')}`
  const place = `${name}, line ${header.line}`
  if (index === -1)
    throw new FileFault(`${place}: the column ${column} is missing: expected date, from, to, rate; ${found}`)
  if (names.includes(column, index + 1)) throw new FileFault(`${place}: expected the column ${column} once; ${found}`)
  return index
}

/** `read` is what counts, `written` what the cells say. */
const faultsOf = (read: Rate, written: Rate): string[] => {
  const faults: string[] = []
  const expect = (holds: boolean, column: keyof Rate, expected: string): void => {
    if (!holds) faults.push(`${column} is ${quote(written[column])}, expected ${expected}`)
  }
  expect(isDate(read.date), 'date', 'a date such as 2026-10-31')
  expect(isCurrency(read.from), 'from', 'a currency code of ISO 4217, such as EUR')
  expect(isCurrency(read.to), 'to', 'a currency code of ISO 4217, such as USD')
  if (isCurrency(read.to)) expect(read.from !== read.to, 'to', 'another currency than in from')
  expect(isRate(read.rate), 'rate', 'a number greater than 0, such as 1.0832')
  return faults
}

/** Digits with at most one point: no sign, no grouping, no exponent. */
const isRate = (text: string): boolean => /^[\d.]+$/.test(text) && (parseScaled(text)?.unscaled ?? 0n) > 0n

const quote = (cell: string): string =>
  cell === '' ? 'empty' : `'${cell.length > 40 ? `${cell.slice(0, 40)}...` : cell}'`

const listOf = (faults: readonly string[], path: string): string => {
  const count = counted(faults.length, 'fault')
  const more = faults.length > MOST_LISTED ? [`  and ${faults.length - MOST_LISTED} more`] : []
  return [
    `${path} cannot be used, it has ${count}:`,
    ...faults.slice(0, MOST_LISTED).map((fault) => `  ${fault}`),
    ...more,
  ].join('\n')
}
