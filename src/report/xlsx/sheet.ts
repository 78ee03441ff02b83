/** One worksheet, streamed row by row. */

import { wrapped } from '../text/text-layout.ts'
import { type Cell, cellXml, columnName } from './cells.ts'
import type { Style } from './styles.ts'

interface SheetColumn {
  /** characters */
  width: number
  hidden?: boolean
}

interface Choice {
  /** counted from 0 */
  column: number
  choices: readonly string[]
}

export interface Sheet {
  name: string
  columns: readonly SheetColumn[]
  /** the row of the headings, counted from 1: frozen above what follows, repeated on every page; null: no table */
  header_row: number | null
  /** columns that stay where they are */
  frozen_columns: number
  /** how many columns are printed; all, where not given */
  printed_columns?: number
  /** whether the table can be filtered */
  filter: boolean
  /** rows below the table, such as its totals: they are not filtered */
  rows_below?: number
  /** columns that offer a list of words */
  choices?: readonly Choice[]
  rows(): AsyncIterable<readonly Cell[]>
}

/** What a worksheet can hold (1,048,576), less room for a last line that says so. */
export const MOST_ROWS = 1_048_000

const HEAD =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'

/** Pieces of the sheet's XML; `done` is told the number of the last row. */
export async function* sheetXml(sheet: Sheet, first: boolean, done: (last: number) => void): AsyncGenerator<string> {
  const names = sheet.columns.map((_, i) => columnName(i))
  yield `${HEAD}<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>${viewXml(sheet, first)}<sheetFormatPr defaultRowHeight="13.5"/>`
  const columns = sheet.columns.map(
    ({ width, hidden }, i) =>
      `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"${hidden ? ' hidden="1"' : ''}/>`,
  )
  yield `<cols>${columns.join('')}</cols><sheetData>`
  let row = 0
  for await (const cells of sheet.rows()) {
    row += 1
    let xml = `<row r="${row}"${heightXml(cells, sheet.columns)}>`
    const lined = sheet.header_row !== null && row > sheet.header_row
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]
      if (cell && (cell.body !== '' || cell.style !== 'plain' || lined))
        xml += cellXml(cell, `${names[i] ?? columnName(i)}${row}`, lined)
    }
    yield `${xml}</row>`
  }
  const last = Math.max(row, 1)
  done(last)
  yield `</sheetData>${filterXml(sheet, last)}${choicesXml(sheet, last)}`
  yield '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
  yield '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
  yield '<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter></worksheet>'
}

const LINE_HEIGHT = 13.5
const WRAPPED: ReadonlySet<Style> = new Set<Style>(['wrap', 'quoted_wrap', 'header', 'header_right'])
const HEADERS: ReadonlySet<Style> = new Set<Style>(['header', 'header_right'])
/** What stands around the text of a cell. */
const TEXT = /^<is><t xml:space="preserve">(.*)<\/t><\/is>$/s

/** Room for wrapped text: programs do not all find the height of a row by themselves. */
const heightXml = (cells: readonly Cell[], columns: readonly SheetColumn[]): string => {
  if (cells[0]?.style === 'title') return ' ht="24" customHeight="1"'
  let lines = 1
  for (const [place, cell] of cells.entries()) {
    const said = WRAPPED.has(cell.style) ? TEXT.exec(cell.body)?.[1] : undefined
    if (said === undefined || said.length < 4) continue
    // bold letters are wider
    const width = Math.floor((columns[place]?.width ?? 10) * (HEADERS.has(cell.style) ? 0.85 : 1))
    const needed = said.split('\n').map((part) => linesOf(part, width))
    lines = Math.max(lines, sum(needed))
  }
  return lines === 1 ? '' : ` ht="${Math.min(409, lines * LINE_HEIGHT)}" customHeight="1"`
}

const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0)

/** A word that is longer than the column goes on in the next line. */
const linesOf = (part: string, width: number): number =>
  Math.max(1, sum(wrapped(part, width).map((line) => Math.ceil(line.length / width))))

const viewXml = ({ header_row, frozen_columns }: Sheet, first: boolean): string => {
  const selected = first ? ' tabSelected="1"' : ''
  if (header_row === null)
    return `<sheetViews><sheetView showGridLines="0"${selected} workbookViewId="0"/></sheetViews>`
  const corner = `${columnName(frozen_columns)}${header_row + 1}`
  const columns = frozen_columns > 0 ? ` xSplit="${frozen_columns}"` : ''
  const pane = frozen_columns > 0 ? 'bottomRight' : 'bottomLeft'
  return `<sheetViews><sheetView${selected} workbookViewId="0"><pane${columns} ySplit="${header_row}" topLeftCell="${corner}" activePane="${pane}" state="frozen"/><selection pane="${pane}" activeCell="${corner}" sqref="${corner}"/></sheetView></sheetViews>`
}

/** The table's cells, headings included; null where it cannot be filtered. */
export const filterRange = (sheet: Sheet, last: number): string | null => {
  if (!sheet.filter || sheet.header_row === null) return null
  return `A${sheet.header_row}:${columnName(sheet.columns.length - 1)}${Math.max(last - (sheet.rows_below ?? 0), sheet.header_row)}`
}

const filterXml = (sheet: Sheet, last: number): string => {
  const range = filterRange(sheet, last)
  return range === null ? '' : `<autoFilter ref="${range}"/>`
}

const choicesXml = ({ choices = [], header_row }: Sheet, last: number): string => {
  const first = (header_row ?? 0) + 1
  if (choices.length === 0 || last < first) return ''
  const rules = choices.map(({ column, choices: words }) => {
    const name = columnName(column)
    return `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${name}${first}:${name}${last}"><formula1>"${words.join(',')}"</formula1></dataValidation>`
  })
  return `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`
}
