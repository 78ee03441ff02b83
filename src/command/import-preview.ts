/** `tieout import --preview FILE...`: what files become, as JSON lines; nothing is kept and no database is needed. */

import { onlyBusiness } from '../config/business-choice.ts'
import { UsageFault } from '../core/errors.ts'
import { type Command, type Result, readSetUp } from '../job.ts'
import { chooseImports, formatOf, type ImportFlags } from '../night/import-choice.ts'
import { previewFile } from '../processor/preview-file.ts'

export const previewAsked = async (command: Command, files: readonly string[], flags: ImportFlags): Promise<Result> => {
  if (files.length === 0) throw new UsageFault('--preview: expected a FILE to show')
  const format = formatOf(flags.format)
  const business = onlyBusiness(readSetUp(command))
  for (const { processor, paths } of await chooseImports(business, files, flags.processor)) {
    for (const path of paths) await previewFile(business, processor, path, format, command.stdout)
  }
  return { text: '', document: null }
}
