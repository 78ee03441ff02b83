/** How a processor's files are read, as tieout.yaml says. */

import { basename } from 'node:path'
import type { BusinessConfig, ProcessorConfig } from '../../config/config.ts'
import { FileFault, UsageFault } from '../../core/errors.ts'
import { fingerprintOf } from '../read/file-bytes.ts'
import type { Format, ReadingContext } from './format.ts'
import { FORMATS } from './formats.ts'
import { mappingFormat } from './mapping/mapping.ts'

/**
 * The formats that a processor's files may be of: the one named, else the configured one, else (auto) all.
 * @throws UsageFault where there is no format of that name
 */
export const candidatesFor = (processor: ProcessorConfig, named: string | null): readonly Format[] => {
  const wanted = named ?? processor.format
  if (typeof wanted !== 'string') return [mappingFormat(wanted, processor.name)]
  if (wanted === 'auto') return FORMATS
  const format = FORMATS.find(({ name }) => name === wanted)
  if (format) return [format]
  throw new UsageFault(
    `there is no report format '${wanted}'; there are auto, ${FORMATS.map(({ name }) => name).join(', ')}`,
  )
}

/**
 * Refuses a file whose format belongs to another processor than the one whose inbox it lies in. A format written by hand,
 * in tieout.yaml or by --format, is believed.
 * @throws FileFault that names both processors
 */
export const acceptOwn =
  (processor: ProcessorConfig, named: string | null, file: string) =>
  (format: Format): void => {
    const names = [processor.name, ...processor.aliases]
    if ((named ?? processor.format) !== 'auto' || names.includes(format.processor)) return
    throw new FileFault(
      `${file} is a report of ${format.processor} (${format.name}), but is imported for ${processor.name}: move it to the ` +
        `inbox of ${format.processor}; if ${processor.name} is what the ledger calls ${format.processor}, say so under ` +
        `aliases in tieout.yaml, or say format: ${format.name}`,
    )
  }

/** What a reader needs to know of the configuration, for one file. */
export const contextFor = async (
  business: BusinessConfig,
  processor: ProcessorConfig,
  path: string,
): Promise<ReadingContext> => ({
  processor: processor.name,
  account: processor.account,
  currency: business.currency,
  businessTimeZone: business.time_zone,
  fileTimeZone: processor.time_zone,
  referenceColumns: processor.reference_columns,
  dateOrder: processor.date_order,
  distinctFile: processor.lines === 'distinct' ? (await fingerprintOf(path)).sha256 : null,
  fileName: basename(path),
})
