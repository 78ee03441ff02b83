/** Shows what a file would become, and keeps nothing: canonical rows as JSON lines (spec section 10). */

import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { visible } from '../core/visible.ts'
import type { Format, ReadingContext } from './formats/format.ts'
import { acceptOwn, candidatesFor, contextFor } from './formats/reading.ts'
import { rowJson, unreadableJson } from './read/canonical-json.ts'
import { type ReportBatch, readReport } from './read-report.ts'

/**
 * Writes the rows of a file, and the lines it would quarantine, as JSON lines (each with its line end), some at a time.
 * The file is read twice, since one that is refused at its end must not have printed a row; conflicts with what is
 * imported are not looked for.
 * @throws FileFault where the file is refused: then nothing was written
 */
export const previewFile = async (
  business: BusinessConfig,
  processor: ProcessorConfig,
  path: string,
  format: string | null,
  output: Writable,
): Promise<void> => {
  const checked = await readForPreview(business, processor, path, format, () => undefined)
  const origin = { processor: processor.name, account: processor.account, file: checked.context.fileName }
  await readReport(path, [checked.format], checked.context, async ({ rows, unreadable }) => {
    const lines = [
      ...rows.map((row) => ({ line: row.line, text: rowJson(row, origin) })),
      ...unreadable.map((record) => ({ line: record.line, text: unreadableJson(record) })),
    ].sort((a, b) => a.line - b.line)
    if (lines.length > 0) await written(output, `${lines.map(({ text }) => text).join('\n')}\n`)
  })
}

/**
 * Reads a file as an import would, and hands on what is read batch by batch; all of it is void where this throws.
 * @throws FileFault where the file is refused
 */
export const readForPreview = async (
  business: BusinessConfig,
  processor: ProcessorConfig,
  path: string,
  asked: string | null,
  take: (batch: ReportBatch) => void,
): Promise<{ format: Format; context: ReadingContext }> => {
  const context = await contextFor(business, processor, path)
  const accept = acceptOwn(processor, asked, context.fileName)
  const { format } = await readReport(path, candidatesFor(processor, asked), context, take, accept)
  return { format, context }
}

const written = async (output: Writable, text: string): Promise<void> => {
  if (!output.write(visible(text))) await once(output, 'drain')
}
