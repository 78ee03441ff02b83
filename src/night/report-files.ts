/** Where a run's reports go, and how many errors they leave open. */

import { hostname, userInfo } from 'node:os'
import type { Config, ReportFormat } from '../config/config.ts'
import { REPORT_FORMATS } from '../config/shape.ts'
import { UsageFault } from '../core/errors.ts'
import { type MonthFlags, monthsOf } from '../core/months.ts'
import { closest, didYouMean } from '../core/similar.ts'
import type { Job, Result } from '../job.ts'
import { FILE_NAMES, writeReports } from '../report/reports.ts'
import { writeRunFile } from './run-file.ts'
import { readStatus } from './status.ts'

/**
 * Writes the configured formats for the chosen businesses into the folder of the run, with run.json. Gives the reports; where each
 * business has a folder of its own, their index alone.
 */
export const writeNightlyReports = async (job: Job, output: string | null = null): Promise<string[]> => {
  job.progress.step('writing reports')
  const written = await writeReports(job.database, job.config, {
    as_of: job.as_of,
    generated_at: job.now(),
    formats: formatsOfNight(job.config),
    output,
    from: null,
    to: null,
    business_ids: job.businesses.map((business) => business.id),
    made_by: madeBy(),
    stdout: null,
  })
  await writeRunFile(job, written)
  return job.config.reports.per_business && output === null ? written.slice(0, 1) : written
}

/** Those configured, and the one that goes along with the mail. */
const formatsOfNight = ({ reports: { formats }, notify: { email } }: Config): readonly ReportFormat[] =>
  email?.attach ? [...new Set([...formats, email.attach])] : formats

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
export interface ReportFlags extends MonthFlags {
  /** comma-separated */
  format?: string
  output?: string
  /** on a terminal the whole of the text */
  all?: boolean
  /** only findings above the materiality are listed */
  material?: boolean
}

/**
 * Writes the report asked for; on the terminal it is its own result. With --json the one document is the report itself,
 * or the list of the files where files are asked for.
 */
export const reportAsked = async (job: Job, asked: ReportFlags): Promise<Result> => {
  const output = asked.output ?? null
  const months = monthsOf(asked)
  const named = asked.format === undefined ? null : formatsOf(asked.format)
  const { json = false } = job.flags
  const isDocument = json && output === null && (named === null || named.every((format) => format === 'json'))
  const formats = isDocument ? (['json'] as const) : (named ?? usualFormats(output, job.config))
  const stdout = output === null && (isDocument || !json) ? job.stdout : null
  job.progress.step('reading the report')
  if (stdout !== null) job.progress.end()
  const files = await writeReports(job.database, job.config, {
    as_of: job.flags.asOf === undefined ? null : job.as_of,
    generated_at: job.now(),
    formats,
    output,
    ...months,
    business_ids: job.businesses.map((business) => business.id),
    made_by: madeBy(),
    all: asked.all ?? false,
    material: asked.material ?? false,
    stdout,
  })
  const open_errors = job.flags.exitCode ? await openErrors(job) : 0
  const document = isDocument ? null : { schema: 'tieout.report-files/1', files }
  return { text: files.join('\n'), document, open_errors }
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

/** Where no format is named: text for the terminal, that of a file's extension, all configured ones for a folder. */
const usualFormats = (output: string | null, config: Config): readonly ReportFormat[] => {
  if (output === null) return ['text']
  const own = REPORT_FORMATS.filter((format) => output.toLowerCase().endsWith(FILE_NAMES[format].extension))
  return own.length > 0 ? own : config.reports.formats
}

const formatsOf = (text: string): readonly ReportFormat[] => {
  const named = text.split(',').map((name) => name.trim().toLowerCase())
  const known = REPORT_FORMATS.filter((format) => named.includes(format))
  const unknown = named.filter((name) => !REPORT_FORMATS.some((format) => format === name))
  if (unknown.length > 0)
    throw new UsageFault(
      `--format ${text}: expected some of ${REPORT_FORMATS.join(',')}, found ${unknown.join(', ')}`,
      {
        hint: didYouMean(closest(unknown[0] ?? '', REPORT_FORMATS)),
      },
    )
  return known
}
