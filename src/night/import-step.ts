/** The step that brings the processor side in: files named, or those of the inboxes. */

import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { counted } from '../core/words.ts'
import type { Job } from '../job.ts'
import { type FileOutcome, importFiles, unclaimedIn } from '../processor/import-files.ts'
import { folderOf } from '../processor/inbox.ts'
import { processorName } from '../report/messages/phrases.ts'
import type { Part } from './business-runs.ts'
import { chooseImports, type ImportFlags } from './import-choice.ts'
import type { Stepped } from './steps.ts'

/** What to import, as `tieout import` was asked; nothing: the inboxes as configured. */
export interface ImportAsked extends Pick<ImportFlags, 'processor'> {
  files: readonly string[]
  format: string | null
  covers: { from: string; to: string } | null
  strict: boolean
}

export const THE_INBOXES: ImportAsked = { files: [], format: null, covers: null, strict: false }

/** Imports files, named or of the inboxes; a refused one is a part that failed, and would fail again. */
export const importStep = async (
  job: Job,
  business: BusinessConfig,
  asked: ImportAsked,
  into: Stepped,
): Promise<void> => {
  const log = job.log.child({ business_id: business.id })
  const files: FileOutcome[] = []
  into.result.files = files
  job.progress.step(`${business.name}: looking into the inboxes`)
  for (const { processor, paths } of await chooseImports(business, asked.files, asked.processor)) {
    job.progress.step(`${business.name}: importing ${counted(paths.length, 'file')} of ${processor.name}`)
    const { covers, strict, format } = asked
    if (asked.files.length === 0) into.parts.push(...missingFolders(processor))
    const onProgress = ({ name, lines }: { name: string; lines: number }): void =>
      job.progress.note(`${name}, line ${lines}`)
    const folder = dirname(job.config.path)
    const named = asked.files.length > 0
    const options = { named, covers, strict, format, as_of: job.as_of, imported_at: job.now(), folder, onProgress }
    await importFiles(job.database, business, processor, paths, options, (file) => {
      files.push(file)
      const figures = { file: file.name, records: file.records, accepted: file.accepted, known: file.known }
      if (file.problem === null)
        log[file.outcome === 'already' || file.outcome === 'withdrawn' ? 'debug' : 'info'](figures, file.says)
    })
  }
  if (asked.files.length === 0 && asked.processor === undefined) {
    into.result.unclaimed = await unclaimedIn(job.config, business)
    for (const path of into.result.unclaimed) log.warn(`${path} lies in an inbox, and no pattern takes it`)
  }
  into.parts.push(...files.map(({ problem }) => ({ problem, lasting: true })))
}

/** An inbox that is not there is no empty one: a share that is not mounted must not look like a quiet night. */
const missingFolders = ({ name, inbox }: ProcessorConfig): Part[] =>
  [...new Set(inbox.map(folderOf))]
    .filter((folder) => !existsSync(folder))
    .map((folder) => ({
      problem: `the inbox folder ${folder} of ${processorName(name)} is not there: make it, or correct inbox in tieout.yaml`,
      lasting: true,
    }))
