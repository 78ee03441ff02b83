/** Where a run's reports go, and how many errors they leave open. */

import { hostname, userInfo } from 'node:os'
import type { Config, ReportFormat } from '../config.ts'
import { REPORT_FORMATS } from '../config-shape.ts'
import { UsageFault } from '../errors.ts'
import type { Job, Result } from '../job.ts'
import { isMonth } from '../period.ts'
import { writeReports } from '../report/reports.ts'
import { readStatus } from './status.ts'

/** Writes the configured formats for the chosen businesses into the folder of the run; gives the files. */
export const writeNightlyReports = (job: Job, output: string | null = null): Promise<string[]> => {
  job.progress.step('writing reports')
  return writeReports(job.database, job.config, {
    as_of: job.as_of,
    generated_at: job.now(),
    formats: job.config.reports.formats,
    output,
    from: null,
    to: null,
    business_ids: job.businesses.map((business) => business.id),
    made_by: madeBy(),
    stdout: null,
  })
}

/** Who runs this, for the workpaper's cover: 'ada on books-1'. A user id without a name is given as its number. */
const madeBy = (): string => {
  const who = (): string => {
    try {
      return userInfo().username
    } catch {
      return `user ${process.getuid?.() ?? 'unknown'}`
    }
  }
  return `${who()} on ${hostname()}`
}

/** What a person may ask of `tieout report`. */
export interface ReportFlags {
  /** comma-separated */
  format?: string
  output?: string
  from?: string
  to?: string
}

/** Writes the report asked for; on the terminal it is its own result. */
export const reportAsked = async (job: Job, asked: ReportFlags): Promise<Result> => {
  const formats = job.flags.json ? (['json'] as const) : formatsOf(asked.format, job.config)
  const output = asked.output ?? null
  job.progress.step('reading the report')
  if (output === null) job.progress.end()
  const files = await writeReports(job.database, job.config, {
    as_of: job.flags.asOf === undefined ? null : job.as_of,
    generated_at: job.now(),
    formats,
    output,
    from: monthOf(asked.from, '--from'),
    to: monthOf(asked.to, '--to'),
    business_ids: job.businesses.map((business) => business.id),
    made_by: madeBy(),
    stdout: output === null ? process.stdout : null,
  })
  const open_errors = await openErrors(job)
  return { text: files.join('\n'), document: output === null ? null : { files }, open_errors }
}

/** How many errors are open for the chosen businesses. */
const openErrors = async (job: Job): Promise<number> => {
  let errors = 0
  for (const business of job.businesses) {
    const { open } = await readStatus(job.database, business)
    for (const line of open) if (line.class === 'error') errors += Number(line.findings)
  }
  return errors
}

const formatsOf = (text: string | undefined, config: Config): readonly ReportFormat[] => {
  if (text === undefined) return config.reports.formats
  const named = text.split(',').map((name) => name.trim().toLowerCase())
  const known = REPORT_FORMATS.filter((format) => named.includes(format))
  const unknown = named.filter((name) => !REPORT_FORMATS.some((format) => format === name))
  if (unknown.length > 0)
    throw new UsageFault(`--format ${text}: expected some of ${REPORT_FORMATS.join(',')}, found ${unknown.join(', ')}`)
  return known
}

const monthOf = (text: string | undefined, flag: string): string | null => {
  if (text === undefined) return null
  if (!isMonth(text)) throw new UsageFault(`${flag} ${text}: expected a month such as 2026-10`)
  return text
}
