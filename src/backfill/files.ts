/** Which files of the inboxes a backfill imports, in which month. */

import { stat } from 'node:fs/promises'
import type { BusinessConfig, ProcessorConfig } from '../config/config.ts'
import { monthOf } from '../core/period.ts'
import { chooseImports } from '../night/import-choice.ts'
import { datesOfFile, type FileDates } from '../processor/file-dates.ts'

export interface DatedFile {
  processor: ProcessorConfig
  path: string
  bytes: number
  /** in which it is imported: one of those gone through */
  month: string
}

export interface FilePlan {
  /** in the order in which they are imported: by month, then processor as configured, then path */
  files: DatedFile[]
  /** files with dates, none of them in the months: left for another time */
  left: number
}

/**
 * Looks into every file of a business's inboxes for its dates. What its name says is not asked: it may be the day on
 * which it was made. A file of several months belongs to the first that is seen in its first lines; one of which no date
 * is found (without lines, or unreadable) to the last month, where the import says what is the matter with it.
 */
export const planFiles = async (
  business: BusinessConfig,
  months: readonly string[],
  onLook: (looked: number) => void,
): Promise<FilePlan> => {
  const first = months[0] ?? ''
  const last = months.at(-1) ?? ''
  const reaches = ({ from, to }: FileDates): boolean => monthOf(to) >= first && monthOf(from) <= last
  const files: DatedFile[] = []
  let left = 0
  for (const { processor, paths } of await chooseImports(business, [], undefined)) {
    for (const path of paths) {
      const dates = await datesOfFile(business, processor, path, reaches)
      onLook(files.length + left + 1)
      if (dates !== null && !reaches(dates)) {
        left += 1
        continue
      }
      const month = months.find((each) => dates !== null && each >= monthOf(dates.from)) ?? last
      files.push({ processor, path, bytes: await sizeOf(path), month })
    }
  }
  // sort() is stable: within a month they stay by processor and path
  return { files: files.sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0)), left }
}

/** 0 where it has gone meanwhile: its import says so. */
const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0
