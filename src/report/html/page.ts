/** The report as one self-contained page: it opens from a mail or a share, and asks the network for nothing. */

import { CODES } from '../../core/discrepancy.ts'
import { minorDigits } from '../../core/money.ts'
import { PRODUCT } from '../../core/product.ts'
import { noAges } from '../age.ts'
import { CODES_IN_ORDER } from '../discrepancies.ts'
import { jsonText } from '../json/json-text.ts'
import { PROPER_NAMES, periodName } from '../messages/phrases.ts'
import type { Report } from '../model.ts'
import type { Sink } from '../sink.ts'
import { embedFindings } from './embed.ts'
import { asset, headHtml } from './head.ts'
import { html, jsonBlock, type Markup } from './markup.ts'
import { businessSection, overview } from './sections.ts'

/** Writes the page. All findings are read once; the first 20,000 of them are in it. */
export const writeHtml = async (report: Report, sink: Sink): Promise<void> => {
  const script = asset('page.js')
  const found = await embedFindings(report)
  const say = async (part: Markup): Promise<void> => {
    await sink.write(part.markup)
  }
  const names = report.businesses.map(({ business }) => business.name)
  const title = `Refund reconciliation: ${names.length === 1 ? names[0] : `${names.length} businesses`}`
  await say(html`${headHtml(title, script)}
<body>
<a class="skip" href="#findings">To the findings</a>
<header><h1>Refund reconciliation</h1>
<p>As of ${moment(report.as_of)}, ${periodName(report)}. Made ${moment(report.generated_at)} by ${PRODUCT}.</p></header>
<main>${await overview(report.businesses)}`)
  for (const [index, of] of report.businesses.entries()) {
    const ages = found.ages.get(of.business.business_id) ?? noAges()
    await say(await businessSection(of, index, ages))
  }
  if (report.businesses.length === 0) await say(html`<p>Nothing has run yet.</p>`)
  await say(findingsShell(found.total, found.embedded))
  await say(html`</main>
<script type="application/json" id="report-facts">`)
  await sink.write(jsonBlock(jsonText(facts(report))))
  await sink.write('</script>\n<script type="application/json" id="report-findings">')
  for (const piece of found.pieces) await sink.write(piece)
  await sink.write('</script>\n<script>')
  await sink.write(script)
  await sink.write('</script>\n</body>\n</html>\n')
}

/** What the script needs to know of codes, businesses and currencies. */
const facts = (report: Report) => ({
  businesses: report.businesses.map(({ business }) => ({ name: business.name, currency: business.currency })),
  codes: CODES_IN_ORDER.map((code) => ({
    code,
    class: CODES[code].class,
    title: CODES[code].title,
    meaning: CODES[code].meaning,
    suggestion: CODES[code].suggestion,
  })),
  digits: Object.fromEntries(
    Intl.supportedValuesOf('currency')
      .map((currency) => [currency, minorDigits(currency)])
      .filter(([, digits]) => digits !== 2),
  ),
  processors: PROPER_NAMES,
})

const moment = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

const choice = (id: string, label: string): Markup =>
  html`<label for="${id}">${label}</label><select id="${id}"><option value="">all</option></select>`

const findingsShell = (
  total: number,
  embedded: number,
): Markup => html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
${total > embedded ? html`<p class="unproven">This page holds the first ${embedded} of ${total} findings; the CSV, JSON and XLSX reports hold all.</p>` : null}
<noscript><p class="unproven">The list of findings needs JavaScript; the CSV, text and XLSX reports do not.</p></noscript>
<form id="controls" role="search" aria-label="Findings">
<p class="search"><label for="search">Search</label><input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="id, reference, amount, words (press /)"></p>
<p class="choices">${[
  choice('filter-class', 'Kind'),
  choice('filter-code', 'Finding'),
  choice('filter-status', 'Status'),
  choice('filter-processor', 'Processor'),
  choice('filter-month', 'Month'),
  choice('filter-business', 'Business'),
].map((part) => html`<span>${part}</span>`)}
<span><label for="sort">Order</label><select id="sort"><option value="">by what to do</option><option value="oldest">oldest first</option><option value="newest">newest first</option><option value="largest">largest first</option><option value="smallest">smallest first</option></select></span>
<button type="reset">Clear</button></p>
</form>
<p id="count" role="status" aria-live="polite"></p>
<div class="columns"><div id="list"></div><aside id="panel" aria-labelledby="panel-title" hidden></aside></div>
</section>`
