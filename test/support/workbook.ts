/** A workpaper as a person fills it in and saves it: by our own writer, in Excel's layout, or by LibreOffice itself. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'

/** What a person writes beside a finding. A number in `Due date` is a date as spreadsheets count days. */
export type Written = Partial<Record<'Decision' | 'Note' | 'Owner' | 'Due date', string | number>>

const FINDINGS = 'xl/worksheets/sheet3.xml'

const partsOf = async (path: string): Promise<Record<string, Uint8Array>> => unzipSync(await readFile(path))

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Changes the sheet of findings. */
export const changeSheet = async (path: string, change: (xml: string) => string): Promise<void> => {
  const parts = await partsOf(path)
  const xml = strFromU8(parts[FINDINGS] ?? new Uint8Array())
  await writeFile(path, zipSync({ ...parts, [FINDINGS]: strToU8(change(xml)) }))
}

/** Writes into the lines of these findings, by whole id. */
export const fillIn = async (path: string, written: Readonly<Record<string, Written>>): Promise<void> =>
  await changeSheet(path, (xml) => {
    const columnOf = (title: string): string => {
      const found = new RegExp(`<c r="([A-Z]+)3"[^>]*><is><t xml:space="preserve">${title}</t>`).exec(xml)
      if (found?.[1] === undefined) throw new Error(`there is no column ${title}`)
      return found[1]
    }
    return xml.replace(/<row r="(\d+)".*?<\/row>/gs, (row, number: string) => {
      const id = Object.keys(written).find((each) => row.includes(`>${each}<`))
      if (id === undefined) return row
      return Object.entries(written[id] ?? {}).reduce((text, [title, value]) => {
        const place = `${columnOf(title)}${number}`
        const body =
          typeof value === 'number' ? `><v>${value}</v></c>` : ` t="inlineStr"><is><t>${escaped(value)}</t></is></c>`
        const cell = new RegExp(`(<c r="${place}" s="\\d+")/>`)
        if (!cell.test(text)) throw new Error(`there is no empty cell ${place}`)
        return text.replace(cell, (_, head: string) => head + body)
      }, row)
    })
  })

/**
 * The same as Excel saves it: texts in a table of shared ones, of which some are in several runs; cells that were never
 * written to left out; rows with their spans; the sheet in another file.
 */
export const inExcelsLayout = async (path: string): Promise<void> => {
  const { [FINDINGS]: sheet, ...parts } = await partsOf(path)
  const shared: string[] = []
  const xml = strFromU8(sheet ?? new Uint8Array())
    .replace(/ t="inlineStr"><is><t(?: xml:space="preserve")?>(.*?)<\/t><\/is>/gs, (_, text: string) => {
      const cut = Math.floor(text.length / 2)
      const isWhole = text.length < 4 || /[&;]/.test(text)
      const runs = `<r><t xml:space="preserve">${text.slice(0, cut)}</t></r><r><rPr><b/></rPr><t xml:space="preserve">${text.slice(cut)}</t></r>`
      shared.push(isWhole ? `<si><t xml:space="preserve">${text}</t></si>` : `<si>${runs}</si>`)
      return ` t="s"><v>${shared.length - 1}</v>`
    })
    .replace(/<c r="[A-Z]+\d+" s="\d+"\/>/g, '')
    .replace(/<row r="(\d+)"/g, '<row r="$1" spans="1:44" x14ac:dyDescent="0.25"')
    .replace('<worksheet ', '<worksheet xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" ')
  const changed = (name: string, from: string, to: string): Record<string, Uint8Array> => ({
    [name]: strToU8(strFromU8(parts[name] ?? new Uint8Array()).replaceAll(from, to)),
  })
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml'
  const kind = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings'
  const relations = strFromU8(parts['xl/_rels/workbook.xml.rels'] ?? new Uint8Array())
    .replace('worksheets/sheet3.xml', 'worksheets/sheet33.xml')
    .replace('</Relationships>', `<Relationship Id="rId99" Type="${kind}" Target="sharedStrings.xml"/></Relationships>`)
  const types = strFromU8(parts['[Content_Types].xml'] ?? new Uint8Array())
    .replace('/xl/worksheets/sheet3.xml', '/xl/worksheets/sheet33.xml')
    .replace('</Types>', `<Override PartName="/xl/sharedStrings.xml" ContentType="${type}"/></Types>`)
  await writeFile(
    path,
    zipSync({
      ...parts,
      ...changed('xl/workbook.xml', '<calcPr', '<calcPr calcId="191029"'),
      '[Content_Types].xml': strToU8(types),
      'xl/_rels/workbook.xml.rels': strToU8(relations),
      'xl/worksheets/sheet33.xml': strToU8(xml),
      'xl/sharedStrings.xml': strToU8(
        `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="${shared.length}" uniqueCount="${shared.length}">${shared.join('')}</sst>`,
      ),
    }),
  )
}

/** The same with the columns as version 0.1 laid them out: those for a decision were the last before the hidden ones. */
export const inTheOldOrder = async (path: string): Promise<void> =>
  await changeSheet(path, (xml) => {
    const titles = [...xml.matchAll(/<c r="([A-Z]+)3"[^>]*><is><t xml:space="preserve">([^<]*)/g)]
    const columns = titles.map(([, column = '']) => column)
    const inputs = titles.flatMap(([, column = '', title = '']) =>
      ['Decision', 'Note', 'Owner', 'Due date'].includes(title) ? [column] : [],
    )
    const rest = columns.filter((column) => !inputs.includes(column))
    const old = [...rest.slice(0, -4), ...inputs, ...rest.slice(-4)]
    const place = new Map(old.map((column, index) => [column, columns[index] ?? column]))
    const sorted = (row: string): string => {
      const cells = [...row.matchAll(/<c r="([A-Z]+)(\d+)".*?(?:\/>|<\/c>)/gs)].map(
        ([cell, column = '', number = '']) => ({
          at: old.indexOf(column),
          xml: cell.replace(`r="${column}${number}"`, `r="${place.get(column) ?? column}${number}"`),
        }),
      )
      return cells
        .sort((a, b) => a.at - b.at)
        .map((cell) => cell.xml)
        .join('')
    }
    return xml.replace(
      /(<row r="(\d+)"[^>]*>)(.*?)(<\/row>)/gs,
      (all, head: string, number: string, cells: string, end: string) =>
        Number(number) < 3 ? all : `${head}${sorted(cells)}${end}`,
    )
  })

/** Where LibreOffice is; null where it is not installed. */
export const office: string | null =
  ['/usr/bin/soffice', '/usr/local/bin/soffice', '/usr/bin/libreoffice'].find((path) => existsSync(path)) ?? null

/** The same as LibreOffice saves it. */
export const savedByOffice = async (path: string): Promise<void> => {
  const out = await mkdtemp(join(tmpdir(), 'tieout-office-'))
  try {
    await promisify(execFile)(office ?? 'soffice', [
      ...[`-env:UserInstallation=file://${join(out, 'profile')}`, '--headless'],
      ...['--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', join(out, 'saved'), path],
    ])
    await writeFile(path, await readFile(join(out, 'saved', basename(path))))
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}
