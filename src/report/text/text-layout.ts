/** Lines of text for a terminal or a mail: wrapped, aligned, coloured only where asked for. */

import { oneLine } from '../../core/visible.ts'

/** Columns of a line where there is no terminal. */
export const WIDTH = 100

export type Colour = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'
export type Paint = (text: string, colour: Colour) => string

const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, cyan: 36 }

/** Colours text with terminal codes, or leaves it alone. */
export const painter = (colour: boolean): Paint =>
  colour ? (text, name) => `\u001b[${CODES[name]}m${text}\u001b[0m` : (text) => text

/** Where a text page goes, how wide its lines are and how much of each list it shows; `most` null: the whole of it. */
export interface Page {
  width: number
  most: number | null
  paint: Paint
  write(text: string): Promise<void> | undefined
}

/** What is left of a list of which a page shows a part, and how to see it: '  16 more: --all'; '' where nothing is left. */
export const moreText = (left: number | bigint): string => (left > 0 ? `  ${left} more: --all\n` : '')

/** A space at which a line may end: none between an amount and its currency. */
const BREAK = /(?<!\d) | (?![A-Z]{3}(?![A-Za-z]))/

/** Breaks text at spaces into lines of at most so many columns; a longer word has a line of its own. */
export const wrapped = (text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(text).split(BREAK)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

/** Wrapped text with every line indented. */
export const indented = (text: string, indent: number, width = WIDTH): string =>
  wrapped(text, width - indent)
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('')

/** Wrapped text behind a label, its other lines indented as far; `shown` is the label with its colour. */
export const hanging = (label: string, text: string, width: number, shown = label): string =>
  `${shown}${indented(text, label.length, width).slice(label.length)}`

/** Cuts text to so many columns, saying so. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}\u2026`

export interface TableColumn {
  title: string
  /** numbers stand at the right */
  align: 'left' | 'right'
}

/** A column of words that has to give way is not made narrower than this. */
const NARROWEST = 10

/**
 * A table with a heading, columns as wide as their widest cell. Where that is wider than the page, words are cut; where it still
 * is, each row stands as a list: no number is ever cut or broken.
 */
export const table = (
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  indent: number,
  width = Number.POSITIVE_INFINITY,
): string => {
  const cells = rows.map((row) => columns.map((_, i) => oneLine(row[i] ?? '')))
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const surplus = (): number => widths.reduce((sum, each) => sum + each + 2, indent - 2) - width
  while (surplus() > 0) {
    const words = columns.map(({ align }, i) => (align === 'left' ? (widths[i] ?? 0) : 0))
    const widest = Math.max(...words)
    if (widest <= NARROWEST) return listsOf(columns, cells, indent, width)
    widths[words.indexOf(widest)] = widest - 1
  }
  const lines = [columns.map((column) => column.title), ...cells].map((row) =>
    columns.map(({ align }, i) => {
      const cell = row[i] ?? ''
      return align === 'right' ? cell.padStart(widths[i] ?? 0) : cut(cell, widths[i] ?? 0).padEnd(widths[i] ?? 0)
    }),
  )
  return lines.map((row) => `${' '.repeat(indent)}${row.join('  ').trimEnd()}\n`).join('')
}

/** Each row as its words on a line, and under it its figures with their titles. */
const listsOf = (
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  indent: number,
  width: number,
): string => {
  const longest = Math.max(...columns.map(({ title }) => title.length))
  return rows
    .map((row) => {
      const words = row.filter((_, i) => columns[i]?.align === 'left')
      const figures = columns.flatMap(({ title, align }, i) =>
        align === 'right' ? [`${' '.repeat(indent + 2)}${title.padEnd(longest)}  ${row[i] ?? ''}\n`] : [],
      )
      return `${indented(words.filter(Boolean).join('  '), indent, width)}${figures.join('')}`
    })
    .join('')
}
