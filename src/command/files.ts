/** `tieout files`: what was imported; withdrawn by a person, or given the dates that it covers. */

import { UsageFault } from '../core/errors.ts'
import { monthOf, monthsBetween } from '../core/period.ts'
import { oneLine } from '../core/visible.ts'
import type { Flags, Job, Result } from '../job.ts'
import { datesOf } from '../night/import-choice.ts'
import { coverFile, type StoredFile } from '../processor/store/stored-files.ts'
import { withdrawFiles } from '../processor/store/withdraw.ts'
import { readFiles } from '../report/files.ts'
import { fileJson } from '../report/json/json.ts'
import { counted } from '../report/messages/phrases.ts'
import type { FileLine } from '../report/source-lines.ts'
import { recordRepairs } from '../review/repairs.ts'
import { filesNamed } from './file-choice.ts'
import { overBusinesses } from './over-businesses.ts'
import { actOf, type PersonFlags } from './person.ts'

export type FilesAction = 'list' | 'withdraw' | 'cover'
export type FilesFlags = Flags & PersonFlags

/** Does what is asked. */
export const files = async (
  job: Job,
  action: FilesAction,
  given: readonly string[],
  flags: FilesFlags,
): Promise<Result> => {
  if (action === 'list') return await list(job)
  return action === 'withdraw' ? await withdraw(job, given, flags) : await cover(job, given, flags)
}

const list = async (job: Job): Promise<Result> => {
  const texts: string[] = []
  const documents: object[] = []
  for (const { id, name } of job.businesses) {
    const stored: FileLine[] = []
    await job.database.transaction(async (db) => {
      for await (const file of readFiles(db, id, null, null)) stored.push(file)
    })
    const lines = stored.length === 0 ? ['no files'] : stored.map(fileText)
    texts.push([name, ...lines.map((line) => `  ${oneLine(line)}`)].join('\n'))
    documents.push(...stored.map((file) => fileJson(file) as object))
  }
  return { text: texts.join('\n'), document: { files: documents } }
}

const fileText = (file: FileLine): string => {
  const covers = file.covers === null ? 'covers nothing' : `covers ${file.covers.from} to ${file.covers.to}`
  const lines = `${file.accepted} new, ${file.known} known, ${file.quarantined} quarantined`
  const owner = [file.processor, file.account].join(' ').trim()
  return `${file.id}  ${owner}  ${file.path} (${file.format}): ${file.state}, ${lines}, ${covers}`
}

/** The chosen files of a business. */
const ownFiles = (chosen: readonly StoredFile[], business_id: string): StoredFile[] =>
  chosen.filter((file) => file.business_id === business_id)

const withdraw = async (job: Job, given: readonly string[], flags: FilesFlags): Promise<Result> => {
  const chosen = await filesNamed(job, given)
  const gone = chosen.find(({ state }) => state === 'withdrawn')
  if (gone)
    throw new UsageFault(`${gone.path} (${gone.file_id}) is withdrawn already: expected a file that is imported`)
  const act = actOf(job, flags)
  const businesses = job.businesses.filter(({ id }) => ownFiles(chosen, id).length > 0)
  return await overBusinesses(job, 'tieout.files-withdraw/1', businesses, async ({ id }, database) => {
    const done = await database.transaction(async (db) => {
      const withdrawn = []
      for (const file of ownFiles(chosen, id)) {
        const { gone, kept, months } = await withdrawFiles(db, file, [file.file_id])
        withdrawn.push({ file, rows_gone: gone.length, rows_kept: kept, months })
      }
      const repairs = withdrawn.map(({ file, months, rows_gone, rows_kept }) => ({
        kind: 'file_withdrawn' as const,
        subject: `file ${file.file_id}`,
        from_state: 'imported',
        to_state: 'withdrawn',
        months,
        details: { name: file.name, sha256: file.sha256, rows_gone, rows_kept: String(rows_kept) },
      }))
      await recordRepairs(db, id, act, repairs)
      return withdrawn
    })
    const text = done.map(({ file, rows_gone, rows_kept }) => {
      const kept =
        rows_kept === 0n
          ? ''
          : `, ${rows_kept} ${rows_kept === 1n ? 'stays' : 'stay'}, since other files have ${rows_kept === 1n ? 'it' : 'them'} too`
      return `  ${oneLine(file.name)}: withdrawn; ${counted(rows_gone, 'row')} ${rows_gone === 1 ? 'counts' : 'count'} no longer${kept}. \`tieout reconcile\` makes up the figures`
    })
    const document = { files: done.map(({ file, ...rest }) => ({ id: file.file_id, path: file.path, ...rest })) }
    return { text: text.join('\n'), document }
  })
}

const cover = async (job: Job, given: readonly string[], flags: FilesFlags): Promise<Result> => {
  const [name = '', dates = '', ...rest] = given
  if (rest.length > 0) throw new UsageFault(`files cover: found ${given.length} words, expected FILE A..B`)
  const { from, to } = datesOf('files cover', dates)
  const chosen = await filesNamed(job, [name])
  const [file] = chosen
  if (file?.state !== 'imported')
    throw new UsageFault(`${name} is withdrawn: import it again before it can cover dates`)
  const act = actOf(job, flags)
  const businesses = job.businesses.filter(({ id }) => id === file.business_id)
  return await overBusinesses(job, 'tieout.files-cover/1', businesses, async ({ id }, database) => {
    const before = file.covers_from === null ? null : `${file.covers_from}..${file.covers_to}`
    await database.transaction(async (db) => {
      await coverFile(db, file, file, { from, to })
      const days = [from, to, file.covers_from ?? from, file.covers_to ?? to].sort()
      const months = monthsBetween(monthOf(days[0] ?? from), monthOf(days.at(-1) ?? to))
      await recordRepairs(db, id, act, [
        {
          kind: 'file_covered',
          subject: `file ${file.file_id}`,
          from_state: before,
          to_state: `${from}..${to}`,
          months,
          details: { name: file.name, sha256: file.sha256 },
        },
      ])
    })
    const text = `  ${file.name} covers ${from} to ${to}${before === null ? '' : `, no longer ${before.replace('..', ' to ')}`}`
    return { text, document: { files: [{ id: file.file_id, path: file.path, from, to }] } }
  })
}
