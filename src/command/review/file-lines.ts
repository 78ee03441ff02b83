/** The lines of files that a finding rests on, read again where the files still lie as they were imported. */

import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { BusinessConfig } from '../../config/config.ts'
import { isFault } from '../../core/errors.ts'
import { type RowOf, run } from '../../database/statement.ts'
import type { Job } from '../../job.ts'
import { detectFormat } from '../../processor/formats/detect-format.ts'
import type { CsvRecord, Format } from '../../processor/formats/format.ts'
import { candidatesFor } from '../../processor/formats/reading.ts'
import { columnKey } from '../../processor/read/columns.ts'
import { openCsv } from '../../processor/read/csv-file.ts'
import { fingerprintOf } from '../../processor/read/file-bytes.ts'
import type { Finding } from './choose.ts'

type Place = RowOf<'review/file_lines'>

/** What each row's line says, in the columns that its format reads; or why it cannot be read any more. */
export const linesInFiles = async (
  job: Pick<Job, 'database' | 'config'>,
  business: BusinessConfig,
  { id }: Pick<Finding, 'id'>,
): Promise<string[]> => {
  const places = await run<Place>(job.database, 'review/file_lines', [business.id, id])
  const files = [...new Set(places.map(({ path, sha256 }) => `${path}\n${sha256}`))]
  const said = new Map<Place, string>()
  for (const file of files) {
    const own = places.filter(({ path, sha256 }) => `${path}\n${sha256}` === file)
    const texts = await textsOf(resolve(dirname(job.config.path), own[0]?.path ?? ''), business, own)
    own.forEach((place) => void said.set(place, texts(place)))
  }
  return places.map((place) => `${place.path}, line ${place.line} (${place.transaction_id}): ${said.get(place)}`)
}

/** How each of these lines of one file reads. */
const textsOf = async (
  path: string,
  business: BusinessConfig,
  places: readonly Place[],
): Promise<(place: Place) => string> => {
  const [first] = places
  const always = (text: string) => () => text
  if (first === undefined || !existsSync(path)) return always('the file does not lie there any more')
  try {
    if ((await fingerprintOf(path)).sha256 !== first.sha256) {
      return always('another file lies there now: its SHA-256 is not that of the file that was imported')
    }
    const found = await cellsOf(path, business, first, new Set(places.map(({ line }) => Number(line))))
    return ({ line }) => found.get(Number(line)) ?? 'the line cannot be told apart any more under the settings of today'
  } catch (problem) {
    if (isFault(problem)) return always(`the file cannot be read any more: ${problem.message}`)
    throw problem
  }
}

const formatOf = (business: BusinessConfig, { processor, account, format }: Place): Format | undefined => {
  const own = business.processors.filter(({ name }) => name === processor)
  const entry = own.find((each) => each.account === account) ?? own[0]
  return (
    entry &&
    [...candidatesFor(entry, null), ...candidatesFor({ ...entry, format: 'auto' }, null)].find(
      ({ name }) => name === format,
    )
  )
}

/** 'Amount=-12.00, Currency=USD' of each wanted line. */
const cellsOf = async (
  path: string,
  business: BusinessConfig,
  place: Place,
  wanted: ReadonlySet<number>,
): Promise<Map<number, string>> => {
  const found = new Map<number, string>()
  const format = formatOf(business, place)
  if (format === undefined) return found
  const references = business.processors.flatMap(({ reference_columns }) => reference_columns)
  const read = new Set([...format.columns.map(({ name }) => name), ...references].map(columnKey))
  const isRead = (cell: string): boolean => read.has(columnKey(cell))
  const file = await openCsv(path)
  try {
    const { delimiter, header } = detectFormat(file, [format], place.processor)
    let names: CsvRecord = header
    for await (const records of file.records(delimiter)) {
      for (const record of records) {
        // a file in sections has a header for each
        if (record.cells.filter(isRead).length > 1) names = record
        if (wanted.has(record.line)) found.set(record.line, cellsText(names, record, isRead))
      }
      if (found.size === wanted.size) break
    }
  } finally {
    await file.close()
  }
  return found
}

const cellsText = (names: CsvRecord, { cells }: CsvRecord, isRead: (name: string) => boolean): string => {
  const shown = names.cells.flatMap((name, index) => {
    const cell = cells[index]?.trim() ?? ''
    return isRead(name) && cell !== '' ? `${name.trim()}=${cell}` : []
  })
  return shown.length === 0 ? 'the file names no columns' : shown.join(', ')
}
