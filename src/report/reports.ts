/** Writes the reports of a run: which formats, to the terminal, one file or a folder. */

import { dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { Config, ReportFormat } from '../config/config.ts'
import { DeliveryFault, UsageFault } from '../core/errors.ts'
import { sweepTemporary } from '../core/whole-file.ts'
import type { Database } from '../database/connect.ts'
import { writeCsv } from './csv.ts'
import { writeHtml } from './html/page.ts'
import { writeJson } from './json/json.ts'
import { type BusinessReport, type Report, withReport } from './model.ts'
import { writeNightIndex } from './night-index.ts'
import { writeRollForwardCsv } from './roll-forward.ts'
import { writeRunIndex } from './run-index.ts'
import { type Sink, slugOf, streamSink, visibleSink, writeFileWhole } from './sink.ts'
import { type TextOptions, writeText } from './text/text.ts'
import { type Provenance, workpaperName, writeWorkpaper } from './xlsx/workpaper.ts'

/** What of the configuration reports depend on. */
export type ReportConfig = Pick<Config, 'reports' | 'hash'>

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
  /** who asked for it, for the workpaper's cover */
  made_by?: string | null
  /** list only findings above the materiality; totals stay whole */
  material?: boolean
  /** of text on a terminal: the whole of it, not only the largest findings */
  all?: boolean
  /** the terminal, or what takes its place; null: nothing goes there */
  stdout: (Writable & { isTTY?: boolean; columns?: number | undefined; hasColors?: () => boolean }) | null
}

/** What a format's file is called, and the extension that makes a PATH a file of it; a workpaper has its own name. */
export const FILE_NAMES: Readonly<Record<ReportFormat, { name: string; extension: string }>> = {
  text: { name: 'report.txt', extension: '.txt' },
  json: { name: 'report.json', extension: '.json' },
  csv: { name: 'discrepancies.csv', extension: '.csv' },
  xlsx: { name: 'workpaper.xlsx', extension: '.xlsx' },
  html: { name: 'report.html', extension: '.html' },
}

/** The folder of a run's reports: reports/2026-11-02T160000Z. The same as_of writes to the same place again. */
const runFolder = (reports_dir: string, as_of: string): string =>
  join(reports_dir, as_of.replaceAll(':', '').replace(/\.\d+/, ''))

/**
 * Writes every format asked for and gives the files written, absolute; first the index of a night where each business has a
 * folder of its own (config.reports.per_business).
 * With an `output`: that file, or report.txt, report.json, discrepancies.csv with roll-forward.csv, report.html and a workbook for each
 * business (workpaperName) in that folder, which is made. Without one, text, json and csv go to `stdout` if there is
 * one; all else into config.reports.dir, a folder a run (runFolder), listed in index.html there. Files are replaced whole, never half written.
 * What killed jobs left half written there is removed first.
 * @throws DeliveryFault where some cannot be written, after the others are
 * @throws UsageFault where one .xlsx file is to hold several businesses
 */
export const writeReports = (database: Database, config: ReportConfig, request: ReportRequest): Promise<string[]> =>
  withReport(database, request, async (report) => {
    const written: string[] = []
    const failed: string[] = []
    const deliver: Deliver = async (work) => {
      try {
        written.push(...(await work()))
      } catch (error) {
        if (!(error instanceof DeliveryFault)) throw error
        failed.push(error.message)
      }
    }
    const provenance = { made_by: request.made_by ?? null, config_hash: config.hash }
    let run_folder: string | null = null
    const apart: ReportFormat[] = []
    for (const format of request.formats) {
      const place = placeOf(format, request, config.reports.dir, report.as_of)
      if (place.kind === 'terminal') {
        const sink = streamSink(place.stdout)
        await render(
          format,
          report,
          format === 'text' ? sink : visibleSink(sink),
          textOptions(place.stdout, request.all ?? false),
        )
        continue
      }
      if (place.kind === 'folder' && request.output === null) {
        run_folder = place.path
        if (config.reports.per_business) {
          apart.push(format)
          continue
        }
      }
      await writeFormat(format, report, place, provenance, deliver)
    }
    const listed = run_folder
    if (listed !== null && apart.length > 0) {
      const folders = await writeApart(report, listed, apart, provenance, deliver)
      await deliver(async () => [await writeNightIndex(report, listed, folders)])
      // what is opened first stands first
      written.unshift(...written.splice(-1))
    }
    if (listed !== null && written.length > 0) await deliver(() => writeRunIndex(report, listed))
    if (failed.length === 0) return written
    const others = written.length === 0 ? 'no report was written' : `written were ${written.join(', ')}`
    throw new DeliveryFault(`${failed.join('; ')}; ${others}; what was found stands in the database`, { written })
  })

/** Does a part of the work that gives the files written, and notes what of it could not be delivered. */
type Deliver = (work: () => Promise<readonly string[]>) => Promise<void>

type Terminal = NonNullable<ReportRequest['stdout']>
type Place = { kind: 'terminal'; stdout: Terminal } | { kind: 'file' | 'folder'; path: string }

const placeOf = (format: ReportFormat, request: ReportRequest, reports_dir: string, as_of: string): Place => {
  const { output, formats, stdout } = request
  if (output !== null) {
    const isFile = formats.length === 1 && output.toLowerCase().endsWith(FILE_NAMES[format].extension)
    return { kind: isFile ? 'file' : 'folder', path: resolve(output) }
  }
  if (stdout !== null && format !== 'xlsx' && format !== 'html') return { kind: 'terminal', stdout }
  return { kind: 'folder', path: runFolder(reports_dir, as_of) }
}

/** Findings that a terminal shows, the largest. */
const SHOWN_FINDINGS = 10

/** On a terminal as wide as it is, in colour and, unless all is asked for, the largest; else the whole of it. */
const textOptions = ({ isTTY, columns, hasColors }: Terminal, all: boolean): TextOptions =>
  isTTY === true
    ? { colour: hasColors?.() !== false, most: all ? null : SHOWN_FINDINGS, ...(columns ? { width: columns } : {}) }
    : { colour: false }

/** Writes all businesses in one format. */
const writeFormat = async (
  format: ReportFormat,
  report: Report,
  place: { kind: 'file' | 'folder'; path: string },
  provenance: Provenance,
  deliver: Deliver,
): Promise<void> => {
  await sweepTemporary(place.kind === 'file' ? dirname(place.path) : place.path)
  if (format === 'xlsx') return await writeWorkpapers(report, place, provenance, deliver)
  const path = place.kind === 'file' ? place.path : join(place.path, FILE_NAMES[format].name)
  await deliver(async () => {
    await writeFileWhole(path, (sink) => render(format, report, sink, { colour: false }))
    if (format !== 'csv' || place.kind === 'file') return [path]
    const rolled = join(place.path, 'roll-forward.csv')
    await writeFileWhole(rolled, (sink) => writeRollForwardCsv(report, sink))
    return [path, rolled]
  })
}

/** Writes each business into a folder of its own; gives their names. */
const writeApart = async (
  report: Report,
  folder: string,
  formats: readonly ReportFormat[],
  provenance: Provenance,
  deliver: Deliver,
): Promise<ReadonlyMap<BusinessReport, string>> => {
  const names = new Map<BusinessReport, string>()
  for (const business of report.businesses) {
    const { name, business_id } = business.business
    const own = [slugOf(name), business_id].filter((part) => part !== '').join('-')
    const place = { kind: 'folder', path: join(folder, own) } as const
    for (const format of formats)
      await writeFormat(format, { ...report, businesses: [business] }, place, provenance, deliver)
    names.set(business, own)
  }
  return names
}

const writeWorkpapers = async (
  report: Report,
  place: { kind: 'file' | 'folder'; path: string },
  provenance: Provenance,
  deliver: Deliver,
): Promise<void> => {
  if (place.kind === 'file' && report.businesses.length > 1) {
    throw new UsageFault(
      `${place.path} is one workbook, and ${report.businesses.length} businesses are to be reported: name a folder, or one business with --business`,
    )
  }
  for (const business of report.businesses) {
    const path = place.kind === 'file' ? place.path : join(place.path, workpaperName(business, report))
    await deliver(() => writeWorkpaper(report, business, path, provenance))
  }
}

const render = async (format: ReportFormat, report: Report, sink: Sink, options: TextOptions): Promise<void> => {
  if (format === 'text') await writeText(report, sink, options)
  else if (format === 'json') await writeJson(report, sink)
  else if (format === 'csv') await writeCsv(report, sink)
  else if (format === 'html') await writeHtml(report, sink)
}
