/** Which dates a report file is about, before it is imported: read no further than is needed to know. */

import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { FileFault } from '../core/errors.ts'
import { acceptOwn, candidatesFor, contextFor } from './formats/reading.ts'
import { type ReportBatch, readReport } from './read-report.ts'

/** Dates in the business's time zone, as far as the file was read. */
export interface FileDates {
  from: string
  to: string
}

/** Ends a reading that has shown enough. */
const ENOUGH = new Error('enough is known of this file')

/**
 * The first and last date of a file's lines, in no order; of a file read to its end, the period that it states. Reading
 * ends as soon as the dates seen satisfy `isEnough`: 256 KB of most files. Null where the file has no dates, or is one
 * that an import would refuse.
 */
export const datesOfFile = async (
  business: BusinessConfig,
  processor: ProcessorConfig,
  path: string,
  isEnough: (dates: FileDates) => boolean,
): Promise<FileDates | null> => {
  const seen: { dates: FileDates | null } = { dates: null }
  const look = ({ rows, unreadable }: ReportBatch): void => {
    const before = seen.dates === null ? [] : [seen.dates.from, seen.dates.to]
    const dates = [...before, ...[...rows, ...unreadable].flatMap(({ occurred_on }) => occurred_on ?? [])].sort()
    const [from, to] = [dates[0], dates.at(-1)]
    if (from !== undefined && to !== undefined) seen.dates = { from, to }
    if (seen.dates !== null && isEnough(seen.dates)) throw ENOUGH
  }
  try {
    const context = await contextFor(business, processor, path)
    const accept = acceptOwn(processor, null, context.fileName)
    const { summary } = await readReport(path, candidatesFor(processor, null), context, look, accept)
    return summary.period === null ? seen.dates : { from: summary.period.from, to: summary.period.to }
  } catch (problem) {
    if (problem === ENOUGH) return seen.dates
    if (problem instanceof FileFault) return null
    throw problem
  }
}
