/** The report as one self-contained page: it opens from a mail or a share, and asks the network for nothing. */

import { CODES } from '../../core/discrepancy.ts'
import { minorDigits } from '../../core/money.ts'
import { PRODUCT } from '../../core/product.ts'
import { noAges } from '../age.ts'
import { CODES_IN_ORDER } from '../discrepancies.ts'
import { jsonText } from '../json/json-text.ts'
import { counted, PROPER_NAMES, periodName } from '../messages/phrases.ts'
import type { Report } from '../model.ts'
import type { Sink } from '../sink.ts'
import { findingsSection, readFindings } from './findings.ts'
import { asset, headHtml } from './head.ts'
import { html, jsonBlock, type Markup } from './markup.ts'
import { businessSection } from './sections.ts'
import { overview, standingBlock } from './standing.ts'

/** Writes the page: where it stands, the worklist, then the proof and the sources. All findings are read once. */
export const writeHtml = async (report: Report, sink: Sink): Promise<void> => {
  const script = asset('page.js')
  const found = await readFindings(report)
  const say = async (part: Markup): Promise<void> => {
    await sink.write(part.markup)
  }
  const { businesses } = report
  const [only] = businesses.length === 1 ? businesses : []
  const title = `Refund reconciliation: ${only?.business.name ?? counted(businesses.length, 'business', 'businesses')}`
  await say(html`${headHtml(title, script)}
<body class="report">
<a class="skip" href="#findings">To the findings</a>
<header><p class="note">Refund reconciliation as of ${moment(report.as_of)}, ${periodName(report)}. Made ${moment(report.generated_at)} by ${PRODUCT}.</p>
${only ? html`` : html`<h1>${title}</h1>`}</header>
<main>${only ? await standingBlock(only, 0, 'h1') : businesses.length > 1 ? await overview(businesses) : html`<p>Nothing has run yet.</p>`}`)
  await say(findingsSection(found))
  for (const [index, of] of businesses.entries()) {
    if (!only) await say(await standingBlock(of, index, 'h2'))
    await say(await businessSection(of, index, found.ages.get(of.business.business_id) ?? noAges()))
  }
  await say(html`</main>
<script type="application/json" id="report-facts">`)
  await sink.write(jsonBlock(jsonText(facts(report))))
  await sink.write('</script>\n<script type="application/json" id="report-findings">[')
  for (const [place, { json }] of found.kept.entries()) await sink.write(`${place === 0 ? '' : ','}\n${json}`)
  await sink.write(']</script>\n<script>')
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
