/** `tieout import --preview FILE...`: what files become, as JSON lines or tables; nothing is kept and no database is needed. */

import { onlyBusiness } from '../config/business-choice.ts'
import { FileFault, UsageFault } from '../core/errors.ts'
import { type Command, type Result, readSetUp } from '../job.ts'
import { chooseImports, formatOf, type ImportFlags } from '../night/import-choice.ts'
import { previewFile } from '../processor/preview-file.ts'

/** Shows each file that can be read, says on stderr why another one cannot, and goes on. */
export const previewAsked = async (command: Command, files: readonly string[], flags: ImportFlags): Promise<Result> => {
  if (files.length === 0) throw new UsageFault('--preview: expected a FILE to show')
  const format = formatOf(flags.format)
  const business = onlyBusiness(readSetUp(command))
  const chosen = await chooseImports(business, files, flags.processor)
  const tables: string[] = []
  const refused: FileFault[] = []
  let shown = 0
  for (const { processor, path } of chosen.flatMap(({ paths, ...one }) => paths.map((path) => ({ ...one, path })))) {
    try {
      if (flags.table) {
        const { previewTable } = await import('./preview-table.ts')
        tables.push(await previewTable(business, processor, path, format))
      } else await previewFile(business, processor, path, format, command.stdout)
      shown += 1
    } catch (problem) {
      if (!(problem instanceof FileFault)) throw problem
      refused.push(problem)
    }
  }
  const [first] = refused
  if (first && shown === 0 && refused.length === 1) throw first
  for (const { message } of refused) command.log.error(message)
  return {
    text: tables.join('\n').trimEnd(),
    document: null,
    ...(refused.length === 0 ? {} : { exit: shown === 0 ? 1 : 4 }),
  }
}
