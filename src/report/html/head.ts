/** The head of a page: its policy and its look. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../core/product.ts'
import { html, type Markup, markup } from './markup.ts'

/** page.css and page.js are no TypeScript and so do not reach dist/: they are read where they are written, in the package. */
export const asset = (name: 'page.css' | 'page.js'): string =>
  readFileSync(join(PACKAGE_ROOT, 'src/report/html', name), 'utf8')

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but this style and this script may run; nothing may be loaded, sent or framed. */
const policy = (style: string, script: string | null): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === null ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** From the doctype to </head>. `script`: the one that may run, or null. */
export const headHtml = (title: string, script: string | null): Markup => {
  const style = asset('page.css')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${markup(style)}</style>
</head>`
}
