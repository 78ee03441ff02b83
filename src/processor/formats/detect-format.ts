/** Tells a file's format by its header, and says what is nearest where there is none. */

import { FileFault } from '../../core/errors.ts'
import { columnKey } from '../read/columns.ts'
import type { CsvFile } from '../read/csv-file.ts'
import { quoteWord } from '../read/quote.ts'
import type { CsvRecord, Format } from './format.ts'
import { FORMATS } from './formats.ts'
import { otherReport } from './other-reports.ts'

export interface Detected {
  format: Format
  delimiter: string
  header: CsvRecord
  preamble: readonly CsvRecord[]
  /** whether the header is a record like the others */
  keepHeader: boolean
}

/**
 * Finds the format of a file among the candidates; where several claim it, the processor's own, then the first.
 * @throws FileFault that says what was found, what was expected and which format is nearest
 */
export const detectFormat = (file: CsvFile, candidates: readonly Format[], processor: string): Detected => {
  const heads = new Map<string, CsvRecord[]>()
  const headBy = (delimiter: string): CsvRecord[] => {
    const head = heads.get(delimiter) ?? file.head(delimiter)
    heads.set(delimiter, head)
    return head
  }
  const own = candidates.filter((format) => format.processor === processor)
  const others = candidates.filter((format) => format.processor !== processor)
  const found = firstDetected([...own, ...others], headBy)
  if (found) return found
  const elsewhere = firstDetected(
    FORMATS.filter((format) => !candidates.includes(format)),
    headBy,
  )
  throw new FileFault(`${file.name}: ${notRecognised(candidates, elsewhere?.format ?? null, headBy)}`)
}

/** What a file whose format is not known may be cut at. */
const DELIMITERS = [',', ';', '\t', '|']

type HeadBy = (delimiter: string) => CsvRecord[]

const firstDetected = (formats: readonly Format[], headBy: HeadBy): Detected | null => {
  for (const format of formats) {
    for (const delimiter of format.delimiters) {
      const head = headBy(delimiter)
      const identified = head.length === 0 ? null : format.identify(head)
      const header = identified && head[identified.header]
      if (identified && header) {
        const preamble = head.slice(0, identified.header)
        return { format, delimiter, header, preamble, keepHeader: identified.keepHeader ?? false }
      }
    }
  }
  return null
}

const notRecognised = (candidates: readonly Format[], elsewhere: Format | null, headBy: HeadBy): string => {
  const only = candidates.length === 1 ? candidates[0] : undefined
  const wanted = only ? `not a ${only.name} report` : 'no report format known'
  if (elsewhere)
    return `${wanted}: its header is that of ${elsewhere.name} (${elsewhere.title}); set the format accordingly`
  const other = otherReport(DELIMITERS.map(headBy))
  if (other !== null) return other
  const near = nearest(candidates, headBy)
  if (near === null) {
    // cut at the delimiter that gives most cells: by another one a header is one long cell
    const firsts = DELIMITERS.flatMap((delimiter) => headBy(delimiter).slice(0, 1))
    const first = firsts.reduce<CsvRecord | undefined>(
      (most, record) => (most === undefined || record.cells.length > most.cells.length ? record : most),
      undefined,
    )
    if (!first) return 'it has no record at all, expected a report with a header line'
    return `${wanted}: line ${first.line} is ${shownCells(first)}, expected a header with column names; \`tieout formats\` lists what is known`
  }
  return (
    `${wanted}: found on line ${near.record.line} the columns ${shownCells(near.record)}; ` +
    `${only ? 'missing' : `nearest is ${near.format.name}, missing`}: ${near.missing.join(', ')}; \`tieout formats ${near.format.name}\` shows its columns`
  )
}

const LONGEST_SHOWN = 600

/** What no column is called: an address, a long number, an amount, a long text. */
const VALUE = /@|\d{3}|.{61}|^[-+(]?[\d.,\s]+\)?$/

/** A line as a message shows it. One that holds values is no header, and may name a customer: its cells are not shown. */
const shownCells = ({ cells }: CsvRecord): string => {
  const names = cells.map((cell) => cell.trim())
  if (names.some((name) => VALUE.test(name))) return `${cells.length} cells with values in them`
  const shown = names.map(quoteWord).join(', ')
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}...` : shown
}

/** The format with the largest share of its required columns in one record of the head; null where none has any. */
const nearest = (
  formats: readonly Format[],
  headBy: HeadBy,
): { format: Format; record: CsvRecord; missing: string[] } | null => {
  let best: { format: Format; record: CsvRecord; missing: string[] } | null = null
  let bestShare = 0
  for (const format of formats) {
    const required = format.columns.filter((column) => column.required)
    for (const record of format.delimiters.flatMap(headBy)) {
      const keys = new Set(record.cells.map(columnKey))
      const missing = required.filter(({ name }) => !keys.has(columnKey(name))).map(({ name }) => name)
      const share = (required.length - missing.length) / Math.max(required.length, 1)
      if (share > bestShare) {
        best = { format, record, missing }
        bestShare = share
      }
    }
  }
  return best
}
