/** Report files to throw mutations at: every format's example and fixtures, taken apart into cells, and read again. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileFault } from '../../src/core/errors.ts'
import { detectFormat } from '../../src/processor/formats/detect-format.ts'
import type { CanonicalRow, Format, ReadingContext, Unreadable } from '../../src/processor/formats/format.ts'
import { openCsv } from '../../src/processor/read/csv-file.ts'
import { readReport } from '../../src/processor/read-report.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')

/** A file in pieces. `header` is null where every record is one of the report's. */
export interface Sheet {
  delimiter: string
  preamble: readonly (readonly string[])[]
  header: readonly string[] | null
  body: readonly (readonly string[])[]
}

export interface Seed extends Sheet {
  name: string
  format: Format
  context: ReadingContext
  base: Outcome
}

/** What reading a file gave: refused whole, or rows and unreadable records. */
export interface Outcome {
  refused: string | null
  rows: CanonicalRow[]
  unreadable: Unreadable[]
  totalsHold: boolean
}

/** A sheet as text, with the line on which each record of its body begins. */
export interface Written {
  text: string
  lines: number[]
}

export interface Reader {
  /** reads bytes as a file of this format; throws whatever is no FileFault */
  read(format: Format, context: ReadingContext, content: string | Buffer): Promise<Outcome>
  seeds(format: Format): Promise<Seed[]>
  remove(): Promise<void>
}

/** A cell as a CSV writes it. */
const quoted = (cell: string, delimiter: string, always: boolean): string =>
  always || /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell

export const write = (sheet: Sheet, { quotes = false, lineEnd = '\n' } = {}): Written => {
  const lines: number[] = []
  let line = 1
  let text = ''
  const add = (cells: readonly string[]): void => {
    const record = cells.map((cell) => quoted(cell, sheet.delimiter, quotes)).join(sheet.delimiter) + lineEnd
    text += record
    line += record.split(lineEnd).length - 1
  }
  for (const cells of sheet.preamble) add(cells)
  if (sheet.header) add(sheet.header)
  for (const cells of sheet.body) {
    lines.push(line)
    add(cells)
  }
  return { text, lines }
}

export const makeReader = async (): Promise<Reader> => {
  const folder = await mkdtemp(join(tmpdir(), 'tieout-reports-'))
  const path = join(folder, 'statement.csv')

  const read: Reader['read'] = async (format, context, content) => {
    await writeFile(path, content)
    const outcome: Outcome = { refused: null, rows: [], unreadable: [], totalsHold: true }
    try {
      const { summary } = await readReport(path, [format], context, ({ rows, unreadable }) => {
        outcome.rows.push(...rows)
        outcome.unreadable.push(...unreadable)
      })
      outcome.totalsHold = summary.totals.every(({ holds }) => holds)
      return outcome
    } catch (problem) {
      if (!(problem instanceof FileFault)) throw problem
      return { refused: problem.message, rows: [], unreadable: [], totalsHold: true }
    }
  }

  const seedOf = async (format: Format, name: string, file: string, settings: object): Promise<Seed | null> => {
    const context: ReadingContext = {
      processor: format.processor,
      account: '',
      currency: 'USD',
      businessTimeZone: 'UTC',
      fileTimeZone: 'UTC',
      referenceColumns: [],
      dateOrder: null,
      distinctFile: null,
      fileName: 'statement.csv',
      ...settings,
    }
    const sheet = await takenApart(file, format).catch((problem: unknown) => {
      if (problem instanceof FileFault) return null
      throw problem
    })
    if (sheet === null || sheet.body.length === 0) return null
    const base = await read(format, context, write(sheet).text)
    return base.refused === null ? { ...sheet, name, format, context, base } : null
  }

  const seeds: Reader['seeds'] = async (format) => {
    const example = join(folder, 'example.csv')
    await writeFile(example, `${format.example}\n`)
    const found = [await seedOf(format, 'example', example, {})]
    const place = join(FIXTURES, format.name)
    for (const variant of existsSync(place) ? readdirSync(place).sort() : []) {
      const file = readdirSync(join(place, variant)).find((name) => /^statement\.(csv|tsv|txt)$/.test(name))
      const settings = join(place, variant, 'context.json')
      if (file === undefined) continue
      const { says: _says, ...context }: Record<string, unknown> = existsSync(settings)
        ? JSON.parse(readFileSync(settings, 'utf8'))
        : {}
      found.push(await seedOf(format, variant, join(place, variant, file), context))
    }
    return found.filter((seed) => seed !== null)
  }

  return { read, seeds, remove: async () => await rm(folder, { recursive: true }) }
}

const takenApart = async (path: string, format: Format): Promise<Sheet> => {
  const file = await openCsv(path)
  try {
    const { delimiter, header, preamble, keepHeader } = detectFormat(file, [format], format.processor)
    const body: string[][] = []
    for await (const records of file.records(delimiter)) {
      for (const { cells, line } of records) {
        if (keepHeader ? line >= header.line : line > header.line) body.push(cells)
      }
    }
    return {
      delimiter,
      preamble: preamble.map(({ cells }) => cells),
      header: keepHeader ? null : header.cells,
      body,
    }
  } finally {
    await file.close()
  }
}
