/** Text of others made harmless: control and direction characters could rewrite what a terminal shows, or fake a line of it. */

/** Control and format characters, and separators of lines and paragraphs; not the line ends and tabs of a text. */
const HIDDEN = /(?!\n|\t|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
const HIDDEN_IN_LINE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** '\u001b', as JSON writes it too, so that JSON stays what it was. */
const escaped = (character: string): string =>
  [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')

/** Lines of text, or JSON, with what is hidden in them written out. */
export const visible = (text: string): string => text.replace(HIDDEN, escaped)

/** A text that stands in a line of its own, such as a file's name: its line ends are written out too. */
export const oneLine = (text: string): string => text.replace(HIDDEN_IN_LINE, escaped)
