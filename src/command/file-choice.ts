/** Which stored file a person means: by its path, its id, or by what lies at the path now. */

import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageFault } from '../core/errors.ts'
import { closest, didYouMean } from '../core/similar.ts'
import type { Job } from '../job.ts'
import { fingerprintOf } from '../processor/read/file-bytes.ts'
import { type StoredFile, storedFiles } from '../processor/store/stored-files.ts'
import { checkOneOwner } from './over-businesses.ts'

/** The stored files of the chosen businesses. */
const everyFile = async (job: Job): Promise<StoredFile[]> => {
  const files: StoredFile[] = []
  for (const { id } of job.businesses) files.push(...(await storedFiles(job.database, id)))
  return files
}

/**
 * The stored files that are named, each once.
 * @throws UsageFault where one names none, or several
 */
export const filesNamed = async (job: Job, texts: readonly string[]): Promise<StoredFile[]> => {
  const stored = await everyFile(job)
  const chosen = new Set<StoredFile>()
  for (const text of texts) chosen.add(await fileNamed(job, text, stored))
  return [...chosen]
}

const fileNamed = async (job: Job, text: string, stored: readonly StoredFile[]): Promise<StoredFile> => {
  const byId = stored.filter(({ file_id }) => String(file_id) === text)
  const owners = byId.map(({ business_id }) => business_id)
  checkOneOwner(job, text, owners)
  if (byId[0]) return byId[0]
  const path = resolve(text)
  const byPath = stored.filter((file) => resolve(dirname(job.config.path), file.path) === path)
  const sha256 = byPath.length !== 1 && existsSync(path) ? (await fingerprintOf(path)).sha256 : null
  const fitting = sha256 === null ? byPath : stored.filter((file) => file.sha256 === sha256)
  const [only, ...others] = fitting
  if (only && others.length === 0) return only
  if (only) {
    const ids = fitting.map(
      ({ file_id, processor, account }) => `${file_id} (${[processor, account].join(' ').trim()})`,
    )
    throw new UsageFault(`${text}: found ${fitting.length} files of that path; name one by its id: ${ids.join(', ')}`)
  }
  throw new UsageFault(`${text}: found no imported file of that path or id; \`tieout files list\` shows them`, {
    hint: didYouMean(
      closest(
        text,
        stored.map((file) => file.path),
      ),
    ),
  })
}
