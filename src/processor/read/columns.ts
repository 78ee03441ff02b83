/** The columns of a file at hand, bound by name. */

import { FileFault } from '../../core/errors.ts'
import type { ColumnNote, CsvRecord } from '../formats/format.ts'

/** A column of the file at hand. */
export interface Column {
  /** as the header spells it, trimmed */
  name: string
  index: number
}

/** The header of the file at hand. Columns count as read once they were asked for: only those are shown in `raw`. */
export interface Columns {
  /** how many cells a record should have: the header's, empty ones at its end left out */
  width: number
  /** the column of this name, or of the first of the other names that is there; FileFault where it is missing or doubled */
  need(...names: string[]): Column
  /** likewise; null where it is missing; FileFault where it is doubled */
  find(...names: string[]): Column | null
  /** the read columns of a record, 'name=value' each, in the header's order, empty ones left out */
  raw(cells: readonly string[]): string
  /** the index of the first column that is not read: up to there even a line too short or long shows what it should */
  firstUnread(): number
}

/** Characters. */
const LONGEST_SHOWN = 200

/** A cell as `raw` and reasons show it: cut where it is long, quoted where it would run into the next. */
const shown = (cell: string): string => {
  const short = cell.length > LONGEST_SHOWN ? `${cell.slice(0, LONGEST_SHOWN)}...` : cell
  return /[",\r\n]/.test(short) ? `"${short.replaceAll('"', '""')}"` : short
}

/** How column names are compared: without BOM, trimmed, spaces of any kind collapsed to one, case folded. */
export const columnKey = (name: string): string => name.replace(/\s+/gu, ' ').trim().toLowerCase()

/** The index of the first record that has all these columns, once or more; null where there is none. For `identify`. */
export const headerIndex = (
  head: readonly CsvRecord[],
  ...required: readonly (string | readonly string[])[]
): number | null => {
  const wanted = required.map((names) => (typeof names === 'string' ? [names] : names).map(columnKey))
  const index = head.findIndex(({ cells }) => {
    const keys = new Set(cells.map(columnKey))
    return wanted.every((names) => names.some((name) => keys.has(name)))
  })
  return index === -1 ? null : index
}

/** What is said of a column that has other names in other languages. */
export const noteOf = ([name = '', ...others]: readonly string[], required: boolean, meaning: string): ColumnNote => ({
  name,
  required,
  meaning: others.length === 0 ? meaning : `${meaning} (or ${others.join(', ')})`,
})

/** Binds a header's columns by name. `file` and `format` are for messages. */
export const bindColumns = (header: CsvRecord, file: string, format: string): Columns => {
  const keys = header.cells.map(columnKey)
  const read = new Map<number, Column>()
  const place = `${file}, line ${header.line}`

  const indexOf = (name: string): number => {
    const key = columnKey(name)
    const found = keys.flatMap((each, index) => (each === key ? [index] : []))
    if (found.length < 2) return found[0] ?? -1
    const exact = found.filter((index) => header.cells[index]?.trim() === name)
    if (exact.length === 1 && exact[0] !== undefined) return exact[0]
    throw new FileFault(
      `${place}: the header has the column '${name}' ${found.length} times, and ${format} reads it: expected it once; remove the wrong one`,
    )
  }
  const find = (...names: string[]): Column | null => {
    for (const name of names) {
      const index = indexOf(name)
      if (index === -1) continue
      const column = read.get(index) ?? { name: header.cells[index]?.trim() ?? name, index }
      read.set(index, column)
      return column
    }
    return null
  }
  return {
    width: keys.findLastIndex((key) => key !== '') + 1,
    find,
    need: (...names) => {
      const column = find(...names)
      if (column) return column
      throw new FileFault(
        `${place}: the column ${names.map((name) => `'${name}'`).join(' or ')} is missing, which ${format} needs; found: ${header.cells.map((cell) => cell.trim()).join(', ')}`,
      )
    },
    raw: (cells) =>
      [...read.values()]
        .sort((a, b) => a.index - b.index)
        .filter(({ index }) => (cells[index] ?? '') !== '')
        .map(({ name, index }) => `${name}=${shown(cells[index] ?? '')}`)
        .join(','),
    firstUnread: () => {
      const index = keys.findIndex((_, each) => !read.has(each))
      return index === -1 ? keys.length : index
    },
  }
}
