/** A workbook: its sheets and the few parts that Excel wants around them. No macro, no link to anything outside. */

import type { Sink } from '../sink.ts'
import { columnName, xmlText } from './cells.ts'
import { type Part, writeZip } from './package.ts'
import { filterRange, type Sheet, sheetXml } from './sheet.ts'
import { stylesXml } from './styles.ts'

export interface WorkbookTitle {
  title: string
  /** what made it */
  creator: string
  /** UTC instant */
  created: string
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/**
 * Writes the sheets, which the workbook shows in the order of `shown`; they are computed in the order of `written`,
 * so that one can name rows of another that was written before it.
 */
export const writeWorkbook = async (
  sink: Sink,
  title: WorkbookTitle,
  shown: readonly Sheet[],
  written: readonly Sheet[] = shown,
): Promise<void> => {
  const last = new Map<Sheet, number>()
  const numbered = (sheet: Sheet): number => shown.indexOf(sheet) + 1
  const once = (name: string, text: () => string): Part => ({ name, text: () => [text()] })
  await writeZip(sink, new Date(title.created), [
    once('[Content_Types].xml', () => contentTypes(shown.length)),
    once('_rels/.rels', rootRelations),
    once('docProps/core.xml', () => coreProperties(title)),
    once(
      'docProps/app.xml',
      () =>
        `${XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>${xmlText(title.creator)}</Application></Properties>`,
    ),
    once('xl/_rels/workbook.xml.rels', () => workbookRelations(shown.length)),
    once('xl/styles.xml', stylesXml),
    ...written.map((sheet) => ({
      name: `xl/worksheets/sheet${numbered(sheet)}.xml`,
      text: () => sheetXml(sheet, numbered(sheet) === 1, (row) => last.set(sheet, row)),
    })),
    once('xl/workbook.xml', () => workbookXml(shown, last)),
  ])
}

const contentTypes = (sheets: number): string => {
  const parts = Array.from(
    { length: sheets },
    (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  )
  return `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>${parts.join('')}</Types>`
}

const rootRelations = (): string =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="${RELATIONS}/extended-properties" Target="docProps/app.xml"/></Relationships>`

const workbookRelations = (sheets: number): string => {
  const parts = Array.from(
    { length: sheets },
    (_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  )
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${parts.join('')}<Relationship Id="rId${sheets + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`
}

const coreProperties = ({ title, creator, created }: WorkbookTitle): string => {
  const at = `<dcterms:created xsi:type="dcterms:W3CDTF">${new Date(created).toISOString().slice(0, 19)}Z</dcterms:created>`
  return `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xmlText(title)}</dc:title><dc:creator>${xmlText(creator)}</dc:creator>${at}</cp:coreProperties>`
}

const workbookXml = (shown: readonly Sheet[], last: ReadonlyMap<Sheet, number>): string => {
  const sheets = shown.map((sheet, i) => `<sheet name="${xmlText(sheet.name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
  const names = shown.flatMap((sheet, i) => {
    const range = filterRange(sheet, last.get(sheet) ?? 1)
    const filter =
      range === null
        ? []
        : [
            `<definedName name="_xlnm._FilterDatabase" localSheetId="${i}" hidden="1">${reference(sheet.name, range)}</definedName>`,
          ]
    const titles =
      sheet.header_row === null
        ? []
        : [
            `<definedName name="_xlnm.Print_Titles" localSheetId="${i}">'${sheet.name}'!$${sheet.header_row}:$${sheet.header_row}</definedName>`,
          ]
    const printed = `A1:${columnName((sheet.printed_columns ?? 1) - 1)}${last.get(sheet) ?? 1}`
    const area =
      sheet.printed_columns === undefined
        ? []
        : [`<definedName name="_xlnm.Print_Area" localSheetId="${i}">${reference(sheet.name, printed)}</definedName>`]
    return [...filter, ...area, ...titles]
  })
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${sheets.join('')}</sheets><definedNames>${names.join('')}</definedNames><calcPr fullCalcOnLoad="1"/></workbook>`
}

/** ('Tie-out', 'A4:L20') is 'Tie-out'!$A$4:$L$20 */
const reference = (sheet: string, range: string): string => `'${sheet}'!${range.replace(/([A-Z]+)(\d+)/g, '$$$1$$$2')}`

/** A column's cells from one row to another, absolute: ('Effects', 0, 4, 90) is 'Effects'!$A$4:$A$90. */
export const columnRange = (sheet: string, column: number, first: number, last: number): string =>
  reference(sheet, `${columnName(column)}${first}:${columnName(column)}${last}`)
