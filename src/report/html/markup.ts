/** HTML as text: what is put in is escaped, unless it is markup already. */

import { visible } from '../../core/visible.ts'

export interface Markup {
  readonly markup: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text of others, safe between tags and in quoted attributes; what is hidden in it is written out. */
const escapeHtml = (text: string): string => visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

/** Text that is markup as it stands. */
export const markup = (text: string): Markup => ({ markup: text })

type Inset = string | number | bigint | Markup | readonly Markup[] | null

/** html`<p>${text}</p>`: every inset but markup is escaped; null is nothing, a list is joined. */
export const html = (strings: TemplateStringsArray, ...insets: readonly Inset[]): Markup => {
  let text = strings[0] ?? ''
  insets.forEach((inset, i) => {
    text += insetText(inset) + (strings[i + 1] ?? '')
  })
  return markup(text)
}

const insetText = (inset: Inset): string => {
  if (inset === null) return ''
  if (typeof inset === 'object') return isList(inset) ? inset.map((part) => part.markup).join('') : inset.markup
  return escapeHtml(String(inset))
}

const isList = (inset: Markup | readonly Markup[]): inset is readonly Markup[] => Array.isArray(inset)

/** JSON for a data block: '<' would let text of others end the script element. */
export const jsonBlock = (json: string): string => json.replaceAll('<', '\\u003c')
