/** Reads back what persons wrote into the workpaper's sheet of findings. A formula is never evaluated: what was saved counts. */

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { InvalidSpreadsheetError, readSheet, SheetNotFoundError } from 'read-excel-file/universal'
import { FileFault } from '../../core/errors.ts'
import { FINDINGS_SHEET, INPUTS, KEYS } from './findings.ts'
import { checkSize } from './size-check.ts'

/** A line in which something was written; '' where a cell is empty. */
export interface WrittenLine {
  /** of the sheet, counted from 1 */
  row: number
  /** as the person wrote them; a date as 'YYYY-MM-DD' */
  decision: string
  note: string
  owner: string
  due_on: string
  /** the finding that the line is of, and the state it was in */
  discrepancy_id: string
  business_id: string
  event_number: string
  row_hash: string
}

type Field = Exclude<keyof WrittenLine, 'row'>
const TITLES = { ...INPUTS, ...KEYS } as const satisfies Record<Field, string>
const FIELDS = Object.keys(TITLES) as Field[]
/** The headings stand among the first rows, wherever they were moved. */
const MOST_ABOVE = 20

/**
 * The lines of a saved workpaper in which a person wrote something, in the order of the sheet.
 * @throws FileFault where the file is no workbook, too large, or lacks the sheet or one of its columns
 */
export const readBack = async (path: string): Promise<WrittenLine[]> => {
  const name = basename(path)
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new FileFault(`${path} cannot be read: expected a workbook`, { cause })
  })
  checkSize(name, bytes)
  const rows = await rowsOf(name, new Uint8Array(bytes).buffer)
  const heading = rows
    .slice(0, MOST_ABOVE)
    .findIndex((row) => row.includes(KEYS.discrepancy_id) && row.includes(INPUTS.decision))
  const places = placesOf(name, rows[heading] ?? [])
  return rows.flatMap((row, index) => {
    if (index <= heading) return []
    const line = { row: index + 1, ...cellsOf(row, places) }
    return Object.keys(INPUTS).some((field) => line[field as Field] !== '') ? [line] : []
  })
}

const HINT = 'import a workpaper that `tieout report --format xlsx` made, saved as .xlsx with its hidden columns'

const rowsOf = async (name: string, bytes: ArrayBuffer): Promise<readonly (readonly unknown[])[]> => {
  try {
    return await readSheet(bytes, FINDINGS_SHEET)
  } catch (problem) {
    if (problem instanceof SheetNotFoundError)
      throw new FileFault(`${name} has no sheet ${FINDINGS_SHEET}`, { cause: problem, hint: HINT })
    const why = problem instanceof InvalidSpreadsheetError ? `: ${problem.message}` : ''
    throw new FileFault(`${name} cannot be read as a workbook${why}`, { cause: problem, hint: HINT })
  }
}

const placesOf = (name: string, headings: readonly unknown[]): Record<Field, number> => {
  const titles = headings.map((title) => String(title ?? '').trim())
  const places = FIELDS.map((field) => [field, titles.indexOf(TITLES[field])] as const)
  const missing = places.filter(([, place]) => place < 0).map(([field]) => TITLES[field])
  if (missing.length > 0)
    throw new FileFault(`${name}: the sheet ${FINDINGS_SHEET} has no column ${missing.join(', ')}`, { hint: HINT })
  const twice = FIELDS.find((field) => titles.lastIndexOf(TITLES[field]) !== titles.indexOf(TITLES[field]))
  if (twice)
    throw new FileFault(`${name}: the sheet ${FINDINGS_SHEET} has two columns ${TITLES[twice]}`, { hint: HINT })
  return Object.fromEntries(places) as Record<Field, number>
}

const cellsOf = (row: readonly unknown[], places: Record<Field, number>): Record<Field, string> =>
  Object.fromEntries(FIELDS.map((field) => [field, cellText(row[places[field]])])) as Record<Field, string>

const cellText = (cell: unknown): string => {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return cell === null || cell === undefined ? '' : String(cell).trim()
}
