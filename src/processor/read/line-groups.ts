/** Formats that spread one refund over several lines: their lines are gathered and become one row, with the first's line. */

import type { CanonicalRow, CsvRecord, RowSink } from '../formats/format.ts'
import type { Columns } from './columns.ts'
import { keepable, type LineFormat, setAside, UnreadableRecord } from './record-reader.ts'

export interface LineGroups<Part> {
  /** adds a record to a group; where `read` throws UnreadableRecord the whole group is quarantined */
  add(key: string, record: CsvRecord, read: (record: CsvRecord) => Part): void
  /** gives out one group: for lines that stand together, as soon as another begins */
  close(key: string): void
  /** gives out all groups that are left, by their first lines */
  closeAll(): void
}

interface Group<Part> {
  records: CsvRecord[]
  parts: Part[]
  /** the first line that cannot be read: without it the group's sums would be wrong, so none of it becomes a row */
  spoiltBy: number | null
}

/**
 * A record that keeps nothing of the block of the file it was cut from (its cells are slices of it): for lines that are
 * held to the end of a large file. Zero bytes are in no text.
 */
export const detached = ({ cells, line }: CsvRecord): CsvRecord => ({
  cells: Buffer.from(cells.join('\0')).toString().split('\0'),
  line,
})

/** Gathers lines by key. `rowOf` makes a group's row from its parts, which are in the file's order and at least one. */
export const lineGroups = <Part>(
  columns: Columns,
  sink: RowSink,
  known: Pick<LineFormat, 'transactionId' | 'occurredOn'>,
  rowOf: (parts: readonly Part[], firstLine: number) => CanonicalRow,
): LineGroups<Part> => {
  const groups = new Map<string, Group<Part>>()

  const refuse = (records: readonly CsvRecord[], problem: unknown): void => {
    for (const record of records) sink.unreadable(setAside(columns, record, problem, known))
  }
  const give = ({ records, parts, spoiltBy }: Group<Part>): void => {
    if (spoiltBy !== null) {
      refuse(
        records,
        new UnreadableRecord(
          `the line belongs to a group with line ${spoiltBy}, which cannot be read: all of it waits`,
        ),
      )
      return
    }
    const first = records[0]
    if (first === undefined) return
    let row: CanonicalRow
    try {
      row = keepable(rowOf(parts, first.line))
    } catch (problem) {
      refuse(records, problem)
      return
    }
    sink.row(row)
  }

  return {
    add: (key, record, read) => {
      const group = groups.get(key) ?? { records: [], parts: [], spoiltBy: null }
      groups.set(key, group)
      try {
        group.parts.push(read(record))
        group.records.push(record)
      } catch (problem) {
        group.spoiltBy ??= record.line
        refuse([record], problem)
      }
    },
    close: (key) => {
      const group = groups.get(key)
      groups.delete(key)
      if (group) give(group)
    },
    closeAll: () => {
      for (const group of groups.values()) give(group)
      groups.clear()
    },
  }
}
