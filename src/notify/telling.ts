/** What is told, as text and as HTML: the same parts in the same order. */

import { html, type Markup } from '../report/html/markup.ts'
import { hanging, indented } from '../report/text/text-layout.ts'

/** A finding: what it comes to, and its sentence. */
interface ToldFinding {
  figure: string
  text: string
}

/** A part with its title; each of the rest may be missing. */
export interface Part {
  title?: string
  alarms?: readonly string[]
  lines?: readonly string[]
  findings?: readonly ToldFinding[]
  /** what follows the findings */
  more?: string | null
  /** addresses, or paths, which are no links */
  links?: readonly string[]
}

export interface Telling {
  /** a line each, however long: for chat and programs */
  text: string
  /** in lines of at most 80 columns: for mail */
  mail: string
  html: string
}

const COLUMNS = 80

export const tellingOf = (parts: readonly Part[]): Telling => ({
  text: parts
    .map((part) => textOf(part, Number.POSITIVE_INFINITY))
    .join('\n')
    .trimEnd(),
  mail: parts
    .map((part) => textOf(part, COLUMNS))
    .join('\n')
    .trimEnd(),
  html: `<!doctype html>\n<html lang="en"><body style="${BODY}">${parts.map((part) => htmlOf(part).markup).join('')}</body></html>\n`,
})

const textOf = ({ title, alarms, lines, findings, more, links }: Part, width: number): string => {
  const widest = Math.max(0, ...(findings ?? []).map(({ figure }) => figure.length))
  return [
    ...(title === undefined ? [] : [indented(title, 0, width)]),
    ...(alarms ?? []).map((line) => hanging('  ! ', line, width)),
    ...(lines ?? []).map((line) => hanging('  ', line, width)),
    ...(findings ?? []).map(({ figure, text }) =>
      hanging(widest === 0 ? '  ' : `  ${figure.padStart(widest)}  `, text, width),
    ),
    ...(more ? [indented(more, 2, width)] : []),
    ...(links ?? []).map((link) => `  ${link}\n`),
  ].join('')
}

// a mail has no style sheet that every program keeps
const BODY =
  'margin:0;padding:16px;max-width:720px;font:15px/1.5 system-ui,Segoe UI,Roboto,sans-serif;color:#1b1f24;background:#ffffff'
const FIGURE =
  'padding:4px 12px 4px 0;text-align:right;white-space:nowrap;vertical-align:top;font-weight:600;border-top:1px solid #c9d0d8'
const SAID = 'padding:4px 0;vertical-align:top;border-top:1px solid #c9d0d8;overflow-wrap:anywhere'

const htmlOf = ({ title, alarms, lines, findings, more, links }: Part): Markup => {
  const table = html`<table style="border-collapse:collapse;width:100%">${(findings ?? []).map(
    ({ figure, text }) => html`<tr><td style="${FIGURE}">${figure}</td><td style="${SAID}">${text}</td></tr>`,
  )}</table>`
  return html`${title === undefined ? null : html`<h2 style="margin:16px 0 4px;font-size:17px">${title}</h2>`}${(
    alarms ?? []
  ).map(
    (line) => html`<p style="margin:4px 0;color:#b3261e;font-weight:600">${line}</p>`,
  )}${(lines ?? []).map((line) => html`<p style="margin:4px 0">${line}</p>`)}${findings?.length ? table : null}${
    more ? html`<p style="margin:4px 0">${more}</p>` : null
  }${(links ?? []).map((link) => html`<p style="margin:4px 0;overflow-wrap:anywhere">${linkOf(link)}</p>`)}`
}

const linkOf = (link: string): Markup => (/^https?:/.test(link) ? html`<a href="${link}">${link}</a>` : html`${link}`)
