/**
 * `tieout import [FILE...]`: processor files, named or of the inboxes; `--preview` shows what they become and keeps nothing,
 * `--again` reads files anew that were imported before.
 */

import type { PersonFlags } from '../src/command/person.ts'
import { type Flags, runCommand, runJob } from '../src/job.ts'
import { eachBusiness } from '../src/night/business-runs.ts'
import { coversOf, formatOf, type ImportFlags, refuseUnknown } from '../src/night/import-choice.ts'
import { importStep } from '../src/night/import-step.ts'
import { nothingDone, resultOf } from '../src/night/steps.ts'

export const importReports = (files: readonly string[], flags: Flags & ImportFlags & PersonFlags): Promise<void> =>
  flags.preview
    ? runCommand('import', flags, async (command) => {
        const { previewAsked } = await import('../src/command/import-preview.ts')
        return await previewAsked(command, files, flags)
      })
    : runJob('import', flags, async (job) => {
        if (flags.again)
          return await (await import('../src/command/import-again.ts')).importAgainAsked(job, files, flags)
        const covers = coversOf(flags.covers)
        await refuseUnknown(job.businesses, files, flags.processor)
        const asked = { files, covers, format: formatOf(flags.format), strict: flags.strict ?? false }
        const outcomes = await eachBusiness(job, async (business, own) => {
          const done = nothingDone()
          await importStep(own, business, flags.processor ? { ...asked, processor: flags.processor } : asked, done)
          return done
        })
        return resultOf(job, outcomes)
      })
