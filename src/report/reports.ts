/** Writes the reports of a run: which formats, to the terminal, one file or a folder. */

import { join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { Config, ReportFormat } from '../config.ts'
import type { Database } from '../database/connect.ts'
import { writeCsv } from './csv.ts'
import { writeJson } from './json.ts'
import { type Report, withReport } from './model.ts'
import { type Sink, streamSink, writeFileWhole } from './sink.ts'
import { writeText } from './text.ts'

/** What of the configuration reports depend on. */
export type ReportConfig = Pick<Config, 'reports'>

export interface ReportRequest {
  /** null: that of the latest reconciliation */
  as_of: string | null
  generated_at: string
  formats: readonly ReportFormat[]
  /** a file that ends in the one format's extension, else a folder; null: see writeReports */
  output: string | null
  /** months, 'YYYY-MM' */
  from: string | null
  to: string | null
  /** in the order of the report */
  business_ids: readonly string[]
  /** the terminal; null: nothing goes there */
  stdout: (Writable & { isTTY?: boolean; hasColors?: () => boolean }) | null
}

/** What a format's file is called, and the extension that makes a PATH a file of it. */
export const FILE_NAMES: Readonly<Record<ReportFormat, { name: string; extension: string }>> = {
  text: { name: 'report.txt', extension: '.txt' },
  json: { name: 'report.json', extension: '.json' },
  csv: { name: 'discrepancies.csv', extension: '.csv' },
  xlsx: { name: 'workpaper.xlsx', extension: '.xlsx' },
  html: { name: 'report.html', extension: '.html' },
}

/** The folder of a run's reports: reports/2026-11-02T160000Z. The same as_of writes to the same place again. */
export const runFolder = (reports_dir: string, as_of: string): string =>
  join(reports_dir, as_of.replaceAll(':', '').replace(/\.\d+/, ''))

/**
 * Writes every format asked for and gives the files written, absolute.
 * With an `output`: that file, or report.txt, report.json, discrepancies.csv, workpaper.xlsx, report.html in that
 * folder, which is made. Without one, text, json and csv go to `stdout` if there is one; all else into
 * config.reports.dir, a folder a run (runFolder). Files are replaced whole, never half written.
 */
export const writeReports = (database: Database, config: ReportConfig, request: ReportRequest): Promise<string[]> =>
  withReport(database, request, async (report) => {
    const written: string[] = []
    for (const format of request.formats) {
      const path = placeOf(format, request, config.reports.dir, report.as_of)
      if (path === null && request.stdout) {
        const colour = request.stdout.isTTY === true && request.stdout.hasColors?.() !== false
        await render(format, report, streamSink(request.stdout), colour)
      } else if (path !== null) {
        await writeFileWhole(path, (sink) => render(format, report, sink, false))
        written.push(path)
      }
    }
    return written
  })

/** null: to the terminal */
const placeOf = (
  format: ReportFormat,
  { output, formats, stdout }: ReportRequest,
  reports_dir: string,
  as_of: string,
): string | null => {
  const { name, extension } = FILE_NAMES[format]
  if (output !== null) {
    const isFile = formats.length === 1 && output.toLowerCase().endsWith(extension)
    return isFile ? resolve(output) : resolve(output, name)
  }
  const toTerminal = stdout !== null && format !== 'xlsx' && format !== 'html'
  return toTerminal ? null : join(runFolder(reports_dir, as_of), name)
}

const render = async (format: ReportFormat, report: Report, sink: Sink, colour: boolean): Promise<void> => {
  if (format === 'text') await writeText(report, sink, { colour })
  else if (format === 'json') await writeJson(report, sink)
  else if (format === 'csv') await writeCsv(report, sink)
}
