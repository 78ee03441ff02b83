/** The frame around each page: where one is, who one is, and the ways to other pages. */

import { html, type Markup, markup } from '../report/html/markup.ts'
import { monthName } from '../report/messages/phrases.ts'
import { addressOf, type Reply, type Visit } from './desk.ts'

/** An equals sign of two bars: the two sides. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b57a4"/><path d="M3 6h10M3 10h10" stroke="#fff" stroke-width="2"/></svg>'

const head = (title: string): Markup => html`${markup('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Tieout</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/desk.css">
<script src="/desk.js" defer></script>
</head>`

/** A page of a few words, for whom nothing else is meant. */
export const plainPage = (title: string, text: string): Markup => html`${head(title)}
<body class="desk plain">
<main><h1>${title}</h1><p>${text}</p></main>
</body></html>
`

/** The hidden fields of every form. */
export const formFields = (
  { session }: Pick<Visit, 'session'>,
  fields: Readonly<Record<string, string>> = {},
): Markup =>
  html`<input type="hidden" name="csrf" value="${session.csrf}">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`

type Page = Extract<Reply, { page: Markup }>

/** The whole document. */
export const framed = (visit: Visit, { page, title, business, month }: Page, notice: string | null): Markup => {
  const { person } = visit
  const path = visit.part('business') === '' ? '' : (business?.name ?? '')
  const tabs =
    business === undefined
      ? []
      : [
          ...(month === undefined
            ? []
            : [
                { title: 'Worklist', to: addressOf(business.id, month) },
                { title: 'Tie-out', to: addressOf(business.id, month, 'tie-out') },
                { title: 'Close', to: addressOf(business.id, month, 'close') },
              ]),
          { title: 'Look up', to: addressOf(business.id, 'look-up') },
          { title: 'Quarantine', to: addressOf(business.id, 'quarantine') },
          { title: 'Rulings', to: addressOf(business.id, 'rulings') },
        ]
  return html`${head(title)}
<body class="desk">
<a class="skip" href="#main">To the content</a>
<header class="bar-top">
<nav class="crumbs" aria-label="Where you are"><a href="/">All businesses</a>${
    business === undefined
      ? null
      : html`<span aria-hidden="true">/</span><a href="${addressOf(business.id)}">${path}</a>`
  }${
    business === undefined || month === undefined
      ? null
      : html`<span aria-hidden="true">/</span><a href="${addressOf(business.id, month)}">${monthName(month)}</a>`
  }</nav>
<form class="person" method="post" action="/sign-out">${formFields(visit)}<span>${person.name} <span class="note">${person.role}</span></span> <button class="quiet">Sign out</button></form>
</header>
${
  tabs.length === 0
    ? null
    : html`<nav class="tabs" aria-label="Pages of the business">${tabs.map(({ title: name, to }) => html`<a href="${to}"${markup(name === tabOf(title) ? ' aria-current="page"' : '')}>${name}</a>`)}</nav>`
}
<main id="main">
${notice === null ? null : html`<p class="notice" role="status">${notice}</p>`}
${page}
</main>
</body></html>
`
}

/** 'Tie-out' of 'Tie-out, October 2026' */
const tabOf = (title: string): string => title.split(',')[0] ?? ''
