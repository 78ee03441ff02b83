/** `tieout import --again FILE...`: files read anew under today's settings, in one transaction. */

import { dirname } from 'node:path'
import { onlyBusiness } from '../config/business-choice.ts'
import type { BusinessConfig } from '../config/config.ts'
import { FileFault, UsageFault } from '../core/errors.ts'
import { oneLine } from '../core/visible.ts'
import type { Job, Result } from '../job.ts'
import { chooseImports, coversOf, formatOf, type ImportFlags } from '../night/import-choice.ts'
import { type Again, importAgain, type KnownPath } from '../processor/import-again.ts'
import { fingerprintOf } from '../processor/read/file-bytes.ts'
import { storedFiles } from '../processor/store/stored-files.ts'
import { type Repair, recordRepairs } from '../review/repairs.ts'
import { overBusinesses } from './over-businesses.ts'
import { actOf, type PersonFlags } from './person.ts'

/**
 * Withdraws the files named, which were imported before, and imports them as the configuration and the flags say now; says how
 * many lines are new, changed and gone.
 * @throws UsageFault where no file is named, or it is not clear whose one is
 */
export const importAgainAsked = async (
  job: Job,
  files: readonly string[],
  flags: ImportFlags & PersonFlags,
): Promise<Result> => {
  if (files.length === 0) throw new UsageFault('--again: expected a FILE that was imported before')
  const business = onlyBusiness(job)
  const options = {
    ...{ format: formatOf(flags.format), covers: coversOf(flags.covers), strict: flags.strict ?? false, named: true },
    ...{ as_of: job.as_of, imported_at: job.now(), folder: dirname(job.config.path) },
  }
  const act = actOf(job, flags)
  return await overBusinesses(job, 'tieout.import-again/1', [business], async ({ id }, database) => {
    const paths = await knownPaths(job, business, files, flags.processor)
    const { outcomes, fresh, changed, gone } = await importAgain(
      database,
      business,
      paths,
      options,
      async (db, again) => await recordRepairs(db, id, act, repairsOf(again)),
    )
    const sum = `  Against before: ${fresh} new, ${changed} changed, ${gone} gone. \`tieout reconcile\` makes up the figures`
    return {
      text: [...outcomes.map(({ says }) => `  ${oneLine(says)}`), sum].join('\n'),
      document: { files: outcomes, new: fresh, changed, gone },
    }
  })
}

/** The files, each with the stored ones of the same bytes, in whatever account. */
const knownPaths = async (
  job: Job,
  business: BusinessConfig,
  files: readonly string[],
  named: string | undefined,
): Promise<KnownPath[]> => {
  const stored = await storedFiles(job.database, business.id)
  const paths: KnownPath[] = []
  for (const { processor, paths: own } of await chooseImports(business, files, named)) {
    for (const path of own) {
      const { sha256 } = await fingerprintOf(path)
      const known = stored.filter((file) => file.sha256 === sha256)
      if (known.length === 0) {
        throw new FileFault(`${path} was not imported before: import it without --again`)
      }
      paths.push({ path, processor, known })
    }
  }
  return paths
}

const repairsOf = ({ outcomes, fresh, changed, gone, months }: Again): Repair[] =>
  outcomes.map(({ file_id, name, sha256, processor, account, format, accepted, known }) => ({
    kind: 'file_imported_again',
    subject: `file ${file_id}`,
    from_state: 'imported',
    to_state: 'imported',
    months,
    details: {
      ...{ name, sha256, processor, account, format, accepted: String(accepted), known: String(known) },
      ...{ new: String(fresh), changed: String(changed), gone: String(gone) },
    },
  }))
