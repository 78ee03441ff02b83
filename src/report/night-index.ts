/** index.html of a night whose businesses have a folder each: what was said of each, and links to its reports. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { headHtml } from './html/head.ts'
import { html, type Markup } from './html/markup.ts'
import { counted, monthName } from './messages/phrases.ts'
import type { BusinessReport, Report } from './model.ts'
import { writeFileWhole } from './sink.ts'
import { countOf } from './standing.ts'

/** `folders`: of each business, in the folder of the night. Gives the index's path. */
export const writeNightIndex = async (
  report: Report,
  folder: string,
  folders: ReadonlyMap<BusinessReport, string>,
): Promise<string> => {
  const path = join(folder, 'index.html')
  await writeFileWhole(path, async (sink) => {
    await sink.write(beginning(report).markup)
    for (const [of, name] of folders) await sink.write((await row(of, name, folder)).markup)
    await sink.write('</tbody></table></div>\n</main>\n</body>\n</html>\n')
  })
  return path
}

const beginning = ({ as_of, businesses }: Report): Markup => {
  const when = `${as_of.slice(0, 10)} ${as_of.slice(11, 16)} UTC`
  return html`${headHtml(`Refund reconciliation as of ${when}`, null)}
<body>
<header><h1>Refund reconciliation as of ${when}</h1><p>${counted(businesses.length, 'business', 'businesses')}.</p></header>
<main>
<div class="scroll" tabindex="0" role="group" aria-label="Businesses"><table><thead><tr><th scope="col">Business</th><th scope="col">Month to be closed</th><th scope="col">Verdict</th><th scope="col">To correct, all months</th><th scope="col">Reports</th></tr></thead><tbody>`
}

const row = async (of: BusinessReport, name: string, folder: string): Promise<Markup> => {
  const standing = await of.standing()
  const [month] = standing.months
  const files = (await readdir(join(folder, name))).filter((file) => !file.startsWith('.')).sort()
  const links = files.map(
    (file) => html`<li><a href="${[name, file].map(encodeURIComponent).join('/')}">${file}</a></li>`,
  )
  return html`<tr><th scope="row">${of.business.name}</th><td>${month ? monthName(month.month) : 'none with a refund'}</td><td>${month?.verdict ?? ''}</td><td class="number">${String(countOf(standing, 'error'))}</td><td><ul class="plain">${links}</ul></td></tr>
`
}
