/** Lines of text for a terminal or a mail: wrapped, aligned, coloured only where asked for. */

import { oneLine } from '../../core/visible.ts'

/** Columns of a line. */
export const WIDTH = 100

export type Colour = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'
export type Paint = (text: string, colour: Colour) => string

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, cyan: 36 }

/** Colours text with terminal codes, or leaves it alone. */
export const painter = (colour: boolean): Paint =>
  colour ? (text, name) => `\u001b[${CODES[name]}m${text}\u001b[0m` : (text) => text

/** Breaks text at spaces into lines of at most so many columns; a longer word has a line of its own. */
export const wrapped = (text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

/** Wrapped text with every line indented. */
export const indented = (text: string, indent: number): string =>
  wrapped(text, WIDTH - indent)
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('')

/** Cuts text to so many columns, saying so. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}\u2026`

export interface TableColumn {
  title: string
  /** numbers stand at the right */
  align: 'left' | 'right'
}

/** A table with a heading, columns as wide as their widest cell. */
export const table = (
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  indent: number,
): string => {
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => oneLine(row[i] ?? '').length)),
  )
  const lines = [columns.map((column) => column.title), ...rows].map((row) =>
    columns.map(({ align }, i) => {
      const cell = oneLine(row[i] ?? '')
      return align === 'right' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)
    }),
  )
  return lines.map((cells) => `${' '.repeat(indent)}${cells.join('  ').trimEnd()}\n`).join('')
}
