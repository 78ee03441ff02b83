/** reports/index.html: the runs, newest first, with what was said of each and a link to its reports. */

import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { sweepTemporary } from '../core/whole-file.ts'
import { headHtml } from './html/head.ts'
import { html, type Markup } from './html/markup.ts'
import { counted } from './messages/phrases.ts'
import type { Report } from './model.ts'
import { writeFileWhole } from './sink.ts'
import { countOf } from './standing.ts'

/** What is kept of a run, so that the index need not read them. */
interface RunNote {
  as_of: string
  generated_at: string
  businesses: { name: string; month: string | null; verdict: string | null; to_do: number }[]
}

/** Beside the run folders, which hold reports and nothing else. */
const NOTES = '.runs'
const isRunFolder = (entry: Dirent): boolean =>
  entry.isDirectory() && (entry.name === NOTES || RUN_FOLDER.test(entry.name))
const RUN_FOLDER = /^\d{4}-\d{2}-\d{2}T\d{6}Z$/
/** Businesses of a run that are named. */
const MOST_NAMED = 20
/** Runs that are listed: more than a year of nights. */
const MOST_RUNS = 400

/**
 * Notes the run of a folder, and lists all runs in index.html above it. What killed jobs left half written there, and in the
 * folders of other runs, is removed. Gives no file: the index is no report.
 */
export const writeRunIndex = async (report: Report, folder: string): Promise<readonly []> => {
  const note = await noteOf(report)
  const reports_dir = dirname(folder)
  await sweepTemporary(reports_dir)
  for (const { name } of (await readdir(reports_dir, { withFileTypes: true })).filter(isRunFolder))
    await sweepTemporary(join(reports_dir, name))
  await writeFileWhole(join(reports_dir, NOTES, `${basename(folder)}.json`), async (sink) => {
    await sink.write(`${JSON.stringify(note, null, 2)}\n`)
  })
  const path = join(reports_dir, 'index.html')
  const runs = (await readdir(reports_dir))
    .filter((name) => RUN_FOLDER.test(name))
    .sort()
    .reverse()
  const rows: Markup[] = []
  for (const name of runs.slice(0, MOST_RUNS)) rows.push(await runRow(reports_dir, name))
  await writeFileWhole(path, async (sink) => {
    await sink.write(indexHtml(rows, runs.length).markup)
  })
  return []
}

const noteOf = async (report: Report): Promise<RunNote> => {
  const businesses: RunNote['businesses'] = []
  for (const of of report.businesses) {
    const standing = await of.standing()
    const [month] = standing.months
    businesses.push({
      name: of.business.name,
      month: month?.month ?? null,
      verdict: month?.verdict ?? null,
      to_do: Number(countOf(standing, 'error')),
    })
  }
  return { as_of: report.as_of, generated_at: report.generated_at, businesses }
}

const runRow = async (reports_dir: string, name: string): Promise<Markup> => {
  const folder = join(reports_dir, name)
  const all = (await readdir(folder)).filter((file) => !file.startsWith('.')).sort()
  // of a night with a folder for each business their index alone
  const files = all.includes('index.html') ? ['index.html'] : all
  const links: Markup[] = []
  for (const file of files) {
    const { size } = await stat(join(folder, file))
    const address = [name, file].map(encodeURIComponent).join('/')
    links.push(html`<li><a href="${address}">${basename(file)}</a> <span class="note">${sizeText(size)}</span></li>`)
  }
  const note = await readNote(join(reports_dir, NOTES, `${name}.json`))
  const said = linesOf(note?.businesses ?? []).map((line) => html`<li>${line}</li>`)
  const when = `${name.slice(0, 10)} ${name.slice(11, 13)}:${name.slice(13, 15)} UTC`
  return html`<tr><th scope="row">${when}</th><td><ul class="plain">${said}</ul></td><td><ul class="plain">${links}</ul></td></tr>`
}

/** A line a business; of more than a reader would read, how many stand at each verdict. */
const linesOf = (businesses: RunNote['businesses']): string[] => {
  if (businesses.length <= MOST_NAMED)
    return businesses.map(
      ({ name, month, verdict, to_do }) =>
        `${name}: ${month === null ? 'no month with a refund' : `${month} ${verdict}, ${counted(to_do, 'item')} to correct`}`,
    )
  const of = (wanted: string | null): number => businesses.filter(({ verdict }) => verdict === wanted).length
  const verdicts = [...new Set(businesses.map(({ verdict }) => verdict))].sort()
  return [
    `${counted(businesses.length, 'business', 'businesses')}: ${verdicts.map((verdict) => `${of(verdict)} ${verdict ?? 'without a refund'}`).join(', ')}`,
  ]
}

const readNote = async (path: string): Promise<RunNote | null> => {
  try {
    const note: RunNote = JSON.parse(await readFile(path, 'utf8'))
    return Array.isArray(note.businesses) ? note : null
  } catch {
    // A run of which nothing was noted is listed all the same.
    return null
  }
}

const sizeText = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

const indexHtml = (
  rows: readonly Markup[],
  runs: number,
): Markup => html`${headHtml('Refund reconciliation: runs', null)}
<body>
<header><h1>Refund reconciliation: runs</h1></header>
<main>
<div class="scroll" tabindex="0" role="group" aria-label="Runs"><table><thead><tr><th scope="col">As of</th><th scope="col">Said</th><th scope="col">Reports</th></tr></thead><tbody>${rows}</tbody></table></div>
${runs > rows.length ? html`<p class="note">${counted(runs - rows.length, 'earlier run is', 'earlier runs are')} in their folders beside this page.</p>` : null}
</main>
</body>
</html>
`
